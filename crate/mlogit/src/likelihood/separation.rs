//! Separation: directions in which the likelihood rises for ever.
//!
//! Where some combination of the covariates never contradicts the outcomes, coefficients have no finite
//! maximum-likelihood estimate (Albert & Anderson 1984, Biometrika 71(1)). A direction `d` shows it when for
//! every row `x'd` of the observed outcome is at least that of every other outcome, and larger for some row.
//! Newton's steps tend to such a direction where there is one, so the last step is a candidate. A direction
//! that passes is a proof, checked against every row.

use crate::arithmetic::kernel::{BLOCK, Strip};
use crate::arithmetic::order;
use crate::arithmetic::sample::Sample;
use crate::data::design::{Design, equation};
use crate::data::frame::Values;
use crate::data::recipe::{Piece, Recipe};
use crate::error::Infinite;
use crate::likelihood::probability::Softmax;

/// Violations up to this part of the largest gain count as rounding of a step that has not quite settled.
const TOLERANCE: f64 = 1e-5;
/// Components of a direction up to this part of its largest are at rest.
const AT_REST: f64 = 1e-3;

/// What a direction of separation does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Separated {
    /// The coefficients that run to infinity, as a person would name them.
    pub(crate) named: Vec<Infinite>,
    /// Parameters without a finite estimate, in the units of the data: their position, and where they go.
    pub(crate) parameters: Vec<(usize, f64)>,
}

impl Separated {
    /// Positions of the parameters without a finite estimate.
    pub(crate) fn moving(&self) -> Vec<usize> {
        self.parameters.iter().map(|(position, _)| *position).collect()
    }

    /// Adds parameters that no likelihood tells apart at the limit: they have no estimate, and go nowhere.
    pub(crate) fn add_unknown(&mut self, design: &Design, directions: &[Vec<f64>]) {
        for direction in directions {
            for (position, _) in moving(design, direction) {
                if !self.moving().contains(&position) {
                    self.parameters.push((position, f64::NAN));
                }
            }
        }
    }
}

/// What `direction` (standardised, `terms` x `equations`, column-major) sends to infinity among the rows of
/// `sample`; `None` where it separates nothing.
pub(crate) fn find(design: &Design, sample: &Sample, direction: &[f64]) -> Option<Separated> {
    separates(design, sample, direction).then(|| Separated {
        named: by_level(design, sample, name(design, direction)),
        parameters: moving(design, direction),
    })
}

/// The parameters that move, in the units of the data: a slope moves with its standardised twin, an intercept
/// with what is left when centring is undone.
fn moving(design: &Design, direction: &[f64]) -> Vec<(usize, f64)> {
    let columns = design.recipes.len();
    let largest = direction
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    let mut moving = Vec::new();
    for (j, components) in direction.chunks_exact(columns).enumerate() {
        let centred = |(component, recipe): (&f64, &Recipe)| component * recipe.mean / recipe.scale;
        let first = usize::from(design.has_intercept());
        let shift: f64 = components
            .iter()
            .zip(&design.recipes)
            .skip(first)
            .map(centred)
            .sum();
        for (k, component) in components.iter().enumerate() {
            let motion = if k < first { component - shift } else { *component };
            if motion.abs() > AT_REST * largest {
                moving.push((j * columns + k, motion.signum() * f64::INFINITY));
            }
        }
    }
    moving
}

fn separates(design: &Design, sample: &Sample, direction: &[f64]) -> bool {
    let mut eta = Softmax::new(design.outcomes().len());
    let (mut gain, mut violation) = (0.0_f64, 0.0_f64);
    for (columns, labels) in sample.blocks() {
        eta.predict(columns, direction);
        // A row of weight 0 takes no part.
        for row in (0..BLOCK).filter(|row| labels.weights[*row] > 0.0) {
            let observed = labels.observed[row] as usize;
            for other in (0..eta.strips.len()).filter(|other| *other != observed) {
                let difference = eta.strips[observed][row] - eta.strips[other][row];
                gain = gain.max(difference);
                violation = violation.max(-difference);
            }
        }
    }
    gain > 0.0 && violation <= TOLERANCE * gain
}

/// Names the coefficients that move. A term moves for an outcome where its component differs from the middle
/// one of all outcomes, the base outcome's zero included: so it is the base outcome that is named where all
/// the others move together.
fn name(design: &Design, direction: &[f64]) -> Vec<Infinite> {
    let columns = design.recipes.len();
    let outcomes = design.outcomes();
    let base = design.frame.outcome.base;
    let component =
        |k: usize, outcome: usize| equation(outcome, base).map_or(0.0, |j| direction[j * columns + k]);
    let largest = direction
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    let mut moving = Vec::new();
    // The intercept moves with every centred column: it is named only where nothing else moves.
    let first = usize::from(design.has_intercept());
    for k in (first..columns).chain(0..first) {
        if k < first && !moving.is_empty() {
            continue;
        }
        let mut sorted: Vec<f64> = (0..outcomes.len()).map(|outcome| component(k, outcome)).collect();
        order::ascending(&mut sorted);
        let middle = if sorted.len() == 2 {
            0.0
        } else {
            sorted[sorted.len() / 2]
        };
        for (outcome, level) in outcomes.iter().enumerate() {
            let motion = component(k, outcome) - middle;
            if motion.abs() > AT_REST * largest {
                let term = design.recipes[k].name.clone();
                moving.push(Infinite {
                    term,
                    outcome: level.clone(),
                    positive: motion > 0.0,
                });
            }
        }
    }
    moving
}

/// Puts the level that separates in place of the others: where it is the base level, they all move away from it, and it
/// has no column of its own. It is told by the rows: the level where an outcome never occurs, or nothing else does.
fn by_level(design: &Design, sample: &Sample, moving: Vec<Infinite>) -> Vec<Infinite> {
    let mut named: Vec<Infinite> = Vec::new();
    for one in moving {
        let one = blamed(design, sample, &one).unwrap_or(one);
        if !named.contains(&one) {
            named.push(one);
        }
    }
    named
}

/// The base level with the opposite sign, where it separates and the level that is named does not.
fn blamed(design: &Design, sample: &Sample, one: &Infinite) -> Option<Infinite> {
    let named = design.recipes.iter().position(|recipe| recipe.name == one.term)?;
    let &[Piece::Level { variable, .. }] = design.recipes[named].pieces.as_slice() else {
        return None;
    };
    let Values::Category(category) = &design.frame.variables[variable].values else {
        return None;
    };
    let position = design.outcomes().iter().position(|known| *known == one.outcome)?;
    let outcome = equation(position, design.frame.outcome.base).unwrap_or(design.outcomes().len() - 1);
    let of_variable = |recipe: &Recipe| matches!(recipe.pieces[..], [Piece::Level { variable: own, .. }] if own == variable);
    let levels: Vec<usize> = (0..design.recipes.len())
        .filter(|k| of_variable(&design.recipes[*k]))
        .collect();
    // A stored indicator is above zero where its level is, whatever was taken out of it.
    let at_level = |columns: &[Strip], row: usize| columns[named][row] > 0.0;
    let at_base = |columns: &[Strip], row: usize| levels.iter().all(|k| columns[*k][row] <= 0.0);
    let separates = |there: &dyn Fn(&[Strip], usize) -> bool, positive: bool| {
        let (mut rows, mut with_outcome) = (0, 0);
        for (columns, labels) in sample.blocks() {
            for row in (0..labels.rows).filter(|row| labels.weights[*row] > 0.0 && there(columns, *row)) {
                rows += 1;
                with_outcome += usize::from(labels.observed[row] as usize == outcome);
            }
        }
        rows > 0 && with_outcome == if positive { rows } else { 0 }
    };
    (!separates(&at_level, one.positive) && separates(&at_base, !one.positive)).then(|| Infinite {
        term: format!(
            "{}[{}]",
            design.frame.variables[variable].name, category.levels[category.base]
        ),
        outcome: one.outcome.clone(),
        positive: !one.positive,
    })
}

#[cfg(test)]
mod tests {
    use crate::data::formula::Formula;
    use crate::data::frame::FrameBuilder;
    use crate::data::table::{Column, Table};
    use crate::fit::warning::Warning;
    use crate::likelihood::newton::Separation;

    /// Of four outcomes one never occurs where x is 1, or nothing else does: it is that one which is named, whether
    /// it is the base outcome or another.
    #[test]
    fn the_outcome_that_moves_is_named_with_its_direction() {
        let outcomes: Vec<&str> = "abcdabcdbacd".split("").filter(|one| !one.is_empty()).collect();
        let apart = |extra: &[&'static str], base: &str| {
            let mut y = outcomes.clone();
            y.extend(extra);
            let mut table = Table::new();
            let x = (0..y.len()).map(|row| f64::from(u8::from(row >= outcomes.len())));
            table.insert("x", Column::number(x)).unwrap();
            table.insert("y", Column::text(y)).unwrap();
            let frame = FrameBuilder::new().base(base);
            let frame = frame.build(&table, &Formula::parse("y ~ x").unwrap()).unwrap();
            let fit = frame.design().unwrap().fit_with(Separation::Limit).unwrap();
            let named = fit.warnings().into_iter().filter_map(|warning| match warning {
                Warning::Separation(one) => Some((one.outcome, one.term, one.positive)),
                _ => None,
            });
            named.collect::<Vec<_>>()
        };
        for base in ["a", "d"] {
            let never = apart(&["a", "b", "c", "a", "b", "c"], base);
            assert_eq!(never, [("d".to_owned(), "x".to_owned(), false)], "base {base}");
            let only = apart(&["d", "d", "d"], base);
            // How the others compare there, nobody knows: they may be named too.
            let positive: Vec<_> = only.iter().filter(|one| one.2).collect();
            assert_eq!(positive, [&("d".to_owned(), "x".to_owned(), true)], "base {base}");
        }
    }

    /// An outcome that never occurs at one level is blamed on it, whichever level is the base.
    #[test]
    fn the_level_that_separates_is_named() {
        let outcomes: Vec<&str> = "abcabbcacbac".split("").filter(|one| !one.is_empty()).collect();
        let mut y = outcomes.repeat(2);
        y.extend(["a", "b", "b", "a", "a"]);
        let levels = (0..y.len()).map(|row| ["p", "q", "r"][usize::from(row >= 12) + usize::from(row >= 24)]);
        let mut table = Table::new();
        table.insert("g", Column::text(levels)).unwrap();
        table.insert("y", Column::text(y)).unwrap();
        for base in ["p", "q", "r"] {
            let formula = Formula::parse(&format!("y ~ C(g, base = {base})")).unwrap();
            let frame = FrameBuilder::new().base("a").build(&table, &formula).unwrap();
            let message = frame.design().unwrap().fit().unwrap_err().to_string();
            assert!(
                message.starts_with(
                    "separation: `g[r]` for outcome `c` has no finite estimate (it runs to minus infinity);"
                ),
                "base {base}: {message}"
            );
        }
    }
}
