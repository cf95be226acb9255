//! A model with the episodes it is fitted to.

use mlogit::{Clusters, Column, Covariance, Design, Fit, Formula, FrameBuilder, Separation, Table};

use super::controls::{self, CONSTANT, Omitted, involves, leaving_out};
use crate::error::{Error, Result};
use crate::specification::Specification;
use crate::study::thesis::{self, FEWEST_TARGETS, PERSONALIST, STUDY};
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
        let mut controls = controls::chosen(specification);
        let table = columns(specification, model, &controls, episodes)?;
        let mut omitted = Vec::new();
        let usable = without_constant(specification, model, &table, &mut controls, &mut omitted)?;
        let outcome = specification.outcome.column();
        check(model, &table, outcome, &usable)?;

        let terms = format!("{} * {}", model.explanation.term, model.term());
        let base = specification.base();
        let mut design = None;
        if !model.dependence.imputed {
            // Of imputed values the design is another one each time.
            design = Some(leaving_out(&mut controls, &mut omitted, |controls| {
                let formula = Formula::parse(&controls::formula(outcome, &terms, controls))?;
                design_of(&table, base, &formula)
            })?);
        }
        let formula = controls::formula(outcome, &terms, &controls);
        Ok(Prepared {
            model: *model,
            base,
            parsed: Formula::parse(&formula)?,
            formula,
            covariance: specification.covariance(&table)?,
            clusters: specification.clusters(&table)?,
            table,
            omitted,
            design,
        })
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
            None => design_of(&self.table, self.base, &self.parsed)?,
        };
        self.fitted(
            design
                .fit_with(Separation::Limit)
                .map_err(|error| self.refusal(error))?,
        )
    }

    /// The same on other values of the same table.
    ///
    /// # Errors
    /// As [`Prepared::fit`].
    pub fn fit_to(&self, table: &Table) -> Result<Fit> {
        let fit = design_of(table, self.base, &self.parsed)?.fit_with(Separation::Limit);
        self.fitted(fit.map_err(|error| self.refusal(error))?)
    }

    /// Where nothing has a finite estimate, that in words.
    fn refusal(&self, error: mlogit::Error) -> Error {
        match error {
            mlogit::Error::Separation { directions } => {
                let all = || {
                    directions
                        .iter()
                        .map(|one| (one.outcome.clone(), one.term.as_str()))
                };
                let explained = || all().filter(|(_, term)| self.explains(term));
                if explained().next().is_some() {
                    separated(explained())
                } else {
                    separated(all())
                }
            }
            other => other.into(),
        }
    }

    /// Whether a term is of what the model is about.
    fn explains(&self, term: &str) -> bool {
        involves(term, self.model.explanation.variable) || involves(term, self.model.term())
    }

    fn fitted(&self, fit: Fit) -> Result<Fit> {
        let fit = match &self.covariance {
            Covariance::Observed => fit,
            covariance => fit.with_covariance(covariance)?,
        };
        let infinite: Vec<_> = fit
            .coefficients()
            .filter(|one| !one.estimate.is_finite() && self.explains(&one.term))
            .collect();
        if infinite.is_empty() {
            return Ok(fit);
        }
        let named = infinite
            .iter()
            .map(|one| (one.outcome.clone(), one.term.as_str()));
        Err(separated(named))
    }
}

/// That these terms have no finite estimate for these outcomes.
fn separated<'a>(infinite: impl Iterator<Item = (String, &'a str)>) -> Error {
    let mut by_outcome: Vec<(String, Vec<String>)> = Vec::new();
    for (outcome, term) in infinite {
        match by_outcome.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, terms)) => terms.push(label(term)),
            None => by_outcome.push((outcome, vec![label(term)])),
        }
    }
    let words = by_outcome
        .into_iter()
        .map(|(outcome, terms)| format!("no finite estimate of {} for {outcome}", terms.join(", ")));
    Error::Separated {
        terms: words.collect::<Vec<_>>().join("; "),
    }
}

fn design_of(table: &Table, base: &str, formula: &Formula) -> mlogit::Result<Design> {
    FrameBuilder::new().base(base).build(table, formula)?.design()
}

/// The episodes of the sample, with the columns of the model, those that help to impute one of them, and [`BESIDE`].
fn columns(
    specification: &Specification,
    model: &Model,
    controls: &[&Control],
    episodes: &Table,
) -> Result<Table> {
    let rows = specification.sample(episodes)?;
    if rows.is_empty() {
        return Err(Error::EmptySample);
    }
    let mut table = Table::new();
    let variables = controls.iter().map(|control| control.variable);
    table.insert(
        model.explanation.variable,
        explanation(specification, model, episodes)?.select(&rows),
    )?;
    for name in [specification.outcome.column()]
        .into_iter()
        .chain(variables)
        .chain(BESIDE)
    {
        table.insert(name, episodes.column(name)?.select(&rows))?;
    }
    table.insert(model.term(), model.values(episodes)?.select(&rows))?;
    if model.dependence.imputed && specification.imputation.dependence_only {
        for other in thesis::auxiliaries(model) {
            table.insert(other.column(), other.values(episodes)?.select(&rows))?;
        }
    }
    Ok(table)
}

/// A model's explanation in every episode. Where every variable is to be imputed, the index is 0 for the democracies of
/// which its source has none: it tells autocracies apart.
fn explanation(specification: &Specification, model: &Model, episodes: &Table) -> Result<Column> {
    let column = episodes.column(model.explanation.variable)?;
    if !model.dependence.imputed || specification.imputation.dependence_only {
        return Ok(column.clone());
    }
    let (Column::Number(index), Column::Text(regime)) = (column, episodes.column("target_regime")?) else {
        return Ok(column.clone());
    };
    let value = |(row, index): (usize, &f64)| match regime.get(row) {
        Some("democracy") if index.is_nan() => 0.0,
        _ => *index,
    };
    Ok(Column::number(index.iter().enumerate().map(value)))
}

/// The rows that the model can use, once controls that do not vary among them are left out: without one of them there may
/// be more.
fn without_constant(
    specification: &Specification,
    model: &Model,
    table: &Table,
    controls: &mut Vec<&'static Control>,
    omitted: &mut Vec<Omitted>,
) -> Result<Vec<usize>> {
    loop {
        let usable = complete(table, &needed(specification, model, controls))?;
        if usable.is_empty() {
            return Ok(usable);
        }
        let mut constant = None;
        for (position, control) in controls.iter().enumerate() {
            if !varies(table.column(control.variable)?, &usable) {
                constant = Some(position);
                break;
            }
        }
        let Some(position) = constant else {
            return Ok(usable);
        };
        omitted.push(Omitted {
            variable: controls.remove(position).variable.to_owned(),
            reason: CONSTANT.to_owned(),
        });
    }
}

/// Columns that must be known of an episode for the model to use it: those that are not imputed.
fn needed(specification: &Specification, model: &Model, controls: &[&Control]) -> Vec<&'static str> {
    let mut needed = vec![specification.outcome.column()];
    let imputed = model.dependence.imputed;
    if !imputed || specification.imputation.dependence_only {
        needed.push(model.explanation.variable);
        needed.extend(controls.iter().map(|control| control.variable));
    }
    if !imputed {
        needed.push(model.term());
    }
    needed
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
