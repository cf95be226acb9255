//! Draws of the coefficients: simulated from their distribution, or refitted to resampled data.

use std::sync::Arc;

use nalgebra::DMatrix;

use crate::arithmetic::random::Random;
use crate::data::design::Design;
use crate::error::{Error, Result};
use crate::fit::Fit;
use crate::fit::clusters::Clusters;
use crate::fit::refit::Refitter;

/// Fewer draws have no percentiles worth the name.
const LEAST: usize = 2;
/// More would not fit into memory.
const MOST: usize = 10_000_000;

/// Draws of all coefficients of a fit, for [`crate::Interval::Draws`].
#[derive(Debug, Clone)]
pub struct Draws {
    /// That of the fit they were made from.
    design: Arc<Design>,
    origin: Origin,
    seed: u64,
    asked: usize,
    /// Standardised parameters of each draw.
    parameters: Vec<Vec<f64>>,
    /// The replicate each draw is, numbered from 0: some have failed.
    replicates: Vec<u64>,
    failures: Vec<Error>,
    /// Resamples in which outcomes are separated.
    separated: usize,
}

/// Where draws come from.
#[derive(Debug, Clone)]
enum Origin {
    Simulation,
    Bootstrap(Units),
}

/// What is drawn with replacement.
#[derive(Debug, Clone)]
enum Units {
    /// Rows, each as likely as its weight: the weights' running sums, empty where all are one or where weights
    /// are probability weights.
    Rows(Vec<f64>),
    /// Clusters: the cluster of each row, and the number of clusters.
    Clusters(Vec<u32>, usize),
}

/// A bootstrap: how often the data are resampled, and what is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    resamples: usize,
    seed: u64,
    clusters: Option<Clusters>,
}

impl Bootstrap {
    /// Draws rows with replacement, outcome and covariates together ("pairs"); a row of frequency weight 3 is as
    /// likely as three rows.
    pub fn pairs(resamples: usize, seed: u64) -> Self {
        Bootstrap {
            resamples,
            seed,
            clusters: None,
        }
    }

    /// Draws whole clusters with replacement.
    pub fn clusters(resamples: usize, seed: u64, clusters: Clusters) -> Self {
        Bootstrap {
            resamples,
            seed,
            clusters: Some(clusters),
        }
    }
}

impl Fit {
    /// Draws the coefficients from the normal distribution around their estimate, with the fit's covariance
    /// (King, Tomz & Wittenberg 2000, American Journal of Political Science 44(2)).
    ///
    /// Where some coefficients have no finite estimate ([`crate::Separation::Limit`]), they stay at their limits,
    /// and the others are drawn.
    ///
    /// # Errors
    /// [`Error::Draws`] for fewer than two draws.
    pub fn simulate(&self, draws: usize, seed: u64) -> Result<Draws> {
        check(draws)?;
        let size = self.parameters.len();
        let factor = factor(&self.covariance);
        let draw = |replicate: usize| {
            let mut normals = vec![0.0; size];
            Random::new(self_seed(seed), replicate as u64).normals(&mut normals);
            (0..size)
                .map(|a| {
                    let shift: f64 = (0..size).map(|b| factor[(a, b)] * normals[b]).sum();
                    self.parameters[a] + shift
                })
                .collect()
        };
        Ok(Draws {
            design: Arc::clone(&self.design),
            origin: Origin::Simulation,
            seed,
            asked: draws,
            parameters: (0..draws).map(draw).collect(),
            replicates: (0..draws as u64).collect(),
            failures: Vec::new(),
            separated: 0,
        })
    }

    /// Fits the model to resampled data (Efron 1979; by clusters: Davison & Hinkley 1997, section 3.8). Quantities
    /// that are averaged over rows, or taken at means, take those of each resample.
    ///
    /// A resample that has no honest fit, for instance because its outcomes are separated, is left out and
    /// counted: [`Draws::failures`].
    ///
    /// # Errors
    /// [`Error::Draws`] for fewer than two resamples, or where fewer than two could be fitted;
    /// [`Error::Clusters`].
    pub fn bootstrap(&self, bootstrap: &Bootstrap) -> Result<Draws> {
        let mut resampling = self.resampling(bootstrap)?;
        while resampling.step() {}
        resampling.finish()
    }

    /// The same one resample after the other: for work that is watched, and may be given up.
    ///
    /// # Errors
    /// [`Error::Draws`] for fewer than two resamples; [`Error::Clusters`].
    pub fn resampling(&self, bootstrap: &Bootstrap) -> Result<Resampling> {
        check(bootstrap.resamples)?;
        let units = Units::new(self.design(), bootstrap.clusters.as_ref())?;
        Ok(Resampling {
            draws: Draws {
                design: Arc::clone(&self.design),
                origin: Origin::Bootstrap(units.clone()),
                seed: bootstrap.seed,
                asked: bootstrap.resamples,
                parameters: Vec::new(),
                replicates: Vec::new(),
                failures: Vec::new(),
                separated: 0,
            },
            units,
            refitter: self.refitter(),
            done: 0,
        })
    }
}

/// A bootstrap under way: see [`Fit::resampling`].
#[derive(Debug)]
pub struct Resampling {
    draws: Draws,
    units: Units,
    refitter: Refitter,
    done: usize,
}

impl Resampling {
    /// Fits the model to the next resample; `false` where none is left.
    pub fn step(&mut self) -> bool {
        let draws = &mut self.draws;
        if self.done == draws.asked {
            return false;
        }
        let replicate = self.done as u64;
        let weights = self.units.weights(&draws.design, draws.seed, replicate);
        match self.refitter.maximise(&weights, false) {
            Ok(maximum) => {
                draws.separated += usize::from(maximum.separated.is_some());
                draws.parameters.push(maximum.parameters);
                draws.replicates.push(replicate);
            }
            Err(error) => draws.failures.push(error),
        }
        self.done += 1;
        true
    }

    /// How many resamples are done with, and of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.draws.asked)
    }

    /// The draws made so far.
    ///
    /// # Errors
    /// [`Error::Draws`] where fewer than two resamples could be fitted.
    pub fn finish(self) -> Result<Draws> {
        let draws = self.draws;
        if draws.parameters.len() >= LEAST {
            return Ok(draws);
        }
        let first = draws.failures.first();
        Err(Error::Draws {
            problem: format!(
                "{} of {} resamples could not be fitted; the first: {}",
                draws.failures.len(),
                draws.asked,
                first.map_or_else(|| "none was tried".to_owned(), ToString::to_string)
            ),
        })
    }
}

impl Draws {
    /// Number of draws to be had.
    pub fn len(&self) -> usize {
        self.parameters.len()
    }

    /// Whether there is none; never so.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// Number of draws asked for.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// Why the resamples that are missing could not be fitted.
    pub fn failures(&self) -> &[Error] {
        &self.failures
    }

    /// In how many resamples outcomes are separated: some coefficients have no finite estimate there and are at their limits.
    pub fn separated(&self) -> usize {
        self.separated
    }

    /// The seed they came from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Checks that they were made from this fit, whatever its covariance or level.
    pub(crate) fn check(&self, fit: &Fit) -> Result<()> {
        if Arc::ptr_eq(&self.design, &fit.design) {
            return Ok(());
        }
        Err(Error::Draws {
            problem: "they were made from another fit".to_owned(),
        })
    }

    /// Calls `visit` with the weights of the rows (empty for ones) and the parameters of each draw.
    pub(crate) fn each(&self, mut visit: impl FnMut(&[f64], &[f64])) {
        let design = &*self.design;
        for (parameters, replicate) in self.parameters.iter().zip(&self.replicates) {
            match &self.origin {
                Origin::Simulation => visit(&design.frame.weights, parameters),
                Origin::Bootstrap(units) => {
                    visit(&units.weights(design, self.seed, *replicate), parameters);
                }
            }
        }
    }
}

impl std::fmt::Display for Draws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (asked, seed, failed) = (self.asked, self.seed, self.failures.len());
        match &self.origin {
            Origin::Simulation => write!(
                f,
                "{asked} draws from the coefficients' distribution, seed {seed}"
            ),
            Origin::Bootstrap(units) => {
                let what = if matches!(units, Units::Rows(_)) {
                    "rows"
                } else {
                    "clusters"
                };
                write!(f, "{asked} bootstrap resamples of {what}, seed {seed}")?;
                if failed > 0 {
                    write!(f, ", {failed} of which could not be fitted")?;
                }
                Ok(())
            }
        }
    }
}

impl Units {
    fn new(design: &Design, clusters: Option<&Clusters>) -> Result<Self> {
        if let Some(clusters) = clusters {
            let (codes, count) = clusters.of_rows(design)?;
            return Ok(Units::Clusters(codes, count));
        }
        if design.frame.probability_weights.is_some() {
            return Ok(Units::Rows(Vec::new()));
        }
        let mut sum = 0.0;
        let running = |weight: &f64| {
            sum += weight;
            sum
        };
        Ok(Units::Rows(design.frame.weights.iter().map(running).collect()))
    }

    /// The weights of a resample: the rows' own times how often each was drawn.
    fn weights(&self, design: &Design, seed: u64, replicate: u64) -> Vec<f64> {
        let mut random = Random::new(seed, replicate);
        let rows = design.rows();
        match self {
            Units::Rows(running) if running.is_empty() => {
                let mut weights = vec![0.0; rows];
                for _ in 0..rows {
                    let row = random.below(rows);
                    // Of probability weights each row keeps its own.
                    weights[row] += design.weight(row);
                }
                weights
            }
            Units::Rows(running) => {
                let total = running.last().copied().unwrap_or_default();
                let mut weights = vec![0.0; rows];
                for _ in 0..total.round() as usize {
                    let target = random.uniform() * total;
                    weights[running.partition_point(|sum| *sum <= target).min(rows - 1)] += 1.0;
                }
                weights
            }
            Units::Clusters(codes, count) => {
                let mut times = vec![0.0; *count];
                for _ in 0..*count {
                    times[random.below(*count)] += 1.0;
                }
                let weight = |(row, code): (usize, &u32)| design.weight(row) * times[*code as usize];
                codes.iter().enumerate().map(weight).collect()
            }
        }
    }
}

/// The seed of simulations, so that they do not share random numbers with a bootstrap of the same seed.
fn self_seed(seed: u64) -> u64 {
    seed ^ 0x5EED_0F5E_ED00_5EED
}

fn check(draws: usize) -> Result<()> {
    if (LEAST..=MOST).contains(&draws) {
        return Ok(());
    }
    Err(Error::Draws {
        problem: format!("{draws} draws were asked for; the number must lie between {LEAST} and {MOST}"),
    })
}

/// A lower triangular `L` with `L L'` the covariance, which need not have full rank (as with few clusters): a
/// pivot that is zero to rounding gives a column of zeros.
pub(crate) fn factor(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    const ZERO: f64 = 1e-12;
    let size = covariance.nrows();
    let mut factor = DMatrix::zeros(size, size);
    for k in 0..size {
        let pivot = covariance[(k, k)] - (0..k).map(|j| factor[(k, j)] * factor[(k, j)]).sum::<f64>();
        if pivot.is_nan() || pivot <= ZERO * covariance[(k, k)] {
            continue;
        }
        let root = pivot.sqrt();
        for i in k..size {
            let done: f64 = (0..k).map(|j| factor[(i, j)] * factor[(k, j)]).sum();
            factor[(i, k)] = (covariance[(i, k)] - done) / root;
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formula::Formula;
    use crate::data::frame::Frame;
    use crate::data::table::{Column, Table};
    use crate::fit::clusters::Covariance;
    use crate::likelihood::newton::Separation;
    use crate::quantity::interval::Interval;
    use crate::quantity::setting::At;
    use crate::testing::{fit, fit_weighted, generated, separated, table};

    #[test]
    fn simulated_coefficients_have_the_covariance_asked_for() {
        let fit = generated("y ~ x + z")
            .fit
            .with_covariance(&Covariance::Hc0)
            .unwrap();
        let draws = fit.simulate(20_000, 3).unwrap();
        let n = draws.len() as f64;
        for a in 0..fit.parameters() {
            for b in 0..=a {
                let sum: f64 = draws
                    .parameters
                    .iter()
                    .map(|draw| (draw[a] - fit.parameters[a]) * (draw[b] - fit.parameters[b]))
                    .sum();
                let scale = (fit.covariance[(a, a)] * fit.covariance[(b, b)]).sqrt();
                assert!((sum / n - fit.covariance[(a, b)]).abs() < 0.03 * scale);
            }
        }
        assert_eq!(draws.parameters, fit.simulate(20_000, 3).unwrap().parameters);
    }

    /// At the limit of a separated fit, what is infinite stays so in every draw, and the rest varies as it should.
    #[test]
    fn limits_stay_at_their_limits() {
        let table = separated();
        let formula = Formula::parse("never ~ x + d").unwrap();
        let design = || Frame::new(&table, &formula).unwrap().design().unwrap();
        let fit = design().fit_with(Separation::Limit).unwrap();
        let draws = fit.simulate(1_000, 2).unwrap();
        let at = [At::observed().with("d", 1.0), At::observed().with("d", 0.0)];
        let delta = fit.predictions(at).unwrap();
        let drawn = delta.clone().with_interval(&Interval::Draws(&draws)).unwrap();
        for (a, b) in delta.iter().zip(drawn.iter()) {
            if a.estimate < 1e-6 {
                assert!(b.conf_high < 1e-6, "{b:?}");
            } else {
                assert!(
                    (a.std_error / b.std_error - 1.0).abs() < 0.15,
                    "{a:?} is not {b:?}"
                );
            }
        }
        let robust = fit.with_covariance(&Covariance::Hc0).unwrap();
        for (a, b) in fit.coefficients().zip(robust.coefficients()) {
            assert_eq!(a.std_error.is_finite(), b.std_error.is_finite());
            assert!(
                a.std_error.is_nan() || (b.std_error / a.std_error - 1.0).abs() < 0.3,
                "{a:?} is not {b:?}"
            );
        }
        // Resamples go to their limits as well, nearly all of them.
        let resampled = fit.bootstrap(&Bootstrap::pairs(20, 1)).unwrap();
        assert!(resampled.len() >= 18 && resampled.len() + resampled.failures().len() == 20);
        assert_eq!(
            resampled.separated(),
            resampled.len(),
            "each is as separated as the whole"
        );
        let other = design().fit_firth().unwrap();
        let mixed = other
            .predictions([At::means()])
            .unwrap()
            .with_interval(&Interval::Draws(&draws));
        assert_eq!(
            mixed.unwrap_err().to_string(),
            "draws: they were made from another fit"
        );
    }

    #[test]
    fn singular_covariances_have_factors() {
        let full = DMatrix::from_row_slice(3, 3, &[4.0, 2.0, 2.0, 2.0, 1.0, 1.0, 2.0, 1.0, 5.0]);
        let found = factor(&full);
        assert!((&found * found.transpose() - full).abs().max() < 1e-12);
        // What is zero to rounding depends on the unit.
        let small = DMatrix::from_row_slice(2, 2, &[4e-20, 2e-20, 2e-20, 5e-20]);
        let expected = DMatrix::from_row_slice(2, 2, &[2e-10, 0.0, 1e-10, 2e-10]);
        assert!((factor(&small) - expected).abs().max() < 1e-24);
    }

    /// Of two clusters, drawn twice, half of the resamples have one of them twice, in which `y` is always the same.
    #[test]
    fn a_bootstrap_needs_two_resamples_that_can_be_fitted() {
        let mut table = Table::new();
        let of =
            |cluster: &'static str, y: &'static str| (0..12).map(move |row| (cluster, y, f64::from(row % 5)));
        let rows: Vec<_> = of("p", "a").chain(of("q", "b")).collect();
        let text = |values: Vec<&str>| Column::text(values);
        table
            .insert("town", text(rows.iter().map(|row| row.0).collect()))
            .unwrap();
        table
            .insert("y", text(rows.iter().map(|row| row.1).collect()))
            .unwrap();
        table
            .insert("x", Column::number(rows.iter().map(|row| row.2)))
            .unwrap();
        let fit = fit(&table, "y ~ x");
        let clusters = Clusters::new(&table, &["town"]).unwrap();
        let bootstrap = |seed| fit.bootstrap(&Bootstrap::clusters(3, seed, clusters.clone()));
        let mut ends = std::collections::BTreeSet::new();
        for seed in 0..40 {
            match bootstrap(seed) {
                Ok(draws) => {
                    assert!(draws.len() >= 2 && draws.len() + draws.failures().len() == 3);
                    assert!(!draws.is_empty());
                    let said = draws.to_string();
                    assert!(said.starts_with(&format!("3 bootstrap resamples of clusters, seed {seed}")));
                    let failed = said.ends_with(", 1 of which could not be fitted");
                    assert_eq!(failed, draws.len() == 2, "{said}");
                    ends.insert(draws.len());
                }
                Err(error) => {
                    let message = error.to_string();
                    assert!(
                        message.contains("of 3 resamples could not be fitted"),
                        "{message}"
                    );
                    ends.insert(0);
                }
            }
        }
        assert_eq!(ends.into_iter().collect::<Vec<_>>(), [0, 2, 3]);
    }

    #[test]
    fn resamples_keep_the_number_of_rows() {
        let fit = fit_weighted(&table(), "y ~ x", "w");
        let design = fit.design();
        let rows = Units::new(design, None).unwrap();
        for replicate in 0..20 {
            let weights = rows.weights(design, 5, replicate);
            assert_eq!(weights.iter().sum::<f64>(), fit.n());
        }
        let clusters = Clusters::new(&table(), &["school"]).unwrap();
        let units = Units::new(design, Some(&clusters)).unwrap();
        let weights = units.weights(design, 5, 0);
        let (codes, _) = clusters.of_rows(design).unwrap();
        let times = |row: usize| weights[row] / design.weight(row);
        for row in 1..design.rows() {
            if codes[row] == codes[0] {
                assert_eq!(times(row), times(0));
            }
        }
    }

    /// With many rows the bootstrap's standard errors are near the robust ones.
    #[test]
    fn bootstrap_agrees_with_the_sandwich() {
        let fit = generated("y ~ x").fit;
        let robust = fit.with_covariance(&Covariance::Hc0).unwrap();
        let draws = fit.bootstrap(&Bootstrap::pairs(400, 1)).unwrap();
        assert_eq!((draws.len(), draws.failures().len()), (400, 0));
        assert_eq!(draws.separated(), 0);
        // Step by step it is the same.
        let mut resampling = fit.resampling(&Bootstrap::pairs(3, 1)).unwrap();
        for done in 1..=3 {
            assert!(resampling.step());
            assert_eq!(resampling.progress(), (done, 3));
        }
        assert!(!resampling.step());
        assert_eq!(resampling.finish().unwrap().parameters, draws.parameters[..3]);
        let none = fit.resampling(&Bootstrap::pairs(3, 1)).unwrap().finish();
        assert!(none.unwrap_err().to_string().contains("none was tried"));
        for a in 0..fit.parameters() {
            let mean = draws.parameters.iter().map(|draw| draw[a]).sum::<f64>() / 400.0;
            let squares: f64 = draws
                .parameters
                .iter()
                .map(|draw| (draw[a] - mean) * (draw[a] - mean))
                .sum();
            let ratio = (squares / 399.0 / robust.covariance[(a, a)]).sqrt();
            assert!((0.85..1.2).contains(&ratio), "{ratio}");
        }
    }
}
