// What Rust hands over to scripts. `cargo xtask types` writes this file, and a test says when it is old.

/** What each function of the wasm module answers. */
export type Answers = {
  replicate: object,
  article: Article,
  read_specification: SpecificationReport,
  fit_next: Progress,
  choices: Array<GroupReport>,
  threats: Threats,
  threat: ThreatExhibit,
  imputation_figure: Figure,
  leave_next: Progress,
  influence: Shown,
  randomize_next: Progress,
  randomization: Shown,
  robustness: Shown,
  validate_next: Progress,
  validation: Shown,
  multiverse: Offer,
  multiverse_piece: Float64Array,
  multiverse_view: CurveView,
  multiverse_read: Placed | null,
  multiverse_pick: Setting | null,
  multiverse_csv: string,
  multiverse_dealt_out: Float64Array,
  multiverse_joint: Shown | null,
  figure_height: number,
  draw_figure: void,
  draw_picture: void,
  figure_svg: string,
  figure_grid: Grid,
  table_grid: Grid,
  write_grid: string,
  read_figure: Reading | null,
  episodes_csv: string,
  codebook: string,
};

/** How many episodes of a model are like a threat in regime and dependence, as far as either is known. */
export type Alike = {
  /** Episodes; nothing where neither is known, as then all of them would be. */
  episodes: number | null,
  /** Whether the regime is known. */
  regime: boolean,
  /** Whether the dependence is. */
  dependence: boolean,
};

/** What the page shows. */
export type Article = {
  /** The main result in one sentence; none where no model with the index could be estimated. */
  headline: string | null,
  /** The answer to the study's question, or why there is none. */
  answer: string,
  /** Words for the names used below: models, variables, contrasts. */
  labels: { [key in string]: string },
  /** The study and this program, for what is taken away. */
  citation: string,
  /** What was specified, and where it differs from the study. */
  specification: SpecificationReport,
  /**
   * What a figure of one model can be drawn of in the whole study: measures of dependence, then all models; keys, and
   * words for them.
   */
  versions: Array<[string, string]>,
  /** How many models were fitted. */
  fitted: number,
  /** Models that cannot be estimated as specified. */
  refusals: Array<Refusal>,
  /** The figures, every version of them that is of models that were fitted. */
  figures: Array<Figure>,
  /** The tables, by number; those of which no model could be estimated are left out. */
  tables: Array<CoefficientTable>,
  /** The study's explanations, with the figure and the table that are about each. */
  explanations: Array<ExplanationPlaces>,
  /** Keys of the models whose dependence is imputed. */
  imputed: Array<string>,
  /** What needs all models. */
  whole: Whole | null,
};

/** A note on a part of a figure, for who does not know what it is. Its number stands in the drawing where there is room. */
export type Aside = {
  /** Its number on the page. */
  number: number,
  /** What it is about. */
  on: FigurePart,
  /** A word or two for it. */
  label: string,
  /** What it explains: how its text begins. */
  title: string,
  /** What there is to know. */
  text: string,
};

/** An axis. */
export type Axis = {
  /** In words. */
  title: string,
  /** Smallest value shown. */
  min: number,
  /** Largest value shown. */
  max: number,
  /** How its values are written. */
  format: AxisFormat,
  /** What the smallest and the largest value mean, where the numbers alone do not say. */
  ends: [string, string] | null,
};

/** How the values of an axis are written. */
export type AxisFormat = "number" | "count" | "percent" | "points" | { "share": Scale };

/** An episode that the study tells. */
export type Case = {
  /** Its key in the episode table. */
  caseid: number,
  /** How the episode was found. */
  identified: string,
  /** What the episode table has of it: variable and value, without what is missing. */
  facts: Array<[string, Value]>,
  /** What the models make of it. */
  figures: Array<Figure>,
};

/** A claim checked once. */
export type Check = {
  /** In which model, or on which data. */
  about: string,
  /** The recomputed values in words. */
  text: string,
  /** The recomputed values. */
  values: { [key in string]: number },
  /** Whether the rule holds here. */
  finding: Finding,
};

/** A choice, for a page to build a control from. */
export type ChoiceReport = {
  /** Its name in addresses. */
  key: string,
  /** Words for it. */
  label: string,
  /** What it is about. */
  help: string,
  /**
   * `one` of the options; those of the options that are left out (`without`), separated by commas; two `years`,
   * as `1960-1999`; a whole `number`.
   */
  kind: string,
  /** The study's value. */
  default: string,
  /** The values there are, where they can be listed. */
  options: Array<Picked>,
  /** The smallest number or year. */
  min: number | null,
  /** The largest number or year. */
  max: number | null,
};

/** A claim and its verdict. */
export type ClaimReport = {
  /** A letter. */
  key: string,
  /** What the study claims, in our words. */
  claim: string,
  /** Where it does. */
  place: string,
  /** What has to hold, in every model checked. */
  rule: string,
  /** What a reader of the study's text should know of the claim, such as a slip in it. */
  note: string | null,
  /** Whether it holds. */
  verdict: Verdict,
  /** How many checks hold. */
  holds: number,
  /** How many are contradicted. */
  contradicted: number,
  /** One for each model, or each part of a model. */
  checks: Array<Check>,
  /** How often the rule passes where it is known what is so. */
  power: Array<Power>,
};

/** A coefficient as a table shows it, with the numbers behind it. */
export type CoefficientCell = {
  /** Log of the relative risk ratio. */
  estimate: number,
  /** Its standard error. */
  std_error: number,
  /** Two-sided. */
  p_value: number,
  /** `***` where p < 0.001, `**` where p < 0.01, `*` where p < 0.05. */
  stars: string,
};

/** A term's row. */
export type CoefficientRow = {
  /** The term. */
  term: string,
  /** Words for it. */
  label: string,
  /** For each model and each of its outcomes the coefficient, `None` where the model lacks the term. */
  cells: Array<Array<CoefficientCell | null>>,
};

/** A coefficient table. */
export type CoefficientTable = {
  /** Its number where it appears; 0 where it has none. */
  number: number,
  /** What it shows. */
  title: string,
  /** How to read it. */
  note: string,
  /** One column block for each model. */
  models: Array<ModelColumn>,
  /** One for each term, in the order of the models. */
  rows: Array<CoefficientRow>,
  /** What is shown, by which models, from how many rows, from which sources. */
  about: Array<[string, string]>,
};

/** A difference of average probabilities. */
export type Comparison = {
  /** The variables that differ, and their values in the setting that is taken away. */
  from: { [key in string]: Value },
  /** Their values in the other setting. */
  to: { [key in string]: Value },
  /** Variables held at the same values in both. */
  at: { [key in string]: Value },
  /** The outcome. */
  outcome: string,
  /** Probability at `to` minus probability at `from`. */
  estimate: number,
  /** By the delta method, from the joint covariance of both. */
  std_error: number,
  /** Estimate by standard error. */
  statistic: number,
  /** Two-sided. */
  p_value: number,
  /** Lower end of the 95% interval. */
  conf_low: number,
  /** Upper end of the 95% interval. */
  conf_high: number,
  /** Where the estimate is pooled. */
  pooling?: Pooling,
};

/** A state that threatened or was threatened. */
export type Country = {
  /** COW code. */
  code: number,
  /** Its name. */
  name: string,
};

/** The curve of a multiverse, with what it says as a whole. */
export type CurveView = {
  /** The curve. */
  figure: Figure,
  /** How many combinations were tried. */
  tried: number,
  /** Its summary as a table. */
  grid: Grid,
  /** The same in sentences. */
  sentences: Array<string>,
};

/** A variable of a threat, as it was and as it is changed, for a page to build a control from. */
export type Dial = {
  /** Its name; dependence is [`SHARE`]. */
  name: string,
  /** Words for it. */
  label: string,
  /** What it means. */
  help: string,
  /** What it takes. */
  kind: DialKind,
  /** Smallest and largest value to offer. */
  range: [number, number],
  /** Smallest and largest value among the episodes of the model. */
  sample: [number, number],
  /** The levels there are, with words. */
  levels: Array<[string, string]>,
  /** What is known; nothing where the model averages over its episodes. */
  then: Known | null,
  /** As it is changed, where it is. */
  changed: Value | null,
};

/** What a variable of a threat takes. */
export type DialKind = "share" | "yes" | "number" | "level";

/** Where a specification differs from the study. */
export type Difference = {
  /** The choice. */
  key: string,
  /** Words for it. */
  label: string,
  /** What the study has, in words. */
  study: string,
  /** What the specification has, in words. */
  here: string,
};

/**
 * Differences beside what they are differences of: one for each row of the last panel, at the row's position, or one
 * between the ends of a single panel's first curve.
 */
export type Differences = {
  /** What they are. */
  title: string,
  /** From what they are taken. */
  from: string,
  /** Each with its interval. */
  points: Array<Point>,
};

/** An episode in a list to choose from. */
export type EpisodeEntry = {
  /** Its key. */
  caseid: number,
  /** Sender, target and year. */
  title: string,
  /** What it was about, and how it ended. */
  detail: string,
};

/** Where on the page an explanation is shown. */
export type ExplanationPlaces = {
  /** The first half of its models' keys. */
  key: string,
  /** Number of the figure. */
  figure: number,
  /** Number of the table. */
  table: number,
};

/** Everything a drawing needs to know, in the units of the data. */
export type Figure = {
  /** Its number where it appears; 0 where it has none. */
  number: number,
  /** Which of the figure's versions. */
  version: string,
  /** Words for the version. */
  version_label: string,
  /** The finding, as computed. */
  title: string,
  /** What is shown. */
  subtitle: string,
  /** What a reader needs to read it rightly. */
  note: string,
  /** The same in a few sentences, for those who do not see it. */
  summary: string,
  /** Horizontal axis, shared by all panels. */
  x: Axis,
  /** Vertical axis, shared by all panels. */
  y: Axis,
  /** As many columns of panels as there is room for, but no more than this. */
  columns: number,
  /** Small multiples. */
  panels: Array<Panel>,
  /** The differences that its title speaks of, beside the panels. */
  differences: Differences | null,
  /** What a newcomer may ask about its parts. */
  asides: Array<Aside>,
  /** What is shown, by which model, from how many rows, from which sources. */
  about: Array<[string, string]>,
};

/** A part of a figure that a note can be about. */
export type FigurePart = "series" | "interval" | "impossible" | "strip" | "last_row" | "whole";

/** What the data say to a rule. */
export type Finding = "holds" | "contradicted" | "undecided";

/** A table of cells with words for its rows and columns. */
export type Grid = {
  /** What it shows. */
  title: string,
  /** What its rows are. */
  head: string,
  /** Headings over several columns, in their order; none where columns stand by themselves. */
  groups: Array<GridGroup>,
  /** The columns. */
  columns: Array<GridColumn>,
  /** Rows, in parts with a rule between them. */
  bodies: Array<GridBody>,
  /** What to know when reading it. */
  notes: Array<string>,
};

/** Rows that belong together. */
export type GridBody = {
  /** Their heading, if any. */
  title: string,
  /** The rows. */
  rows: Array<GridRow>,
};

/** A cell. */
export type GridCell = {
  /** What it says. */
  text: string,
  /** Marks of significance. */
  stars: string,
  /** A second line. */
  below: string,
  /** The numbers it rounds, in the order of its column's [`Column::values`]. */
  values: Array<number>,
  /** How many columns it takes. */
  span: number,
};

/** A column. */
export type GridColumn = {
  /** Its heading. */
  label: string,
  /** A second line of the heading. */
  below: string,
  /** Names of the numbers behind each of its cells; none where the text is all there is. */
  values: Array<string>,
};

/** A heading over several columns. */
export type GridGroup = {
  /** In words. */
  label: string,
  /** How many columns it is over. */
  columns: number,
};

/** A row. */
export type GridRow = {
  /** Its heading. */
  label: string,
  /** The number that the heading rounds, where it does. */
  value: number | null,
  /** From left to right. */
  cells: Array<GridCell>,
};

/** A heading with its choices, for a page to build its controls from. */
export type GroupReport = {
  /** The heading. */
  label: string,
  /** Its choices. */
  choices: Array<ChoiceReport>,
};

/**
 * What there is to fit in the joint test of the multiverse, before it is: a piece with regimes as they were, then one for
 * each draw.
 */
export type JointOffer = {
  /** How often regimes are dealt out. */
  draws: number,
  /** Number of combinations in each piece. */
  models: number,
  /** Numbers of a piece. */
  width: number,
};

/** A value that is known of a threat. */
export type Known = {
  /** The value. */
  value: Value,
  /** The year it is of, where that is not the threat's. */
  of: number | null,
};

/** What a panel's points are drawn as. */
export type Marks = "curves" | { "rows": Array<string> } | "bars" | "dots" | { "sorted": Sorted };

/** A model's column block. */
export type ModelColumn = {
  /** The model's key. */
  key: string,
  /** Words for it. */
  label: string,
  /** Outcomes that have an equation, in the order of the columns. */
  outcomes: Array<string>,
  /** The base outcome. */
  base: string,
  /** Fit statistics: words and value. */
  statistics: Array<[string, string]>,
  /** What to know of this model: what it left out, and its warnings. */
  notes: Array<string>,
};

/** What there is to fit in the multiverse, before it is. */
export type Offer = {
  /** Number of combinations in each piece of work. */
  pieces: Array<number>,
  /** Numbers of an outcome. */
  width: number,
  /** Choices to look at by themselves: keys with words. */
  only: Array<[string, string]>,
  /** The choices. */
  grid: Grid,
  /** What they are about. */
  about: Array<[string, string]>,
  /** What there is to fit in the joint test. */
  joint: JointOffer,
};

/** One of a figure's small multiples. */
export type Panel = {
  /** Its heading. */
  title: string,
  /** What its points are drawn as. */
  marks: Marks,
  /** The first is the one the figure is about and is drawn last. */
  series: Array<Series>,
  /**
   * How many of the rows behind it lie in each of equally wide parts of the horizontal axis; empty
   * where that would say nothing.
   */
  rug: Array<number>,
};

/** One value that a choice can have. */
export type Picked = {
  /** Its name, for arguments and addresses. */
  key: string,
  /** Words for it. */
  label: string,
  /** What it means; may be empty. */
  help: string,
  /** What it belongs to, where values come in groups. */
  group?: string,
};

/** What a curve has in a place. */
export type Placed = {
  /** Which of the combinations in order. */
  place: number,
  /** What it shows. */
  reading: Reading,
};

/** An estimate with its 95% interval; a count has none, and both ends are the count. */
export type Point = {
  /** Horizontal position. */
  x: number,
  /** Estimate. */
  estimate: number,
  /** Lower end of the interval. */
  low: number,
  /** Upper end of the interval. */
  high: number,
};

/** What imputing adds to a pooled estimate. */
export type Pooling = {
  /** Degrees of freedom (Barnard & Rubin 1999). */
  df: number,
  /** Fraction of missing information. */
  fmi: number,
  /** Part of the variance that is due to missing values. */
  lambda: number,
};

/**
 * How often a rule passes in one model on outcomes drawn by lot, if the study were right and if nothing it speaks of
 * mattered.
 */
export type Power = {
  /** The model's key. */
  model: string,
  /** Histories drawn of either kind. */
  draws: number,
  /** Shares if the study were right. */
  right: Shares,
  /** The same if nothing mattered. */
  nothing: Shares,
};

/**
 * An average probability.
 * A probability.
 */
export type Prediction = {
  /** Variables held at values. */
  at: { [key in string]: Value },
  /** Whether the others stand at their means; else the probability is an average over the observed rows. */
  at_means?: boolean,
  /** The outcome. */
  outcome: string,
  /** Probability. */
  estimate: number,
  /** Standard error, by the delta method unless something else was asked for. */
  std_error: number,
  /** Lower end of the interval; by the delta method not cut off at 0. */
  conf_low: number,
  /** Upper end of the interval; by the delta method not cut off at 1. */
  conf_high: number,
  /** Where the estimate is pooled. */
  pooling?: Pooling,
};

/** How many of a specification's models are done with. */
export type Progress = {
  /** Models that have been fitted, or cannot be. */
  done: number,
  /** Models that are wanted. */
  of: number,
};

/** What a figure shows at a point. */
export type Reading = {
  /** Where the values are: a vertical line, or for rows a horizontal one, in CSS pixels. */
  from: [number, number],
  /** Its other end. */
  to: [number, number],
  /** What is read, in words. */
  at: string,
  /** One for each series. */
  entries: Array<ReadingEntry>,
};

/** A series' value. */
export type ReadingEntry = {
  /** The series. */
  label: string,
  /** What it stands for. */
  role: Role,
  /** Where the value is, in CSS pixels; none for a bar. */
  dot: [number, number] | null,
  /** Estimate with its interval, in words. */
  text: string,
};

/** A model that cannot be estimated as specified. */
export type Refusal = {
  /** Its key. */
  model: string,
  /** Words for it. */
  label: string,
  /** Why, and what to change. */
  reason: string,
};

/** What a series stands for. */
export type Role = "compared" | "reference" | "first" | "second" | "third" | "rest" | "below" | "undecided" | "above" | "chosen" | "together" | "actual";

/** How a share between 0 and 1 becomes a position; no share is 0 on each. */
export type Scale = "log" | "log100" | "log10000" | "root" | "share";

/** Points of one kind. */
export type Series = {
  /** Direct label, or entry of the legend. */
  label: string,
  /** What it stands for, which decides its colour. */
  role: Role,
  /** From left to right, or from top to bottom. */
  points: Array<Point>,
};

/** What to set for the model in a place of a curve. */
export type Setting = {
  /** As an address has it. */
  specification: string,
  /** The model's measure of dependence. */
  measure: string,
  /** The figure that is about the model's explanation. */
  figure: number,
  /** The table that the model is in. */
  table: number,
};

/** Shares of histories. */
export type Shares = {
  /** In which a rule holds. */
  holds: number,
  /** In which it is contradicted. */
  contradicted: number,
};

/** What there is to show of work on one model. */
export type Shown = {
  /** Its figures. */
  figures: Array<Figure>,
  /** Its tables. */
  grids: Array<Grid>,
  /** The same in sentences. */
  sentences: Array<string>,
  /** What a reader may ask of its tables, where there is no figure that says so. */
  about: Array<[string, string]>,
};

/**
 * Many estimates in order, in columns of as many each. The last series is their line of medians, the one before it what
 * is marked on it; the others are kinds of estimates, each with the medians of its intervals' ends in every column.
 */
export type Sorted = {
  /** For each kind, which part of its column each point stands for. */
  weights: Array<Array<number>>,
  /** Number of columns. */
  columns: number,
  /** What was chosen. */
  strips: Array<Strip>,
};

/** A specification as a page shows it. */
export type SpecificationReport = {
  /** As an address has it; empty for the study's own. */
  canonical: string,
  /** Where it differs from the study. */
  differs: Array<Difference>,
  /** The same in a sentence, for whatever is taken away; empty for the study's own. */
  words: string,
  /** What was ignored when it was read. */
  ignored: Array<string>,
};

/** Where along a sorted curve an option was chosen. */
export type Strip = {
  /** The choice that it is an option of, where it is the first of them. */
  heading: string,
  /** The option. */
  label: string,
  /** Median estimate where it was chosen; none where it never was. */
  median: number | null,
  /** How often it was chosen in each column against how often in all: 1 is as often. None where it never was. */
  shares: Array<number>,
};

/** What a model makes of a threat, with a figure of it. */
export type ThreatExhibit = {
  /** The probabilities of all outcomes, as it was and as it is changed. */
  figure: Figure,
  /** The threat, as an address has it. */
  threat: string,
  /** Sender, target and year. */
  title: string,
  /** How it ended, where that is known. */
  happened: string | null,
  /** What the table has of an episode. */
  facts: Array<[string, Value]>,
  /** The model's key. */
  model: string,
  /** Words for the model. */
  model_label: string,
  /** Its variables, the ones the study is about first. */
  dials: Array<Dial>,
  /** Probability of every outcome with what is known. */
  as_it_was: Array<Prediction>,
  /** The same with the changes. */
  changed: Array<Prediction>,
  /** Their differences; empty where nothing is changed. */
  differences: Array<Comparison>,
  /** Episodes of the model that are like the threat in regime and dependence, as changed. */
  alike: Alike,
  /** The same in a sentence. */
  alike_words: string,
  /** Where the threat, as changed, lies outside the data. */
  warnings: Array<string>,
  /** Changes that could not be read. */
  ignored: Array<string>,
};

/** What a threat can be chosen from. */
export type Threats = {
  /** Every episode, in order of time. */
  episodes: Array<EpisodeEntry>,
  /** Every sender, by name. */
  senders: Array<Country>,
  /** Every target, by name. */
  targets: Array<Country>,
  /** First and last year. */
  years: [number, number],
};

/** A number or a level. */
export type Value = number | string;

/** The verdict on a claim. */
export type Verdict = "reproduced" | "partly" | "undecided" | "contradicted" | "not_judged";

/** What the page shows that needs all of the study's models. */
export type Whole = {
  /** The tests of the hypotheses as a figure and as a table; no figure where there is no model. */
  hypothesis_figure: Figure | null,
  /** The table. */
  hypothesis_table: Grid,
  /** What the study claims, and what the rebuilt data say to it. */
  claims: Array<ClaimReport>,
  /** The episodes that the study tells. */
  cases: Array<Case>,
};
