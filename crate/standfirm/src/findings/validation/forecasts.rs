//! Forecasts of some episodes, made from others.

use mlogit::{Fit, Formula, FrameBuilder, Separation, Table};

use crate::error::Result;
use crate::findings::validation::folds::whole_numbers;
use crate::specification::Specification;
use crate::specification::controls::{self, leaving_out};
use crate::study::thesis::STUDY;
use crate::study::{Control, Model};

/// The probabilities of a row by each of [`Forecast::ALL`].
pub(super) type Rows = [Vec<f64>; 3];

/// A model, and the episodes it can use.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) table: Table,
    base: &'static str,
    outcome: &'static str,
    /// Terms of the model that are always there, with and without regime type.
    with_regime: String,
    without_regime: String,
    controls: Vec<&'static Control>,
    /// For each row the position of its outcome in the study's.
    pub(super) outcomes: Vec<usize>,
    pub(super) caseids: Vec<u64>,
}

impl Task {
    pub(super) fn new(specification: &Specification, model: &Model, episodes: &Table) -> Result<Self> {
        let prepared = specification.prepare(model, episodes)?;
        let fit = prepared.fit()?;
        let rows = fit.design().frame().row_indices();
        let mut table = Table::new();
        for name in prepared.table().names() {
            table.insert(name.clone(), prepared.table().column(name)?.select(rows))?;
        }
        let omitted = |control: &&Control| {
            prepared
                .omitted()
                .iter()
                .any(|one| one.variable == control.variable)
        };
        let outcome = specification.outcome.column();
        let levels = table.text(outcome)?;
        let position = |row: usize| {
            let level = levels.get(row)?;
            STUDY.outcomes.iter().position(|known| *known == level)
        };
        Ok(Task {
            outcomes: (0..table.rows()).filter_map(position).collect(),
            caseids: whole_numbers(&table, "caseid")?,
            base: prepared.base(),
            outcome,
            with_regime: format!("{} * {}", model.explanation.term, model.term()),
            without_regime: model.term().to_owned(),
            controls: controls::chosen(specification)
                .into_iter()
                .filter(|control| !omitted(control))
                .collect(),
            table,
        })
    }

    /// Probabilities of `rows` by each forecast, made from the rows `from`; `None` where one of them has a level
    /// that those lack.
    pub(super) fn forecast(&self, from: &[usize], rows: &[usize]) -> Result<Vec<Option<Rows>>> {
        let (known, wanted) = (select(&self.table, from)?, select(&self.table, rows)?);
        let mut made = Vec::new();
        for terms in [&self.with_regime, &self.without_regime] {
            let fit = self.fit(&known, terms)?;
            let order: Vec<Option<usize>> = STUDY
                .outcomes
                .iter()
                .map(|outcome| fit.design().outcomes().iter().position(|known| known == outcome))
                .collect();
            // An outcome that none of the rows has, has no chance.
            let in_order =
                |row: Vec<f64>| -> Vec<f64> { order.iter().map(|at| at.map_or(0.0, |at| row[at])).collect() };
            let probabilities = fit.probabilities(&wanted)?;
            made.push(
                probabilities
                    .into_iter()
                    .map(|row| row.map(in_order))
                    .collect::<Vec<_>>(),
            );
        }
        let mut shares = vec![0.0; STUDY.outcomes.len()];
        for row in from {
            shares[self.outcomes[*row]] += 1.0 / from.len() as f64;
        }
        let pairs = made.swap_remove(0).into_iter().zip(made.swap_remove(0));
        Ok(pairs.map(|(a, b)| Some([a?, b?, shares.clone()])).collect())
    }

    /// The model of `terms` and those of the controls that these episodes can tell the effect of.
    fn fit(&self, table: &Table, terms: &str) -> Result<Fit> {
        let mut controls = self.controls.clone();
        Ok(leaving_out(&mut controls, &mut Vec::new(), |controls| {
            let formula = Formula::parse(&controls::formula(self.outcome, terms, controls))?;
            FrameBuilder::new()
                .base(self.base)
                .build(table, &formula)?
                .design()?
                .fit_with(Separation::Limit)
        })?)
    }
}

fn select(table: &Table, rows: &[usize]) -> Result<Table> {
    let mut selected = Table::new();
    for name in table.names() {
        selected.insert(name.clone(), table.column(name)?.select(rows))?;
    }
    Ok(selected)
}
