//! The main contrasts under every kind of standard error, and for threats by the United States and by others side by
//! side.

use mlogit::{Fit, Table, normal_p_value};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::findings::contrasts::{Compared, changes, contrasts};
use crate::findings::effect::{MainEffect, WIDE};
use crate::findings::outside::compared;
use crate::specification::options::Options as _;
use crate::specification::{Errors, Senders, Specification};
use crate::study::Model;

/// A model's main contrasts, looked at in several ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Robustness {
    /// The model's key.
    pub model: String,
    /// Words for the model.
    pub label: String,
    /// Episodes of the model.
    pub n: usize,
    /// Dependence that counts as high throughout: that of the whole sample, on the model's scale.
    pub high_dependence: f64,
    /// By each kind of standard error.
    pub errors: Vec<UnderErrors>,
    /// By sender; none where the model cannot be estimated for both.
    pub senders: Option<BySender>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_senders: Option<String>,
}

/// The contrasts under one kind of standard error, personalist minus others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnderErrors {
    /// Key of the kind.
    pub errors: String,
    /// Words for it.
    pub label: String,
    /// Clusters, where there are any.
    pub clusters: Option<usize>,
    /// At high dependence.
    pub at_high: Vec<Compared>,
    /// From no to high dependence: second differences.
    pub changes: Vec<Compared>,
}

/// The contrasts at high dependence by sender, personalist minus others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BySender {
    /// Episodes in which the United States threatened.
    pub n_usa: usize,
    /// Episodes in which another state did.
    pub n_others: usize,
    /// The contrasts.
    pub contrasts: Vec<SenderContrast>,
    /// What is compared though no threat by these senders comes up to it, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<String>,
}

/// A contrast by sender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SenderContrast {
    /// Who personalist targets are compared with.
    pub others: String,
    /// Of threats by the United States.
    pub usa: MainEffect,
    /// Of threats by other states.
    pub rest: MainEffect,
    /// The United States minus other states. No episode is in both samples, so the variances add up.
    pub difference: MainEffect,
}

/// Looks at a model's main contrasts under every kind of standard error, and by sender.
///
/// # Errors
/// [`Error::Imputed`] for a model of imputed values; else why the model cannot be estimated.
pub fn robustness(specification: &Specification, model: &Model, episodes: &Table) -> Result<Robustness> {
    if model.dependence.imputed {
        return Err(Error::Imputed { key: model.key() });
    }
    let prepared = specification.prepare(model, episodes)?;
    let fit = prepared.fit()?;
    let high = model.high.of(fit.design().frame().number(model.term())?);
    let mut errors = Vec::new();
    for kind in Errors::ALL {
        let of_kind = Specification {
            errors: *kind,
            ..specification.clone()
        };
        let fit = fit.with_covariance(&of_kind.covariance(prepared.table())?)?;
        errors.push(UnderErrors {
            errors: kind.picked().key.to_owned(),
            label: kind.picked().label.to_owned(),
            clusters: clusters(*kind, prepared.table(), &fit)?,
            at_high: contrasts(model, &fit, high)?,
            changes: changes(model, &fit, 0.0, high)?,
        });
    }
    let (senders, without_senders) = match by_sender(specification, model, episodes, high) {
        Ok(found) => (Some(found), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(Robustness {
        model: model.key(),
        label: model.label(),
        n: fit.design().rows(),
        high_dependence: high,
        errors,
        senders,
        without_senders,
    })
}

/// How many clusters the rows of a model are in.
fn clusters(kind: Errors, table: &Table, fit: &Fit) -> Result<Option<usize>> {
    let columns: &[&str] = match kind {
        Errors::Target => &["target"],
        Errors::Sender => &["sender"],
        Errors::Dyad => &["sender", "target"],
        Errors::Observed | Errors::Hc0 | Errors::Hc1 | Errors::Robust => return Ok(None),
    };
    let mut keys = std::collections::BTreeSet::new();
    for row in fit.design().frame().row_indices() {
        let mut key = Vec::new();
        for column in columns {
            key.push(table.numbers(column)?[*row] as u64);
        }
        keys.insert(key);
    }
    Ok(Some(keys.len()))
}

fn by_sender(specification: &Specification, model: &Model, episodes: &Table, high: f64) -> Result<BySender> {
    let mut outside = Vec::new();
    let mut of = |senders: Senders| -> Result<(usize, Vec<Compared>)> {
        let specification = Specification {
            senders,
            ..specification.clone()
        };
        let fit = specification.prepare(model, episodes)?.fit()?;
        let observed = |name: &str| Ok(fit.design().frame().number(name)?.to_vec());
        let whose = match senders {
            Senders::Usa => "threats by the United States",
            _ => "threats by other states",
        };
        let beyond = compared(model, &[high], observed)?;
        outside.extend(beyond.iter().map(|one| format!("{whose}: {}", one.words())));
        Ok((fit.design().rows(), contrasts(model, &fit, high)?))
    };
    let ((n_usa, usa), (n_others, rest)) = (of(Senders::Usa)?, of(Senders::Others)?);
    let contrast = |(usa, rest): (Compared, Compared)| SenderContrast {
        difference: minus(&usa.effect, &rest.effect),
        others: usa.others,
        usa: usa.effect,
        rest: rest.effect,
    };
    Ok(BySender {
        n_usa,
        n_others,
        contrasts: usa.into_iter().zip(rest).map(contrast).collect(),
        outside,
    })
}

/// The difference of two independent effects.
fn minus(a: &MainEffect, b: &MainEffect) -> MainEffect {
    let estimate = a.estimate - b.estimate;
    let std_error = (a.std_error * a.std_error + b.std_error * b.std_error).sqrt();
    MainEffect {
        estimate,
        std_error,
        p_value: normal_p_value(estimate / std_error),
        conf_low: estimate - WIDE * std_error,
        conf_high: estimate + WIDE * std_error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::episodes::episodes;

    #[test]
    fn independent_effects_are_subtracted_by_hand() {
        let effect = |estimate: f64, std_error: f64| MainEffect {
            estimate,
            std_error,
            p_value: 0.0,
            conf_low: 0.0,
            conf_high: 0.0,
        };
        let found = minus(&effect(-0.3, 0.03), &effect(0.1, 0.04));
        assert!((found.estimate + 0.4).abs() < 1e-15 && (found.std_error - 0.05).abs() < 1e-15);
        // Eight standard errors; 0.4 less 1.96 of them.
        assert!(found.p_value < 1e-14 && (found.conf_high + 0.302_001_8).abs() < 1e-7);
    }

    /// Each row is what the specification with that choice gives by itself.
    #[test]
    fn every_kind_is_that_of_its_own_specification() {
        let (specification, episodes) = (Specification::default(), episodes().unwrap());
        let model = specification.find("regime:trade_share").unwrap();
        let found = robustness(&specification, &model, &episodes).unwrap();
        assert_eq!(found.errors.len(), Errors::ALL.len());
        for one in &found.errors {
            let own = specification.clone().with("errors", &one.errors).unwrap();
            let fit = own.prepare(&model, &episodes).unwrap().fit().unwrap();
            let anew = contrasts(&model, &fit, found.high_dependence).unwrap();
            assert_eq!(anew, one.at_high);
            assert_eq!(anew.len(), 2);
            // The second difference is the contrast at high dependence less that without trade.
            let none = contrasts(&model, &fit, 0.0).unwrap();
            for ((change, high), none) in one.changes.iter().zip(&anew).zip(&none) {
                let by_hand = high.effect.estimate - none.effect.estimate;
                assert!((change.effect.estimate - by_hand).abs() < 1e-12);
                assert!(change.effect.std_error < high.effect.std_error + none.effect.std_error);
            }
        }
        let different: std::collections::BTreeSet<u64> = found
            .errors
            .iter()
            .map(|one| one.at_high[0].effect.std_error.to_bits())
            .collect();
        assert_eq!(different.len(), Errors::ALL.len());
        assert!(
            found
                .errors
                .iter()
                .all(|one| one.clusters.is_some() == ["target", "sender", "dyad"].contains(&&*one.errors))
        );
    }

    #[test]
    fn senders_are_those_of_their_own_specifications() {
        let (specification, episodes) = (Specification::default(), episodes().unwrap());
        let model = specification.find("index:trade_share").unwrap();
        let found = robustness(&specification, &model, &episodes).unwrap();
        let senders = found.senders.unwrap();
        assert_eq!(senders.n_usa + senders.n_others, found.n);
        let own = specification.with("senders", "usa").unwrap();
        let fit = own.prepare(&model, &episodes).unwrap().fit().unwrap();
        let anew = contrasts(&model, &fit, found.high_dependence).unwrap();
        assert_eq!(senders.contrasts[0].usa, anew[0].effect);
    }
}
