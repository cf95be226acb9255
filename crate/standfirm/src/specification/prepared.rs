//! A model with the episodes it is fitted to.

use mlogit::{Clusters, Column, Covariance, Design, Fit, Formula, FrameBuilder, Separation, Table};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::specification::Specification;
use crate::study::thesis::{FEWEST_TARGETS, PERSONALIST, STUDY};
use crate::study::words::{label, level_label};
use crate::study::{Control, Model, Values};

/// Columns that every prepared table has beside those of its formula.
const BESIDE: [&str; 4] = ["caseid", "year", "sender", "target"];

/// A model with the episodes it is fitted to.
#[derive(Debug, Clone)]
pub struct Prepared {
    model: Model,
    base: &'static str,
    formula: String,
    parsed: Formula,
    table: Table,
    covariance: Covariance,
    clusters: Option<Clusters>,
    omitted: Vec<Omitted>,
    /// Of a model without imputed values.
    design: Option<Design>,
}

/// A control that is left out though nobody asked for it: these episodes cannot tell what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omitted {
    /// The variable.
    pub variable: String,
    /// Why, in words.
    pub reason: String,
}

impl Specification {
    /// A model with the episodes it is to be fitted to.
    ///
    /// # Errors
    /// As [`Prepared::new`].
    pub fn prepare(&self, model: &Model, episodes: &Table) -> Result<Prepared> {
        Prepared::new(self, model, episodes)
    }
}

impl Prepared {
    /// Takes the episodes of the sample, with the columns of the model. Controls that do not vary among the episodes
    /// the model can use, or that others determine, are left out, and [`Prepared::omitted`] says so.
    ///
    /// # Errors
    /// [`Error::EmptySample`], [`Error::UnseenOutcome`], [`Error::FewTargets`], and [`Error::Model`] where the
    /// design cannot be made.
    pub fn new(specification: &Specification, model: &Model, episodes: &Table) -> Result<Self> {
        let rows = specification.sample(episodes)?;
        if rows.is_empty() {
            return Err(Error::EmptySample);
        }
        let outcome = specification.outcome.column();
        let explanation = model.explanation;
        let mut controls: Vec<&'static Control> = STUDY
            .controls
            .iter()
            .filter(|control| !specification.without.contains(control.variable))
            .collect();
        let mut table = Table::new();
        let variables = controls.iter().map(|control| control.variable);
        for name in [outcome, explanation.variable]
            .into_iter()
            .chain(variables)
            .chain(BESIDE)
        {
            table.insert(name, episodes.column(name)?.select(&rows))?;
        }
        table.insert(model.term(), model.values(episodes)?.select(&rows))?;

        let needed = |controls: &[&'static Control]| -> Vec<&'static str> {
            let mut needed = vec![outcome];
            let imputed = model.dependence.imputed;
            if !imputed || specification.imputation.dependence_only {
                needed.push(explanation.variable);
                needed.extend(controls.iter().map(|control| control.variable));
            }
            if !imputed {
                needed.push(model.term());
            }
            needed
        };
        let mut omitted = Vec::new();
        let usable = loop {
            let usable = complete(&table, &needed(&controls))?;
            let constant = |control: &&'static Control| -> Result<bool> {
                Ok(!varies(table.column(control.variable)?, &usable))
            };
            let mut found = None;
            for (position, control) in controls.iter().enumerate() {
                if constant(control)? {
                    found = Some(position);
                    break;
                }
            }
            match found {
                Some(position) if !usable.is_empty() => {
                    let control = controls.remove(position);
                    omitted.push(Omitted {
                        variable: control.variable.to_owned(),
                        reason: "it is the same in every episode that the model can use".to_owned(),
                    });
                }
                _ => break usable,
            }
        };
        check(model, &table, outcome, &usable)?;

        let mut prepared = Prepared {
            model: *model,
            base: specification.base(),
            formula: String::new(),
            parsed: Formula::parse("y ~ 1")?,
            covariance: specification.covariance(&table)?,
            clusters: specification.clusters(&table)?,
            table,
            omitted,
            design: None,
        };
        loop {
            prepared.formula = formula(outcome, model, &controls);
            prepared.parsed = Formula::parse(&prepared.formula)?;
            if model.dependence.imputed {
                return Ok(prepared);
            }
            match prepared.design_of(&prepared.table) {
                Ok(design) => {
                    prepared.design = Some(design);
                    return Ok(prepared);
                }
                Err(mlogit::Error::Collinear { term, others }) => {
                    let named = |control: &&Control| involves(&term, control.variable);
                    let Some(position) = controls.iter().position(named) else {
                        return Err(mlogit::Error::Collinear { term, others }.into());
                    };
                    let others: Vec<String> = others.iter().map(|other| label(other)).collect();
                    prepared.omitted.push(Omitted {
                        variable: controls.remove(position).variable.to_owned(),
                        reason: format!("{} determine it", others.join(", ")),
                    });
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Its formula.
    #[must_use]
    pub fn formula(&self) -> &str {
        &self.formula
    }

    /// The same, parsed.
    #[must_use]
    pub fn parsed(&self) -> &Formula {
        &self.parsed
    }

    /// The base outcome.
    #[must_use]
    pub fn base(&self) -> &'static str {
        self.base
    }

    /// The episodes of the sample, values missing where they are.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The covariance of the coefficients.
    #[must_use]
    pub fn covariance(&self) -> &Covariance {
        &self.covariance
    }

    /// The clusters of the covariance, where there are any.
    #[must_use]
    pub fn clusters(&self) -> Option<&Clusters> {
        self.clusters.as_ref()
    }

    /// Controls that are left out because these episodes cannot tell what they do.
    #[must_use]
    pub fn omitted(&self) -> &[Omitted] {
        &self.omitted
    }

    /// The design on the complete episodes; `None` where values are to be imputed first.
    #[must_use]
    pub fn design(&self) -> Option<&Design> {
        self.design.as_ref()
    }

    /// Fits the model to the episodes in which nothing is missing.
    ///
    /// # Errors
    /// [`Error::Separated`] where regime or dependence predict an outcome without error; [`Error::Model`].
    pub fn fit(&self) -> Result<Fit> {
        let design = match &self.design {
            Some(design) => design.clone(),
            None => self.design_of(&self.table)?,
        };
        self.fitted(design.fit_with(Separation::Limit)?)
    }

    /// The same on other values of the same table.
    ///
    /// # Errors
    /// As [`Prepared::fit`].
    pub fn fit_to(&self, table: &Table) -> Result<Fit> {
        self.fitted(self.design_of(table)?.fit_with(Separation::Limit)?)
    }

    fn fitted(&self, fit: Fit) -> Result<Fit> {
        let fit = match &self.covariance {
            Covariance::Observed => fit,
            covariance => fit.with_covariance(covariance)?,
        };
        let explained =
            |term: &str| involves(term, self.model.explanation.variable) || involves(term, self.model.term());
        let mut separated: Vec<(String, Vec<String>)> = Vec::new();
        for one in fit.coefficients() {
            if one.estimate.is_finite() || !explained(&one.term) {
                continue;
            }
            match separated.iter_mut().find(|(outcome, _)| *outcome == one.outcome) {
                Some((_, terms)) => terms.push(label(&one.term)),
                None => separated.push((one.outcome, vec![label(&one.term)])),
            }
        }
        if separated.is_empty() {
            return Ok(fit);
        }
        let told = separated
            .into_iter()
            .map(|(outcome, terms)| format!("no finite estimate of {} for {outcome}", terms.join(", ")));
        Err(Error::Separated {
            terms: told.collect::<Vec<_>>().join("; "),
        })
    }

    fn design_of(&self, table: &Table) -> mlogit::Result<Design> {
        FrameBuilder::new()
            .base(self.base)
            .build(table, &self.parsed)?
            .design()
    }
}

fn formula(outcome: &str, model: &Model, controls: &[&Control]) -> String {
    let mut formula = format!("{outcome} ~ {} * {}", model.explanation.term, model.term());
    for control in controls {
        formula.push_str(" + ");
        formula.push_str(control.term);
    }
    formula
}

/// Whether a term is of `variable`, or of it and others.
fn involves(term: &str, variable: &str) -> bool {
    term.split(':')
        .any(|piece| piece.split('[').next() == Some(variable))
}

/// Rows in which none of the columns is missing.
fn complete(table: &Table, names: &[&str]) -> Result<Vec<usize>> {
    let columns: Vec<&Column> = names
        .iter()
        .map(|name| table.column(name))
        .collect::<mlogit::Result<_>>()?;
    let known = |row: &usize| columns.iter().all(|column| !column.is_missing(*row));
    Ok((0..table.rows()).filter(known).collect())
}

/// Whether a column has two values among these rows.
fn varies(column: &Column, rows: &[usize]) -> bool {
    let mut known = rows.iter().filter(|row| !column.is_missing(**row));
    match column {
        Column::Number(values) => {
            let first = known.next().map(|row| values[*row]);
            known.any(|row| Some(values[*row]) != first)
        }
        Column::Text(text) => {
            let first = known.next().and_then(|row| text.get(*row));
            known.any(|row| text.get(*row) != first)
        }
    }
}

/// Whether every outcome, and enough targets of every kind, are among these rows.
fn check(model: &Model, table: &Table, outcome: &str, rows: &[usize]) -> Result<()> {
    if rows.is_empty() {
        // The estimator knows what is missing where.
        return Ok(());
    }
    let count = |column: &Column, level: &str| match column {
        Column::Text(text) => rows.iter().filter(|row| text.get(**row) == Some(level)).count(),
        Column::Number(_) => 0,
    };
    let column = table.column(outcome)?;
    if let Some(unseen) = STUDY.outcomes.iter().find(|level| count(column, level) == 0) {
        return Err(Error::UnseenOutcome {
            outcome: (*unseen).to_owned(),
            episodes: rows.len(),
        });
    }
    let column = table.column(model.explanation.variable)?;
    let kinds: Vec<(String, usize)> = match (model.explanation.values, column) {
        (Values::UnitInterval { .. }, Column::Number(values)) => {
            let personalist = rows.iter().filter(|row| values[**row] > PERSONALIST).count();
            vec![(format!("targets with an index above {PERSONALIST}"), personalist)]
        }
        (Values::Levels(levels), column) => levels
            .iter()
            .map(|level| {
                let kind = match *level {
                    "personalist" => "personalist targets".to_owned(),
                    level => level_label(level).to_ascii_lowercase(),
                };
                (kind, count(column, level))
            })
            .collect(),
        (Values::UnitInterval { .. }, Column::Text(_)) => Vec::new(),
    };
    match kinds.into_iter().find(|(_, found)| *found < FEWEST_TARGETS) {
        None => Ok(()),
        Some((kind, found)) => Err(Error::FewTargets {
            kind,
            found,
            episodes: rows.len(),
            least: FEWEST_TARGETS,
        }),
    }
}
