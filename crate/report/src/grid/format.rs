//! Writes a grid for other programs.

use super::{Cell, Column, Grid, Row};
use crate::error::{Error, Result};

/// A form that tables are taken away in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values: every digit, a column for each number.
    Csv,
    /// A document with the table and nothing else.
    Html,
    /// A `table` environment that needs the package booktabs.
    Latex,
    /// A pipe table.
    Markdown,
}

impl FileFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Html, Self::Latex, Self::Markdown];

    /// The ending of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Latex => "tex",
            Self::Markdown => "md",
        }
    }

    /// The format whose files end so.
    ///
    /// # Errors
    /// [`Error::Unknown`] where none does.
    pub fn find(extension: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|one| one.extension() == extension);
        found.ok_or_else(|| Error::Unknown {
            kind: "format",
            name: extension.to_owned(),
            known: Self::ALL.iter().map(|one| one.extension().to_owned()).collect(),
        })
    }

    /// Writes a grid; `credit` says where it is from.
    #[must_use]
    pub fn write(self, grid: &Grid, credit: &str) -> String {
        match self {
            Self::Csv => csv(grid, credit),
            Self::Html => html(std::slice::from_ref(grid), credit),
            Self::Latex => latex(grid, credit),
            Self::Markdown => markdown(grid, credit),
        }
    }

    /// Writes several grids one after the other.
    ///
    /// # Errors
    /// [`Error::OneTable`] for CSV, in which every line is a row of one table.
    pub fn write_all(self, grids: &[Grid], credit: &str) -> Result<String> {
        match self {
            Self::Csv if grids.len() != 1 => Err(Error::OneTable { tables: grids.len() }),
            Self::Html => Ok(html(grids, credit)),
            _ => {
                let written: Vec<String> = grids.iter().map(|grid| self.write(grid, credit)).collect();
                Ok(written.join("\n"))
            }
        }
    }
}

/// A header line and a line for each row. The credit has a column of its own: a program that reads the file takes every
/// line for a row.
fn csv(grid: &Grid, credit: &str) -> String {
    let parts = grid.bodies.iter().any(|body| !body.title.is_empty());
    let mut header: Vec<String> = if parts {
        vec!["Part".to_owned()]
    } else {
        Vec::new()
    };
    header.push(grid.head.clone());
    for (position, column) in grid.columns.iter().enumerate() {
        let words = [grid.group(position).unwrap_or_default(), &column.label];
        let words = join(words.into_iter(), " ");
        match column.values.as_slice() {
            [] => header.push(words),
            values => header.extend(values.iter().map(|value| format!("{words}: {value}"))),
        }
    }
    header.push("Source".to_owned());
    let mut out = line(header);
    for body in &grid.bodies {
        for row in &body.rows {
            let mut fields = if parts {
                vec![body.title.clone()]
            } else {
                Vec::new()
            };
            fields.push(row.value.map_or_else(|| row.label.clone(), number));
            for (cell, columns) in cells(grid, row) {
                let room: usize = columns.iter().map(|column| column.values.len().max(1)).sum();
                let mut values: Vec<String> = match cell.values.as_slice() {
                    [] => vec![cell.text.clone()],
                    values => values.iter().copied().map(number).collect(),
                };
                values.resize(room, String::new());
                fields.extend(values);
            }
            fields.push(credit.to_owned());
            out.push_str(&line(fields));
        }
    }
    out
}

/// A row's cells, each with the columns it takes.
fn cells<'a>(grid: &'a Grid, row: &'a Row) -> impl Iterator<Item = (&'a Cell, &'a [Column])> {
    let mut from = 0;
    row.cells.iter().map(move |cell| {
        let end = (from + cell.span.max(1)).min(grid.columns.len());
        let columns = grid.columns.get(from..end).unwrap_or_default();
        from = end;
        (cell, columns)
    })
}

/// The shortest decimal that is read as the same number; empty where there is none.
fn number(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        String::new()
    }
}

fn line(fields: Vec<String>) -> String {
    csv_line(fields.iter().map(String::as_str))
}

/// A line of comma-separated values with its end.
#[must_use]
pub fn csv_line<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let fields: Vec<String> = fields.into_iter().map(csv_field).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field, quoted where it must be. A text that a spreadsheet would take for a formula begins with an apostrophe.
fn csv_field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn html(grids: &[Grid], credit: &str) -> String {
    let title = grids.first().map_or("", |grid| &grid.title);
    let head = format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>{}</title>\n",
        escaped(title)
    );
    let tables = grids.iter().map(|grid| html_table(grid, credit));
    head + &tables.collect::<String>()
}

fn html_table(grid: &Grid, credit: &str) -> String {
    let mut out = format!("<table>\n<caption>{}</caption>\n<thead>\n", escaped(&grid.title));
    if !grid.groups.is_empty() {
        let groups = grid.groups.iter().map(|group| {
            format!(
                "<th colspan=\"{}\" scope=\"colgroup\">{}</th>",
                group.columns,
                escaped(&group.label)
            )
        });
        out.push_str(&format!("<tr><td></td>{}</tr>\n", groups.collect::<String>()));
    }
    let heads = grid.columns.iter().map(|column| {
        let words = join([&*column.label, &*column.below].into_iter(), "\n");
        format!("<th scope=\"col\">{}</th>", escaped(&words).replace('\n', "<br>"))
    });
    out.push_str(&format!(
        "<tr><th scope=\"col\">{}</th>{}</tr>\n</thead>\n",
        escaped(&grid.head),
        heads.collect::<String>()
    ));
    for body in &grid.bodies {
        out.push_str("<tbody>\n");
        if !body.title.is_empty() {
            out.push_str(&format!(
                "<tr><th colspan=\"{}\" scope=\"rowgroup\">{}</th></tr>\n",
                grid.columns.len() + 1,
                escaped(&body.title)
            ));
        }
        for row in &body.rows {
            let cells = row.cells.iter().map(|cell| {
                let words = join([&*said(cell), &*cell.below].into_iter(), "\n");
                let words = escaped(&words).replace('\n', "<br>");
                match cell.span {
                    0 | 1 => format!("<td>{words}</td>"),
                    span => format!("<td colspan=\"{span}\">{words}</td>"),
                }
            });
            out.push_str(&format!(
                "<tr><th scope=\"row\">{}</th>{}</tr>\n",
                escaped(&row.label),
                cells.collect::<String>()
            ));
        }
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
    for note in grid.notes.iter().map(String::as_str).chain([credit]) {
        out.push_str(&format!("<p>{}</p>\n", escaped(note)));
    }
    out
}

fn said(cell: &Cell) -> String {
    format!("{}{}", cell.text, cell.stars)
}

fn join<'a>(words: impl Iterator<Item = &'a str>, by: &str) -> String {
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(by)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A `table` environment: standard errors below their estimates, as journals set them.
fn latex(grid: &Grid, credit: &str) -> String {
    let columns = grid.columns.len();
    let mut out = format!(
        "% {}\n% Needs \\usepackage{{booktabs}}\n\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\begin{{tabular}}{{l{}}}\n\\toprule\n",
        credit.replace(['\n', '\r'], " "),
        tex(&grid.title),
        "c".repeat(columns)
    );
    if !grid.groups.is_empty() {
        let (mut from, mut rules) = (2, String::new());
        for group in &grid.groups {
            let end = from + group.columns - 1;
            out.push_str(&format!(
                " & \\multicolumn{{{}}}{{c}}{{{}}}",
                group.columns,
                tex(&group.label)
            ));
            rules.push_str(&format!("\\cmidrule(lr){{{from}-{end}}}"));
            from = end + 1;
        }
        out.push_str(&format!(" \\\\\n{rules}\n"));
    }
    out.push_str(&tex(&grid.head));
    for column in &grid.columns {
        out.push_str(&format!(" & {}", tex(&column.label)));
    }
    out.push_str(" \\\\\n");
    if grid.columns.iter().any(|column| !column.below.is_empty()) {
        for column in &grid.columns {
            out.push_str(&format!(" & {}", tex(&column.below)));
        }
        out.push_str(" \\\\\n");
    }
    for body in &grid.bodies {
        out.push_str("\\midrule\n");
        if !body.title.is_empty() {
            out.push_str(&format!(
                "\\multicolumn{{{}}}{{l}}{{\\textit{{{}}}}} \\\\\n",
                columns + 1,
                tex(&body.title)
            ));
        }
        for row in &body.rows {
            let upper = row.cells.iter().map(|cell| {
                let stars = if cell.stars.is_empty() {
                    String::new()
                } else {
                    format!("$^{{{}}}$", cell.stars)
                };
                spanned(cell, &format!("{}{stars}", tex(&cell.text)))
            });
            out.push_str(&format!(
                "{}{} \\\\\n",
                tex(&row.label),
                upper.collect::<String>()
            ));
            if row.cells.iter().any(|cell| !cell.below.is_empty()) {
                let lower = row.cells.iter().map(|cell| spanned(cell, &tex(&cell.below)));
                out.push_str(&format!("{} \\\\\n", lower.collect::<String>()));
            }
        }
    }
    out.push_str("\\bottomrule\n\\end{tabular}\n\n\\medskip\\footnotesize\n");
    for note in grid.notes.iter().map(String::as_str).chain([credit]) {
        out.push_str(&format!("{}\\par\n", tex(note)));
    }
    out.push_str("\\end{table}\n");
    out
}

fn spanned(cell: &Cell, words: &str) -> String {
    match cell.span {
        0 | 1 => format!(" & {words}"),
        span => format!(" & \\multicolumn{{{span}}}{{c}}{{{words}}}"),
    }
}

/// A text in LaTeX: what has a meaning there escaped, what fonts may lack as a command.
fn tex(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', character]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("$<$"),
            '>' => out.push_str("$>$"),
            '×' => out.push_str("$\\times$"),
            '−' => out.push_str("$-$"),
            'χ' => out.push_str("$\\chi$"),
            '²' => out.push_str("$^2$"),
            '·' => out.push_str("$\\cdot$"),
            '≥' => out.push_str("$\\geq$"),
            '≤' => out.push_str("$\\leq$"),
            '→' => out.push_str("$\\to$"),
            '±' => out.push_str("$\\pm$"),
            '≈' => out.push_str("$\\approx$"),
            '…' => out.push_str("\\ldots{}"),
            // At the beginning of a row it would be taken for the height of the last.
            '[' | ']' => out.extend(['{', character, '}']),
            '–' => out.push_str("--"),
            '—' => out.push_str("---"),
            '’' => out.push('\''),
            '“' => out.push_str("``"),
            '”' => out.push_str("''"),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

fn markdown(grid: &Grid, credit: &str) -> String {
    let row = |fields: Vec<String>| {
        let fields: Vec<String> = fields.iter().map(|field| md(field)).collect();
        format!("| {} |\n", fields.join(" | "))
    };
    let mut header = vec![grid.head.clone()];
    for (position, column) in grid.columns.iter().enumerate() {
        let words = [
            grid.group(position).unwrap_or_default(),
            &column.label,
            &column.below,
        ];
        header.push(join(words.into_iter(), " "));
    }
    let mut out = format!("**{}**\n\n{}", md(&grid.title), row(header));
    out.push_str(&format!("|---|{}\n", "--:|".repeat(grid.columns.len())));
    for body in &grid.bodies {
        if !body.title.is_empty() {
            let mut fields = vec![body.title.clone()];
            fields.resize(grid.columns.len() + 1, String::new());
            out.push_str(&row(fields));
        }
        for one in &body.rows {
            let mut fields = vec![one.label.clone()];
            for (cell, columns) in cells(grid, one) {
                fields.push(join([&*said(cell), &*cell.below].into_iter(), " "));
                fields.extend(columns.iter().skip(1).map(|_| String::new()));
            }
            out.push_str(&row(fields));
        }
    }
    for note in grid.notes.iter().map(String::as_str).chain([credit]) {
        out.push_str(&format!("\n{}\n", md(note)));
    }
    out
}

/// A text in Markdown: nothing in it is markup.
fn md(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']' => out.extend(['\\', character]),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Group};
    use super::*;

    fn grid() -> Grid {
        let column = |label: &str| Column {
            label: label.to_owned(),
            below: "against standoff".to_owned(),
            values: vec!["estimate".to_owned(), "std. error".to_owned()],
        };
        let cell = |value: f64, stars: &str| Cell {
            text: format!("{value:.2}"),
            stars: stars.to_owned(),
            below: "(0.10)".to_owned(),
            values: vec![value, 0.1],
            span: 1,
        };
        let row = |label: &str, cells: Vec<Cell>| Row {
            label: label.to_owned(),
            value: None,
            cells,
        };
        let both = Cell {
            text: "χ²(2) = 3.1".to_owned(),
            span: 2,
            ..Cell::default()
        };
        Grid {
            title: "50% & more".to_owned(),
            head: "Term".to_owned(),
            groups: vec![Group {
                label: "COW_share".to_owned(),
                columns: 2,
            }],
            columns: vec![column("concession"), column("imposition")],
            bodies: vec![
                Body {
                    title: String::new(),
                    rows: vec![
                        row("=index × \"trade\"", vec![cell(0.123_456, "**"), cell(-2.5, "")]),
                        row("lost", vec![Cell::text("–"), Cell::text("-1+2")]),
                    ],
                },
                Body {
                    title: String::new(),
                    rows: vec![row("Test", vec![both])],
                },
            ],
            notes: vec!["* p < 0.05".to_owned()],
        }
    }

    #[test]
    fn csv_has_every_digit_and_no_formula() {
        let lines = FileFormat::Csv.write(&grid(), "=Credit");
        assert_eq!(
            lines.split("\r\n").collect::<Vec<_>>(),
            [
                "Term,COW_share concession: estimate,COW_share concession: std. error,\
                 COW_share imposition: estimate,COW_share imposition: std. error,Source",
                "\"'=index × \"\"trade\"\"\",0.123456,0.1,-2.5,0.1,'=Credit",
                "lost,–,,'-1+2,,'=Credit",
                "Test,χ²(2) = 3.1,,,,'=Credit",
                ""
            ]
        );
    }

    #[test]
    fn latex_sets_errors_below_and_escapes() {
        let text = FileFormat::Latex.write(&grid(), "Credit");
        for part in [
            "\\caption{50\\% \\& more}",
            " & \\multicolumn{2}{c}{COW\\_share} \\\\\n\\cmidrule(lr){2-3}",
            "=index $\\times$ \"trade\" & 0.12$^{**}$ & -2.50 \\\\\n & (0.10) & (0.10) \\\\",
            "Test & \\multicolumn{2}{c}{$\\chi$$^2$(2) = 3.1} \\\\\n\\bottomrule",
            "* p $<$ 0.05\\par",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn markdown_has_as_many_fields_in_each_line_and_no_markup_from_cells() {
        let text = FileFormat::Markdown.write(&grid(), "Credit");
        assert!(text.contains("| Test | χ²(2) = 3.1 |  |\n"), "{text}");
        assert!(text.contains("0.12\\*\\* (0.10)"), "{text}");
        assert!(text.contains("\\* p \\< 0.05"), "{text}");
    }

    #[test]
    fn html_escapes() {
        let text = FileFormat::Html.write(&grid(), "Credit");
        assert!(text.contains("<caption>50% &amp; more</caption>"), "{text}");
        assert!(text.contains("<td>0.12**<br>(0.10)</td>"), "{text}");
        assert!(text.contains("<td colspan=\"2\">χ²(2) = 3.1</td>"), "{text}");
    }

    #[test]
    fn a_format_is_found_by_the_ending_of_its_files() {
        for format in FileFormat::ALL {
            assert_eq!(FileFormat::find(format.extension()).unwrap(), format);
        }
        assert!(FileFormat::find("docx").unwrap_err().to_string().contains("docx"));
    }
}
