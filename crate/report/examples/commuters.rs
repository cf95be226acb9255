//! Who takes the bike, the bus, the car: a coefficient table and a figure of any data.
//!
//! ```text
//! cargo run --package report --example commuters > commuters.svg
//! ```
//!
//! The table is written to standard error, the figure to standard output. What the table says stands in `commuters.md`
//! beside this file, and a test compares the two.

use mlogit::{Column, Table};
use report::coefficients::{CoefficientTable, TableModel, TableWords};
use report::error::Result;
use report::figure::{
    Axis, Figure, Format, Marks, PROBABILITIES, Panel, Point, Role, Series, Theme, cut_off, rug, svg,
};
use report::fit::{FitOptions, fit};
use report::grid::FileFormat;
use report::results::{FitReport, Value};
use report::words::{capital, percent};

/// Kilometres that probabilities are asked for at.
const DISTANCES: [u32; 11] = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20];

fn main() -> Result<()> {
    let results = results()?;
    eprintln!(
        "{}",
        FileFormat::Markdown.write(&table(&results).grid(&[], false), "")
    );
    println!(
        "{}",
        svg(&figure(&results), 640.0, Theme::Light, Some("Made-up commuters."))
    );
    Ok(())
}

/// Probabilities of every mode at every distance, by a model of 400 commuters.
pub(crate) fn results() -> Result<FitReport> {
    let options = FitOptions {
        base: Some("car".to_owned()),
        at: DISTANCES.iter().map(|km| format!("distance = {km}")).collect(),
        ..FitOptions::new("mode ~ distance + rain")
    };
    fit(&commuters()?, &options)
}

/// A table has named columns of numbers or of text.
pub(crate) fn commuters() -> Result<Table> {
    let (mut modes, mut distances, mut rain) = (Vec::new(), Vec::new(), Vec::new());
    for one in 0_u32..400 {
        let km = f64::from(one * 7 % 200) / 10.0;
        let wet = one % 5 == 0;
        // No random numbers: a sequence that fills the interval from 0 to 1 evenly does.
        let draw = f64::from(one * 618_034 % 1_000_000) / 1e6;
        let bike = if wet { 0.15 } else { 0.7 } * (1.0 - km / 22.0);
        let bus = 0.15 + 0.02 * km;
        modes.push(match draw {
            draw if draw < bike => "bike",
            draw if draw < bike + bus => "bus",
            _ => "car",
        });
        distances.push(km);
        rain.push(if wet { "rain" } else { "dry" });
    }
    let mut table = Table::new();
    table.insert("mode", Column::text(modes))?;
    table.insert("distance", Column::number(distances))?;
    table.insert("rain", Column::text(rain))?;
    Ok(table)
}

/// The coefficients, with the words of this field.
pub(crate) fn table(results: &FitReport) -> CoefficientTable {
    let models = [TableModel {
        key: "commuters".to_owned(),
        label: "Commuters".to_owned(),
        results: &results.model,
        notes: vec!["Against the car.".to_owned()],
    }];
    let words = TableWords {
        observations: "Commuters",
        label: &|term| match term {
            "distance" => "Kilometres to work".to_owned(),
            "rain[rain]" => "Rain".to_owned(),
            term => term.to_owned(),
        },
        first: &|term| term == "distance",
    };
    CoefficientTable::new(
        1,
        "How people get to work".to_owned(),
        &models,
        &words,
        Vec::new(),
    )
}

/// A panel with a curve for each mode.
pub(crate) fn figure(results: &FitReport) -> Figure {
    let modes = [("bike", Role::First), ("bus", Role::Second), ("car", Role::Third)];
    let series = modes.map(|(mode, role)| Series {
        label: capital(mode),
        role,
        points: results
            .predictions
            .iter()
            .filter(|one| one.outcome == mode)
            .filter_map(|one| match one.at.get("distance") {
                Some(Value::Number(km)) => Some(Point::of(*km, one)),
                _ => None,
            })
            .collect(),
    });
    let ends = |mode: usize| {
        let points = &series[mode].points;
        let at = |point: Option<&Point>| point.map_or_else(String::new, |point| percent(point.estimate));
        (at(points.first()), at(points.last()))
    };
    let (near, far) = ends(0);
    let panels = vec![Panel {
        title: String::new(),
        marks: Marks::Curves,
        series: series.to_vec(),
        rug: rug(&[], 0.0, 20.0),
    }];
    Figure {
        number: 1,
        version: "all".to_owned(),
        version_label: "All commuters".to_owned(),
        title: format!("{near} would take the bike next door, {far} from 20 km away"),
        subtitle: "Probability of each way to work, by distance".to_owned(),
        note: format!(
            "{} commuters; 95% intervals by the delta method.{}",
            results.model.n,
            cut_off(&panels, PROBABILITIES)
        ),
        summary: String::new(),
        x: Axis {
            title: "Kilometres".to_owned(),
            min: 0.0,
            max: 20.0,
            format: Format::Number,
            ends: None,
        },
        y: Axis::probabilities(&panels),
        columns: 1,
        panels,
        differences: None,
        asides: Vec::new(),
        about: Vec::new(),
    }
}
