//! Bases: several columns made of one number, `poly(x, 3)` and `ns(x, 3)`.

use crate::arithmetic::order;
use crate::data::dual::Dual;

/// Which columns to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisKind {
    /// Orthogonal polynomials up to a degree.
    Orthogonal(usize),
    /// `x`, `x^2`, ... up to a degree.
    Powers(usize),
    /// Natural cubic splines with as many columns.
    Natural(usize),
}

impl BasisKind {
    /// Number of columns.
    pub fn columns(self) -> usize {
        match self {
            BasisKind::Orthogonal(columns) | BasisKind::Powers(columns) | BasisKind::Natural(columns) => {
                columns
            }
        }
    }
}

/// A basis with what it learnt from the values it was made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Basis {
    /// `p_0 = 1`, `p_1 = x - a_1`, `p_k = (x - a_k) p_(k-1) - n_k / n_(k-1) p_(k-2)`, each divided by its norm.
    Orthogonal {
        middles: Vec<f64>,
        squares: Vec<f64>,
    },
    Powers,
    /// Between knots, each column is a cubic: for each interval and column the coefficients of powers of the distance
    /// from where it begins. The first and the last interval, beyond all knots, have straight lines.
    Natural {
        knots: Vec<f64>,
        cubics: Vec<Vec<[f64; 4]>>,
    },
}

impl Basis {
    /// Learns a basis from the values; `None` where there are too few distinct ones for it.
    pub(crate) fn learn(kind: BasisKind, values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        order::ascending(&mut sorted);
        let distinct = sorted.chunk_by(|a, b| a == b).count();
        if distinct <= kind.columns() {
            return None;
        }
        match kind {
            BasisKind::Powers(_) => Some(Basis::Powers),
            BasisKind::Orthogonal(degree) => Some(orthogonal(values, degree)),
            BasisKind::Natural(columns) => natural(&sorted, columns),
        }
    }

    /// A column at `x`, with its derivative.
    pub(crate) fn at(&self, column: usize, x: f64) -> Dual {
        match self {
            Basis::Powers => {
                let below = libm::pow(x, column as f64);
                Dual {
                    value: below * x,
                    slope: (column + 1) as f64 * below,
                }
            }
            Basis::Orthogonal { middles, squares } => {
                let mut before = Dual {
                    value: 0.0,
                    slope: 0.0,
                };
                let mut here = Dual {
                    value: 1.0,
                    slope: 0.0,
                };
                for k in 0..=column {
                    let ratio = if k == 0 { 0.0 } else { squares[k] / squares[k - 1] };
                    let next = Dual {
                        value: (x - middles[k]) * here.value - ratio * before.value,
                        slope: here.value + (x - middles[k]) * here.slope - ratio * before.slope,
                    };
                    before = here;
                    here = next;
                }
                let norm = squares[column + 1].sqrt();
                Dual {
                    value: here.value / norm,
                    slope: here.slope / norm,
                }
            }
            Basis::Natural { knots, cubics } => {
                let interval = knots.partition_point(|knot| *knot <= x);
                let [a, b, c, d] = cubics[interval][column];
                // Left of all knots, distances are from the first.
                let distance = x - knots[interval.saturating_sub(1)];
                Dual {
                    value: a + distance * (b + distance * (c + distance * d)),
                    slope: b + distance * (2.0 * c + distance * 3.0 * d),
                }
            }
        }
    }
}

/// The recursion of polynomials that are orthogonal on the values (Forsythe 1957; R's `poly`).
fn orthogonal(values: &[f64], degree: usize) -> Basis {
    let first = values[0];
    let n = values.len() as f64;
    let mean = first + values.iter().map(|value| value - first).sum::<f64>() / n;
    let (mut middles, mut squares) = (vec![mean], vec![n]);
    let mut before = vec![0.0; values.len()];
    let mut here = vec![1.0; values.len()];
    for k in 0..degree {
        let ratio = if k == 0 { 0.0 } else { squares[k] / squares[k - 1] };
        let next: Vec<f64> = values
            .iter()
            .zip(here.iter().zip(&before))
            .map(|(x, (here, before))| (x - middles[k]) * here - ratio * before)
            .collect();
        before = here;
        here = next;
        let square: f64 = here.iter().map(|value| value * value).sum();
        let weighted: f64 = values
            .iter()
            .zip(&here)
            .map(|(x, value)| (x - mean) * value * value)
            .sum();
        squares.push(square);
        middles.push(mean + weighted / square);
    }
    Basis::Orthogonal { middles, squares }
}

/// Order of cubic splines.
const ORDER: usize = 4;

/// Natural cubic splines with knots at quantiles of the values and without an intercept, in the coordinates of R's `ns`:
/// B-splines without the first, turned so that the last columns have no curvature at the ends.
fn natural(sorted: &[f64], columns: usize) -> Option<Basis> {
    let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
    let mut knots = vec![low];
    knots.extend((1..columns).map(|k| quantile(sorted, k as f64 / columns as f64)));
    knots.push(high);
    if knots.windows(2).any(|pair| pair[0] >= pair[1]) {
        return None;
    }
    let mut all = vec![low; ORDER - 1];
    all.extend(&knots);
    all.extend([high; ORDER - 1]);
    let splines = BSplines { knots: all };

    let mut ends = [splines.derivative(low, 2), splines.derivative(high, 2)];
    let first = Reflection::new(&ends[0], 0);
    ends.iter_mut().for_each(|end| first.apply(end));
    let second = Reflection::new(&ends[1], 1);
    let turned = |mut derivative: Vec<f64>| {
        first.apply(&mut derivative);
        second.apply(&mut derivative);
        derivative.split_off(2)
    };
    let at = |x: f64| -> Vec<[f64; 4]> {
        let orders: Vec<Vec<f64>> = (0..ORDER)
            .map(|order| turned(splines.derivative(x, order)))
            .collect();
        (0..columns)
            .map(|k| [orders[0][k], orders[1][k], orders[2][k] / 2.0, orders[3][k] / 6.0])
            .collect()
    };
    let line = |cubics: Vec<[f64; 4]>| cubics.into_iter().map(|[a, b, _, _]| [a, b, 0.0, 0.0]).collect();
    let mut cubics = vec![line(at(low))];
    cubics.extend(knots[..columns].iter().map(|knot| at(*knot)));
    cubics.push(line(at(high)));
    Some(Basis::Natural { knots, cubics })
}

/// R's `quantile`: between the nearest values, in proportion.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let below = place.floor();
    let lower = sorted[below as usize];
    let upper = sorted[(below as usize + 1).min(sorted.len() - 1)];
    lower + (place - below) * (upper - lower)
}

/// B-splines on a sequence of knots (de Boor 1978, A Practical Guide to Splines).
struct BSplines {
    knots: Vec<f64>,
}

impl BSplines {
    /// A derivative of all but the first at `x`; beyond the last knot that of the last interval.
    fn derivative(&self, x: f64, times: usize) -> Vec<f64> {
        let count = self.knots.len() - ORDER;
        let interval = self.knots[..count].partition_point(|knot| *knot <= x).max(ORDER) - 1;
        (1..count)
            .map(|spline| self.one(spline, ORDER, x, times, interval))
            .collect()
    }

    fn one(&self, spline: usize, order: usize, x: f64, times: usize, interval: usize) -> f64 {
        if order == 1 {
            return f64::from(u8::from(spline == interval && times == 0));
        }
        let knots = &self.knots;
        let width = |from: usize| knots[from + order - 1] - knots[from];
        let part = |from: usize, factor: &dyn Fn(f64) -> f64, times: usize| {
            if width(from) == 0.0 {
                0.0
            } else {
                factor(width(from)) * self.one(from, order - 1, x, times, interval)
            }
        };
        if times > 0 {
            let factor = |width: f64| (order - 1) as f64 / width;
            return part(spline, &factor, times - 1) - part(spline + 1, &factor, times - 1);
        }
        part(spline, &|width| (x - knots[spline]) / width, 0)
            + part(spline + 1, &|width| (knots[spline + order] - x) / width, 0)
    }
}

/// A Householder reflection with the sign that LINPACK, and so R's `qr`, gives it.
struct Reflection {
    from: usize,
    vector: Vec<f64>,
}

impl Reflection {
    /// The one that leaves only element `from` of what is from there on in `column`.
    fn new(column: &[f64], from: usize) -> Self {
        let mut vector = column[from..].to_vec();
        let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
        let signed = if vector[0] < 0.0 { -length } else { length };
        vector.iter_mut().for_each(|value| *value /= signed);
        vector[0] += 1.0;
        Reflection { from, vector }
    }

    fn apply(&self, to: &mut [f64]) {
        let to = &mut to[self.from..];
        let product: f64 = self.vector.iter().zip(to.iter()).map(|(a, b)| a * b).sum();
        let factor = -product / self.vector[0];
        for (value, vector) in to.iter_mut().zip(&self.vector) {
            *value += factor * vector;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 8] = [0.3, 1.0, 1.7, 2.9, 4.4, 5.0, 7.1, 9.6];

    #[test]
    fn derivatives_are_limits_of_differences() {
        for kind in [
            BasisKind::Orthogonal(4),
            BasisKind::Powers(3),
            BasisKind::Natural(4),
        ] {
            let basis = Basis::learn(kind, &VALUES).unwrap();
            for column in 0..kind.columns() {
                for x in [-1.0, 0.31, 2.0, 4.7, 9.0, 12.0] {
                    let step = 1e-5;
                    let difference =
                        (basis.at(column, x + step).value - basis.at(column, x - step).value) / (2.0 * step);
                    let slope = basis.at(column, x).slope;
                    assert!(
                        (difference - slope).abs() < 1e-6 * (1.0 + slope.abs()),
                        "{kind:?} {column} {x}"
                    );
                }
            }
        }
    }

    #[test]
    fn orthogonal_polynomials_are_so() {
        let basis = Basis::learn(BasisKind::Orthogonal(3), &VALUES).unwrap();
        for a in 0..3 {
            let sum: f64 = VALUES.iter().map(|x| basis.at(a, *x).value).sum();
            assert!(sum.abs() < 1e-13, "{sum}");
            for b in 0..3 {
                let product: f64 = VALUES
                    .iter()
                    .map(|x| basis.at(a, *x).value * basis.at(b, *x).value)
                    .sum();
                assert!((product - f64::from(u8::from(a == b))).abs() < 1e-13);
            }
        }
        assert_eq!(
            Basis::learn(BasisKind::Orthogonal(8), &VALUES),
            None,
            "too few values"
        );
        assert_eq!(
            Basis::learn(BasisKind::Natural(2), &[1.0, 1.0, 1.0, 1.0, 2.0, 3.0]),
            None
        );
    }
}
