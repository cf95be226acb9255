//! The arguments.

use std::path::PathBuf;

use clap::{ArgMatches, Args as Group, FromArgMatches, Parser, Subcommand, ValueEnum};
use standfirm::Specification;

/// Re-estimates, in a terminal, the study of who stands firm against threats of economic sanctions.
#[derive(Debug, Parser)]
#[command(name = "standfirm", version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fits a multinomial logit to any data file.
    #[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
    Fit(Box<Fit>),
    /// Writes a script in R, Stata, Python or PySpark that gives the same numbers as `fit`, or as a model of the study.
    #[command(after_help = HANDOVERS, after_long_help = HANDOVERS)]
    Handover(Box<Handover>),
    /// Says what is in a data file, and how it is read.
    Read(Read),
    /// Fits the study's models to its episodes.
    Replicate(Replicate),
    /// Writes every figure of the study as SVG and PNG.
    Figures(Figures),
    /// Says what a model makes of one threat, as it was and had it been otherwise.
    Threat(Threat),
    /// Lists what can be chosen otherwise than in the study.
    Choices(Choices),
    /// Says how the study's imputed values came about, and whether they can be believed.
    Imputation(Imputation),
    /// Fits a model again without each target, sender, year and episode, and says what becomes of its main result.
    Influence(Influence),
    /// Fits every combination of choices that can be defended, and says in how many the main result holds.
    Multiverse(Multiverse),
    /// Says how often each rule of the ledger passes if the study were right, and if nothing it speaks of mattered: makes
    /// data/power.csv.
    Power(Power),
    /// Deals regimes out at random and says how often the main result is then as large.
    Randomize(Randomize),
    /// Gives the main contrasts under every kind of standard error, and by sender.
    Robustness(Robustness),
    /// Says how well a model forecasts episodes it has not seen, and whether regime type helps it to.
    Validate(Validate),
}

const HANDOVERS: &str = "\
Examples:
  standfirm handover --to r votes.csv \"party ~ age * income\" --slopes > votes.R
  standfirm handover --to stata votes.csv \"party ~ age\" --vcov cluster --cluster district > votes.do
  standfirm handover --to python --study index:trade_share > study.py";

const EXAMPLES: &str = "\
Examples:
  standfirm fit votes.csv \"party ~ age * income + C(region)\" --base labour
  standfirm fit votes.csv \"party ~ age + income\" --vcov cluster --cluster district --rrr
  standfirm fit votes.csv \"party ~ age * sex\" --at \"age=30,sex=f\" --at \"age=60,sex=f\" --interval logit
  standfirm fit votes.csv \"party ~ age + income\" --slopes --atmeans
  standfirm fit votes.csv \"party ~ age + sex\" --compare sex --compare \"age = 30 : 60\" --interval bootstrap
  standfirm fit votes.csv \"party ~ age + income\" --test \"green: age = income\" --test income --iia --json
  standfirm fit votes.csv \"party ~ age + region\" --where \"year >= 1990 & region != 'north'\" --slopes --adjust holm
  standfirm fit votes.csv \"party ~ 1\" --model \"party ~ age\" --model \"party ~ age * sex\" --format latex

Formula, as in R:
  a + b, a:b (interaction), a * b (both and their interaction), a / b, b %in% a, (a + b + c)^2
  .  every other column, those of weights and clusters included; - a leaves one out
  - 1 or 0 +  no intercept
  C(x) or factor(x), C(x, base = \"l\")  a categorical variable; columns of text are so by themselves
  log log2 log10 log1p exp sqrt abs, I(x^2), I(x / z)  functions of numbers
  scale(x), center(x), poly(x, 2), poly(x, 2, raw), ns(x, 3)  with what they learn from the rows that are fitted
  `2nd round`  names with other signs than letters, digits, _ and ., or that begin with a digit
An offset is not offered, as no column says which outcome's odds it shifts; put x in as a term, and
--test \"green: x = 1, labour: x = 1\" says whether the data agree that its coefficient is 1.
Slopes, comparisons and --at speak of the columns themselves: of x in x + I(x^2) or log(x).
Condition of --where: == (or =), !=, <, <=, >, >= between columns, numbers and 'texts', x in (1, 2), missing(x), with
! & | and parentheses. A row in which a missing value leaves the condition open is left out.
Exit status: 0, or 1 with one line on standard error where there is no honest answer, or 2 where the arguments
are not understood.";

#[derive(Debug, Group)]
pub(crate) struct Fit {
    /// CSV (also .gz), Excel, OpenDocument or Stata file; - is standard input.
    pub(crate) file: PathBuf,
    /// Formula, such as "y ~ x1 * x2 + C(x3) + log(x4)".
    pub(crate) formula: String,

    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Rows to use, such as "year >= 1990 & region != 'x'".
    #[arg(long = "where", value_name = "CONDITION", help_heading = "Model")]
    pub(crate) condition: Option<String>,
    /// Another formula, shown beside the first and tested against the one before it [repeatable].
    #[arg(long, value_name = "FORMULA", help_heading = "Model")]
    pub(crate) model: Vec<String>,
    /// Base outcome; the first level if not given.
    #[arg(
        long,
        value_name = "LEVEL",
        allow_hyphen_values = true,
        help_heading = "Model"
    )]
    pub(crate) base: Option<String>,
    /// Column of frequency weights: a row of weight 3 counts as three rows.
    #[arg(long, value_name = "COL", help_heading = "Model")]
    pub(crate) weights: Option<String>,
    /// Column of probability weights, as of a survey; implies --vcov robust, unless another is asked for.
    #[arg(long, value_name = "COL", conflicts_with = "weights", help_heading = "Model")]
    pub(crate) pweights: Option<String>,
    /// Reduce bias with Jeffreys' penalty (Firth): finite estimates where the outcomes are separated.
    #[arg(long, help_heading = "Model")]
    pub(crate) firth: bool,

    /// Covariance of the coefficients.
    #[arg(long, value_enum, value_name = "HOW", help_heading = "Inference")]
    pub(crate) vcov: Option<Vcov>,
    /// Column to cluster by, for standard errors and bootstrap; implies --vcov cluster [given twice: both ways].
    #[arg(long, value_name = "COL", help_heading = "Inference")]
    pub(crate) cluster: Vec<String>,
    /// Coverage of all intervals.
    #[arg(long, default_value_t = 0.95, help_heading = "Inference")]
    pub(crate) level: f64,
    /// Test hypotheses jointly (Wald): a term, "green: age = income", "age = 0, income = 1" [repeatable].
    #[arg(long, value_name = "HYPOTHESIS", help_heading = "Inference")]
    pub(crate) test: Vec<String>,
    /// Test each term by fitting the model without it (likelihood ratio; Wald with robust errors or --pweights).
    #[arg(long, help_heading = "Inference")]
    pub(crate) lr: bool,
    /// Test independence of irrelevant alternatives (Hausman-McFadden), leaving out each outcome in turn.
    #[arg(long, help_heading = "Inference")]
    pub(crate) iia: bool,

    /// Probabilities with variables held, such as "x=0.5,z=a"; the others as observed, averaged [repeatable].
    #[arg(
        long,
        value_name = "SETTING",
        help_heading = "Predictions, slopes, comparisons"
    )]
    pub(crate) at: Vec<String>,
    /// Put what is not held at its mean in place of averaging over the rows.
    #[arg(long, help_heading = "Predictions, slopes, comparisons")]
    pub(crate) atmeans: bool,
    /// Slopes (marginal effects) along every variable; from the base level for categorical ones.
    #[arg(long, help_heading = "Predictions, slopes, comparisons")]
    pub(crate) slopes: bool,
    /// Differences that a variable makes: "x" (one more, or each level), "x + 2", "x = 0 : 1" [repeatable].
    #[arg(long, value_name = "VAR", help_heading = "Predictions, slopes, comparisons")]
    pub(crate) compare: Vec<String>,
    /// Intervals of predictions, slopes and comparisons.
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        default_value_t = IntervalKind::Delta,
        help_heading = "Predictions, slopes, comparisons"
    )]
    pub(crate) interval: IntervalKind,
    /// P-values and intervals that allow for several slopes or comparisons being read together.
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        help_heading = "Predictions, slopes, comparisons"
    )]
    pub(crate) adjust: Option<Adjust>,
    /// Number of simulated draws or of resamples.
    #[arg(
        long,
        default_value_t = 1_000,
        help_heading = "Predictions, slopes, comparisons"
    )]
    pub(crate) draws: usize,
    /// Seed of simulation and bootstrap: the same seed gives the same numbers everywhere.
    #[arg(long, default_value_t = 1, help_heading = "Predictions, slopes, comparisons")]
    pub(crate) seed: u64,

    /// Print relative risk ratios, exp(estimate), in place of coefficients (in all formats but JSON).
    #[arg(long, help_heading = "Output")]
    pub(crate) rrr: bool,
    /// What to print; tables have every digit in CSV and JSON.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text, help_heading = "Output")]
    pub(crate) format: Format,
    /// The one table to print, where there are several: coefficients, predictions, slopes, comparisons or tests.
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub(crate) table: Option<String>,
    /// The same as --format json.
    #[arg(long, conflicts_with = "format", help_heading = "Output")]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Handover {
    /// Language of the script.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) to: Language,
    /// A model of the study in place of a file, such as index:trade_share.
    #[arg(long, value_name = "KEY")]
    pub(crate) study: Option<String>,
    /// With --study: the file with the episodes that the script opens.
    #[arg(long, value_name = "PATH", default_value = "data/episodes.csv")]
    pub(crate) episodes: String,
    /// What is fitted, and what is asked of it.
    #[command(flatten)]
    pub(crate) fit: OfFile,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
}

/// What `fit` takes, where there is a file: with --study there is neither file nor formula.
#[derive(Debug)]
pub(crate) struct OfFile(pub(crate) Option<Fit>);

impl Group for OfFile {
    fn augment_args(command: clap::Command) -> clap::Command {
        Fit::augment_args(command)
            .mut_arg("file", |file| file.required(false))
            .mut_arg("formula", |formula| formula.required(false))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Fit::augment_args_for_update(command)
    }
}

impl FromArgMatches for OfFile {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let there = matches.contains_id("file");
        Ok(OfFile(there.then(|| Fit::from_arg_matches(matches)).transpose()?))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// R, with nnet
    R,
    /// Stata
    Stata,
    /// Python, with statsmodels
    Python,
    /// Python, on Apache Spark
    Pyspark,
}

#[derive(Debug, Group)]
pub(crate) struct Read {
    /// CSV (also .gz), Excel, OpenDocument or Stata file; - is standard input.
    pub(crate) file: PathBuf,
    /// How the file is read.
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is said about a file instead of being guessed.
#[derive(Debug, Group)]
#[command(next_help_heading = "Reading the file")]
pub(crate) struct Reading {
    /// What stands between cells: comma, semicolon, tab, pipe, or the sign itself.
    #[arg(long, value_name = "SIGN")]
    delimiter: Option<readers::Delimiter>,
    /// What marks decimals: . or ,
    #[arg(long, value_name = "SIGN")]
    decimal: Option<readers::Decimal>,
    /// What groups thousands: comma, point, space, apostrophe, or the sign itself.
    #[arg(long, value_name = "SIGN")]
    thousands: Option<readers::Thousands>,
    /// Encoding of the file, such as windows-1252.
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Codes of missing values, such as "-99,.,#N/A", in place of NA and NaN; empty cells always are missing.
    #[arg(long, value_name = "CODES", allow_hyphen_values = true)]
    missing: Option<String>,
    /// Sheet of a workbook, by name or number.
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// Line with the columns' names, from 1.
    #[arg(long, value_name = "LINE")]
    header_row: Option<usize>,
    /// Column that is text, whatever is in it [repeatable].
    #[arg(long, value_name = "COL")]
    text: Vec<String>,
    /// Column that is numbers, whatever it looks like [repeatable].
    #[arg(long, value_name = "COL")]
    number: Vec<String>,
}

impl Reading {
    /// As the readers take it.
    pub(crate) fn options(&self) -> readers::Options {
        readers::Options {
            delimiter: self.delimiter,
            decimal: self.decimal,
            encoding: self.encoding.clone(),
            decoded_from: None,
            missing: self.missing.as_deref().map(readers::Options::missing_codes),
            thousands: self.thousands,
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            text: self.text.clone(),
            number: self.number.clone(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Vcov {
    /// Inverse of the observed information
    Observed,
    /// Robust (sandwich)
    Hc0,
    /// Robust, times n/(n-k), k counting the parameters of all equations
    Hc1,
    /// Robust, times n/(n-1): Stata's vce(robust)
    Robust,
    /// Clustered by --cluster, times G/(G-1): Stata's vce(cluster)
    Cluster,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IntervalKind {
    /// Delta method
    Delta,
    /// Delta method on the logit scale: within 0 and 1
    Logit,
    /// Percentiles of draws from the coefficients' distribution
    Simulation,
    /// Percentiles of refits to resampled rows, or clusters with --cluster
    Bootstrap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Adjust {
    /// Every p-value times how many there are
    Bonferroni,
    /// The smallest p-value times how many there are, the next times one less
    Holm,
    /// From the joint distribution of all (single-step, max-t)
    SupT,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One table, a line for each row
    Csv,
    /// Tables that need the package booktabs
    Latex,
    /// Pipe tables
    Markdown,
    /// A document of tables
    Html,
    /// Everything, with every digit
    Json,
}

#[derive(Debug, Group)]
pub(crate) struct Replicate {
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
}

/// Choices made otherwise than in the study.
#[derive(Debug, Group)]
#[command(next_help_heading = "Specification")]
pub(crate) struct Specified {
    /// Choices as the page's address has them, such as "scale=root&years=1960-1999".
    #[arg(long, value_name = "CHOICES", default_value = "", hide_default_value = true)]
    spec: String,
    /// One choice, such as senders=usa; `standfirm choices` lists them [repeatable].
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The same as --set impute=dependence, which is the study's own: episodes in which another variable is missing are
    /// left out.
    #[arg(long)]
    impute_dependence_only: bool,
}

impl Specified {
    /// The specification.
    pub(crate) fn read(&self) -> Result<Specification, Box<dyn std::error::Error>> {
        let mut specification = specification(&self.spec)?;
        for choice in &self.set {
            let (key, value) = choice
                .split_once('=')
                .ok_or_else(|| format!("--set {choice}: give a choice and its value, such as senders=usa"))?;
            specification = specification.with(key.trim(), value.trim())?;
        }
        if self.impute_dependence_only {
            specification.imputation.dependence_only = true;
        }
        Ok(specification)
    }
}

#[derive(Debug, Group)]
pub(crate) struct Threat {
    /// An episode by its caseid, such as 1987080701; or sender, target and year (COW codes), such as 2-95-1987.
    #[arg(value_name = "THREAT")]
    pub(crate) threat: String,
    /// One thing made otherwise, such as personalist_index=0 or dependence=0.2 (a share) [repeatable].
    #[arg(long, value_name = "VAR=VALUE")]
    pub(crate) set: Vec<String>,
    /// The model, by its key.
    #[arg(long, value_name = "KEY", default_value = "index:trade_share")]
    pub(crate) model: String,
    /// Choices as the page's address has them, such as "scale=root&years=1960-1999".
    #[arg(long, value_name = "CHOICES", default_value = "", hide_default_value = true)]
    spec: String,
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Threat {
    /// What the model is fitted by.
    pub(crate) fn specification(&self) -> Result<Specification, Box<dyn std::error::Error>> {
        specification(&self.spec)
    }
}

/// A specification as an address has it; what cannot be read is an error here, since who types it can put it right.
fn specification(text: &str) -> Result<Specification, Box<dyn std::error::Error>> {
    let read = Specification::read(text);
    if read.ignored.is_empty() {
        Ok(read.specification)
    } else {
        Err(format!("--spec: {}", read.ignored.join("; ")).into())
    }
}

#[derive(Debug, Group)]
pub(crate) struct Choices {
    /// Print JSON: what the page builds its controls from.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Figures {
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
    /// Folder to write to; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Width in CSS pixels; PNGs have twice as many.
    #[arg(long, default_value_t = 800)]
    pub(crate) width: u32,
    /// Light ink on dark paper.
    #[arg(long)]
    pub(crate) dark: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Imputation {
    /// The model, by its key.
    #[arg(long, value_name = "KEY", default_value = "index:comtrade_mi")]
    pub(crate) model: String,
    /// Number of imputations, from 2 to 1000.
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) m: Option<u32>,
    /// Seed of the random numbers.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
    /// Draws of each observed value from each imputation when it is imputed as if it were missing.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) draws: u32,
    /// Dispersed starting points of EM.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(crate) starts: u32,
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Influence {
    /// The model, by its key.
    #[arg(long, value_name = "KEY", default_value = "index:trade_share")]
    pub(crate) model: String,
    /// What to leave out: target, sender, year or episode; each in turn if not given.
    #[arg(long, value_name = "UNIT")]
    pub(crate) by: Option<String>,
    /// How many to print, those that move the result most first.
    #[arg(long, default_value_t = 10)]
    pub(crate) top: usize,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
    /// Print JSON with every digit, and every unit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Power {
    /// Histories drawn for each model, of either kind.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) draws: usize,
}

#[derive(Debug, Group)]
pub(crate) struct Randomize {
    /// The model, by its key.
    #[arg(long, value_name = "KEY", default_value = "index:trade_share")]
    pub(crate) model: String,
    /// What to deal out: episodes (their regimes) or histories (of targets); each in turn if not given.
    #[arg(long, value_name = "WHAT")]
    pub(crate) by: Option<String>,
    /// How often.
    #[arg(long, default_value_t = standfirm::findings::randomization::DRAWS)]
    pub(crate) draws: usize,
    /// Test what the multiverse says as a whole, in place of one model.
    #[arg(long, conflicts_with_all = ["model", "spec", "set", "impute_dependence_only"])]
    pub(crate) multiverse: bool,
    /// With --multiverse: how many of its 12,600 fits are drawn by lot.
    #[arg(long, value_name = "N", requires = "multiverse", default_value_t = standfirm::findings::multiverse::joint::FITS)]
    pub(crate) fits: usize,
    /// With --multiverse: threads; one for each core if not given.
    #[arg(long, value_name = "N", requires = "multiverse")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
    /// Seed of the draws.
    #[arg(long, default_value_t = standfirm::findings::randomization::SEED)]
    pub(crate) seed: u64,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Robustness {
    /// The model, by its key.
    #[arg(long, value_name = "KEY", default_value = "index:trade_share")]
    pub(crate) model: String,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
    /// Print JSON with every digit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Validate {
    /// The model, by its key.
    #[arg(long, value_name = "KEY", default_value = "index:trade_share")]
    pub(crate) model: String,
    /// What folds are made of: target, sender or dyad.
    #[arg(long, value_name = "CLUSTER", default_value = "target")]
    pub(crate) by: String,
    /// Number of folds.
    #[arg(long, default_value_t = standfirm::findings::validation::FOLDS)]
    pub(crate) folds: usize,
    /// How often folds are made, each time with the next seed.
    #[arg(long, default_value_t = standfirm::findings::validation::REPEATS)]
    pub(crate) repeats: usize,
    /// Seed of the first folds.
    #[arg(long, default_value_t = standfirm::findings::validation::SEED)]
    pub(crate) seed: u64,
    /// The choices made otherwise than in the study.
    #[command(flatten)]
    pub(crate) specification: Specified,
    /// Print JSON with every digit, and every episode's forecasts.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Group)]
pub(crate) struct Multiverse {
    /// Print the summary, the choices and every combination as JSON.
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print every combination as CSV.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Threads; one for each core if not given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
}
