//! A table, a formula and options become results: what a command line or a page asks of any data.
//!
//! ```
//! use mlogit::{Column, Table};
//! use report::fit::{FitOptions, fit};
//!
//! # fn main() -> report::error::Result<()> {
//! let mut table = Table::new();
//! table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
//! table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
//!
//! let options = FitOptions {
//!     slopes: true,
//!     ..FitOptions::new("choice ~ distance")
//! };
//! let results = fit(&table, &options)?;
//! assert_eq!(results.model.outcomes.len(), 3);
//! assert_eq!(results.slopes.len(), 3);
//! # Ok(())
//! # }
//! ```

use mlogit::{
    Adjustment, At, Bootstrap, Clusters, Condition, Covariance, Design, Draws, Effects, Factor, Fit, Formula,
    FrameBuilder, Restriction, Table, TwoWay,
};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::results::{
    Adjusted, Effect, Family, FitReport, Interval, ModelReport, RefusedTest, Selected, Test,
};

/// What to fit, and what to report of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FitOptions {
    /// Such as `y ~ x1 * x2 + C(x3)`.
    pub formula: String,
    /// Condition on the rows, such as `year >= 1990 & region != 'x'`: see [`Condition`].
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// Base outcome; the first level where none is given.
    pub base: Option<String>,
    /// Column of frequency weights.
    pub weights: Option<String>,
    /// Column of probability weights, in place of frequency weights; the covariance is then robust where nothing else is
    /// said.
    pub probability_weights: Option<String>,
    /// Whether bias is reduced with Jeffreys' penalty: finite estimates where outcomes are separated.
    pub firth: bool,
    /// How the covariance of the coefficients is estimated; where nothing is said, by clusters where there are some, else
    /// from the observed information.
    pub covariance: Option<CovarianceKind>,
    /// Column to cluster by, for the covariance and for the bootstrap.
    pub cluster: Option<String>,
    /// A second column to cluster by: the covariance is then clustered two ways.
    pub second_cluster: Option<String>,
    /// Coverage of all intervals.
    pub level: f64,
    /// Hypotheses that are tested jointly (Wald): see [`Fit::test`].
    pub tests: Vec<String>,
    /// Whether each term is tested by fitting the model without it (likelihood ratio).
    pub likelihood_ratios: bool,
    /// Whether independence of irrelevant alternatives is tested, leaving out each outcome in turn.
    pub alternatives: bool,
    /// Settings that probabilities are asked for at, such as `x = 0.5, z = a`.
    pub at: Vec<String>,
    /// Whether what is not held is put at its mean, in place of averaging over the rows.
    pub at_means: bool,
    /// Whether slopes along every variable are asked for.
    pub slopes: bool,
    /// Differences that a variable makes: `x`, `x + 2`, `x = 0 : 1`.
    pub comparisons: Vec<String>,
    /// How intervals of predictions, slopes and comparisons are made.
    pub interval: IntervalKind,
    /// How p-values and intervals of slopes and of comparisons allow for how many there are; the slopes are one family, the
    /// comparisons another, each with all outcomes and settings.
    pub adjust: Option<AdjustmentKind>,
    /// Number of simulated draws or of resamples.
    pub draws: usize,
    /// Seed of both.
    pub seed: u64,
}

/// How the covariance of the coefficients is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CovarianceKind {
    /// Inverse of the observed information.
    Observed,
    /// Robust (sandwich).
    Hc0,
    /// Robust, times n/(n-k), k counting the parameters of all equations.
    Hc1,
    /// Robust, times n/(n-1): Stata's `vce(robust)`.
    Robust,
    /// Clustered, times G/(G-1): Stata's `vce(cluster)`.
    Cluster,
}

/// How intervals of predictions, slopes and comparisons are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalKind {
    /// Delta method.
    #[default]
    Delta,
    /// Delta method on the logit scale: within 0 and 1.
    Logit,
    /// Percentiles of draws from the coefficients' distribution.
    Simulation,
    /// Percentiles of refits to resampled rows, or clusters where there are some.
    Bootstrap,
}

/// How p-values and intervals of several effects allow for how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Each p-value times their number.
    Bonferroni,
    /// The smallest p-value times their number, the next times one less.
    Holm,
    /// From the joint distribution of all: single-step.
    SupT,
}

impl Default for FitOptions {
    fn default() -> Self {
        FitOptions {
            formula: String::new(),
            condition: None,
            base: None,
            weights: None,
            probability_weights: None,
            firth: false,
            covariance: None,
            cluster: None,
            second_cluster: None,
            level: 0.95,
            tests: Vec::new(),
            likelihood_ratios: false,
            alternatives: false,
            at: Vec::new(),
            at_means: false,
            slopes: false,
            comparisons: Vec::new(),
            interval: IntervalKind::Delta,
            adjust: None,
            draws: 1_000,
            seed: 1,
        }
    }
}

impl FitOptions {
    /// A formula, all else as it is where nobody says otherwise.
    #[must_use]
    pub fn new(formula: impl Into<String>) -> Self {
        FitOptions {
            formula: formula.into(),
            ..FitOptions::default()
        }
    }

    /// The columns that the formula, the condition, weights and clusters name, each once; `there` are those that `.` may
    /// stand for.
    ///
    /// # Errors
    /// [`Error::Model`] where the formula or the condition cannot be read, or the condition names what is not `there`.
    pub fn columns<'n>(&self, there: impl Iterator<Item = &'n str> + Clone) -> Result<Vec<String>> {
        self.columns_of(&[], there)
    }

    /// The same for several models, each of which has a formula of its own.
    ///
    /// # Errors
    /// As [`FitOptions::columns`].
    pub fn columns_of<'n>(
        &self,
        formulas: &[String],
        there: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<Vec<String>> {
        let mut columns: Vec<String> = Vec::new();
        let mut name = |name: &str| {
            if !columns.iter().any(|known| known == name) {
                columns.push(name.to_owned());
            }
        };
        let own = [&self.formula].into_iter().filter(|_| formulas.is_empty());
        for (position, text) in own.chain(formulas).enumerate() {
            let of_model = |error: mlogit::Error| match formulas.len() {
                0 | 1 => Error::Model(error),
                _ => Error::of_model(position, text, error.into()),
            };
            let formula = Formula::parse(text).and_then(|formula| formula.on(there.clone()));
            let formula = formula.map_err(of_model)?;
            name(formula.outcome());
            let factors = formula.terms().iter().flatten();
            factors.flat_map(Factor::variables).for_each(&mut name);
        }
        let others = [
            &self.weights,
            &self.probability_weights,
            &self.cluster,
            &self.second_cluster,
        ];
        others.into_iter().flatten().for_each(|column| name(column));
        if let Some(condition) = self.parsed_condition()? {
            condition.check(there)?;
            condition.columns().into_iter().for_each(&mut name);
        }
        Ok(columns)
    }

    fn parsed_condition(&self) -> Result<Option<Condition>> {
        Ok(self.condition.as_deref().map(Condition::parse).transpose()?)
    }

    /// Whether anything is asked for whose interval may come from draws.
    fn predicts(&self) -> bool {
        !self.at.is_empty() || self.at_means || self.slopes || !self.comparisons.is_empty()
    }

    /// Where quantities are evaluated: at each setting that was given, or once over the rows or at the means.
    fn settings(&self) -> Result<Vec<At>> {
        let everywhere = if self.at_means {
            At::means()
        } else {
            At::observed()
        };
        if self.at.is_empty() {
            return Ok(vec![everywhere]);
        }
        let with_text = |text: &String| everywhere.clone().with_text(text);
        Ok(self.at.iter().map(with_text).collect::<mlogit::Result<_>>()?)
    }
}

/// Fits a formula to a table and reports what the options ask for.
///
/// # Errors
/// [`Error::Model`] where the formula cannot be read or fitted, or a condition, hypothesis, setting or comparison names what
/// the table or the model lacks; [`Error::NoCluster`], [`Error::UnusedCluster`], [`Error::AdjustedInterval`],
/// [`Error::NothingToAdjust`].
pub fn fit(table: &Table, options: &FitOptions) -> Result<FitReport> {
    let ((_, mut report), selection) = on_selection(table, options, |table| fitted(table, options))?;
    report.selection = selection;
    Ok(report)
}

/// Does something with the rows that the condition chooses; whatever is wrong with a row is told of its place in `table`.
pub(crate) fn on_selection<T>(
    table: &Table,
    options: &FitOptions,
    work: impl FnOnce(&Table) -> Result<T>,
) -> Result<(T, Option<Selected>)> {
    let Some(condition) = options.parsed_condition()? else {
        return Ok((work(table)?, None));
    };
    let selection = condition.select(table)?;
    let of_table = |error: Error| match error {
        Error::Model(error) => Error::Model(error.in_rows(&selection.rows)),
        error => error,
    };
    let done = work(&table.select(&selection.rows)).map_err(of_table)?;
    Ok((done, Some(Selected::new(&condition, &selection, table.rows()))))
}

/// The fit of all rows, and what is reported of it.
pub(crate) fn fitted(table: &Table, options: &FitOptions) -> Result<(Fit, FitReport)> {
    // Before the work, so that a slip costs no time.
    let covariance = covariance(table, options)?;
    if options.adjust.is_some() {
        if options.interval != IntervalKind::Delta {
            return Err(Error::AdjustedInterval);
        }
        if !options.slopes && options.comparisons.is_empty() {
            return Err(Error::NothingToAdjust);
        }
    }
    let fit = estimate(table, options)?
        .with_covariance(&covariance)?
        .with_level(options.level)?;
    let report = report(table, &fit, options)?;
    Ok((fit, report))
}

/// Whether a likelihood ratio of the fit has the chi-squared distribution, as far as its covariance and weights say.
pub(crate) fn trusts_likelihood(fit: &Fit, options: &FitOptions) -> bool {
    *fit.covariance_kind() == Covariance::Observed && options.probability_weights.is_none()
}

/// Why there is a Wald test in place of a likelihood ratio.
pub(crate) fn instead(fit: &Fit, options: &FitOptions) -> String {
    let why = if options.probability_weights.is_some() {
        "probability weights leave no likelihood to compare".to_owned()
    } else {
        format!(
            "a likelihood ratio takes the likelihood for true, which standard errors ({}) do not",
            fit.covariance_kind()
        )
    };
    format!("Wald test in place of the likelihood ratio: {why}")
}

fn estimate(table: &Table, options: &FitOptions) -> Result<Fit> {
    let design = design(table, options)?;
    Ok(if options.firth {
        design.fit_firth()?
    } else {
        design.fit()?
    })
}

/// The design matrix that the options ask for, of a table.
///
/// # Errors
/// [`Error::Model`] where the formula cannot be read or has no design; [`Error::TwoWeights`].
pub fn design(table: &Table, options: &FitOptions) -> Result<Design> {
    let formula = Formula::parse(&options.formula)?;
    let mut frame = FrameBuilder::new();
    if let Some(base) = &options.base {
        frame = frame.base(base);
    }
    if let Some(weights) = &options.weights {
        frame = frame.weights(weights);
    }
    match (&options.probability_weights, &options.weights) {
        (Some(_), Some(_)) => return Err(Error::TwoWeights),
        (Some(weights), None) => frame = frame.probability_weights(weights),
        _ => {}
    }
    Ok(frame.build(table, &formula)?.design()?)
}

fn covariance(table: &Table, options: &FitOptions) -> Result<Covariance> {
    let by = |column: &String| match &options.second_cluster {
        Some(second) => TwoWay::new(table, column, second).map(Covariance::TwoWay),
        None => Clusters::new(table, &[column]).map(Covariance::Cluster),
    };
    if options.second_cluster.is_some() && options.interval == IntervalKind::Bootstrap {
        return Err(Error::TwoWayBootstrap);
    }
    Ok(match (options.covariance, &options.cluster) {
        (None | Some(CovarianceKind::Cluster), Some(column)) => by(column)?,
        (Some(CovarianceKind::Cluster), None) => return Err(Error::NoCluster),
        // The clusters are then those of the bootstrap.
        (Some(_), Some(_)) if options.interval != IntervalKind::Bootstrap => {
            return Err(Error::UnusedCluster);
        }
        (None, _) if options.probability_weights.is_some() => Covariance::Robust,
        (None | Some(CovarianceKind::Observed), _) => Covariance::Observed,
        (Some(CovarianceKind::Hc0), _) => Covariance::Hc0,
        (Some(CovarianceKind::Hc1), _) => Covariance::Hc1,
        (Some(CovarianceKind::Robust), _) => Covariance::Robust,
    })
}

fn report(table: &Table, fit: &Fit, options: &FitOptions) -> Result<FitReport> {
    let draws = draws(table, fit, options)?;
    let interval = match (&draws, options.interval) {
        (Some(draws), _) => mlogit::Interval::Draws(draws),
        (None, IntervalKind::Logit) => mlogit::Interval::Logit,
        (None, _) => mlogit::Interval::Delta,
    };
    let settings = options.settings()?;
    let (tests, refused) = tests(fit, options)?;
    let mut report = FitReport {
        model: model(fit, options),
        certificate: fit.certificate().into(),
        interval: describe(options.interval, draws.as_ref()),
        predictions: Vec::new(),
        slopes: Vec::new(),
        comparisons: Vec::new(),
        tests,
        refused,
        families: Vec::new(),
        selection: None,
    };
    if !options.at.is_empty() || options.at_means {
        let predictions = fit.predictions(settings.clone())?.with_interval(&interval)?;
        report.predictions = predictions.iter().map(Into::into).collect();
    }
    let comparisons: Vec<mlogit::Comparison> = options
        .comparisons
        .iter()
        .map(|text| mlogit::Comparison::parse(text))
        .collect::<mlogit::Result<_>>()?;
    if options.slopes {
        let variables = || fit.design().frame().variables();
        let at = |at: &At| fit.slopes(variables(), at)?.with_interval(&interval);
        report.slopes = read_together("slopes", &settings, at, options, &mut report.families)?;
    }
    if !comparisons.is_empty() {
        let at = |at: &At| {
            fit.comparisons(comparisons.iter().cloned(), at)?
                .with_interval(&interval)
        };
        report.comparisons = read_together("comparisons", &settings, at, options, &mut report.families)?;
    }
    Ok(report)
}

/// The model, with a Wald test of all its terms where the likelihood ratio has no known distribution.
fn model(fit: &Fit, options: &FitOptions) -> ModelReport {
    let mut model = ModelReport::from(fit);
    model.pseudo_likelihood = options.probability_weights.is_some();
    if !trusts_likelihood(fit, options) {
        let design = fit.design();
        let terms = || design.terms().filter(|term| *term != "(Intercept)");
        let equations = design
            .outcomes()
            .iter()
            .filter(|outcome| *outcome != design.base());
        let restrictions: Vec<Restriction> = equations
            .flat_map(|outcome| terms().map(move |term| Restriction::new().plus(1.0, outcome, term)))
            .collect();
        model.lr_note = Some(instead(fit, options));
        // With few clusters there is no joint test; a warning says so already.
        let test = fit.test_restrictions(&restrictions).ok();
        model.wald = test.map(|test| Test::wald("all terms", &test, fit));
    }
    model
}

/// Effects at each setting, and what each is worth as one of the family of all of them.
fn read_together<'f>(
    name: &str,
    settings: &[At],
    effects: impl Fn(&At) -> mlogit::Result<Effects<'f>>,
    options: &FitOptions,
    families: &mut Vec<Family>,
) -> Result<Vec<Effect>> {
    let mut all: Option<Effects<'f>> = None;
    for at in settings {
        let more = effects(at)?;
        all = Some(match all {
            Some(known) => known.and(more),
            None => more,
        });
    }
    let Some(all) = all else {
        return Ok(Vec::new());
    };
    let mut reported: Vec<Effect> = all.iter().map(Effect::from).collect();
    if let Some(kind) = options.adjust {
        let family = all.family(kind.into(), options.seed)?;
        for (effect, adjusted) in reported.iter_mut().zip(&family.adjusted) {
            effect.adjusted = Some(Adjusted {
                p_value: adjusted.p_value,
                conf_low: adjusted.conf_low,
                conf_high: adjusted.conf_high,
            });
        }
        families.push(kind.family(name, reported.len(), &family));
    }
    Ok(reported)
}

impl From<AdjustmentKind> for Adjustment {
    fn from(kind: AdjustmentKind) -> Self {
        match kind {
            AdjustmentKind::Bonferroni => Adjustment::Bonferroni,
            AdjustmentKind::Holm => Adjustment::Holm,
            AdjustmentKind::SupT => Adjustment::SupT,
        }
    }
}

impl AdjustmentKind {
    /// What p-values and intervals of a family say.
    fn family(self, name: &str, size: usize, family: &mlogit::Family) -> Family {
        let (adjustment, description) = match (self, family.critical, family.critical_error) {
            (AdjustmentKind::SupT, Some(critical), Some(error)) => (
                "sup_t",
                format!(
                    "sup-t: intervals reach {critical:.3} standard errors (simulated, give or take {error:.3}) and cover all at once"
                ),
            ),
            (AdjustmentKind::SupT, ..) => ("sup_t", "sup-t: none of them varies".to_owned()),
            (AdjustmentKind::Bonferroni, critical, _) => (
                "bonferroni",
                format!(
                    "Bonferroni: p-values times {size}, intervals reach {:.3} standard errors and cover all at once",
                    critical.unwrap_or(f64::NAN)
                ),
            ),
            (AdjustmentKind::Holm, ..) => (
                "holm",
                "Holm: each interval excludes 0 exactly where its p-value is small, but they do not cover all at once"
                    .to_owned(),
            ),
        };
        Family {
            name: name.to_owned(),
            size,
            adjustment: adjustment.to_owned(),
            description: format!(
                "the {size} {name} of all outcomes and settings are one family; {description}"
            ),
            critical: family.critical,
            critical_error: family.critical_error,
        }
    }
}

fn draws(table: &Table, fit: &Fit, options: &FitOptions) -> Result<Option<Draws>> {
    if !options.predicts() {
        return Ok(None);
    }
    Ok(match options.interval {
        IntervalKind::Delta | IntervalKind::Logit => None,
        IntervalKind::Simulation => Some(fit.simulate(options.draws, options.seed)?),
        IntervalKind::Bootstrap => {
            let bootstrap = match &options.cluster {
                Some(column) => {
                    let clusters = Clusters::new(table, &[column])?;
                    Bootstrap::clusters(options.draws, options.seed, clusters)
                }
                None => Bootstrap::pairs(options.draws, options.seed),
            };
            Some(fit.bootstrap(&bootstrap)?)
        }
    })
}

/// How intervals were made, in words and numbers.
fn describe(kind: IntervalKind, draws: Option<&Draws>) -> Interval {
    let (method, description) = match kind {
        IntervalKind::Delta => ("delta", "delta method".to_owned()),
        IntervalKind::Logit => ("logit", "delta method on the logit scale".to_owned()),
        IntervalKind::Simulation => ("simulation", draws.map(ToString::to_string).unwrap_or_default()),
        IntervalKind::Bootstrap => ("bootstrap", draws.map(ToString::to_string).unwrap_or_default()),
    };
    Interval {
        method: method.to_owned(),
        description,
        draws: draws.map(Draws::asked),
        seed: draws.map(Draws::seed),
        failed: draws.map(|draws| draws.failures().len()),
        first_failure: draws
            .and_then(|draws| draws.failures().first())
            .map(ToString::to_string),
    }
}

/// The tests asked for, and those of them that cannot be had though others of their kind can.
fn tests(fit: &Fit, options: &FitOptions) -> Result<(Vec<Test>, Vec<RefusedTest>)> {
    let (mut tests, mut refused) = (Vec::new(), Vec::new());
    for hypothesis in &options.tests {
        tests.push(Test::wald(hypothesis, &fit.test(hypothesis)?, fit));
    }
    if options.likelihood_ratios {
        if trusts_likelihood(fit, options) {
            let by_term = fit.likelihood_ratio_by_term()?;
            tests.extend(
                by_term
                    .iter()
                    .map(|(term, test)| Test::likelihood_ratio(term, test)),
            );
        } else {
            let note = instead(fit, options);
            let reported = |term: &str, test: mlogit::WaldTest| Test {
                note: Some(note.clone()),
                ..Test::wald(term, &test, fit)
            };
            let by_term = fit.wald_by_term().into_iter();
            let by_term = by_term.map(|(term, test)| {
                let test = test.map(|test| reported(&term, test));
                (term, test)
            });
            sort_out(by_term, RefusedTest::wald, &mut tests, &mut refused)?;
        }
    }
    if options.alternatives {
        let outcomes = fit.design().outcomes().iter();
        let without = outcomes.map(|outcome| {
            let test = fit.hausman_mcfadden(outcome);
            (outcome.clone(), test.map(|test| Test::hausman_mcfadden(&test)))
        });
        sort_out(without, RefusedTest::hausman_mcfadden, &mut tests, &mut refused)?;
    }
    Ok((tests, refused))
}

/// Tells tests that can be had from others. Where there is none at all, that is an error like others.
fn sort_out(
    asked: impl Iterator<Item = (String, mlogit::Result<Test>)>,
    why_not: fn(&str, &mlogit::Error) -> RefusedTest,
    tests: &mut Vec<Test>,
    refused: &mut Vec<RefusedTest>,
) -> Result<()> {
    let before = tests.len();
    let mut first = None;
    for (of, test) in asked {
        match test {
            Ok(test) => tests.push(test),
            Err(error) => {
                refused.push(why_not(&of, &error));
                first = first.or(Some(error));
            }
        }
    }
    match first {
        Some(error) if tests.len() == before => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests_of_options {
    use mlogit::Column;

    use super::*;

    fn table() -> Table {
        let mut table = Table::new();
        let choice = [
            "bus", "car", "bus", "bike", "car", "bike", "bus", "car", "car", "bus",
        ];
        table.insert("choice", Column::text(choice)).unwrap();
        table
            .insert(
                "distance",
                Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0, 2.0, 8.0]),
            )
            .unwrap();
        table
            .insert(
                "town",
                Column::text(["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"]),
            )
            .unwrap();
        table
    }

    #[test]
    fn clusters_that_nothing_uses_are_refused() {
        let with = |covariance, cluster: Option<&str>, interval| {
            let options = FitOptions {
                covariance,
                cluster: cluster.map(str::to_owned),
                interval,
                ..FitOptions::new("choice ~ distance")
            };
            fit(&table(), &options)
        };
        let hc0 = Some(CovarianceKind::Hc0);
        assert!(matches!(
            with(Some(CovarianceKind::Cluster), None, IntervalKind::Delta),
            Err(Error::NoCluster)
        ));
        assert!(matches!(
            with(hc0, Some("town"), IntervalKind::Delta),
            Err(Error::UnusedCluster)
        ));
        assert!(with(hc0, Some("town"), IntervalKind::Bootstrap).is_ok());
        let clustered = with(None, Some("town"), IntervalKind::Delta).unwrap();
        assert!(
            clustered.model.vcov.contains("cluster"),
            "{}",
            clustered.model.vcov
        );
    }

    #[test]
    fn columns_are_named_once() {
        let options = FitOptions {
            weights: Some("w".to_owned()),
            cluster: Some("town".to_owned()),
            ..FitOptions::new("y ~ a * C(b, base = x) + a:town")
        };
        let there = || ["y", "a", "b", "town", "w", "z"].into_iter();
        assert_eq!(options.columns(there()).unwrap(), ["y", "a", "b", "town", "w"]);
        let dot = FitOptions::new("y ~ . + log(a)");
        assert_eq!(dot.columns(there()).unwrap(), ["y", "a", "b", "town", "w", "z"]);
    }

    #[test]
    fn weights_and_clusters_choose_the_covariance() {
        let plain = FitOptions::new("choice ~ distance");
        let weighted = FitOptions {
            probability_weights: Some("distance".to_owned()),
            ..plain.clone()
        };
        let vcov = |options: &FitOptions| fit(&table(), options).map(|report| report.model.vcov);
        assert!(vcov(&weighted).unwrap().contains("n/(n-1)"));
        let both = FitOptions {
            weights: Some("distance".to_owned()),
            ..weighted
        };
        assert!(matches!(vcov(&both), Err(Error::TwoWeights)));
        let ways = FitOptions {
            cluster: Some("town".to_owned()),
            second_cluster: Some("distance".to_owned()),
            ..plain
        };
        assert!(vcov(&ways).unwrap().contains("by town and by distance"));
        let resampled = FitOptions {
            interval: IntervalKind::Bootstrap,
            ..ways
        };
        assert!(matches!(vcov(&resampled), Err(Error::TwoWayBootstrap)));
    }

    #[test]
    fn options_are_read_from_what_was_said_and_slips_are_refused() {
        let read = |text: &str| serde_json::from_str::<FitOptions>(text);
        let options = read(r#"{"formula": "choice ~ distance", "covariance": "hc1", "draws": 10}"#).unwrap();
        assert_eq!(options.covariance, Some(CovarianceKind::Hc1));
        assert_eq!((options.level, options.draws, options.seed), (0.95, 10, 1));
        assert!(
            read(r#"{"formla": "choice ~ distance"}"#)
                .unwrap_err()
                .to_string()
                .contains("formla")
        );
    }
}
