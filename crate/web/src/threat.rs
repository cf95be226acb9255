//! Threats put to a model. The model last asked for is kept, so that moving a slider does not fit it anew.

use std::cell::RefCell;

use mlogit::Table;
use standfirm::replicate::Fitted;
use standfirm::threat::{self, ThreatReport, Which};
use standfirm::{Result, Specification, episodes};

/// A fitted model with the data it is about.
struct Kept {
    specification: Specification,
    key: String,
    fitted: Fitted,
    episodes: Table,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// See [`threat::report`].
pub(crate) fn report(specification: &str, model: &str, which: &str, changes: &str) -> Result<ThreatReport> {
    let specification = Specification::read(specification).specification;
    let which = Which::read(which)?;
    KEPT.with_borrow_mut(|kept| {
        let same = |one: &Kept| one.key == model && one.specification == specification;
        let one = match kept.take().filter(same) {
            Some(one) => one,
            None => {
                let episodes = episodes()?;
                Kept {
                    fitted: threat::model(&specification, model, &episodes)?,
                    key: model.to_owned(),
                    specification,
                    episodes,
                }
            }
        };
        let one = kept.insert(one);
        threat::report(&one.specification, &one.fitted, &one.episodes, which, changes)
    })
}
