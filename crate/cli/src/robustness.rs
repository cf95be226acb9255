//! `standfirm robustness`: the main contrasts under every kind of standard error, and by sender.

use report::grid::Grid;
use standfirm::episodes;
use standfirm::exhibits::robustness;
use standfirm::findings::robustness::robustness as find;

use crate::{args, print};

pub(crate) fn run(options: &args::Robustness) -> Result<String, Box<dyn std::error::Error>> {
    let specification = options.specification.read()?;
    let model = specification.find(&options.model)?;
    let found = find(&specification, &model, &episodes()?)?;
    if options.json {
        return print::json(&found);
    }
    let mut text = print::differences(&specification)?;
    for grid in [robustness::errors(&found), robustness::senders(&found)] {
        text.push_str(&lines(&grid));
        text.push('\n');
    }
    Ok(text)
}

/// A table as lines: its title, the rows of each part, its notes.
fn lines(grid: &Grid) -> String {
    let mut text = format!("{}\n", grid.title);
    for body in &grid.bodies {
        let head = if body.title.is_empty() {
            &grid.head
        } else {
            &body.title
        };
        let mut rows = vec![[head.clone()].into_iter().collect::<Vec<String>>()];
        for column in &grid.columns {
            rows[0].extend([column.label.clone(), "p".to_owned()]);
        }
        for row in &body.rows {
            let cells = row
                .cells
                .iter()
                .flat_map(|cell| [cell.text.clone(), cell.below.clone()]);
            rows.push([row.label.clone()].into_iter().chain(cells).collect());
        }
        text.push('\n');
        text.push_str(&print::table(&rows));
    }
    for note in &grid.notes {
        text.push_str(&format!("\n{note}\n"));
    }
    text
}
