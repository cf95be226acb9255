//! The controls of a model, and leaving out those that its episodes cannot tell the effect of.

use mlogit::Error;
use serde::{Deserialize, Serialize};

use super::Specification;
use crate::study::Control;
use crate::study::thesis::STUDY;
use crate::study::words::label;

/// A control that is left out though nobody asked for it: these episodes cannot tell what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omitted {
    /// The variable.
    pub variable: String,
    /// Why, in words.
    pub reason: String,
}

/// Why a control is left out that does not vary.
pub(super) const CONSTANT: &str = "it is the same in every episode that the model can use";

/// The controls of the study that a specification keeps, as it reads them.
pub(crate) fn chosen(specification: &Specification) -> Vec<&'static Control> {
    STUDY
        .controls
        .iter()
        .filter(|control| !specification.without.contains(control.variable))
        .map(|control| specification.readings.control(control))
        .collect()
}

/// A formula with these terms and controls.
pub(crate) fn formula(outcome: &str, terms: &str, controls: &[&Control]) -> String {
    let mut formula = format!("{outcome} ~ {terms}");
    for control in controls {
        formula.push_str(" + ");
        formula.push_str(control.term);
    }
    formula
}

/// Does something with the model of all `controls`, and again without each of them that it fails for, which goes to
/// `omitted`.
///
/// # Errors
/// The first failure that no control is to blame for.
pub(crate) fn leaving_out<T>(
    controls: &mut Vec<&'static Control>,
    omitted: &mut Vec<Omitted>,
    mut attempt: impl FnMut(&[&'static Control]) -> mlogit::Result<T>,
) -> mlogit::Result<T> {
    loop {
        let error = match attempt(controls) {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let Some((position, reason)) = blamed(&error, controls) else {
            return Err(error);
        };
        omitted.push(Omitted {
            variable: controls.remove(position).variable.to_owned(),
            reason,
        });
    }
}

/// The control that a model failed for, and why, where leaving it out may mend that.
fn blamed(error: &Error, controls: &[&Control]) -> Option<(usize, String)> {
    let (term, reason) = match error {
        Error::Constant { term, .. } => (term, CONSTANT.to_owned()),
        Error::OneLevel { variable, .. } => (variable, CONSTANT.to_owned()),
        // The base of a control that has lost it.
        Error::UnknownLevel { variable, level, .. } => {
            (variable, format!("no episode that the model can use has {level}"))
        }
        Error::Collinear { term, others } => {
            let others: Vec<String> = others.iter().map(|other| label(other)).collect();
            (term, format!("{} determine it", others.join(", ")))
        }
        _ => return None,
    };
    let position = controls
        .iter()
        .position(|control| involves(term, control.variable))?;
    Some((position, reason))
}

/// Whether a term is of `variable`, or of it and others.
pub(super) fn involves(term: &str, variable: &str) -> bool {
    term.split(':')
        .any(|piece| piece.split('[').next() == Some(variable))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model fails for one control, then for another; a failure that no control is to blame for is told.
    #[test]
    fn controls_that_fail_are_left_out_one_by_one() {
        let mut controls = chosen(&Specification::default());
        let (all, mut omitted) = (controls.len(), Vec::new());
        let collinear = |term: &str| Error::Collinear {
            term: term.to_owned(),
            others: vec!["t_gdp".to_owned(), "ln_distance".to_owned()],
        };
        let mut failures = vec![collinear("sender_regime[personalist]"), collinear("multiple")];
        let tried = leaving_out(&mut controls, &mut omitted, |left| match failures.pop() {
            Some(failure) => Err(failure),
            None => Ok(left.len()),
        });
        assert_eq!(tried.unwrap(), all - 2);
        let names: Vec<&str> = omitted.iter().map(|one| one.variable.as_str()).collect();
        assert_eq!(names, ["multiple", "sender_regime"]);
        assert_eq!(
            omitted[0].reason,
            format!("{}, {} determine it", label("t_gdp"), label("ln_distance"))
        );
        let failed = leaving_out(&mut controls, &mut omitted, |_| {
            Err::<(), _>(collinear("personalist_index"))
        });
        assert!(matches!(failed, Err(Error::Collinear { .. })));
        assert_eq!(omitted.len(), 2);
    }

    #[test]
    fn a_formula_has_all_its_terms() {
        let controls: Vec<&Control> = STUDY.controls.iter().take(2).collect();
        assert_eq!(formula("y", "a * b", &controls), "y ~ a * b + t_gdp + s_gdp");
        assert_eq!(formula("y", "a", &[]), "y ~ a");
    }
}
