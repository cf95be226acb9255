//! The study's imputed models against R's Amelia: the distribution of their pooled estimates over seeds.
//!
//! `reference/imputation.json` has the mean and standard deviation of every pooled coefficient over 100 seeds of
//! Amelia, m = 20 (`reference/imputation.R`). With as many imputations of our own from S seeds, the means of both differ
//! by the Monte Carlo error sd (1/S + 1/100)^(1/2) and no more, if the method is the same.

// The exceptions for tests in clippy.toml do not reach helper functions.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;
use standfirm::Specification;
use standfirm::fitting::imputation::Imputed;
use standfirm::study::Model;
use standfirm::study::thesis::STUDY;

fn model(key: &str) -> &'static Model {
    STUDY.models.iter().find(|model| model.key() == key).unwrap()
}

/// Of each coefficient the outcome and term, and for each seed the estimate and its total variance.
type Runs = Vec<((String, String), Vec<(f64, f64)>)>;

fn run(key: &str, seeds: std::ops::Range<u64>) -> Runs {
    let episodes = standfirm::episodes().unwrap();
    let mut runs: Runs = Vec::new();
    for seed in seeds {
        let mut specification = Specification::default();
        specification.imputation.seed = seed;
        let imputed = Imputed::new(&specification, model(key), &episodes).unwrap();
        let report = imputed.fit().unwrap().model().unwrap();
        for (k, coefficient) in report.coefficients.into_iter().enumerate() {
            if runs.len() <= k {
                runs.push(((coefficient.outcome, coefficient.term), Vec::new()));
            }
            let variance = coefficient.std_error * coefficient.std_error;
            runs[k].1.push((coefficient.estimate, variance));
        }
    }
    runs
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

struct Agreement {
    /// Mean of ours less mean of Amelia's, by its Monte Carlo error.
    z: f64,
    /// Standard deviation over seeds, ours by Amelia's.
    sd: f64,
    /// Mean total variance, ours by Amelia's.
    variance: f64,
}

fn compare(runs: &Runs, reference: &Value) -> Vec<(String, Agreement)> {
    let coefficients = reference["coefficients"].as_array().unwrap();
    assert_eq!(runs.len(), coefficients.len());
    let amelia_seeds = reference["seeds"].as_f64().unwrap();
    let one = |((outcome, term), values): &((String, String), Vec<(f64, f64)>)| {
        let theirs = coefficients
            .iter()
            .find(|known| known["outcome"] == outcome.as_str() && known["term"] == term.as_str())
            .unwrap_or_else(|| panic!("no {outcome} {term}"));
        let number = |field: &str| theirs[field].as_f64().unwrap();
        let seeds = values.len() as f64;
        let estimate = mean(values.iter().map(|(estimate, _)| *estimate));
        let squares: f64 = values
            .iter()
            .map(|(one, _)| (one - estimate) * (one - estimate))
            .sum();
        let error = number("sd") * (1.0 / seeds + 1.0 / amelia_seeds).sqrt();
        let agreement = Agreement {
            z: (estimate - number("mean")) / error,
            sd: (squares / (seeds - 1.0)).sqrt() / number("sd"),
            variance: mean(values.iter().map(|(_, variance)| *variance)) / number("total_variance"),
        };
        (format!("{outcome} {term}"), agreement)
    };
    runs.iter().map(one).collect()
}

fn references() -> Vec<Value> {
    let lines = include_str!("reference/imputation.json").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_few_seeds_agree_with_amelia() {
    for reference in references() {
        let key = reference["model"].as_str().unwrap();
        for (name, agreement) in compare(&run(key, 1..3), &reference) {
            // 84 coefficients: 4.5 errors are passed by chance once in 1,700 runs.
            assert!(
                agreement.z.abs() < 4.5,
                "{key} {name}: {} errors off",
                agreement.z
            );
            assert!(
                (0.7..1.4).contains(&agreement.variance),
                "{key} {name}: variance x {}",
                agreement.variance
            );
        }
    }
}

/// `cargo test --release -p standfirm --test imputation -- --ignored --nocapture`
#[test]
#[ignore = "20 s in release: 50 seeds of both models"]
fn fifty_seeds_agree_with_amelia() {
    for reference in references() {
        let key = reference["model"].as_str().unwrap();
        let all = compare(&run(key, 1..51), &reference);
        let most =
            |field: fn(&Agreement) -> f64| all.iter().map(|(_, one)| field(one)).fold(f64::MIN, f64::max);
        let least =
            |field: fn(&Agreement) -> f64| all.iter().map(|(_, one)| field(one)).fold(f64::MAX, f64::min);
        println!(
            "{key}: {} coefficients; means at most {:.2} errors apart (root mean square {:.2}); sd over seeds x {:.2} \
             to {:.2} (mean {:.3}); total variance x {:.3} to {:.3}",
            all.len(),
            most(|one| one.z.abs()),
            mean(all.iter().map(|(_, one)| one.z * one.z)).sqrt(),
            least(|one| one.sd),
            most(|one| one.sd),
            mean(all.iter().map(|(_, one)| one.sd)),
            least(|one| one.variance),
            most(|one| one.variance),
        );
        for (name, agreement) in &all {
            assert!(
                agreement.z.abs() < 4.5,
                "{key} {name}: {} errors off",
                agreement.z
            );
            // A standard deviation from 50 seeds has an error of 10 %, one from 100 of 7 %.
            assert!(
                (agreement.sd - 1.0).abs() < 0.45,
                "{key} {name}: sd x {}",
                agreement.sd
            );
            assert!(
                (agreement.variance - 1.0).abs() < 0.06,
                "{key} {name}: variance x {}",
                agreement.variance
            );
        }
    }
}

#[test]
fn the_study_imputes_trade_alone() {
    let episodes = standfirm::episodes().unwrap();
    for (key, rows, missing) in [("index:comtrade_mi", 560, 248), ("regime:comtrade_mi", 750, 358)] {
        let imputed = Imputed::new(&Specification::default(), model(key), &episodes).unwrap();
        let imputations = imputed.imputations();
        assert_eq!((imputations.rows(), imputations.m()), (rows, 20));
        let variables = imputations.variables().iter();
        let names: Vec<&str> = variables.map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["ln_dependence", "ln_import_share", "ln_import_share_lag"]);
        let estimate = imputed.fit().unwrap();
        assert_eq!(estimate.fit().n() as usize, rows);
        // What only helps is not of the model.
        let report = estimate.imputation().unwrap();
        let told: Vec<(&str, usize)> = report
            .variables
            .iter()
            .map(|one| (one.variable.as_str(), one.missing))
            .collect();
        assert_eq!(told, [("ln_dependence", missing)]);
        assert!(report.dependence_only);
    }
}

#[test]
fn every_variable_can_be_imputed_on_every_episode_whose_outcome_is_known() {
    let episodes = standfirm::episodes().unwrap();
    let all = Specification::default().with("impute", "all").unwrap();
    for (key, explanation) in [
        ("index:comtrade_mi", "personalist_index"),
        ("regime:comtrade_mi", "target_regime"),
    ] {
        let imputed = Imputed::new(&all, model(key), &episodes).unwrap();
        let imputations = imputed.imputations();
        assert_eq!((imputations.rows(), imputations.m()), (789, 20));
        let missing: Vec<&str> = imputations
            .variables()
            .iter()
            .filter(|variable| variable.missing > 0)
            .map(|variable| variable.name.as_str())
            .collect();
        let expected = [
            explanation,
            "ln_dependence",
            "t_gdp",
            "ln_cinc_ratio",
            "ln_distance",
            "sender_regime",
        ];
        assert_eq!(missing, expected);
        // Ratios are turned back, what was known is as it was, and the models of them converge.
        let source = episodes.numbers("cinc_ratio").unwrap();
        let known = || source.iter().copied().filter(|ratio| !ratio.is_nan());
        let largest = known().fold(0.0, f64::max);
        for table in imputed.tables() {
            let table = table.unwrap();
            let completed = table.numbers("cinc_ratio").unwrap();
            for (source, completed) in source.iter().zip(completed) {
                assert!(source.is_nan() || source == completed);
                assert!(completed.is_nan() || (*completed > 0.0 && *completed < 100.0 * largest));
            }
        }
        let fitted = standfirm::fitting::fitted::fit(&all, &all.find(key).unwrap(), &episodes).unwrap();
        assert_eq!(fitted.report.model.n, 789.0);
        let report = fitted.report.imputation.as_ref().unwrap();
        let told: Vec<&str> = report.variables.iter().map(|one| one.variable.as_str()).collect();
        assert_eq!(told, expected);
    }
}

/// The index tells autocracies apart: where every variable is imputed, that of a democracy is 0 and not drawn.
#[test]
fn no_index_is_imputed_for_a_democracy() {
    let episodes = standfirm::episodes().unwrap();
    let all = Specification::default().with("impute", "all").unwrap();
    let imputed = Imputed::new(&all, model("index:comtrade_mi"), &episodes).unwrap();
    let mlogit::Column::Text(regime) = episodes.column("target_regime").unwrap() else {
        panic!("regimes are text")
    };
    let table = imputed.tables().next().unwrap().unwrap();
    let index = table.numbers("personalist_index").unwrap();
    let source = episodes.numbers("personalist_index").unwrap();
    let mut held = 0;
    for row in 0..episodes.rows() {
        if source[row].is_nan() && regime.get(row) == Some("democracy") {
            assert_eq!(index[row], 0.0);
            held += 1;
        }
    }
    assert!(held > 50, "{held} democracies without an index");
}

#[test]
fn em_on_the_episodes_agrees_with_amelia() {
    let reference: Value = serde_json::from_str(include_str!("reference/em.json")).unwrap();
    let episodes = standfirm::episodes().unwrap();
    for (explanation, expected) in reference.as_object().unwrap() {
        let columns: Vec<&str> = expected["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        let mut imputer = mlogit::Imputer::new()
            .tolerance(1e-12)
            .max_iterations(100_000)
            .given("outcome");
        let mut names: Vec<&str> = columns
            .iter()
            .map(|column| column.split('[').next().unwrap())
            .collect();
        names.dedup();
        for name in names.into_iter().filter(|name| *name != "outcome") {
            imputer = imputer.number(if name == "ln_dependence" {
                "ln_comtrade_import_share"
            } else {
                name
            });
        }
        let joint = imputer.joint(&episodes).unwrap();
        assert_eq!(joint.columns.len(), columns.len());
        for (a, name) in columns.iter().enumerate() {
            assert!(joint.columns[a] == *name || *name == "ln_dependence", "{name}");
            let scale = |a: usize| joint.covariance[a][a].sqrt();
            let off = (joint.means[a] - expected["mean"][a].as_f64().unwrap()) / scale(a);
            assert!(off.abs() < 1e-8, "{explanation}, mean of {name}: {off:e}");
            for (b, other) in columns.iter().enumerate() {
                let expected = expected["covariance"][a][b].as_f64().unwrap();
                let off = (joint.covariance[a][b] - expected) / (scale(a) * scale(b));
                assert!(
                    off.abs() < 1e-8,
                    "{explanation}, covariance of {name} and {other}: {off:e}"
                );
            }
        }
    }
}
