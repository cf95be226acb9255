//! Slopes and comparisons: how probabilities change with a variable.
//!
//! The verbs are those of the R and Python package marginaleffects (Arel-Bundock, Greifer & Heiss 2024, Journal
//! of Statistical Software 111(9)). A slope is the derivative of the probability by a number (Stata's
//! `margins, dydx()`); of a categorical variable it is the discrete change from the base level. A comparison is
//! the difference or ratio of the probabilities at two values of a variable. Each is averaged over the rows, or
//! taken at the means, as its [`At`] says.

use crate::data::frame::Values;
use crate::error::{Error, Result};
use crate::fit::Fit;
use crate::quantity::interval::{Interval, Range};
use crate::quantity::prediction::Evaluated;
use crate::quantity::setting::{At, Held, Setting, Value, look_up};
use crate::quantity::{Contrast, Quantity};

/// What is compared with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    variable: String,
    change: Change,
    contrast: Contrast,
}

/// How a variable changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A number against itself one higher; each level against the base level.
    Usual,
    /// A number against itself, higher by so much.
    Step(f64),
    /// From one value to another.
    Between(Value, Value),
    /// From the lowest observed number to the highest.
    Range,
}

impl Comparison {
    /// The variable that changes.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// How it changes.
    pub fn change(&self) -> &Change {
        &self.change
    }

    /// The difference that one unit more makes, or each level against the base level.
    pub fn of(variable: &str) -> Self {
        Comparison {
            variable: variable.to_owned(),
            change: Change::Usual,
            contrast: Contrast::Difference,
        }
    }

    /// A number against itself, higher by `step`.
    #[must_use]
    pub fn step(mut self, step: f64) -> Self {
        self.change = Change::Step(step);
        self
    }

    /// `to` against `from`.
    #[must_use]
    pub fn between(mut self, from: impl Into<Value>, to: impl Into<Value>) -> Self {
        self.change = Change::Between(from.into(), to.into());
        self
    }

    /// The highest observed number against the lowest.
    #[must_use]
    pub fn range(mut self) -> Self {
        self.change = Change::Range;
        self
    }

    /// Ratio of the (average) probabilities in place of their difference; its test is whether it is 1.
    #[must_use]
    pub fn ratio(mut self) -> Self {
        self.contrast = Contrast::Ratio;
        self
    }

    /// Log of the ratio.
    #[must_use]
    pub fn ln_ratio(mut self) -> Self {
        self.contrast = Contrast::LnRatio;
        self
    }

    /// Reads `x`, `x + 2`, `x = 0 : 1` (from 0 to 1), `x = min : max` or `g = a : b`. A name that contains such a
    /// sign goes between backticks.
    ///
    /// # Errors
    /// [`Error::Comparison`].
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::Comparison {
            text: text.to_owned(),
            problem: "expected `x`, `x + STEP`, or `x = FROM : TO`".to_owned(),
        };
        let trimmed = text.trim();
        let (name, rest) = match trimmed.strip_prefix('`') {
            Some(quoted) => quoted.split_once('`').ok_or_else(wrong)?,
            None => trimmed.split_at(trimmed.find(['=', '+']).unwrap_or(trimmed.len())),
        };
        let (name, rest) = (name.trim(), rest.trim());
        if name.is_empty() {
            return Err(wrong());
        }
        let comparison = Comparison::of(name);
        if let Some(step) = rest.strip_prefix('+') {
            let step = step.trim().parse().map_err(|_| wrong())?;
            return Ok(comparison.step(step));
        }
        if let Some(values) = rest.strip_prefix('=') {
            let (from, to) = values.split_once(':').ok_or_else(wrong)?;
            return match (from.trim(), to.trim()) {
                ("", _) | (_, "") => Err(wrong()),
                ("min", "max") => Ok(comparison.range()),
                (from, to) => Ok(comparison.between(from, to)),
            };
        }
        if rest.is_empty() {
            Ok(comparison)
        } else {
            Err(wrong())
        }
    }

    /// The pairs of settings (higher, lower), each with its name.
    fn pairs(&self, fit: &Fit, setting: &Setting) -> Result<Vec<(String, Setting, Setting)>> {
        let design = fit.design();
        let variable = design.frame.position(&self.variable)?;
        let name = |high: &str, low: &str| match self.contrast {
            Contrast::Difference => format!("{high} - {low}"),
            Contrast::Ratio => format!("{high} / {low}"),
            Contrast::LnRatio => format!("ln({high} / {low})"),
        };
        let at = |value: f64| setting.holding(variable, Held::Value(value));
        let wrong = |value: String, problem: &str| Error::Value {
            variable: self.variable.clone(),
            value,
            problem: problem.to_owned(),
        };
        match (&self.change, &design.frame.variables[variable].values) {
            (Change::Between(from, to), _) => {
                let (low, low_value) = look_up(design, variable, from)?;
                let (high, high_value) = look_up(design, variable, to)?;
                let label = name(&high_value.to_string(), &low_value.to_string());
                Ok(vec![(label, at(high), at(low))])
            }
            (Change::Usual, Values::Category(category)) => {
                let base = &category.levels[category.base];
                let others = category
                    .levels
                    .iter()
                    .enumerate()
                    .filter(|(level, _)| *level != category.base);
                Ok(others
                    .map(|(level, label)| (name(label, base), at(level as f64), at(category.base as f64)))
                    .collect())
            }
            (Change::Usual, Values::Number(_)) => Ok(vec![self.moved(setting, variable, 1.0)]),
            (Change::Step(step), Values::Number(_)) if step.is_finite() => {
                Ok(vec![self.moved(setting, variable, *step)])
            }
            (Change::Range, Values::Number(values)) => {
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                Ok(vec![(
                    name(&high.to_string(), &low.to_string()),
                    at(high),
                    at(low),
                )])
            }
            (Change::Step(step), Values::Number(_)) => {
                Err(wrong(format!("higher by {step}"), "give a finite number"))
            }
            (Change::Step(step), Values::Category(_)) => {
                Err(wrong(format!("higher by {step}"), "it is categorical"))
            }
            (Change::Range, Values::Category(_)) => Err(wrong("of a range".to_owned(), "it is categorical")),
        }
    }

    fn moved(&self, setting: &Setting, variable: usize, step: f64) -> (String, Setting, Setting) {
        let name = match self.contrast {
            Contrast::Difference => format!("{step:+}"),
            Contrast::Ratio => format!("{step:+}, ratio"),
            Contrast::LnRatio => format!("{step:+}, ln ratio"),
        };
        let high = setting.holding(variable, Held::Moved(step));
        (name, high, setting.clone())
    }

    pub(crate) fn quantities(&self, fit: &Fit, setting: &Setting) -> Result<Vec<(Label, Quantity)>> {
        let range = match self.contrast {
            Contrast::Difference => Range::Difference,
            Contrast::Ratio => Range::Ratio,
            Contrast::LnRatio => Range::Unbounded,
        };
        let labelled = |(contrast, high, low): (String, Setting, Setting)| {
            let label = Label {
                variable: self.variable.clone(),
                contrast,
                range,
            };
            let contrast = self.contrast;
            (label, Quantity::Comparison { high, low, contrast })
        };
        let pairs = self.pairs(fit, setting)?;
        for (_, high, low) in &pairs {
            high.check(fit.design(), None)?;
            low.check(fit.design(), None)?;
        }
        Ok(pairs.into_iter().map(labelled).collect())
    }
}

/// A slope or a comparison of one outcome's probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The variable.
    pub variable: String,
    /// What was compared: `dY/dX`, `b - a`, `+1`, `1 / 0`.
    pub contrast: String,
    /// Where.
    pub at: At,
    /// The outcome.
    pub outcome: String,
    /// Change of the probability: per unit for `dY/dX`, else as `contrast` says.
    pub estimate: f64,
    /// Standard error, as the [`Interval`] says; by the delta method unless another is chosen.
    pub std_error: f64,
    /// Estimate by standard error; for a ratio, its log by the log's standard error.
    pub statistic: f64,
    /// Two-sided, from the standard normal distribution.
    pub p_value: f64,
    /// Lower end of the interval.
    pub conf_low: f64,
    /// Upper end of the interval.
    pub conf_high: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) variable: String,
    pub(crate) contrast: String,
    pub(crate) range: Range,
}

/// The slope along a number, or the changes from the base level of a categorical variable.
pub(crate) fn quantities_along(fit: &Fit, name: &str, setting: &Setting) -> Result<Vec<(Label, Quantity)>> {
    let variable = fit.design().frame.position(name)?;
    match &fit.design().frame.variables[variable].values {
        Values::Number(_) => {
            setting.check(fit.design(), Some(variable))?;
            let label = Label {
                variable: name.to_owned(),
                contrast: "dY/dX".to_owned(),
                range: Range::Unbounded,
            };
            Ok(vec![(label, Quantity::Slope(setting.clone(), variable))])
        }
        Values::Category(_) => Comparison::of(name).quantities(fit, setting),
    }
}

/// Slopes or comparisons of all outcomes.
#[derive(Debug, Clone)]
pub struct Effects<'a> {
    labels: Vec<Label>,
    evaluated: Evaluated<'a>,
}

impl Fit {
    /// Slopes of every outcome's probability along each of `variables`: the derivative by a number (an indicator of
    /// 0 and 1 included), and for a categorical variable the change from its base level to each other level.
    /// Averaged over the rows these are average marginal effects.
    ///
    /// The slope of `p_j` along `v` is `p_j (s_j - sum_l p_l s_l)` with `s_j = (dx/dv)' b_j`, in which `dx/dv`
    /// follows every interaction and every function that `v` takes part in: the slope of `x` in `x + I(x^2)` is that of
    /// `x` (Greene, Econometric Analysis, on the multinomial logit).
    ///
    /// # Errors
    /// [`Error::UnknownVariable`], [`Error::Domain`] (a function without a finite slope, such as `sqrt(x)` at 0), and as
    /// [`Fit::predictions`].
    ///
    /// ```
    /// # use mlogit::{At, Column, Formula, Frame, Table};
    /// # fn main() -> Result<(), mlogit::Error> {
    /// # let mut table = Table::new();
    /// # table.insert("choice", Column::text(["bus", "car", "bus", "bike", "car", "bike", "bus", "car"]))?;
    /// # table.insert("distance", Column::number([3.0, 9.0, 5.0, 1.0, 4.0, 6.0, 2.0, 7.0]))?;
    /// # let fit = Frame::new(&table, &Formula::parse("choice ~ distance")?)?.design()?.fit()?;
    /// for slope in fit.slopes(["distance"], &At::observed())?.iter() {
    ///     println!("{}: {:.3} per km ({:.3})", slope.outcome, slope.estimate, slope.std_error);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn slopes<'n>(&self, variables: impl IntoIterator<Item = &'n str>, at: &At) -> Result<Effects<'_>> {
        let setting = Setting::new(self.design(), at)?;
        let mut quantities = Vec::new();
        for name in variables {
            quantities.extend(quantities_along(self, name, &setting)?);
        }
        Ok(self.effects(quantities))
    }

    /// Comparisons of every outcome's probability.
    ///
    /// # Errors
    /// [`Error::UnknownVariable`], [`Error::UnknownLevel`], [`Error::Value`] (a step of a categorical variable, a
    /// level of a number), and as [`Fit::predictions`].
    pub fn comparisons(
        &self,
        comparisons: impl IntoIterator<Item = Comparison>,
        at: &At,
    ) -> Result<Effects<'_>> {
        let setting = Setting::new(self.design(), at)?;
        let mut quantities = Vec::new();
        for comparison in comparisons {
            quantities.extend(comparison.quantities(self, &setting)?);
        }
        Ok(self.effects(quantities))
    }

    fn effects(&self, quantities: Vec<(Label, Quantity)>) -> Effects<'_> {
        let (labels, quantities) = quantities.into_iter().unzip();
        Effects {
            labels,
            evaluated: Evaluated::new(self, quantities),
        }
    }
}

impl<'a> Effects<'a> {
    /// These and others of the same fit, such as those at another setting.
    #[must_use]
    pub fn and(mut self, others: Effects<'a>) -> Self {
        self.labels.extend(others.labels);
        self.evaluated = self.evaluated.and(others.evaluated);
        self
    }
}

impl Effects<'_> {
    /// Coverage of the intervals.
    pub(crate) fn level(&self) -> f64 {
        self.evaluated.fit.level()
    }

    /// The joint covariance of all effects by the delta method, row by row, in the order of [`Effects::iter`]; `None` where
    /// intervals are made in another way.
    pub(crate) fn covariance(&self) -> Option<Vec<Vec<f64>>> {
        self.evaluated.covariance()
    }

    /// The same with standard errors and intervals made in another way than by the delta method.
    ///
    /// # Errors
    /// [`Error::Draws`] for draws of another fit.
    pub fn with_interval(mut self, interval: &Interval<'_>) -> Result<Self> {
        self.evaluated.set_interval(interval)?;
        Ok(self)
    }

    /// Every effect, variable by variable, for each outcome.
    pub fn iter(&self) -> impl Iterator<Item = Effect> + '_ {
        let outcomes = self.evaluated.fit.design().outcomes();
        self.labels.iter().enumerate().flat_map(move |(position, label)| {
            outcomes.iter().enumerate().map(move |(j, outcome)| {
                let (estimate, statistics) = self.evaluated.statistics(position, j, label.range);
                Effect {
                    variable: label.variable.clone(),
                    contrast: label.contrast.clone(),
                    at: self.evaluated.quantities[position].setting().at().clone(),
                    outcome: outcome.clone(),
                    estimate,
                    std_error: statistics.std_error,
                    statistic: statistics.statistic,
                    p_value: statistics.p_value,
                    conf_low: statistics.conf_low,
                    conf_high: statistics.conf_high,
                }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::generated;

    #[test]
    fn comparisons_are_differences_of_predictions() {
        let fit = generated("y ~ x * g + z").fit;
        let at = |level: &str| At::observed().with("x", 0.4).with("g", level);
        let predictions = fit.predictions([at("r"), at("p")]).unwrap();
        let comparison = Comparison::parse("g = p : r").unwrap();
        let effects = fit
            .comparisons([comparison], &At::observed().with("x", 0.4))
            .unwrap();
        for (effect, difference) in effects.iter().zip(predictions.difference(0, 1).unwrap()) {
            assert_eq!(effect.contrast, "r - p");
            assert_eq!(
                (effect.estimate, effect.std_error, effect.p_value),
                (difference.estimate, difference.std_error, difference.p_value)
            );
        }
        let ln_ratio = Comparison::of("g").between("p", "r").ln_ratio();
        let ratio = Comparison::of("g").between("p", "r").ratio();
        let both = fit
            .comparisons([ln_ratio, ratio], &at("q"))
            .unwrap()
            .with_interval(&Interval::Logit)
            .unwrap();
        let both: Vec<Effect> = both.iter().collect();
        for (ln, ratio) in both[..3].iter().zip(&both[3..]) {
            assert!((libm::exp(ln.estimate) - ratio.estimate).abs() < 1e-12);
            assert!((libm::exp(ln.conf_low) - ratio.conf_low).abs() < 1e-12);
            assert!((ln.statistic - ratio.statistic).abs() < 1e-9);
        }
    }

    #[test]
    fn steps_and_ranges() {
        let fit = generated("y ~ x + g").fit;
        let estimates = |comparison: Comparison, at: &At| -> Vec<f64> {
            fit.comparisons([comparison], at)
                .unwrap()
                .iter()
                .map(|one| one.estimate)
                .collect()
        };
        let at = At::means().with("x", 1.0);
        assert_eq!(
            estimates(Comparison::parse("x + 2").unwrap(), &at),
            estimates(Comparison::of("x").between(1.0, 3.0), &at),
            "a step starts where the variable is held"
        );
        let range = fit
            .comparisons([Comparison::parse("x = min : max").unwrap()], &at)
            .unwrap();
        assert!(range.iter().all(|one| one.contrast.contains(" - -1.9")));
        for bad in ["", "x =", "x = 1", "x + a lot", "`x", "`x` 1"] {
            assert!(Comparison::parse(bad).is_err(), "{bad}");
        }
        for bad in ["g + 1", "g = min : max", "x = a : b", "h"] {
            assert!(
                fit.comparisons([Comparison::parse(bad).unwrap()], &at).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn drawn_intervals_are_near_the_delta_method() {
        let fit = generated("y ~ x + g").fit;
        let slopes = fit.slopes(["x", "g"], &At::observed()).unwrap();
        let draws = fit.simulate(4_000, 11).unwrap();
        let drawn = slopes.clone().with_interval(&Interval::Draws(&draws)).unwrap();
        for (a, b) in slopes.iter().zip(drawn.iter()) {
            assert_eq!(a.estimate, b.estimate);
            assert!((a.std_error / b.std_error - 1.0).abs() < 0.1);
            assert!((a.conf_low - b.conf_low).abs() < 0.3 * a.std_error);
        }
        let narrow = fit.with_level(0.5).unwrap();
        let narrow = narrow.slopes(["x", "g"], &At::observed()).unwrap();
        for (a, b) in slopes.iter().zip(narrow.iter()) {
            assert!(b.conf_high - b.conf_low < 0.4 * (a.conf_high - a.conf_low));
        }
    }
}
