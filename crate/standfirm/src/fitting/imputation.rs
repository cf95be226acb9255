//! Multiple imputation of a model's variables: what the study's models with imputed dependence are fitted to.
//!
//! The study imputes trade. So the joint normal (see [`mlogit::imputation`]) is of dependence, all other variables of the
//! model, the outcome included, and the Correlates of War's import shares of the year and the year before, which say much
//! about a share that UN Comtrade lacks, on the episodes in which everything else that the model needs is known.
//! Dependence is imputed on the scale of the model (the study's: ln(1 + 1000 x share)), between no trade and a share of 1.
//!
//! A reader may have every variable imputed instead, on every episode whose outcome is known and without those two. Measures
//! then keep to the range that [`crate::variables`] gives them, indicators and regimes are nominal, and the index is 0 for
//! democracies.
//!
//! The interaction is made after imputing, from the completed variables.

use mlogit::imputation::{Imputations, Imputer, Kind};
use mlogit::{Factor, Fit, Formula, Table};
use report::results::{ImputationReport, ImputedVariable};

use crate::data::variables::{self, Variable, variable};
use crate::error::Result;
use crate::fitting::estimate::Estimate;
use crate::fitting::pooled;
use crate::specification::prepared::Prepared;
use crate::specification::{ImputationOptions, Specification};
use crate::study::Model;
use crate::study::thesis::auxiliaries;

/// A model's variables, and `m` sets of values for those that are missing.
#[derive(Debug, Clone)]
pub struct Imputed {
    prepared: Prepared,
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
        let mut imputer = Imputer::new()
            .m(options.m)
            .seed(options.seed)
            .given(formula.outcome());
        for name in names(formula) {
            imputer = match (variable(name), options.dependence_only) {
                _ if name == model.term() => imputer.bounded(name, 0.0, scale.of(1.0)),
                (Some(variable), true) if variable.is_indicator() => imputer.given_nominal(name),
                (_, true) => imputer.given(name),
                (variable, false) => imputer.variable(name, variable.map_or(Kind::Number, kind)),
            };
        }
        if options.dependence_only {
            for other in auxiliaries(model) {
                imputer = imputer.number(other.column());
            }
        }
        let imputations = imputer.impute_telling(prepared.table(), tell)?;
        Ok(Imputed {
            prepared,
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

    /// The variables of the model as they are, with values missing.
    #[must_use]
    pub fn table(&self) -> &Table {
        self.prepared.table()
    }

    /// The completed table of each imputation.
    ///
    /// # Errors
    /// None for tables made here.
    pub fn tables(&self) -> impl Iterator<Item = Result<Table>> + '_ {
        (0..self.imputations.m()).map(|i| Ok(self.imputations.complete(self.table(), i)?))
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
        let of_model = names(self.prepared.parsed());
        let variables = self.imputations.variables().iter();
        Ok(ImputationReport {
            m: self.options.m,
            seed: self.options.seed,
            dependence_only: self.options.dependence_only,
            rows: self.imputations.rows(),
            variables: variables
                .filter(|variable| variable.missing > 0 && of_model.contains(&variable.name.as_str()))
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

fn kind(variable: &Variable) -> Kind {
    match (variable.kind, variable.min, variable.max) {
        (variables::VariableKind::Category { .. } | variables::VariableKind::Text, ..) => Kind::Nominal,
        _ if variable.is_indicator() => Kind::Nominal,
        (_, None, None) => Kind::Number,
        (_, low, high) => Kind::Bounded {
            low: low.unwrap_or(f64::NEG_INFINITY),
            high: high.unwrap_or(f64::INFINITY),
        },
    }
}
