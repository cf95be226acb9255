//! Sets a grid in letters of one width, for a terminal.

use super::{Cell, Grid, Row};

/// What stands between columns.
const GAP: usize = 2;

impl Grid {
    /// The grid in lines: columns as wide as their widest cell and to the right, the rows' headings to the left, second lines
    /// of cells below the first.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = Lines::of(self);
        let (head, widths) = (lines.head_width(), lines.widths());
        let rule = "-".repeat(head + widths.iter().map(|width| GAP + width).sum::<usize>());
        let mut out = format!("{}\n{rule}\n", self.title);
        for line in &lines.0 {
            match line {
                Line::Rule => out.push_str(&rule),
                Line::Heading(words) => out.push_str(words),
                Line::Cells { label, cells } => {
                    let mut set = padded(label, head, false);
                    let mut from = 0;
                    for (words, span) in cells {
                        let end = (from + span).min(widths.len());
                        set.push_str(&padded(words, across(&widths[from..end]) + GAP, true));
                        from = end;
                    }
                    out.push_str(set.trim_end());
                }
            }
            out.push('\n');
        }
        out.push_str(&rule);
        out.push('\n');
        for note in &self.notes {
            out.push_str(note);
            out.push('\n');
        }
        out
    }
}

enum Line {
    Rule,
    Heading(String),
    /// A row's heading, and its cells, each with how many columns it takes.
    Cells {
        label: String,
        cells: Vec<(String, usize)>,
    },
}

struct Lines(Vec<Line>);

impl Lines {
    fn of(grid: &Grid) -> Self {
        let mut lines = Vec::new();
        if !grid.groups.is_empty() {
            let groups = grid
                .groups
                .iter()
                .map(|group| (group.label.clone(), group.columns));
            lines.push(cells("", groups));
        }
        lines.push(cells(
            &grid.head,
            grid.columns.iter().map(|column| (column.label.clone(), 1)),
        ));
        if grid.columns.iter().any(|column| !column.below.is_empty()) {
            lines.push(cells(
                "",
                grid.columns.iter().map(|column| (column.below.clone(), 1)),
            ));
        }
        for body in &grid.bodies {
            lines.push(Line::Rule);
            if !body.title.is_empty() {
                lines.push(Line::Heading(body.title.clone()));
            }
            for row in &body.rows {
                lines.extend(row_lines(row));
            }
        }
        Lines(lines)
    }

    fn head_width(&self) -> usize {
        let labels = self.0.iter().map(|line| match line {
            Line::Cells { label, .. } => length(label),
            _ => 0,
        });
        labels.max().unwrap_or_default()
    }

    /// As wide as the widest cell; where one over several columns needs more, the last of them gives it.
    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = Vec::new();
        let rows = || {
            self.0.iter().filter_map(|line| match line {
                Line::Cells { cells, .. } => Some(cells),
                _ => None,
            })
        };
        for spanning in [false, true] {
            for row in rows() {
                let mut from = 0;
                for (words, span) in row {
                    let end = from + span;
                    if widths.len() < end {
                        widths.resize(end, 0);
                    }
                    let lacking = length(words).saturating_sub(across(&widths[from..end]));
                    if (*span > 1) == spanning {
                        widths[end - 1] += lacking;
                    }
                    from = end;
                }
            }
        }
        widths
    }
}

fn cells(label: &str, cells: impl Iterator<Item = (String, usize)>) -> Line {
    Line::Cells {
        label: label.to_owned(),
        cells: cells.map(|(words, span)| (words, span.max(1))).collect(),
    }
}

fn row_lines(row: &Row) -> impl Iterator<Item = Line> {
    let of = |words: fn(&Cell) -> String| row.cells.iter().map(move |cell| (words(cell), cell.span));
    let first = cells(&row.label, of(|cell| format!("{}{}", cell.text, cell.stars)));
    let below = row.cells.iter().any(|cell| !cell.below.is_empty());
    let second = below.then(|| cells("", of(|cell| cell.below.clone())));
    [first].into_iter().chain(second)
}

fn across(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, width: usize, to_the_right: bool) -> String {
    let blanks = " ".repeat(width.saturating_sub(length(text)));
    if to_the_right {
        blanks + text
    } else {
        text.to_owned() + &blanks
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Column, Group};
    use super::*;

    #[test]
    fn cells_stand_under_their_heads() {
        let column = |label: &str| Column {
            label: label.to_owned(),
            ..Column::default()
        };
        let cell = |text: &str, below: &str| Cell {
            below: below.to_owned(),
            ..Cell::text(text)
        };
        let grid = Grid {
            title: "Votes".to_owned(),
            head: "Term".to_owned(),
            groups: vec![Group {
                label: "a long heading".to_owned(),
                columns: 2,
            }],
            columns: vec![column("b"), column("c")],
            bodies: vec![
                Body {
                    title: String::new(),
                    rows: vec![Row {
                        label: "x".to_owned(),
                        value: None,
                        cells: vec![cell("−1.5", "(0.25)"), cell("2", "(3)")],
                    }],
                },
                Body {
                    title: String::new(),
                    rows: vec![Row {
                        label: "n".to_owned(),
                        value: None,
                        cells: vec![Cell {
                            span: 2,
                            ..Cell::text("12")
                        }],
                    }],
                },
            ],
            notes: vec!["Noted.".to_owned()],
        };
        let expected = "\
Votes
--------------------
      a long heading
Term       b       c
--------------------
x       −1.5       2
      (0.25)     (3)
--------------------
n                 12
--------------------
Noted.
";
        assert_eq!(grid.text(), expected);
    }
}
