//! What a program says of a model, and how closely two of them agree.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value as Json;

/// What one program says of one model.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Results {
    pub(crate) n: f64,
    pub(crate) loglik: f64,
    pub(crate) loglik_null: f64,
    /// None where a coefficient has no finite estimate: then the others are limits, and the criteria mean
    /// nothing.
    pub(crate) aic: Option<f64>,
    pub(crate) bic: Option<f64>,
    pub(crate) coefficients: Vec<Coefficient>,
    pub(crate) predictions: Vec<Prediction>,
    pub(crate) differences: Vec<Difference>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Coefficient {
    pub(crate) outcome: String,
    pub(crate) term: String,
    pub(crate) estimate: f64,
    pub(crate) std_error: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Prediction {
    pub(crate) at: Setting,
    pub(crate) outcome: String,
    pub(crate) estimate: f64,
    pub(crate) std_error: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Difference {
    pub(crate) a: Setting,
    pub(crate) b: Setting,
    pub(crate) outcome: String,
    pub(crate) estimate: f64,
    pub(crate) std_error: f64,
    pub(crate) statistic: f64,
    pub(crate) p_value: f64,
}

/// Variables held at values.
pub(crate) type Setting = BTreeMap<String, Json>;

/// A model of a reference file: how to fit it, and what came out.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) data: PathBuf,
    pub(crate) formula: String,
    pub(crate) base: String,
    /// Column that the formula's `ln_dependence` stands for.
    pub(crate) dependence: Option<String>,
    pub(crate) weights: Option<String>,
    /// Coefficients without a finite estimate, by outcome and term.
    pub(crate) separated: Vec<(String, String)>,
    #[serde(flatten)]
    pub(crate) results: Results,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    pub(crate) software: String,
    pub(crate) models: BTreeMap<String, Model>,
}

/// Whether both hold the same variables at the same values, numbers up to the last digits.
pub(crate) fn same(a: &Setting, b: &Setting) -> bool {
    let near = |a: &Json, b: &Json| match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-14 * b.abs(),
        _ => a == b,
    };
    a.keys().eq(b.keys()) && a.values().zip(b.values()).all(|(a, b)| near(a, b))
}

/// Largest differences between two programs' results of one model.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Agreement {
    /// Log-likelihoods and information criteria, absolute.
    pub(crate) loglik: f64,
    /// Coefficients, relative; those within a thousandth of a standard error of zero, relative to that.
    pub(crate) estimate: f64,
    /// Their standard errors, relative.
    pub(crate) std_error: f64,
    /// Average probabilities and differences of them, absolute.
    pub(crate) probability: f64,
    /// Their standard errors, z statistics and p-values, relative.
    pub(crate) delta: f64,
}

pub(crate) fn relative(found: f64, expected: f64) -> f64 {
    (found - expected).abs() / expected.abs()
}

impl Agreement {
    /// Compares by outcome and term; both must have the same ones.
    pub(crate) fn between(found: &Results, expected: &Results) -> Self {
        let mut most = Agreement::default();
        let raise = |most: &mut f64, difference: f64| {
            // Not a number is no agreement: `max` would pass over it.
            *most = if difference.is_nan() {
                f64::INFINITY
            } else {
                most.max(difference)
            };
        };
        assert_eq!(found.n, expected.n);
        raise(&mut most.loglik, (found.loglik - expected.loglik).abs());
        raise(&mut most.loglik, (found.loglik_null - expected.loglik_null).abs());
        for (found, expected) in [(found.aic, expected.aic), (found.bic, expected.bic)] {
            assert_eq!(found.is_some(), expected.is_some());
            let difference = found.zip(expected).map_or(0.0, |(a, b)| (a - b).abs());
            raise(&mut most.loglik, difference);
        }

        assert_eq!(found.coefficients.len(), expected.coefficients.len());
        for expected in &expected.coefficients {
            let found = found
                .coefficients
                .iter()
                .find(|found| found.outcome == expected.outcome && found.term == expected.term)
                .unwrap_or_else(|| panic!("no coefficient of {} for {}", expected.term, expected.outcome));
            let size = expected.estimate.abs().max(expected.std_error / 1e3);
            raise(
                &mut most.estimate,
                (found.estimate - expected.estimate).abs() / size,
            );
            raise(&mut most.std_error, relative(found.std_error, expected.std_error));
        }

        assert_eq!(found.predictions.len(), expected.predictions.len());
        for (found, expected) in found.predictions.iter().zip(&expected.predictions) {
            assert_eq!(found.outcome, expected.outcome);
            assert!(same(&found.at, &expected.at));
            raise(&mut most.probability, (found.estimate - expected.estimate).abs());
            raise(&mut most.delta, relative(found.std_error, expected.std_error));
        }
        assert_eq!(found.differences.len(), expected.differences.len());
        for (found, expected) in found.differences.iter().zip(&expected.differences) {
            assert_eq!(found.outcome, expected.outcome);
            assert!(same(&found.a, &expected.a));
            assert!(same(&found.b, &expected.b));
            raise(&mut most.probability, (found.estimate - expected.estimate).abs());
            raise(&mut most.delta, relative(found.std_error, expected.std_error));
            raise(
                &mut most.delta,
                (found.statistic - expected.statistic).abs() / expected.statistic.abs().max(1.0),
            );
            // Relative, a p-value moves by about the square of z times what z moves by.
            let magnified = 1.0 + expected.statistic * expected.statistic;
            raise(
                &mut most.delta,
                relative(found.p_value, expected.p_value) / magnified,
            );
        }
        most
    }

    pub(crate) fn within(&self, limits: &Agreement) -> bool {
        self.loglik <= limits.loglik
            && self.estimate <= limits.estimate
            && self.std_error <= limits.std_error
            && self.probability <= limits.probability
            && self.delta <= limits.delta
    }

    /// Prints a line of the README's table and stops where `limits` are passed.
    pub(crate) fn check(self, key: &str, pair: &str, limits: &Agreement) {
        println!(
            "| {key:<28} | {pair:<25} | {:.0e} | {:.0e} | {:.0e} | {:.0e} | {:.0e} |",
            self.loglik, self.estimate, self.std_error, self.probability, self.delta
        );
        assert!(
            self.within(limits),
            "{key}, {pair}: {self:?} is not within {limits:?}"
        );
    }
}
