//! The numbers behind a figure as a table.

use super::{Figure, Format, Marks, Panel};
use crate::grid::{Body, Cell, Column, Grid, Row};

/// A table with a row for each position and a column for each series; panels below each other.
#[must_use]
pub fn numbers(figure: &Figure) -> Grid {
    let rows = matches!(
        figure.panels.first(),
        Some(Panel {
            marks: Marks::Rows(_),
            ..
        })
    );
    // Where rows hold the series, the values lie along the horizontal axis.
    let (places, values) = if rows {
        (&figure.y, &figure.x)
    } else {
        (&figure.x, &figure.y)
    };
    let counted = matches!(
        figure.panels.first(),
        Some(Panel {
            marks: Marks::Bars,
            ..
        })
    );
    // Panels need not show the same series.
    let mut labels: Vec<&str> = Vec::new();
    for series in figure.panels.iter().flat_map(|panel| &panel.series) {
        if !labels.contains(&series.label.as_str()) {
            labels.push(&series.label);
        }
    }
    let columns = labels.iter().map(|label| Column {
        label: if label.is_empty() {
            values.title.clone()
        } else {
            (*label).to_owned()
        },
        below: String::new(),
        values: if counted {
            vec!["count".to_owned()]
        } else {
            let estimate = match values.format {
                Format::Points => "points",
                _ => "estimate",
            };
            [estimate, "95% from", "95% to"].map(str::to_owned).to_vec()
        },
    });
    let body = |panel: &Panel| {
        let positions: Vec<f64> = match (&panel.marks, panel.series.first()) {
            (Marks::Rows(rows), _) => (0..rows.len()).map(|row| row as f64).collect(),
            (_, Some(first)) => first.points.iter().map(|point| point.x).collect(),
            (_, None) => Vec::new(),
        };
        let row = |(at, place): (usize, f64)| {
            let label = match &panel.marks {
                Marks::Rows(rows) => rows.get(at).cloned().unwrap_or_default(),
                _ => places.format.tick(place),
            };
            let cells = labels.iter().map(|label| {
                let series = panel.series.iter().find(|series| series.label == *label);
                let point = series.and_then(|series| series.points.iter().find(|point| point.x == place));
                point.map_or_else(Cell::default, |point| {
                    let text = values.format.interval(point.estimate, point.low, point.high);
                    if counted {
                        Cell::numbers(text, &[point.estimate])
                    } else {
                        let ends = [point.estimate, point.low, point.high];
                        Cell::numbers(text, &ends.map(|value| in_words_unit(values.format, value)))
                    }
                })
            });
            Row {
                label,
                value: (!rows).then_some(in_words_unit(places.format, place)),
                cells: cells.collect(),
            }
        };
        Body {
            title: panel.title.clone(),
            rows: positions.into_iter().enumerate().map(row).collect(),
        }
    };
    let single = figure.panels.len() == 1;
    Grid {
        title: figure.title.clone(),
        head: if rows {
            "Model".to_owned()
        } else {
            places.title.clone()
        },
        groups: Vec::new(),
        columns: columns.collect(),
        bodies: figure
            .panels
            .iter()
            .map(|panel| Body {
                title: if single {
                    String::new()
                } else {
                    panel.title.clone()
                },
                ..body(panel)
            })
            .collect(),
        notes: vec![figure.subtitle.clone(), figure.note.clone()],
    }
}

/// A value in the unit that its axis has words for: points by the hundred, and a share as a share, whatever scale it is
/// drawn on.
fn in_words_unit(format: Format, value: f64) -> f64 {
    match format {
        Format::Points => 100.0 * value,
        Format::Share(scale) => scale.share(value),
        Format::Number | Format::Count | Format::Percent => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Scale;

    #[test]
    fn numbers_have_the_unit_that_is_written_above_them() {
        assert_eq!(in_words_unit(Format::Points, -0.25), -25.0);
        assert_eq!(in_words_unit(Format::Percent, 0.25), 0.25);
        let share = in_words_unit(Format::Share(Scale::Log), Scale::Log.of(0.1));
        assert!((share - 0.1).abs() < 1e-15, "{share}");
    }
}
