//! Quantities of interest: functions of the coefficients, one value for each outcome, with their derivatives.
//!
//! For a row with probabilities `p` and columns `x`, with `s_j = (dx/dv)' b_j` and `s = sum_l p_l s_l`:
//!
//! - probability: `d p_j / d b_l = p_j (1[j=l] - p_l) x`;
//! - slope of `p_j` along the variable `v`: `p_j (s_j - s)`, with derivative by `b_l`
//!   `[p_j (1[j=l] - p_l) (s_j - s) - p_j p_l (s_l - s)] x + p_j (1[j=l] - p_l) dx/dv`.
//!
//! `dx/dv` follows each product of variables that `v` takes part in, so that interactions count. Averages over
//! rows come before differences and ratios: the ratio is one of average probabilities.

use nalgebra::DMatrix;

use crate::Design;
use crate::probability::{BLOCK, Shape, blocks, dot, probabilities};
use crate::setting::{Block, Points, Setting};

/// How two probabilities are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Contrast {
    #[default]
    Difference,
    Ratio,
    LnRatio,
}

/// A function of the coefficients.
#[derive(Debug, Clone)]
pub(crate) enum Quantity {
    Probability(Setting),
    /// Derivative by a numeric variable.
    Slope(Setting, usize),
    Comparison {
        high: Setting,
        low: Setting,
        contrast: Contrast,
    },
}

/// Values of all outcomes, and their derivatives (parameters x outcomes).
#[derive(Debug, Clone)]
pub(crate) struct Average {
    pub(crate) values: Vec<f64>,
    pub(crate) jacobian: DMatrix<f64>,
}

/// Called with a row's position, the values of all outcomes, and their derivatives.
pub(crate) type Visit<'a> = dyn FnMut(usize, &[f64], &DMatrix<f64>) + 'a;

impl Quantity {
    /// Where it is evaluated; a variable that is compared is not held.
    pub(crate) fn setting(&self) -> &Setting {
        match self {
            Quantity::Probability(setting) | Quantity::Slope(setting, _) => setting,
            // Holding a variable otherwise leaves the setting's description as it was.
            Quantity::Comparison { low, .. } => low,
        }
    }

    /// The average over rows of the given weights (empty for ones), without derivatives.
    pub(crate) fn values(&self, design: &Design, weights: &[f64], parameters: &[f64]) -> Vec<f64> {
        match self {
            Quantity::Probability(setting) => mean(design, setting, None, weights, parameters),
            Quantity::Slope(setting, variable) => mean(design, setting, Some(*variable), weights, parameters),
            Quantity::Comparison { high, low, contrast } => {
                let high = mean(design, high, None, weights, parameters);
                let low = mean(design, low, None, weights, parameters);
                high.iter().zip(&low).map(|(a, b)| contrast.of(*a, *b)).collect()
            }
        }
    }

    /// The average over rows of the given weights (empty for ones), with its derivatives.
    pub(crate) fn average(&self, design: &Design, weights: &[f64], parameters: &[f64]) -> Average {
        match self {
            Quantity::Probability(setting) => average(design, setting, None, weights, parameters),
            Quantity::Slope(setting, variable) => {
                average(design, setting, Some(*variable), weights, parameters)
            }
            Quantity::Comparison { high, low, contrast } => contrast.join(
                &average(design, high, None, weights, parameters),
                &average(design, low, None, weights, parameters),
            ),
        }
    }

    /// Rows `from..from + rows` by themselves, without derivatives: row by row, each outcome. `weights` count where
    /// the setting is at the means.
    pub(crate) fn block_values(
        &self,
        design: &Design,
        weights: &[f64],
        parameters: &[f64],
        from: usize,
        rows: usize,
    ) -> Vec<f64> {
        let values = |setting: &Setting, slope: Option<usize>| -> Vec<f64> {
            let shape = Shape::of(design);
            let mut points = Points::new(design, setting, weights, slope);
            let mut kernel = Kernel::new(shape, slope.is_some());
            kernel.load(parameters, &points.block(from, rows));
            let row = |row| (0..shape.outcomes).map(move |outcome| (outcome, row));
            (0..rows)
                .flat_map(row)
                .map(|(outcome, row)| kernel.value(outcome, row))
                .collect()
        };
        match self {
            Quantity::Probability(setting) => values(setting, None),
            Quantity::Slope(setting, variable) => values(setting, Some(*variable)),
            Quantity::Comparison { high, low, contrast } => {
                let pairs = values(high, None).into_iter().zip(values(low, None));
                pairs.map(|(a, b)| contrast.of(a, b)).collect()
            }
        }
    }

    /// Each row by itself.
    pub(crate) fn each_row(&self, design: &Design, parameters: &[f64], visit: &mut Visit<'_>) {
        match self {
            Quantity::Probability(setting) => each_row(design, setting, None, parameters, visit),
            Quantity::Slope(setting, variable) => {
                each_row(design, setting, Some(*variable), parameters, visit);
            }
            Quantity::Comparison { high, low, contrast } => {
                let mut highs = Rows::new(design, high, None);
                let mut lows = Rows::new(design, low, None);
                for (from, rows) in blocks(high.rows(design)) {
                    highs.load(parameters, from, rows);
                    lows.load(parameters, from, rows);
                    for row in 0..rows {
                        let joined = contrast.join(&highs.row(row), &lows.row(row));
                        visit(from + row, &joined.values, &joined.jacobian);
                    }
                }
            }
        }
    }
}

impl Contrast {
    fn of(self, high: f64, low: f64) -> f64 {
        match self {
            Contrast::Difference => high - low,
            Contrast::Ratio => high / low,
            Contrast::LnRatio => libm::log(high / low),
        }
    }

    fn join(self, high: &Average, low: &Average) -> Average {
        let pairs = || high.values.iter().zip(&low.values);
        let mut jacobian = &high.jacobian - &low.jacobian;
        for (j, (a, b)) in pairs().enumerate() {
            let (of_high, of_low) = match self {
                Contrast::Difference => continue,
                Contrast::Ratio => (1.0 / b, -a / (b * b)),
                Contrast::LnRatio => (1.0 / a, -1.0 / b),
            };
            jacobian.set_column(
                j,
                &(high.jacobian.column(j) * of_high + low.jacobian.column(j) * of_low),
            );
        }
        Average {
            values: pairs().map(|(a, b)| self.of(*a, *b)).collect(),
            jacobian,
        }
    }
}

/// One outcome's value in a row, and what its derivatives are made of.
struct Kernel {
    shape: Shape,
    probability: Vec<f64>,
    /// `s_j - s` for each outcome; empty for probabilities.
    relative: Vec<f64>,
}

impl Kernel {
    fn new(shape: Shape, slope: bool) -> Self {
        Kernel {
            shape,
            probability: vec![0.0; shape.outcomes * BLOCK],
            relative: vec![0.0; if slope { shape.outcomes * BLOCK } else { 0 }],
        }
    }

    fn load(&mut self, parameters: &[f64], block: &Block<'_>) {
        let rows = block.columns.first().map_or(0, |column| column.len());
        let shape = self.shape;
        probabilities(shape, parameters, &block.columns, &mut self.probability);
        if self.relative.is_empty() {
            return;
        }
        self.relative.fill(0.0);
        for outcome in 0..shape.outcomes {
            let Some(j) = shape.equation(outcome) else {
                continue;
            };
            for (k, derivative) in &block.derivatives {
                crate::probability::add_scaled(
                    &mut self.relative[outcome * BLOCK..outcome * BLOCK + rows],
                    parameters[j * shape.columns + k],
                    derivative,
                );
            }
        }
        for row in 0..rows {
            let at = |outcome: usize| outcome * BLOCK + row;
            let mean: f64 = (0..shape.outcomes)
                .map(|outcome| self.probability[at(outcome)] * self.relative[at(outcome)])
                .sum();
            for outcome in 0..shape.outcomes {
                self.relative[at(outcome)] -= mean;
            }
        }
    }

    fn value(&self, outcome: usize, row: usize) -> f64 {
        let at = outcome * BLOCK + row;
        let p = self.probability[at];
        if self.relative.is_empty() {
            p
        } else {
            p * self.relative[at]
        }
    }

    /// What the derivative of `outcome`'s value by the coefficients of `other` (not the base) is made of: the
    /// factors of `x` and of `dx/dv`.
    fn factors(&self, outcome: usize, other: usize, row: usize) -> (f64, f64) {
        let (at, of_other) = (outcome * BLOCK + row, other * BLOCK + row);
        let (p, q) = (self.probability[at], self.probability[of_other]);
        let change = p * (f64::from(u8::from(outcome == other)) - q);
        if self.relative.is_empty() {
            (change, 0.0)
        } else {
            (
                change * self.relative[at] - p * q * self.relative[of_other],
                change,
            )
        }
    }
}

fn mean(
    design: &Design,
    setting: &Setting,
    slope: Option<usize>,
    weights: &[f64],
    parameters: &[f64],
) -> Vec<f64> {
    let shape = Shape::of(design);
    let mut points = Points::new(design, setting, weights, slope);
    let mut kernel = Kernel::new(shape, slope.is_some());
    let mut values = vec![0.0; shape.outcomes];
    for (from, rows) in blocks(setting.rows(design)) {
        kernel.load(parameters, &points.block(from, rows));
        for (outcome, value) in values.iter_mut().enumerate() {
            for row in 0..rows {
                *value += points.weight(from + row) * kernel.value(outcome, row);
            }
        }
    }
    let total = points.total_weight();
    values.iter_mut().for_each(|value| *value /= total);
    values
}

fn average(
    design: &Design,
    setting: &Setting,
    slope: Option<usize>,
    weights: &[f64],
    parameters: &[f64],
) -> Average {
    let shape = Shape::of(design);
    let mut points = Points::new(design, setting, weights, slope);
    let total = points.total_weight();
    let mut kernel = Kernel::new(shape, slope.is_some());
    let mut values = vec![0.0; shape.outcomes];
    let mut jacobian = DMatrix::zeros(shape.parameters(), shape.outcomes);
    let (mut of_x, mut of_derivative, mut row_weights) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    for (from, rows) in blocks(setting.rows(design)) {
        for (row, weight) in row_weights[..rows].iter_mut().enumerate() {
            *weight = points.weight(from + row);
        }
        let block = points.block(from, rows);
        kernel.load(parameters, &block);
        for (outcome, value) in values.iter_mut().enumerate() {
            for (row, weight) in row_weights[..rows].iter().enumerate() {
                *value += weight * kernel.value(outcome, row);
            }
            for j in 0..shape.equations() {
                if slope.is_none() && shape.equation(outcome).is_none_or(|own| own < j) {
                    continue; // From the others, below.
                }
                for (row, weight) in row_weights[..rows].iter().enumerate() {
                    let (x, derivative) = kernel.factors(outcome, shape.outcome(j), row);
                    of_x[row] = weight * x;
                    of_derivative[row] = weight * derivative;
                }
                for (k, column) in block.columns.iter().enumerate() {
                    jacobian[(j * shape.columns + k, outcome)] += dot(&of_x[..rows], column);
                }
                for (k, derivative) in &block.derivatives {
                    jacobian[(j * shape.columns + k, outcome)] += dot(&of_derivative[..rows], derivative);
                }
            }
        }
    }
    if slope.is_none() {
        complete(shape, &mut jacobian);
    }
    values.iter_mut().for_each(|value| *value /= total);
    jacobian /= total;
    Average { values, jacobian }
}

/// What follows from the derivatives of each probability by its own and earlier equations: `d p_j / d b_l` is
/// symmetric in `j` and `l`, and probabilities sum to one, so that those of the base outcome are minus the sum of
/// the others'.
fn complete(shape: Shape, jacobian: &mut DMatrix<f64>) {
    for j in 0..shape.equations() {
        for l in j + 1..shape.equations() {
            for k in 0..shape.columns {
                jacobian[(l * shape.columns + k, shape.outcome(j))] =
                    jacobian[(j * shape.columns + k, shape.outcome(l))];
            }
        }
    }
    for parameter in 0..shape.parameters() {
        let others: f64 = (0..shape.equations())
            .map(|j| jacobian[(parameter, shape.outcome(j))])
            .sum();
        jacobian[(parameter, shape.base)] = -others;
    }
}

fn each_row(
    design: &Design,
    setting: &Setting,
    slope: Option<usize>,
    parameters: &[f64],
    visit: &mut Visit<'_>,
) {
    let mut all = Rows::new(design, setting, slope);
    for (from, rows) in blocks(setting.rows(design)) {
        all.load(parameters, from, rows);
        for row in 0..rows {
            let Average { values, jacobian } = all.row(row);
            visit(from + row, &values, &jacobian);
        }
    }
}

/// A block of rows, each with its values and derivatives.
struct Rows<'a> {
    shape: Shape,
    points: Points<'a>,
    kernel: Kernel,
    values: Vec<Average>,
}

impl<'a> Rows<'a> {
    fn new(design: &'a Design, setting: &'a Setting, slope: Option<usize>) -> Self {
        let shape = Shape::of(design);
        Rows {
            shape,
            points: Points::new(design, setting, &[], slope),
            kernel: Kernel::new(shape, slope.is_some()),
            values: Vec::new(),
        }
    }

    fn load(&mut self, parameters: &[f64], from: usize, rows: usize) {
        let Rows {
            shape,
            points,
            kernel,
            values,
        } = self;
        let block = points.block(from, rows);
        kernel.load(parameters, &block);
        values.clear();
        for row in 0..rows {
            let mut jacobian = DMatrix::zeros(shape.parameters(), shape.outcomes);
            for outcome in 0..shape.outcomes {
                for j in 0..shape.equations() {
                    let (x, derivative) = kernel.factors(outcome, shape.outcome(j), row);
                    for (k, column) in block.columns.iter().enumerate() {
                        jacobian[(j * shape.columns + k, outcome)] += x * column[row];
                    }
                    for (k, column) in &block.derivatives {
                        jacobian[(j * shape.columns + k, outcome)] += derivative * column[row];
                    }
                }
            }
            values.push(Average {
                values: (0..shape.outcomes)
                    .map(|outcome| kernel.value(outcome, row))
                    .collect(),
                jacobian,
            });
        }
    }

    fn row(&self, row: usize) -> Average {
        self.values[row].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::{At, Held};
    use crate::testing::generated;

    /// Every quantity's derivatives against central differences, and each value against the difference
    /// quotient of probabilities where it is a slope.
    #[test]
    fn jacobians_agree_with_finite_differences() {
        let fit = generated("y ~ x * z + g * x + d").fit;
        let design = fit.design();
        let position = |name: &str| design.frame().position(name).unwrap();
        for at in [
            At::observed(),
            At::means(),
            At::observed().with("g", "q").with("z", 0.3),
            At::means().with("x", -1.0).with("g", "r"),
        ] {
            let setting = Setting::new(design, &at).unwrap();
            let compare = |contrast| Quantity::Comparison {
                high: setting.holding(position("x"), Held::Moved(1.0)),
                low: setting.holding(position("g"), Held::Value(2.0)),
                contrast,
            };
            let quantities = [
                Quantity::Probability(setting.clone()),
                Quantity::Slope(setting.clone(), position("x")),
                Quantity::Slope(setting.clone(), position("d")),
                compare(Contrast::Difference),
                compare(Contrast::Ratio),
                compare(Contrast::LnRatio),
            ];
            for quantity in quantities {
                let found = quantity.average(design, &[], &fit.parameters);
                assert_eq!(found.values, quantity.values(design, &[], &fit.parameters));
                for parameter in 0..fit.parameters() {
                    let step = 1e-5;
                    let moved = |by: f64| {
                        let mut parameters = fit.parameters.clone();
                        parameters[parameter] += by;
                        quantity.values(design, &[], &parameters)
                    };
                    for (j, (up, down)) in moved(step).iter().zip(moved(-step)).enumerate() {
                        let slope = (up - down) / (2.0 * step);
                        let analytic = found.jacobian[(parameter, j)];
                        assert!(
                            (slope - analytic).abs() < 1e-9,
                            "{quantity:?}: {slope} is not {analytic}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn slopes_are_the_limit_of_comparisons() {
        let fit = generated("y ~ x * z + g * x").fit;
        let design = fit.design();
        let x = design.frame().position("x").unwrap();
        for at in [At::observed(), At::means(), At::means().with("x", 0.7)] {
            let setting = Setting::new(design, &at).unwrap();
            let slope = Quantity::Slope(setting.clone(), x).values(design, &[], &fit.parameters);
            let step = 1e-4;
            let quotient = Quantity::Comparison {
                high: setting.holding(x, Held::Moved(step)),
                low: setting.holding(x, Held::Moved(-step)),
                contrast: Contrast::Difference,
            };
            for (a, b) in slope.iter().zip(quotient.values(design, &[], &fit.parameters)) {
                assert!(
                    (a - b / (2.0 * step)).abs() < 1e-8,
                    "{a} is not {}",
                    b / (2.0 * step)
                );
            }
        }
    }

    #[test]
    fn averages_are_means_of_rows() {
        let fit = generated("y ~ x * z + g").fit;
        let design = fit.design();
        let x = design.frame().position("x").unwrap();
        let setting = Setting::new(design, &At::observed()).unwrap();
        for quantity in [
            Quantity::Probability(setting.clone()),
            Quantity::Slope(setting.clone(), x),
            Quantity::Comparison {
                high: setting.holding(x, Held::Moved(1.0)),
                low: setting.clone(),
                contrast: Contrast::Difference,
            },
        ] {
            let average = quantity.average(design, &[], &fit.parameters);
            let mut values = [0.0; 3];
            let mut jacobian = DMatrix::zeros(fit.parameters(), 3);
            let n = design.rows() as f64;
            quantity.each_row(design, &fit.parameters, &mut |_, row, of_row| {
                values
                    .iter_mut()
                    .zip(row)
                    .for_each(|(sum, value)| *sum += value / n);
                jacobian += of_row / n;
            });
            assert!(
                values
                    .iter()
                    .zip(&average.values)
                    .all(|(a, b)| (a - b).abs() < 1e-14)
            );
            assert!((jacobian - average.jacobian).abs().max() < 1e-14);
        }
    }
}
