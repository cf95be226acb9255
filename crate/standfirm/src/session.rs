//! A reader's session: what was fitted last is kept, so that what is asked next of the same specification need not be
//! fitted again.

use mlogit::Table;
use report::about::About;
use report::figure::{Figure, Reading};
use report::grid::Grid;
use report::words::clipped;
use serde::Serialize;

use crate::article::Article;
use crate::data::episodes::episodes;
use crate::error::{Error, Result};
use crate::exhibits::threat::{ThreatExhibit, exhibit};
use crate::exhibits::{self, imputation, influence, randomization};
use crate::findings::dealing::Dealt;
use crate::findings::influence::{By, Leaving};
use crate::findings::randomization::{self as random_regimes, Randomizing};
use crate::findings::robustness::robustness;
use crate::findings::threat;
use crate::findings::validation::folds::FoldUnit;
use crate::findings::validation::{FOLDS, REPEATS, Validating};
use crate::fitting::estimate::RESAMPLES;
use crate::fitting::fitted::{Estimates, Fitted, Fitting, Part};
use crate::specification::Specification;
use crate::specification::method::Method;
use crate::study::Model;

/// The episodes, with the models of one specification as far as they have been fitted.
#[derive(Debug)]
pub struct Session {
    episodes: Table,
    estimates: Estimates,
    /// What of the specification's text means nothing.
    ignored: Vec<String>,
    /// A model of the specification that is fitted to resamples.
    fitting: Option<Fitting>,
    /// What is left out of a model of the specification, one after the other.
    leaving: Option<(String, By, Leaving)>,
    /// Regimes of a model of the specification that are dealt out, time after time.
    randomizing: Option<(String, Dealt, Randomizing)>,
    /// Folds of a model of the specification, made over and over.
    validating: Option<(String, FoldUnit, Validating)>,
}

/// What there is to show of work on one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Shown {
    /// Its figures.
    pub figures: Vec<Figure>,
    /// Its tables.
    pub grids: Vec<Grid>,
    /// The same in sentences.
    pub sentences: Vec<String>,
    /// What a reader may ask of its tables, where there is no figure that says so.
    pub about: About,
}

/// How many resamples a model is fitted to in one step.
const RESAMPLES_AT_ONCE: usize = 50;

/// How many fits are made in one step of leaving out, or of dealing out.
const STEP: usize = 12;

/// How many of a specification's models are done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Progress {
    /// Models that have been fitted, or cannot be.
    pub done: usize,
    /// Models that are wanted.
    pub of: usize,
}

/// What there is to fit in the multiverse, before it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Offer {
    /// Number of combinations in each piece of work.
    pub pieces: Vec<usize>,
    /// Numbers of an outcome.
    pub width: usize,
    /// Choices to look at by themselves: keys with words.
    pub only: Vec<(String, String)>,
    /// The choices.
    pub grid: Grid,
    /// What they are about.
    pub about: About,
    /// What there is to fit in the joint test.
    pub joint: JointOffer,
}

/// What there is to fit in the joint test of the multiverse, before it is: a piece with regimes as they were, then one for
/// each draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct JointOffer {
    /// How often regimes are dealt out.
    pub draws: usize,
    /// Number of combinations in each piece.
    pub models: usize,
    /// Numbers of a piece.
    pub width: usize,
}

/// The curve of a multiverse, with what it says as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct CurveView {
    /// The curve.
    pub figure: Figure,
    /// How many combinations were tried.
    pub tried: usize,
    /// Its summary as a table.
    pub grid: Grid,
    /// The same in sentences.
    pub sentences: Vec<String>,
}

/// What a curve has in a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Placed {
    /// Which of the combinations in order.
    pub place: usize,
    /// What it shows.
    pub reading: Reading,
}

/// What to set for the model in a place of a curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Setting {
    /// As an address has it.
    pub specification: String,
    /// The model's measure of dependence.
    pub measure: String,
    /// The figure that is about the model's explanation.
    pub figure: u8,
    /// The table that the model is in.
    pub table: u8,
}

impl Session {
    /// With nothing fitted yet.
    ///
    /// # Errors
    /// Where the episodes cannot be read; none for the data this was built with.
    pub fn new() -> Result<Self> {
        Ok(Session {
            episodes: episodes()?,
            estimates: Estimates::none(Specification::default()),
            ignored: Vec::new(),
            fitting: None,
            leaving: None,
            randomizing: None,
            validating: None,
        })
    }

    /// From here on it is about this specification (`key=value` pairs joined by `&`; empty for the study's own).
    fn turn_to(&mut self, specification: &str) {
        let read = Specification::read(specification);
        if read.specification != self.estimates.specification {
            self.estimates = Estimates::none(read.specification);
            self.fitting = None;
            self.leaving = None;
            self.randomizing = None;
            self.validating = None;
        }
        self.ignored = read.ignored;
    }

    /// Fits the next of the models that are wanted of a specification, those that impute at last. Long work is done in
    /// such steps, so that it can be watched, and given up between them.
    pub fn fit_next(&mut self, specification: &str, part: Part) -> Progress {
        self.turn_to(specification);
        if let Some(model) = self.estimates.next(part) {
            self.go_on_fitting(&model);
        }
        let known = |model: &Model| self.estimates.knows(&model.key());
        let done = self.estimates.wanted(part).filter(known).count();
        let of = self.estimates.wanted(part).count();
        // Where models are fitted to resamples, these are what is counted.
        let (some, each) = self.fitting.as_ref().map_or((0, 0), Fitting::progress);
        let each = match self.estimates.specification.method {
            Method::Bootstrap => each.max(RESAMPLES),
            _ => 1,
        };
        Progress {
            done: done * each + some,
            of: of * each,
        }
    }

    /// Fits a model, or, where its intervals come from resamples, fits it to a few of them more.
    fn go_on_fitting(&mut self, model: &Model) {
        let fitting = match self.fitting.take() {
            Some(known) if known.model().key() == model.key() => Ok(known),
            _ => Fitting::new(&self.estimates.specification, model, &self.episodes),
        };
        let found = fitting.and_then(|mut fitting| {
            for _ in 0..RESAMPLES_AT_ONCE {
                if !fitting.step() {
                    return fitting.finish().map(Some);
                }
            }
            self.fitting = Some(fitting);
            Ok(None)
        });
        if let Some(found) = found.transpose() {
            self.estimates.keep(model, found);
        }
    }

    /// Everything there is to show of some models of a specification: the fewer, the sooner.
    ///
    /// # Errors
    /// As [`Article::new`].
    pub fn article(&mut self, specification: &str, part: Part) -> Result<Article> {
        loop {
            let Progress { done, of } = self.fit_next(specification, part);
            if done == of {
                return Article::new(&self.estimates, part, self.ignored.clone());
            }
        }
    }

    /// What a model makes of a threat with changes: see [`threat::report`].
    ///
    /// # Errors
    /// As [`threat::report`], and where the model cannot be estimated as specified.
    pub fn threat(
        &mut self,
        specification: &str,
        model: &str,
        which: &str,
        changes: &str,
    ) -> Result<ThreatExhibit> {
        let which = threat::ThreatId::read(which)?;
        self.fit(specification, model)?;
        let fitted = self.fitted(model)?;
        exhibit(
            &self.estimates.specification,
            fitted,
            &self.episodes,
            which,
            changes,
        )
    }

    /// Imputed against observed values of a model, with its diagnostics.
    ///
    /// # Errors
    /// [`Error::Unknown`] where no model with this key imputes, and where it cannot be estimated as specified.
    pub fn imputation_figure(&mut self, specification: &str, model: &str) -> Result<Figure> {
        self.fit(specification, model)?;
        let imputed = self.fitted(model)?.imputed.as_ref();
        let imputed = imputed.ok_or_else(|| Error::Unknown {
            kind: "imputed model",
            name: model.to_owned(),
            known: self
                .estimates
                .specification
                .models()
                .filter(|model| model.dependence.imputed)
                .map(|model| model.key())
                .collect(),
        })?;
        imputation::figure(imputed)
    }

    /// Fits a model without the next few targets, senders, years or episodes: see [`crate::influence`].
    ///
    /// # Errors
    /// As [`crate::influence::influence`], and where there is no such model or nothing of the kind to leave out.
    pub fn leave_next(&mut self, specification: &str, model: &str, by: &str) -> Result<Progress> {
        self.turn_to(specification);
        let by = By::find(by)?;
        let mut leaving = match self.leaving.take() {
            Some((known, of, leaving)) if known == model && of == by => leaving,
            _ => {
                let specification = &self.estimates.specification;
                Leaving::new(specification, &specification.find(model)?, &self.episodes, by)?
            }
        };
        for _ in 0..STEP {
            if !leaving.step()? {
                break;
            }
        }
        let (done, of) = leaving.progress();
        self.leaving = Some((model.to_owned(), by, leaving));
        Ok(Progress { done, of })
    }

    /// The main result without each of them.
    ///
    /// # Errors
    /// As [`Session::leave_next`].
    pub fn influence(&mut self, specification: &str, model: &str, by: &str) -> Result<Shown> {
        loop {
            let Progress { done, of } = self.leave_next(specification, model, by)?;
            if let (true, Some((.., leaving))) = (done == of, &self.leaving) {
                let found = leaving.influence();
                return Ok(Shown {
                    figures: vec![influence::figure(&found)],
                    grids: vec![influence::grid(&found)],
                    sentences: influence::sentences(&found),
                    about: About::new(),
                });
            }
        }
    }

    /// Deals out the regimes of a model a few times more: see [`crate::findings::randomization`].
    ///
    /// # Errors
    /// As [`random_regimes::randomize`], and where there is no such model or nothing of the kind to deal out.
    pub fn randomize_next(&mut self, specification: &str, model: &str, dealt: &str) -> Result<Progress> {
        self.turn_to(specification);
        let dealt = Dealt::find(dealt)?;
        let mut randomizing = match self.randomizing.take() {
            Some((known, of, randomizing)) if known == model && of == dealt => randomizing,
            _ => {
                let specification = &self.estimates.specification;
                let model = specification.find(model)?;
                let (draws, seed) = (random_regimes::DRAWS, specification.imputation.seed);
                Randomizing::new(specification, &model, &self.episodes, dealt, draws, seed)?
            }
        };
        for _ in 0..STEP {
            if !randomizing.step() {
                break;
            }
        }
        let (done, of) = randomizing.progress();
        self.randomizing = Some((model.to_owned(), dealt, randomizing));
        Ok(Progress { done, of })
    }

    /// The main contrasts beside what random regimes make of them.
    ///
    /// # Errors
    /// As [`Session::randomize_next`].
    pub fn randomization(&mut self, specification: &str, model: &str, dealt: &str) -> Result<Shown> {
        loop {
            let Progress { done, of } = self.randomize_next(specification, model, dealt)?;
            if let (true, Some((.., randomizing))) = (done == of, &self.randomizing) {
                let found = randomizing.found();
                return Ok(Shown {
                    figures: Vec::new(),
                    grids: vec![randomization::grid(&found)],
                    sentences: randomization::sentences(&found),
                    about: randomization::about(&found),
                });
            }
        }
    }

    /// The main contrasts of a model under every kind of standard error, or by sender.
    ///
    /// # Errors
    /// As [`robustness`], and where there is no such model.
    pub fn robustness(&mut self, specification: &str, model: &str, which: &str) -> Result<Shown> {
        self.turn_to(specification);
        let specification = &self.estimates.specification;
        let found = robustness(specification, &specification.find(model)?, &self.episodes)?;
        let grid = match which {
            "errors" => exhibits::robustness::errors(&found),
            "senders" => exhibits::robustness::senders(&found),
            _ => {
                return Err(Error::Unknown {
                    kind: "table of robustness",
                    name: clipped(which),
                    known: ["errors", "senders"].map(str::to_owned).into(),
                });
            }
        };
        Ok(Shown {
            figures: Vec::new(),
            grids: vec![grid],
            sentences: Vec::new(),
            about: exhibits::robustness::about(&found),
        })
    }

    /// Makes the folds of a model once more and forecasts with them: see [`crate::findings::validation`].
    ///
    /// # Errors
    /// As [`Validating::new`], and where there is no such model or cluster.
    pub fn validate_next(&mut self, specification: &str, model: &str, clusters: &str) -> Result<Progress> {
        self.turn_to(specification);
        let clusters = FoldUnit::find(clusters)?;
        let mut validating = match self.validating.take() {
            Some((known, of, validating)) if known == model && of == clusters => validating,
            _ => {
                let specification = &self.estimates.specification;
                let model = specification.find(model)?;
                let seed = specification.imputation.seed;
                Validating::new(
                    specification,
                    &model,
                    &self.episodes,
                    clusters,
                    FOLDS,
                    seed,
                    REPEATS,
                )?
            }
        };
        validating.step()?;
        let (done, of) = validating.progress();
        self.validating = Some((model.to_owned(), clusters, validating));
        Ok(Progress { done, of })
    }

    /// How well a model forecasts, with and without regime type, over many ways to make the folds.
    ///
    /// # Errors
    /// As [`Session::validate_next`].
    pub fn validation(&mut self, specification: &str, model: &str, clusters: &str) -> Result<Shown> {
        loop {
            let Progress { done, of } = self.validate_next(specification, model, clusters)?;
            if let (true, Some((.., validating))) = (done == of, &self.validating) {
                let found = validating.found()?;
                return Ok(Shown {
                    figures: exhibits::validation::figures(&found),
                    grids: vec![
                        exhibits::validation::grid(&found),
                        exhibits::validation::confusion(&found),
                    ],
                    sentences: vec![found.sentences()],
                    about: About::new(),
                });
            }
        }
    }

    /// Fits a model, unless it has been.
    fn fit(&mut self, specification: &str, key: &str) -> Result<()> {
        self.turn_to(specification);
        let model = self.estimates.specification.find(key)?;
        if !self.estimates.knows(key) {
            self.estimates.fit(&model, &self.episodes);
        }
        Ok(())
    }

    fn fitted(&self, key: &str) -> Result<&Fitted> {
        self.estimates.fitted(key).ok_or_else(|| Error::Refused {
            reason: self
                .estimates
                .refusal(key)
                .map_or_else(String::new, |one| one.reason.clone()),
        })
    }
}
