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

pub(crate) mod draws;
pub(crate) mod effect;
pub(crate) mod family;
pub(crate) mod interval;
pub(crate) mod leverage;
pub(crate) mod new_rows;
pub(crate) mod prediction;
pub(crate) mod rows;
pub(crate) mod setting;
pub(crate) mod simultaneous;

use nalgebra::DMatrix;
use wide::f64x2;

use crate::arithmetic::kernel::{self, BLOCK, Strip, blocks};
use crate::data::design::Design;
use crate::likelihood::probability::{Shape, Softmax, curvatures, pairs};
use crate::quantity::setting::{Block, Points, Setting};

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
pub(crate) struct WithJacobian {
    pub(crate) values: Vec<f64>,
    pub(crate) jacobian: DMatrix<f64>,
}

/// Where quantities are evaluated: the rows with their weights (empty for ones), and the coefficients.
///
/// What the columns that a setting leaves alone add to linear predictors is kept for the next setting: most change the
/// same few.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    design: &'a Design,
    weights: &'a [f64],
    parameters: &'a [f64],
    /// Positions of the columns that the last setting changed.
    changed: Vec<usize>,
    /// The coefficients, those of changed columns 0.
    of_others: Vec<f64>,
    /// Predictors from the other columns: block by block, each equation's; empty where not yet known.
    others: Vec<Vec<Strip>>,
}

impl<'a> Place<'a> {
    pub(crate) fn new(design: &'a Design, weights: &'a [f64], parameters: &'a [f64]) -> Self {
        Place {
            design,
            weights,
            parameters,
            changed: Vec::new(),
            of_others: parameters.to_vec(),
            others: vec![Vec::new(); blocks(design.rows()).count()],
        }
    }

    /// What the columns that are as observed add to the predictors of the block that begins with row `from`.
    fn others(&mut self, from: usize, block: &Block<'_>) -> &[Strip] {
        if self.changed != block.changed {
            self.changed = block.changed.to_vec();
            self.others.iter_mut().for_each(Vec::clear);
            self.of_others = self.parameters.to_vec();
            for coefficients in self.of_others.chunks_exact_mut(block.observed.len()) {
                for &k in block.changed {
                    coefficients[k] = 0.0;
                }
            }
        }
        let others = &mut self.others[from / BLOCK];
        if others.is_empty() {
            others.resize(Shape::of(self.design).equations(), Strip::ZERO);
            kernel::predict(block.observed, &self.of_others, others);
        }
        others
    }
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

    /// The average over the rows, without derivatives.
    pub(crate) fn values(&self, place: &mut Place<'_>) -> Vec<f64> {
        match self {
            Quantity::Probability(setting) => mean(place, setting, None),
            Quantity::Slope(setting, variable) => mean(place, setting, Some(*variable)),
            Quantity::Comparison { high, low, contrast } => {
                let high = mean(place, high, None);
                let low = mean(place, low, None);
                high.iter().zip(&low).map(|(a, b)| contrast.of(*a, *b)).collect()
            }
        }
    }

    /// The average over the rows, with its derivatives.
    pub(crate) fn average(&self, place: &mut Place<'_>) -> WithJacobian {
        match self {
            Quantity::Probability(setting) => average(place, setting, None),
            Quantity::Slope(setting, variable) => average(place, setting, Some(*variable)),
            Quantity::Comparison { high, low, contrast } => {
                contrast.join(&average(place, high, None), &average(place, low, None))
            }
        }
    }

    /// Rows `from..from + rows` by themselves, without derivatives: row by row, each outcome. Weights count where the
    /// setting is at the means.
    pub(crate) fn block_values(&self, place: &mut Place<'_>, from: usize, rows: usize) -> Vec<f64> {
        let mut values = |setting: &Setting, slope: Option<usize>| -> Vec<f64> {
            let shape = Shape::of(place.design);
            let mut points = Points::new(place.design, setting, place.weights, slope);
            let mut values = BlockValues::new(shape, slope.is_some());
            values.load(place, from, &points.block(from, rows));
            let row = |row| (0..shape.outcomes).map(move |outcome| (outcome, row));
            (0..rows)
                .flat_map(row)
                .map(|(outcome, row)| values.strips()[shape.strip(outcome)][row])
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
        let new = || Place::new(design, &[], parameters);
        match self {
            Quantity::Probability(setting) => each_row(new(), setting, None, visit),
            Quantity::Slope(setting, variable) => each_row(new(), setting, Some(*variable), visit),
            Quantity::Comparison { high, low, contrast } => {
                let mut highs = BlockRows::new(new(), high, None);
                let mut lows = BlockRows::new(new(), low, None);
                for (from, rows) in blocks(high.rows(design)) {
                    highs.load(from, rows);
                    lows.load(from, rows);
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

    fn join(self, high: &WithJacobian, low: &WithJacobian) -> WithJacobian {
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
        WithJacobian {
            values: pairs().map(|(a, b)| self.of(*a, *b)).collect(),
            jacobian,
        }
    }
}

/// The values of all outcomes on a block of rows, and what their derivatives are made of. Outcomes are in the order of
/// their equations, the base outcome last.
struct BlockValues {
    probability: Softmax,
    /// `s_j - s` for each outcome; empty for probabilities.
    relative: Vec<Strip>,
    /// Slopes; empty for probabilities.
    slope: Vec<Strip>,
}

impl BlockValues {
    fn new(shape: Shape, slope: bool) -> Self {
        let count = if slope { shape.outcomes } else { 0 };
        BlockValues {
            probability: Softmax::new(shape.outcomes),
            relative: vec![Strip::ZERO; count],
            slope: vec![Strip::ZERO; count],
        }
    }

    /// At a setting of the rows from `from` on, which begin a block.
    fn load(&mut self, place: &mut Place<'_>, from: usize, block: &Block<'_>) {
        let by_equation = place.parameters.chunks_exact(block.observed.len());
        let others = place.others(from, block);
        let equations = self.probability.strips.iter_mut().zip(others);
        for ((eta, others), coefficients) in equations.zip(by_equation.clone()) {
            let constant = block.constant.iter().map(|(k, value)| coefficients[*k] * value);
            let constant = f64x2::splat(constant.sum());
            for (eta, others) in eta.lanes_mut().iter_mut().zip(others.lanes()) {
                *eta = *others + constant;
            }
            for (&k, instead) in block.varying.iter().zip(block.instead) {
                kernel::add_scaled(&mut eta[..], coefficients[k], &instead[..]);
            }
        }
        self.probability.normalise();
        let Some((base, equations)) = self.relative.split_last_mut() else {
            return;
        };
        *base = Strip::ZERO;
        for (relative, coefficients) in equations.iter_mut().zip(by_equation) {
            *relative = Strip::ZERO;
            for (&k, derivative) in block.moving.iter().zip(block.derivatives) {
                kernel::add_scaled(&mut relative[..], coefficients[k], &derivative[..]);
            }
        }
        let mut mean = Strip::ZERO;
        for (p, relative) in self.probability.strips.iter().zip(&self.relative) {
            let rows = p.lanes().iter().zip(relative.lanes());
            for (mean, (p, relative)) in mean.lanes_mut().iter_mut().zip(rows) {
                *mean += *p * *relative;
            }
        }
        let each = self.probability.strips.iter().zip(&mut self.relative);
        for ((p, relative), slope) in each.zip(&mut self.slope) {
            let rows = p.lanes().iter().zip(relative.lanes_mut()).zip(mean.lanes());
            for (slope, ((p, relative), mean)) in slope.lanes_mut().iter_mut().zip(rows) {
                *relative -= *mean;
                *slope = *p * *relative;
            }
        }
    }

    fn strips(&self) -> &[Strip] {
        if self.slope.is_empty() {
            &self.probability.strips
        } else {
            &self.slope
        }
    }

    /// What the derivative of the value of `outcome` by the coefficients of `other` (not the base) is made of, times
    /// `weights`: the factors of `x` and of `dx/dv`.
    fn factors(
        &self,
        outcome: usize,
        other: usize,
        weights: &Strip,
        of_x: &mut Strip,
        of_derivative: &mut Strip,
    ) {
        let same = f64::from(u8::from(outcome == other));
        let (p, q) = (&self.probability.strips[outcome], &self.probability.strips[other]);
        let (own, others) = (&self.relative[outcome], &self.relative[other]);
        for row in 0..p.len() {
            let change = p[row] * (same - q[row]);
            of_x[row] = weights[row] * (change * own[row] - p[row] * q[row] * others[row]);
            of_derivative[row] = weights[row] * change;
        }
    }
}

fn mean(place: &mut Place<'_>, setting: &Setting, slope: Option<usize>) -> Vec<f64> {
    let design = place.design;
    let shape = Shape::of(design);
    let mut points = Points::new(design, setting, place.weights, slope);
    let mut values = BlockValues::new(shape, slope.is_some());
    let mut sums = vec![0.0; shape.outcomes];
    for (from, rows) in blocks(points.rows()) {
        let weights = points.weights(from, rows);
        values.load(place, from, &points.block(from, rows));
        for (strip, sum) in values.strips().iter().zip(&mut sums) {
            *sum += kernel::product(strip, &weights);
        }
    }
    let total = points.total_weight();
    (0..shape.outcomes)
        .map(|outcome| sums[shape.strip(outcome)] / total)
        .collect()
}

fn average(place: &mut Place<'_>, setting: &Setting, slope: Option<usize>) -> WithJacobian {
    let shape = Shape::of(place.design);
    let mut points = Points::new(place.design, setting, place.weights, slope);
    let mut values = BlockValues::new(shape, slope.is_some());
    let mut sums = Sums::new(shape, slope.is_some(), &points);
    for (from, rows) in blocks(points.rows()) {
        let weights = points.weights(from, rows);
        let block = points.block(from, rows);
        values.load(place, from, &block);
        sums.add(&values, &block, &weights, rows);
    }
    sums.put_changed_columns(&points);
    sums.divided_by(points.total_weight(), points.moving())
}

/// Sums over rows of what an average and its derivatives are made of. A combination is one of two equations: that of the
/// outcome, and that whose coefficients the derivative is by.
struct Sums {
    shape: Shape,
    slope: bool,
    /// For each outcome.
    values: Vec<f64>,
    /// For each combination on the block at hand: the factors of `x`, and of `dx/dv` where slopes are averaged.
    of_x: Vec<Strip>,
    of_derivative: Vec<Strip>,
    /// For each combination: the factors of `x` times each column,
    by_column: Vec<f64>,
    /// times each column that varies with what is held,
    by_varying: Vec<f64>,
    /// and times one; those of `dx/dv` times the derivative of each column that moves.
    by_constant: Vec<f64>,
    by_derivative: Vec<f64>,
}

impl Sums {
    fn new(shape: Shape, slope: bool, points: &Points<'_>) -> Self {
        let equations = shape.equations();
        // Of probabilities `d p_j / d b_l` is symmetric in `j` and `l`; of slopes it is not.
        let (combinations, of_slopes) = if slope {
            (equations * equations, equations * equations)
        } else {
            (pairs(equations), 0)
        };
        Sums {
            shape,
            slope,
            values: vec![0.0; shape.outcomes],
            of_x: vec![Strip::ZERO; combinations],
            of_derivative: vec![Strip::ZERO; of_slopes],
            by_column: vec![0.0; combinations * shape.columns],
            by_varying: vec![0.0; combinations * points.varying().len()],
            by_constant: vec![0.0; combinations],
            by_derivative: vec![0.0; of_slopes * points.moving().len()],
        }
    }

    /// Adds a block of rows.
    fn add(&mut self, values: &BlockValues, block: &Block<'_>, weights: &Strip, rows: usize) {
        for (strip, sum) in values.strips().iter().zip(&mut self.values) {
            *sum += kernel::product(strip, weights);
        }
        self.find_factors(values, weights);
        if self.slope {
            let count = block.derivatives.len();
            let sums = &mut self.by_derivative;
            kernel::add_products(&self.of_derivative, block.derivatives, rows, count, sums);
        }
        self.add_observed_columns(block, rows);
        kernel::add_products(
            &self.of_x,
            block.instead,
            rows,
            block.instead.len(),
            &mut self.by_varying,
        );
        let ones = &Strip::filled(1.0);
        for (of_x, sum) in self.of_x.iter().zip(&mut self.by_constant) {
            *sum += kernel::product(of_x, ones);
        }
    }

    /// The factors of `x` and of `dx/dv` on a block of rows.
    fn find_factors(&mut self, values: &BlockValues, weights: &Strip) {
        if !self.slope {
            curvatures(weights, values.strips(), &mut self.of_x);
            return;
        }
        let equations = self.shape.equations();
        let factors = self.of_x.iter_mut().zip(&mut self.of_derivative);
        for (at, (x, derivative)) in factors.enumerate() {
            values.factors(at / equations, at % equations, weights, x, derivative);
        }
    }

    /// Adds the columns that are as observed: all at once, or one by one where most have changed.
    fn add_observed_columns(&mut self, block: &Block<'_>, rows: usize) {
        let columns = self.shape.columns;
        if 2 * block.changed.len() < columns {
            kernel::add_products(&self.of_x, block.observed, rows, columns, &mut self.by_column);
            return;
        }
        for k in (0..columns).filter(|k| !block.changed.contains(k)) {
            for (of_x, sums) in self.of_x.iter().zip(self.by_column.chunks_exact_mut(columns)) {
                sums[k] += kernel::product(of_x, &block.observed[k]);
            }
        }
    }

    /// Puts the columns that the setting has changed in place of those observed.
    fn put_changed_columns(&mut self, points: &Points<'_>) {
        let varying = points.varying().len();
        let by_combination = self.by_column.chunks_exact_mut(self.shape.columns);
        for (combination, sums) in by_combination.enumerate() {
            let instead = &self.by_varying[combination * varying..];
            for (&k, sum) in points.varying().iter().zip(instead) {
                sums[k] = *sum;
            }
            for (k, value) in points.constant() {
                sums[*k] = self.by_constant[combination] * value;
            }
        }
    }

    /// The averages, `moving` being the positions of the columns that have a derivative.
    fn divided_by(&self, total: f64, moving: &[usize]) -> WithJacobian {
        let shape = self.shape;
        let (equations, columns) = (shape.equations(), shape.columns);
        let mut jacobian = DMatrix::zeros(shape.parameters(), shape.outcomes);
        for outcome in 0..equations {
            for other in 0..equations {
                let at = if self.slope {
                    outcome * equations + other
                } else {
                    pairs(outcome.max(other)) + outcome.min(other)
                };
                let mut into = jacobian.view_mut((other * columns, shape.outcome(outcome)), (columns, 1));
                for (cell, sum) in into.iter_mut().zip(&self.by_column[at * columns..]) {
                    *cell = sum / total;
                }
                if self.slope {
                    let sums = &self.by_derivative[at * moving.len()..];
                    for (&k, sum) in moving.iter().zip(sums) {
                        into[k] += sum / total;
                    }
                }
            }
        }
        complete(shape, &mut jacobian);
        WithJacobian {
            values: (0..shape.outcomes)
                .map(|outcome| self.values[shape.strip(outcome)] / total)
                .collect(),
            jacobian,
        }
    }
}

/// Probabilities sum to one and their slopes to zero, so that the derivatives for the base outcome are minus the sum of
/// the others'.
fn complete(shape: Shape, jacobian: &mut DMatrix<f64>) {
    for parameter in 0..shape.parameters() {
        let others: f64 = (0..shape.equations())
            .map(|j| jacobian[(parameter, shape.outcome(j))])
            .sum();
        jacobian[(parameter, shape.base)] = -others;
    }
}

fn each_row(place: Place<'_>, setting: &Setting, slope: Option<usize>, visit: &mut Visit<'_>) {
    let rows = setting.rows(place.design);
    let mut all = BlockRows::new(place, setting, slope);
    for (from, rows) in blocks(rows) {
        all.load(from, rows);
        for row in 0..rows {
            let WithJacobian { values, jacobian } = all.row(row);
            visit(from + row, &values, &jacobian);
        }
    }
}

/// A block of rows, each with its values and derivatives.
struct BlockRows<'a> {
    place: Place<'a>,
    shape: Shape,
    points: Points<'a>,
    values: BlockValues,
    rows: Vec<WithJacobian>,
}

impl<'a> BlockRows<'a> {
    fn new(place: Place<'a>, setting: &'a Setting, slope: Option<usize>) -> Self {
        let shape = Shape::of(place.design);
        BlockRows {
            shape,
            points: Points::new(place.design, setting, place.weights, slope),
            place,
            values: BlockValues::new(shape, slope.is_some()),
            rows: Vec::new(),
        }
    }

    fn load(&mut self, from: usize, rows: usize) {
        let shape = self.shape;
        let (equations, columns) = (shape.equations(), shape.columns);
        let block = self.points.block(from, rows);
        self.values.load(&mut self.place, from, &block);
        let strips = self.values.strips();
        let row = |row: usize| WithJacobian {
            values: (0..shape.outcomes)
                .map(|outcome| strips[shape.strip(outcome)][row])
                .collect(),
            jacobian: DMatrix::zeros(shape.parameters(), shape.outcomes),
        };
        self.rows.clear();
        self.rows.extend((0..rows).map(row));
        let ones = &Strip::filled(1.0);
        let (mut of_x, mut of_derivative) = (vec![Strip::ZERO; pairs(equations)], Strip::ZERO);
        let slope = !self.values.slope.is_empty();
        if !slope {
            curvatures(ones, strips, &mut of_x);
        }
        for outcome in 0..equations {
            for other in 0..equations {
                let at = pairs(outcome.max(other)) + outcome.min(other);
                if slope {
                    self.values
                        .factors(outcome, other, ones, &mut of_x[at], &mut of_derivative);
                }
                for (row, WithJacobian { jacobian, .. }) in self.rows.iter_mut().enumerate() {
                    let mut into = jacobian.view_mut((other * columns, shape.outcome(outcome)), (columns, 1));
                    for (k, cell) in into.iter_mut().enumerate() {
                        *cell = of_x[at][row] * block.value(k, row);
                    }
                    for (&k, derivative) in block.moving.iter().zip(block.derivatives) {
                        into[k] += of_derivative[row] * derivative[row];
                    }
                }
            }
        }
        for WithJacobian { jacobian, .. } in &mut self.rows {
            complete(shape, jacobian);
        }
    }

    fn row(&self, row: usize) -> WithJacobian {
        self.rows[row].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::setting::{At, Held};
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
                let found = quantity.average(&mut Place::new(design, &[], &fit.parameters));
                assert_eq!(
                    found.values,
                    quantity.values(&mut Place::new(design, &[], &fit.parameters))
                );
                for parameter in 0..fit.parameters() {
                    let step = 1e-5;
                    let moved = |by: f64| {
                        let mut parameters = fit.parameters.clone();
                        parameters[parameter] += by;
                        quantity.values(&mut Place::new(design, &[], &parameters))
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
            let slope =
                Quantity::Slope(setting.clone(), x).values(&mut Place::new(design, &[], &fit.parameters));
            let step = 1e-4;
            let quotient = Quantity::Comparison {
                high: setting.holding(x, Held::Moved(step)),
                low: setting.holding(x, Held::Moved(-step)),
                contrast: Contrast::Difference,
            };
            for (a, b) in slope
                .iter()
                .zip(quotient.values(&mut Place::new(design, &[], &fit.parameters)))
            {
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
            let average = quantity.average(&mut Place::new(design, &[], &fit.parameters));
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
