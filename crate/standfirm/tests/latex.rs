//! What tables save for LaTeX is compiled by LaTeX.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use report::figure::numbers;
use report::grid::{FileFormat, Grid};
use standfirm::article::{Article, all_figures};
use standfirm::exhibits::{influence, validation};
use standfirm::findings::influence::By;
use standfirm::findings::validation::folds::FoldUnit;
use standfirm::findings::validation::{FOLDS, SEED, validate};
use standfirm::fitting::fitted::{Part, fit_all};
use standfirm::{Specification, episodes};

/// Every kind of table of the page, each with its name.
fn tables() -> Vec<(String, Grid)> {
    let specification = Specification::default();
    let estimates = fit_all(&specification, Part::All).unwrap();
    let article = Article::new(&estimates, Part::All, Vec::new()).unwrap();
    let mut tables: Vec<(String, Grid)> = all_figures(&estimates)
        .unwrap()
        .into_iter()
        .map(|(name, figure)| (format!("{name}-{}", figure.version), numbers(&figure)))
        .collect();
    for table in &article.tables {
        for ratios in [false, true] {
            tables.push((
                format!("table-{}-{ratios}", table.number),
                table.grid(&[], ratios),
            ));
        }
    }
    let whole = article.whole.unwrap();
    tables.push(("hypotheses".to_owned(), whole.hypothesis_table));
    let (model, episodes) = (
        specification.find("index:trade_share").unwrap(),
        episodes().unwrap(),
    );
    let found =
        standfirm::findings::influence::influence(&specification, &model, &episodes, By::Sender).unwrap();
    tables.push(("influence".to_owned(), influence::grid(&found)));
    let found = validate(
        &specification,
        &model,
        &episodes,
        FoldUnit::default(),
        FOLDS,
        SEED,
    )
    .unwrap();
    tables.push(("confusion".to_owned(), validation::confusion(&found)));
    tables
}

#[test]
fn what_tables_save_compiles() {
    let there = Command::new("pdflatex")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        println!(
            "skipped: what_tables_save_compiles needs pdflatex (Debian: texlive-latex-base, texlive-latex-recommended)"
        );
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latex");
    fs::create_dir_all(&folder).unwrap();
    let mut document =
        "\\documentclass{article}\n\\usepackage{booktabs}\n\\extrafloats{200}\n\\begin{document}\n"
            .to_owned();
    for (name, table) in tables() {
        // Each on a page of its own: so many floats do not wait for a place.
        document.push_str(&format!("\\typeout{{now: {name}}}\n"));
        document.push_str(&FileFormat::Latex.write(&table, "Standfirm: “a credit”, 50% & more – [so]."));
        document.push_str("\\clearpage\n");
    }
    document.push_str("\\end{document}\n");
    fs::write(folder.join("tables.tex"), document).unwrap();
    let run = Command::new("pdflatex")
        .args(["-interaction=nonstopmode", "-halt-on-error", "tables.tex"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let mistakes: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with(['!', 'n', 'l']))
        .collect();
    assert!(run.status.success(), "{}", mistakes.join("\n"));
    assert!(!said.contains("Missing character"), "{said}");
}
