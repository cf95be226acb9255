//! `standfirm fit`: any CSV file, any formula.

use mlogit::{Formula, FrameBuilder};
use standfirm::report::ModelReport;

use crate::args::Fit;
use crate::print;

pub(crate) fn run(options: &Fit) -> Result<String, Box<dyn std::error::Error>> {
    let file = options.file.display();
    let bytes = std::fs::read(&options.file).map_err(|error| format!("{file}: {error}"))?;
    let table = standfirm::csv::read(&bytes).map_err(|error| format!("{file}: {error}"))?;
    let formula = Formula::parse(&options.formula)?;
    let mut frame = FrameBuilder::new();
    if let Some(base) = &options.base {
        frame = frame.base(base);
    }
    if let Some(weights) = &options.weights {
        frame = frame.weights(weights);
    }
    let fit = frame.build(&table, &formula)?.design()?.fit()?;
    let report = ModelReport::from(&fit);
    if options.json {
        print::json(&report)
    } else {
        Ok(print::model(&report))
    }
}
