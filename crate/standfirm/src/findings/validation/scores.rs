//! Scores of forecasts, and of one against another.

use std::collections::BTreeMap;

use mlogit::{normal_p_value, order};

use crate::findings::effect::WIDE;
use crate::findings::validation::forecasts::Rows;
use crate::findings::validation::results::{Bin, FLOOR, Forecast, Score, ScoreDifference, ScoreKind, Scores};
use crate::study::thesis::STUDY;

/// Bins of a calibration plot.
const BINS: usize = 10;

pub(super) fn scores(rows: &[&Rows], outcomes: &[usize], groups: &[u64]) -> Scores {
    let forecasts = [0, 1, 2].map(|which| rows.iter().map(|row| row[which].as_slice()).collect::<Vec<_>>());
    let each = |score: fn(&[f64], usize) -> f64| {
        forecasts.each_ref().map(|forecast| {
            let scores = forecast.iter().zip(outcomes);
            scores
                .map(|(row, outcome)| score(row, *outcome))
                .collect::<Vec<f64>>()
        })
    };
    let (log, brier) = (each(log_score), each(brier_score));
    let mut differences = Vec::new();
    for (score, of) in [(ScoreKind::Log, &log), (ScoreKind::Brier, &brier)] {
        for (which, against) in Forecast::ALL.into_iter().enumerate().skip(1) {
            differences.push(difference(score, against, &of[0], &of[which], groups));
        }
    }
    Scores {
        forecasts: Forecast::ALL
            .into_iter()
            .enumerate()
            .map(|(which, forecast)| score(forecast, &forecasts[which], outcomes, &log[which], &brier[which]))
            .collect(),
        differences,
    }
}

fn log_score(row: &[f64], outcome: usize) -> f64 {
    -libm::log(row[outcome].max(FLOOR))
}

fn brier_score(row: &[f64], outcome: usize) -> f64 {
    let part = |(at, p): (usize, &f64)| {
        let missed = p - f64::from(u8::from(at == outcome));
        missed * missed
    };
    row.iter().enumerate().map(part).sum()
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn score(forecast: Forecast, rows: &[&[f64]], outcomes: &[usize], log: &[f64], brier: &[f64]) -> Score {
    let count = STUDY.outcomes.len();
    let mut confusion = vec![vec![0; count]; count];
    let mut right = 0;
    for (row, outcome) in rows.iter().zip(outcomes) {
        // The first of several that are as likely.
        let likeliest = (0..count).rev().max_by(|a, b| row[*a].total_cmp(&row[*b]));
        let likeliest = likeliest.unwrap_or_default();
        confusion[*outcome][likeliest] += 1;
        right += usize::from(likeliest == *outcome);
    }
    let happened = rows.iter().zip(outcomes).map(|(row, outcome)| row[*outcome]);
    Score {
        forecast,
        log: mean(log),
        brier: mean(brier),
        accuracy: right as f64 / rows.len() as f64,
        floored: happened.filter(|p| *p < FLOOR).count(),
        confusion,
        calibration: (0..count).map(|outcome| bins(rows, outcomes, outcome)).collect(),
    }
}

/// Episodes in order of their probability of an outcome, in bins as even as can be; equal probabilities keep the
/// order of the episodes.
fn bins(rows: &[&[f64]], outcomes: &[usize], outcome: usize) -> Vec<Bin> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order::by(&mut order, |a, b| rows[*a][outcome].total_cmp(&rows[*b][outcome]));
    let edge = |bin: usize| bin * order.len() / BINS;
    (0..BINS)
        .map(|bin| &order[edge(bin)..edge(bin + 1)])
        .filter(|members| !members.is_empty())
        .map(|members| {
            let n = members.len() as f64;
            let hits = members.iter().filter(|row| outcomes[**row] == outcome).count() as f64;
            let (conf_low, conf_high) = wilson(hits, n);
            Bin {
                n: members.len(),
                forecast: members.iter().map(|row| rows[*row][outcome]).sum::<f64>() / n,
                observed: hits / n,
                conf_low,
                conf_high,
            }
        })
        .collect()
}

/// Wilson's 95% interval of a share.
fn wilson(hits: f64, n: f64) -> (f64, f64) {
    let (share, z2) = (hits / n, WIDE * WIDE);
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = WIDE / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

fn difference(
    score: ScoreKind,
    against: Forecast,
    model: &[f64],
    other: &[f64],
    groups: &[u64],
) -> ScoreDifference {
    let differences: Vec<f64> = model.iter().zip(other).map(|(a, b)| a - b).collect();
    let estimate = mean(&differences);
    let mut sums = BTreeMap::<u64, f64>::new();
    for (difference, group) in differences.iter().zip(groups) {
        *sums.entry(*group).or_default() += difference - estimate;
    }
    let count = sums.len() as f64;
    let squares: f64 = sums.values().map(|sum| sum * sum).sum();
    let std_error = (count / (count - 1.0) * squares).sqrt() / differences.len() as f64;
    ScoreDifference {
        against,
        score,
        estimate,
        std_error,
        p_value: normal_p_value(estimate / std_error),
        conf_low: estimate - WIDE * std_error,
        conf_high: estimate + WIDE * std_error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_what_they_are_by_hand() {
        let row = [0.5, 0.3, 0.2];
        assert!((log_score(&row, 1) + libm::log(0.3)).abs() < 1e-15);
        assert!((brier_score(&row, 1) - (0.25 + 0.49 + 0.04)).abs() < 1e-15);
        assert_eq!(log_score(&[0.0, 1.0, 0.0], 0), -libm::log(FLOOR));
    }

    #[test]
    fn wilson_is_r_s() {
        // prop.test(3, 20, correct = FALSE)$conf.int, R 4.2.2.
        let (low, high) = wilson(3.0, 20.0);
        assert!((low - 0.052_368_745_896).abs() < 1e-9 && (high - 0.360_418_864_741).abs() < 1e-9);
        assert_eq!(wilson(0.0, 10.0).0, 0.0);
    }
}
