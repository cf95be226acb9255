//! What can go wrong, each cause with the names and numbers it is about.

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no answer. Every message says what is wrong and, where it is not plain, what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The formula cannot be read.
    #[error("formula, character {at}: {problem}")]
    Formula {
        /// Position of the character where reading stopped, from 1.
        at: usize,
        /// What was expected and what was found.
        problem: String,
    },

    /// A condition on rows cannot be read, or cannot be asked of the table.
    #[error("condition, character {at}: {problem}")]
    Condition {
        /// Position of the character it is about, from 1.
        at: usize,
        /// What is wrong.
        problem: String,
    },

    /// A name that is no column of the table.
    #[error("no column `{column}`; there are {}", listed(known))]
    UnknownColumn {
        /// The name asked for.
        column: String,
        /// The names there are.
        known: Vec<String>,
    },

    /// A column of text where numbers are needed, or of numbers where text is.
    #[error("column `{column}` has {found}, not {expected}")]
    ColumnKind {
        /// The column.
        column: String,
        /// What it has, with its first value.
        found: String,
        /// What was needed: `numbers` or `text`.
        expected: &'static str,
    },

    /// Two columns of one name.
    #[error("column `{column}` occurs twice: rename one of them")]
    DuplicateColumn {
        /// The name.
        column: String,
    },

    /// A column whose length differs from the table's.
    #[error("column `{column}` has {found} rows, the table has {expected}")]
    ColumnLength {
        /// The column.
        column: String,
        /// Its number of rows.
        found: usize,
        /// The table's number of rows.
        expected: usize,
    },

    /// The outcome among its own terms.
    #[error("outcome `{outcome}` is also on the right-hand side of the formula: remove it there")]
    OutcomeAsTerm {
        /// The outcome.
        outcome: String,
    },

    /// An infinite value.
    #[error("column `{column}`, row {row}: {value} is not a finite number")]
    NotFinite {
        /// The column.
        column: String,
        /// The row, from 1.
        row: usize,
        /// The value.
        value: f64,
    },

    /// A cell that is no number in a term's column of text where most are.
    #[error(
        "column `{column}`, row {row}: `{value}` is not a number, as {numbers} of the column's {cells} cells are: correct it, leave it empty where it means a missing value, or write C({column}) to make each value a level"
    )]
    NotNumber {
        /// The column.
        column: String,
        /// The first such row, from 1.
        row: usize,
        /// What it says.
        value: String,
        /// How many cells are numbers.
        numbers: usize,
        /// How many cells are not missing.
        cells: usize,
    },

    /// A weight below zero, or weights in a column of text.
    #[error("weights `{column}`{}: {problem}", row.map(|row| format!(", row {row}")).unwrap_or_default())]
    Weight {
        /// The column of weights.
        column: String,
        /// The row, from 1, where one row is to blame.
        row: Option<usize>,
        /// What is wrong with it.
        problem: String,
    },

    /// No row has all the variables of the formula.
    #[error("no row has a value in every variable of the formula: {}", missing.iter().map(|(name, rows)| format!("`{name}` is missing in {rows}")).collect::<Vec<_>>().join(", "))]
    NoCompleteRow {
        /// Each variable with missing values, and in how many rows it is missing.
        missing: Vec<(String, usize)>,
    },

    /// Fewer than two outcomes among the complete rows.
    #[error(
        "outcome `{outcome}` has only {} among the {rows} complete rows: at least two levels are needed",
        listed(levels)
    )]
    OneOutcome {
        /// The outcome variable.
        outcome: String,
        /// The levels seen.
        levels: Vec<String>,
        /// Number of complete rows.
        rows: usize,
    },

    /// More outcomes than any model could mean.
    #[error(
        "outcome `{outcome}` has {found} levels, at most {most} are allowed: is it a continuous variable?"
    )]
    TooManyOutcomes {
        /// The outcome variable.
        outcome: String,
        /// Number of levels seen.
        found: usize,
        /// Number of levels allowed.
        most: usize,
    },

    /// A level that does not occur among the complete rows.
    #[error(
        "`{variable}` has no level `{level}` among the complete rows; there are {}",
        listed(known)
    )]
    UnknownLevel {
        /// The variable.
        variable: String,
        /// The level asked for.
        level: String,
        /// The levels there are.
        known: Vec<String>,
    },

    /// A categorical variable of which only one level is left.
    #[error("`{variable}` has only the level `{level}` among the complete rows: remove it from the formula")]
    OneLevel {
        /// The variable.
        variable: String,
        /// Its only level.
        level: String,
    },

    /// A design matrix with more columns than a sensible model has.
    #[error(
        "the formula gives {found} columns, at most {most} are allowed: is a variable with many levels categorical?"
    )]
    TooManyColumns {
        /// Number of columns.
        found: usize,
        /// Number of columns allowed.
        most: usize,
    },

    /// More parameters than rows.
    #[error(
        "{rows} rows cannot determine {parameters} parameters ({terms} terms in {equations} equations): remove terms or add rows"
    )]
    TooFewRows {
        /// Number of complete rows.
        rows: usize,
        /// Number of parameters.
        parameters: usize,
        /// Columns of the design matrix.
        terms: usize,
        /// Outcomes without the base outcome.
        equations: usize,
    },

    /// A column that does not vary.
    #[error("`{term}` is {value} in every complete row: remove it from the formula")]
    Constant {
        /// The term.
        term: String,
        /// Its only value.
        value: f64,
    },

    /// A term that the others determine.
    #[error(
        "collinear terms: `{term}` is a linear combination of {}; remove one of them",
        listed(others)
    )]
    Collinear {
        /// The term found to be determined by others.
        term: String,
        /// The terms that determine it.
        others: Vec<String>,
    },

    /// The data separate the outcomes: some coefficients have no finite estimate.
    #[error("separation: {}; remove the term, merge its levels, merge outcomes, or use a bias-reduced fit", directions.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Separation {
        /// The coefficients that run to infinity.
        directions: Vec<Infinite>,
    },

    /// Newton's method did not reach the maximum.
    #[error(
        "no convergence in {iterations} iterations (gradient norm {gradient:.1e}): rescale extreme values, or remove weakly identified terms"
    )]
    NoConvergence {
        /// Iterations done.
        iterations: usize,
        /// Largest absolute component of the gradient, standardised columns.
        gradient: f64,
    },

    /// The information matrix cannot be inverted at the estimate.
    #[error(
        "the information matrix is singular at the estimate: the terms are not separately identified for every outcome; remove terms or merge outcomes"
    )]
    Singular,

    /// Clusters that cannot be used.
    #[error("clusters `{column}`: {problem}")]
    Clusters {
        /// The column, or columns, of clusters.
        column: String,
        /// What is wrong with it.
        problem: String,
    },

    /// As many parameters as rows, so that `n / (n - k)` does not exist.
    #[error(
        "HC1 needs more rows than parameters; there are {rows} rows and {parameters} parameters: use HC0"
    )]
    NoSmallSampleFactor {
        /// Number of rows, counting weights.
        rows: f64,
        /// Number of parameters, all equations together.
        parameters: usize,
    },

    /// A coverage outside (0, 1).
    #[error("intervals cannot have the coverage {level}: give a number between 0 and 1, such as 0.95")]
    Level {
        /// The coverage asked for.
        level: f64,
    },

    /// A setting that cannot be read.
    #[error("setting `{text}`: {problem}")]
    At {
        /// The text.
        text: String,
        /// What was expected.
        problem: String,
    },

    /// A comparison that cannot be read.
    #[error("comparison `{text}`: {problem}")]
    Comparison {
        /// The text.
        text: String,
        /// What was expected.
        problem: String,
    },

    /// Draws or resamples that cannot be had.
    #[error("draws: {problem}")]
    Draws {
        /// Why.
        problem: String,
    },

    /// A hypothesis that cannot be read or tested.
    #[error("hypothesis `{text}`: {problem}")]
    Hypothesis {
        /// The hypothesis.
        text: String,
        /// What is wrong with it.
        problem: String,
    },

    /// Models that a likelihood-ratio test cannot compare.
    #[error("the models are not nested: {problem}")]
    NotNested {
        /// Why.
        problem: String,
    },

    /// A test of independence of irrelevant alternatives that cannot be had.
    #[error("Hausman-McFadden test without `{outcome}`: {problem}")]
    Hausman {
        /// The outcome to be left out.
        outcome: String,
        /// Why.
        problem: String,
    },

    /// A coefficient that the model does not have.
    #[error("no coefficient of `{term}` for outcome `{outcome}`")]
    UnknownCoefficient {
        /// The outcome asked for.
        outcome: String,
        /// The term asked for.
        term: String,
    },

    /// A variable that the model does not have.
    #[error("the model has no variable `{variable}`; there are {}", listed(known))]
    UnknownVariable {
        /// The name asked for.
        variable: String,
        /// The variables of the model.
        known: Vec<String>,
    },

    /// A value of the wrong kind for a variable, or one that is not finite.
    #[error("`{variable}` cannot be {value}: {problem}")]
    Value {
        /// The variable.
        variable: String,
        /// The value given.
        value: String,
        /// What it should have been.
        problem: String,
    },

    /// A function where it has no finite value, or no finite slope.
    #[error("`{function}` has no finite {}{} where {}", if *slope { "slope" } else { "value" }, row.map(|row| format!(" in row {row},")).unwrap_or_default(), values.iter().map(|(name, value)| format!("`{name}` is {value}")).collect::<Vec<_>>().join(" and "))]
    Domain {
        /// The function, as it is written.
        function: String,
        /// The row, from 1, where values are those of a row.
        row: Option<usize>,
        /// The variables it is of, and their values.
        values: Vec<(String, f64)>,
        /// Whether it is its derivative that does not exist.
        slope: bool,
    },

    /// A polynomial or a spline of too few distinct values.
    #[error("`{term}`: `{of}` has too few distinct values for so many columns: ask for fewer")]
    FewValues {
        /// The term.
        term: String,
        /// What it is made of.
        of: String,
    },

    /// An option of an imputation that makes no sense.
    #[error("imputation, {option} = {value}: {problem}")]
    ImputationOption {
        /// The option.
        option: String,
        /// Its value.
        value: String,
        /// What is wrong with it.
        problem: String,
    },

    /// Too few rows for the joint distribution of the columns.
    #[error(
        "imputation: {rows} rows cannot determine the joint distribution of {columns} columns: leave variables out, or set a ridge prior"
    )]
    ImputationRows {
        /// Rows that take part.
        rows: usize,
        /// Columns, a nominal variable counting one less than it has levels.
        columns: usize,
    },

    /// A column of an imputation that does not vary.
    #[error(
        "imputation: `{column}` does not vary where it is known, or hardly a row does: leave it out of the imputation"
    )]
    ImputationConstant {
        /// The column.
        column: String,
    },

    /// A column of an imputation that others determine.
    #[error(
        "imputation: `{column}` is (nearly) a linear combination of {}; leave one of them out, or set a ridge prior",
        listed(others)
    )]
    ImputationCollinear {
        /// The column found to be determined by others.
        column: String,
        /// The columns that determine it.
        others: Vec<String>,
    },

    /// EM did not converge.
    #[error(
        "imputation: EM had not converged after {iterations} iterations (parameters still changed by {change:.1e}), a ridge prior notwithstanding: leave variables out, set a stronger ridge prior, or allow more iterations"
    )]
    ImputationConvergence {
        /// Iterations done.
        iterations: usize,
        /// Largest absolute change of a parameter in the last iteration.
        change: f64,
    },

    /// Estimates that cannot be pooled.
    #[error("pooling: {problem}")]
    Pooling {
        /// What is wrong.
        problem: String,
    },
}

impl Error {
    /// The same of a table that these `rows` (from 0) were chosen from: the row that is to blame has the number that it has
    /// there.
    #[must_use]
    pub fn in_rows(mut self, rows: &[usize]) -> Self {
        let blamed = match &mut self {
            Error::NotFinite { row, .. } | Error::NotNumber { row, .. } => Some(row),
            Error::Weight { row, .. } | Error::Domain { row, .. } => row.as_mut(),
            _ => None,
        };
        if let Some(row) = blamed
            && let Some(there) = rows.get(row.wrapping_sub(1))
        {
            *row = there + 1;
        }
        self
    }
}

/// A coefficient without a finite estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Infinite {
    /// The term: a column, or the base level of a categorical variable, which has none.
    pub term: String,
    /// The outcome whose probability it drives to 0 or 1.
    pub outcome: String,
    /// Whether the coefficient grows to plus infinity (else it falls to minus infinity).
    pub positive: bool,
}

impl std::fmt::Display for Infinite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.positive { "plus" } else { "minus" };
        write!(
            f,
            "`{}` for outcome `{}` has no finite estimate (it runs to {sign} infinity)",
            self.term, self.outcome
        )
    }
}

/// Names in a sentence, the first twelve of them.
pub(crate) fn listed(names: &[String]) -> String {
    const MOST: usize = 12;
    if names.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
