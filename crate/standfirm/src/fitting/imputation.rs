//! Multiple imputation of a model's variables: what the study's models with imputed dependence are fitted to.
//!
//! The study imputes trade. So the joint normal (see [`mlogit::imputation`]) is of dependence, all other variables of the
//! model, the outcome included, and the Correlates of War's import shares of the year and the year before, which say much
//! about a share that UN Comtrade lacks, on the episodes in which everything else that the model needs is known.
//! Dependence is imputed on the scale of the model (the study's: ln(1 + 1000 x share)), between no trade and a share of 1.
//!
//! A reader may have every variable imputed instead, on every episode whose outcome is known and without those two. Measures
//! then keep to the range that [`crate::variables`] gives them, indicators and regimes are nominal, and the index is 0 for
//! democracies. Of measures such as the ratio of capabilities, of which a few are thousands of times the others, the joint
//! normal is of the logarithms, and what is drawn is turned back: on its own scale it would give small states ratios of
//! hundreds of thousands, and no model of them converges.
//!
//! The interaction is made after imputing, from the completed variables.

use mlogit::imputation::{ImputationKind, Imputations, Imputer};
use mlogit::{Column, Factor, Fit, Formula, Table};
use report::results::{ImputationReport, ImputedVariable};

use crate::data::variables::{self, Variable, variable};
use crate::error::Result;
use crate::fitting::estimate::Estimate;
use crate::fitting::pooled;
use crate::specification::prepared::Prepared;
use crate::specification::{ImputationOptions, Specification};
use crate::study::Model;
use crate::study::thesis::auxiliaries;

/// Measures above 0 that are spread over many orders of magnitude.
const SKEWED: [&str; 4] = ["cinc_ratio", "t_gdp_level", "s_gdp_level", "distance"];

/// What the logarithm of one of them is called.
fn logarithm(name: &str) -> String {
    format!("ln_{name}")
}

/// A model's variables, and `m` sets of values for those that are missing.
#[derive(Debug, Clone)]
pub struct Imputed {
    prepared: Prepared,
    /// The variables as they are imputed: logarithms where they are [`SKEWED`].
    table: Table,
    imputations: Imputations,
    options: ImputationOptions,
}

impl Imputed {
    /// Imputes the missing values of a model's variables.
    ///
    /// # Errors
    /// As [`Specification::prepare`], and [`crate::Error::Model`] where nothing can be imputed.
    pub fn new(specification: &Specification, model: &Model, episodes: &Table) -> Result<Self> {
        Imputed::telling(specification, model, episodes, &mut |_| {})
    }

    /// The same, telling after each imputation how many there are.
    ///
    /// # Errors
    /// As [`Imputed::new`].
    #[inline(never)]
    pub fn telling(
        specification: &Specification,
        model: &Model,
        episodes: &Table,
        tell: &mut dyn FnMut(usize),
    ) -> Result<Self> {
        let options = specification.imputation;
        let prepared = specification.prepare(model, episodes)?;
        let (formula, scale) = (prepared.parsed(), prepared.model().scale);
        let table = if options.dependence_only {
            prepared.table().clone()
        } else {
            with_logarithms(prepared.table())?
        };
        let mut imputer = Imputer::new()
            .m(options.m)
            .seed(options.seed)
            .given(formula.outcome());
        for name in names(formula) {
            imputer = match (variable(name), options.dependence_only) {
                _ if name == model.term() => imputer.bounded(name, 0.0, scale.of(1.0)),
                (Some(variable), true) if variable.is_indicator() => imputer.given_nominal(name),
                (_, true) => imputer.given(name),
                _ if SKEWED.contains(&name) => imputer.number(logarithm(name)),
                (variable, false) => imputer.variable(name, variable.map_or(ImputationKind::Number, kind)),
            };
        }
        if options.dependence_only {
            for other in auxiliaries(model) {
                imputer = imputer.number(other.column());
            }
        }
        let imputations = imputer.impute_telling(&table, tell)?;
        Ok(Imputed {
            prepared,
            table,
            imputations,
            options,
        })
    }

    /// The imputations, for their diagnostics.
    #[must_use]
    pub fn imputations(&self) -> &Imputations {
        &self.imputations
    }

    /// The model with the episodes that take part.
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// The variables of the model as they are imputed, with values missing: of some the logarithms.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The completed table of each imputation.
    ///
    /// # Errors
    /// None for tables made here.
    pub fn tables(&self) -> impl Iterator<Item = Result<Table>> + '_ {
        (0..self.imputations.m()).map(|i| self.turned_back(self.imputations.complete(&self.table, i)?))
    }

    /// A completed table with the model's own variables where logarithms were imputed; what was known stays as it was.
    fn turned_back(&self, mut completed: Table) -> Result<Table> {
        let source = self.prepared.table();
        for name in SKEWED {
            // Where it is imputed as it is, or is not of the model, there is nothing to turn back.
            if self.table.column(name).is_ok() || source.column(name).is_err() {
                continue;
            }
            let logarithms = completed.numbers(&logarithm(name))?;
            let pairs = source.numbers(name)?.iter().zip(logarithms);
            let value =
                |(known, drawn): (&f64, &f64)| if known.is_nan() { libm::exp(*drawn) } else { *known };
            let column = Column::number(pairs.map(value));
            completed.insert(name, column)?;
        }
        Ok(completed)
    }

    /// Fits the model to every completed table.
    ///
    /// # Errors
    /// As [`Prepared::fit`].
    #[inline(never)]
    pub fn fit(&self) -> Result<Estimate> {
        let mut fits = Vec::with_capacity(self.imputations.m());
        for table in self.tables() {
            fits.push(self.prepared.fit_to(&table?)?);
        }
        let report = self.report(&fits)?;
        let mut fits = fits.into_iter();
        let first = fits.next().ok_or_else(|| mlogit::Error::Pooling {
            problem: "no imputation".to_owned(),
        })?;
        Ok(Estimate::imputed(first, fits.collect(), report))
    }

    fn report(&self, fits: &[Fit]) -> Result<ImputationReport> {
        let of_model: Vec<String> = names(self.prepared.parsed())
            .into_iter()
            .flat_map(|name| [name.to_owned(), logarithm(name)])
            .collect();
        let variables = self.imputations.variables().iter();
        Ok(ImputationReport {
            m: self.options.m,
            seed: self.options.seed,
            dependence_only: self.options.dependence_only,
            rows: self.imputations.rows(),
            variables: variables
                .filter(|variable| variable.missing > 0 && of_model.contains(&variable.name))
                .map(|variable| ImputedVariable {
                    variable: variable.name.clone(),
                    missing: variable.missing,
                    clamped: variable.clamped,
                })
                .collect(),
            iterations: self
                .imputations
                .convergence()
                .map(|convergence| convergence.iterations)
                .collect(),
            steadied: self
                .imputations
                .convergence()
                .filter(|convergence| convergence.ridge > 0.0)
                .count(),
            wald: pooled::wald(&fits.iter().collect::<Vec<_>>())?,
        })
    }
}

/// The table with logarithms in the place of what is [`SKEWED`].
fn with_logarithms(of: &Table) -> Result<Table> {
    let mut table = Table::new();
    for name in of.names() {
        match of.column(name)? {
            Column::Number(values) if SKEWED.contains(&name.as_str()) => {
                let logarithms = values.iter().map(|value| libm::log(*value));
                table.insert(logarithm(name), Column::number(logarithms))?;
            }
            column => table.insert(name.as_str(), column.clone())?,
        }
    }
    Ok(table)
}

/// Variables of a formula's terms, each once.
fn names(formula: &Formula) -> Vec<&str> {
    let mut names = Vec::new();
    for name in formula.terms().iter().flatten().flat_map(Factor::variables) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn kind(variable: &Variable) -> ImputationKind {
    match (variable.kind, variable.min, variable.max) {
        (variables::VariableKind::Category { .. } | variables::VariableKind::Text, ..) => {
            ImputationKind::Nominal
        }
        _ if variable.is_indicator() => ImputationKind::Nominal,
        (_, None, None) => ImputationKind::Number,
        (_, low, high) => ImputationKind::Bounded {
            low: low.unwrap_or(f64::NEG_INFINITY),
            high: high.unwrap_or(f64::INFINITY),
        },
    }
}
