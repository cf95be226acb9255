//! Python: `MNLogit` of statsmodels, polished by Newton's method.

use mlogit::Elementary;
use readers::{Decimal, FileKind};

use crate::analysis::{
    Analysis, Column, Contrast, Errors, Held, Kind, LearnedKind, Setting, Slope, level_number,
};
use crate::code::{Code, Moment, Notation, written};
use crate::header;
use crate::text::{Script, enumerated, listed, quoted};

/// The analysis as a script for Python.
pub(crate) fn script(analysis: &Analysis) -> String {
    let mut script = Script::new("#");
    header::write(&mut script, analysis);
    script.comment("Needs pandas and statsmodels (pip install statsmodels).");
    if analysis.firth {
        script.comment(
            "statsmodels does not reduce bias (Firth), and this script does not: its estimates are those of maximum \
             likelihood. The nearest way is brglm2::brmultinom in R.",
        );
    }
    script.blank();
    script.line("import numpy as np");
    script.line("import pandas as pd");
    script.line("import statsmodels.api as sm");
    script.line("from scipy.stats import norm");
    data(&mut script, analysis);
    model(&mut script, analysis);
    fit(&mut script, analysis);
    quantities(&mut script, analysis);
    script.finish()
}

// ---- The data ----

pub(crate) fn texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Vec<String> {
    texts.into_iter().map(|text| quoted(text.as_ref())).collect()
}

fn data(script: &mut Script, analysis: &Analysis) {
    script.heading("The data");
    read(script, analysis);
    number(script, analysis);
    script.blank();
    script.comment("Of levels the first is the base. Whatever is not listed is missing.");
    script.line("data = pd.DataFrame({");
    for column in &analysis.columns {
        script.line(format!(
            "    {}: {},",
            quoted(&column.name),
            values(analysis, column)
        ));
    }
    script.line("})");
    header::dropped(script, analysis);
    script.line("data = data.dropna()");
    if let Some(weights) = &analysis.weights {
        script.line(format!("data = data[data[{}] > 0]", quoted(&weights.column)));
    }
    script.line(format!("assert len(data) == {}", analysis.rows));
}

/// Where the lowest and the highest number of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// From the rows at hand, which are all there are.
    OfData,
    /// From `lowest` and `highest`, by name.
    Known,
}

/// The function that reads numbers.
pub(crate) fn number(script: &mut Script, analysis: &Analysis) {
    let source = &analysis.source;
    let is_csv = source.reading.format == FileKind::Csv;
    let missing = source.missing_numbers();
    let comma = source.reading.decimal == Some(Decimal::Comma) && is_csv;
    let thousands = source.reading.thousands.filter(|_| is_csv);
    script.blank();
    script.blank();
    script.line("def number(text):");
    if let Some(thousands) = thousands {
        let sign = String::from(thousands);
        let signs = if sign == " " {
            "[ \\u00a0\\u202f\\u2009]".to_owned()
        } else {
            format!("[{sign}]")
        };
        script.line(format!(
            "    text = text.str.replace(\"{signs}\", \"\", regex=True)"
        ));
    }
    if comma {
        script.line("    text = text.str.replace(\",\", \".\")");
    }
    if missing.is_empty() {
        script.line("    return pd.to_numeric(text, errors=\"coerce\").astype(float)");
    } else {
        let codes: Vec<String> = missing.iter().map(|code| written(*code)).collect();
        script.line("    x = pd.to_numeric(text, errors=\"coerce\").astype(float)");
        script.line(format!(
            "    return x.mask(x.isin([{}]))  # codes of missing values",
            codes.join(", ")
        ));
    }
    script.blank();
}

fn read(script: &mut Script, analysis: &Analysis) {
    let source = &analysis.source;
    let reading = &source.reading;
    let mut arguments = vec![quoted(&source.path)];
    if reading.format == FileKind::Stata {
        script.line(format!("raw = pd.read_stata({})", arguments[0]));
        return;
    }
    let is_csv = reading.format == FileKind::Csv;
    let delimiter = reading.delimiter.map_or_else(|| ",".to_owned(), String::from);
    if is_csv && delimiter != "," {
        arguments.push(format!("sep={}", quoted(&delimiter)));
    }
    arguments.extend(
        reading
            .sheet
            .iter()
            .map(|sheet| format!("sheet_name={}", quoted(sheet))),
    );
    if source.before_names() > 0 {
        arguments.push(format!("skiprows={}", source.before_names()));
    }
    arguments.push("dtype=str".to_owned());
    arguments.push("keep_default_na=False".to_owned());
    arguments.push(format!(
        "na_values=[{}]",
        texts(source.missing_texts()).join(", ")
    ));
    if is_csv {
        arguments.push(format!(
            "encoding={}",
            quoted(encoding(reading.encoding.as_deref()))
        ));
        if reading.gzip {
            arguments.push("compression=\"gzip\"".to_owned());
        }
        script.comment("Every cell as text: what a column is, is said below.");
    }
    let function = if is_csv {
        "raw = pd.read_csv("
    } else {
        "raw = pd.read_excel("
    };
    script.line(listed(function, &arguments, ")", "    "));
    script.line("raw.columns = raw.columns.str.strip()");
}

pub(crate) fn encoding(name: Option<&str>) -> &str {
    match name {
        None | Some("UTF-8") => "utf-8-sig",
        Some("UTF-16LE" | "UTF-16BE") => "utf-16",
        Some(other) => other,
    }
}

/// A column's values.
pub(crate) fn values(analysis: &Analysis, column: &Column) -> String {
    let raw = format!("raw[{}]", quoted(analysis.source.column(&column.name)));
    match &column.kind {
        Kind::Number => format!("number({raw})"),
        Kind::Text => raw,
        Kind::Levels { levels, numbers } => {
            let of = if *numbers { format!("number({raw})") } else { raw };
            let levels = if *numbers {
                levels.iter().map(|level| level_number(level)).collect()
            } else {
                texts(levels)
            };
            listed(&format!("pd.Categorical({of}, ["), &levels, "])", "        ")
        }
    }
}

// ---- The columns of the model ----

/// Python on a data frame `d`, or on means in `d`.
pub(crate) struct On<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) means: bool,
    pub(crate) frame: &'static str,
}

impl Notation for On<'_> {
    fn variable(&self, variable: &str) -> String {
        format!("{}[{}]", self.frame, quoted(variable))
    }
    fn level(&self, variable: &str, level: &str) -> String {
        if self.means {
            return format!("{}[{}]", self.frame, quoted(&level_key(variable, level)));
        }
        format!(
            "({}[{}] == {})",
            self.frame,
            quoted(variable),
            level_value(self.analysis, variable, level)
        )
    }
    fn moment(&self, learned: usize, moment: Moment) -> String {
        match moment {
            Moment::Mean => format!("mean_{}", learned + 1),
            Moment::Deviation => format!("sd_{}", learned + 1),
        }
    }
    fn basis(&self, learned: usize, column: usize, slope: bool, of: &str) -> String {
        let slope = if slope { ", slope=True" } else { "" };
        format!("basis_{}({of}{slope})[:, {column}]", learned + 1)
    }
    fn call(&self, function: Elementary, of: &str) -> String {
        format!("np.{}({of})", function.name())
    }
    fn sign(&self, of: &str) -> String {
        format!("np.sign({of})")
    }
    fn power(&self) -> &'static str {
        "**"
    }
}

pub(crate) fn level_key(variable: &str, level: &str) -> String {
    format!("{variable}[{level}]")
}

pub(crate) fn level_value(analysis: &Analysis, variable: &str, level: &str) -> String {
    match analysis.kind(variable) {
        Kind::Levels { numbers: true, .. } => level_number(level),
        _ => quoted(level),
    }
}

pub(crate) const POLY: &str = r#"class Poly:
    """Orthogonal polynomials as R's poly makes them: learnt from x, and then the same on other rows."""

    def __init__(self, x, degree):
        x = np.asarray(x, float)
        p, before = np.ones_like(x), np.zeros_like(x)
        self.alpha, self.norm2 = [], [1.0, len(x)]
        for _ in range(degree):
            self.alpha.append((x * p**2).sum() / (p**2).sum())
            p, before = (x - self.alpha[-1]) * p - self.norm2[-1] / self.norm2[-2] * before, p
            self.norm2.append((p**2).sum())

    def __call__(self, x, slope=False):
        x = np.atleast_1d(np.asarray(x, float))
        p, before, d, d_before = np.ones_like(x), 0 * x, 0 * x, 0 * x
        columns = []
        for k, alpha in enumerate(self.alpha):
            ratio = self.norm2[k + 1] / self.norm2[k]
            d, d_before = p + (x - alpha) * d - ratio * d_before, d
            p, before = (x - alpha) * p - ratio * before, p
            columns.append((d if slope else p) / np.sqrt(self.norm2[k + 2]))
        return np.column_stack(columns)"#;

pub(crate) const SPLINE: &str = r#"class Spline:
    """Natural cubic splines as R's ns makes them: knots at quantiles, straight lines beyond the ends."""

    def __init__(self, x, columns):
        inner = np.quantile(np.asarray(x, float), np.linspace(0, 1, columns + 1))
        self.low, self.high = inner[0], inner[-1]
        knots = np.concatenate([[self.low] * 3, inner, [self.high] * 3])
        self.splines = BSpline(knots, np.eye(len(knots) - 4), 3)
        bends = self.splines(np.array([self.low, self.high]), 2)[:, 1:]
        self.turn = np.linalg.qr(bends.T, mode="complete")[0][:, 2:]

    def __call__(self, x, slope=False):
        x = np.atleast_1d(np.asarray(x, float))
        inside = np.clip(x, self.low, self.high)
        slopes = self.splines(inside, 1)
        values = slopes if slope else self.splines(inside) + (x - inside)[:, None] * slopes
        return values[:, 1:] @ self.turn"#;

fn model(script: &mut Script, analysis: &Analysis) {
    script.heading("The columns of the model");
    bases(script, analysis);
    let on_data = On {
        analysis,
        means: false,
        frame: "data",
    };
    for (place, learned) in analysis.learned.iter().enumerate() {
        let of = learned.of.write(&on_data);
        script.line(match learned.kind {
            LearnedKind::Moments => format!(
                "mean_{0}, sd_{0} = np.mean({of}), np.std({of}, ddof=1)",
                place + 1
            ),
            LearnedKind::Polynomials(degree) => format!("basis_{} = Poly({of}, {degree})", place + 1),
            LearnedKind::Splines(columns) => format!("basis_{} = Spline({of}, {columns})", place + 1),
        });
    }
    if !analysis.learned.is_empty() {
        script.blank();
    }
    columns(script, analysis);
}

pub(crate) fn bases(script: &mut Script, analysis: &Analysis) {
    let has = |is: fn(LearnedKind) -> bool| analysis.learned.iter().any(|learned| is(learned.kind));
    if has(|kind| matches!(kind, LearnedKind::Splines(_))) {
        script.line("from scipy.interpolate import BSpline");
        script.blank();
        script.line(SPLINE);
        script.blank();
    }
    if has(|kind| matches!(kind, LearnedKind::Polynomials(_))) {
        script.line(POLY);
        script.blank();
    }
}

/// The function that makes the model's columns.
pub(crate) fn columns(script: &mut Script, analysis: &Analysis) {
    let left_out: Vec<String> = analysis
        .terms
        .iter()
        .filter(|term| !term.kept)
        .map(|term| term.name.clone())
        .collect();
    if !left_out.is_empty() {
        script.comment(format!(
            "Left out, as no row has it or others determine it: {}.",
            enumerated(&left_out)
        ));
    }
    let on = On {
        analysis,
        means: false,
        frame: "d",
    };
    script.line("def columns(d):");
    script.line("    return pd.DataFrame({");
    for term in analysis.kept() {
        script.line(format!(
            "        {}: {},",
            quoted(&term.name),
            term.code.write(&on)
        ));
    }
    script.line("    }, index=d.index).astype(float)");
    script.blank();
}

// ---- The fit ----

const NEWTON: &str = r#"def probabilities(X, B):
    eta = np.column_stack([np.zeros(len(X)), X @ B])
    p = np.exp(eta - eta.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def loglik(X, B):
    return np.sum(w * np.log(probabilities(X, B)[np.arange(len(y)), y]))


def scores(X, P):
    return np.hstack([X * ((y == j) - P[:, j])[:, None] for j in range(1, J)])


def information(X, P):
    return np.block([
        [X.T @ ((w * P[:, j] * ((j == l) - P[:, l]))[:, None] * X) for l in range(1, J)]
        for j in range(1, J)
    ])
"#;

const POLISH: &str = r#"# Newton's method takes it to the last digit. It works on orthonormal columns (Q), so that units do not
# matter, and halves a step that would lead down.
Q, R = np.linalg.qr(X)
Q, R = Q * np.sqrt(n), R / np.sqrt(n)
G = R @ start
for iteration in range(100):
    P = probabilities(Q, G)
    step = np.linalg.solve(information(Q, P), scores(Q, P).T @ w).reshape(J - 1, K).T
    now = loglik(Q, G)
    while not loglik(Q, G + step) >= now - 1e-9 * abs(now) and abs(step).max() > 1e-10:
        step = step / 2
    G = G + step
    if abs(step).max() < 1e-9:
        break
else:
    raise RuntimeError("Newton's method does not settle: are the outcomes separated?")"#;

fn fit(script: &mut Script, analysis: &Analysis) {
    script.heading("The fit");
    let outcome = quoted(&analysis.columns[0].name);
    script.line("design = columns(data)");
    script.line(format!(
        "y = data[{outcome}].cat.codes.to_numpy()  # 0 is the base outcome"
    ));
    script.line(format!(
        "outcomes = [str(level) for level in {}]",
        outcomes(analysis)
    ));
    script.line("X = design.to_numpy()");
    match &analysis.weights {
        Some(weights) => script.line(format!("w = data[{}].to_numpy()", quoted(&weights.column))),
        None => script.line("w = np.ones(len(data))"),
    }
    script.line("(n, K), J = X.shape, len(outcomes)");
    script.blank();
    if analysis.weights.is_some() {
        script.comment("MNLogit knows no weights: its fit is only where Newton's method starts.");
    }
    script.line("fit = sm.MNLogit(y, design).fit(method=\"newton\", maxiter=100, disp=False)");
    script.line("start = np.asarray(fit.params).reshape(K, J - 1)");
    script.blank();
    script.blank();
    script.line(NEWTON);
    script.blank();
    script.line(POLISH);
    script.blank();
    script.line("P = probabilities(Q, G)");
    script.line("S = scores(Q, P)");
    script.line("inverse = np.linalg.inv(information(Q, P))");
    covariance(script, analysis);
    script.comment("From the orthonormal columns back to the columns as they are.");
    script.line("turn = np.linalg.inv(R)");
    script.line("B = turn @ G");
    script.line("back = np.kron(np.eye(J - 1), turn)");
    script.blank();
    finished(script, analysis);
    script.blank();
    script.line(
        "coefficients = finished(pd.DataFrame({
    \"outcome\": np.repeat(outcomes[1:], K), \"term\": np.tile(design.columns, J - 1),
    \"estimate\": B.T.ravel(), \"std_error\": np.sqrt(np.diag(back @ V @ back.T)),
}))",
    );
    script.line("log_likelihood = loglik(Q, G)");
    script
        .line("pd.set_option(\"display.precision\", 10, \"display.width\", 200, \"display.max_rows\", None)");
    script.line("pd.set_option(\"display.max_columns\", None)");
    script.line("print(\"Log-likelihood\", log_likelihood)");
    script.line("print(coefficients)");
}

pub(crate) fn outcomes(analysis: &Analysis) -> String {
    listed("[", &texts(&analysis.outcomes), "]", "    ")
}

pub(crate) fn finished(script: &mut Script, analysis: &Analysis) {
    script.line(format!(
        "def finished(table):
    z = norm.ppf({})
    table[\"statistic\"] = table[\"estimate\"] / table[\"std_error\"]
    table[\"p_value\"] = 2 * norm.sf(abs(table[\"statistic\"]))
    table[\"conf_low\"] = table[\"estimate\"] - z * table[\"std_error\"]
    table[\"conf_high\"] = table[\"estimate\"] + z * table[\"std_error\"]
    return table
",
        written((1.0 + analysis.level) / 2.0)
    ));
}

fn covariance(script: &mut Script, analysis: &Analysis) {
    let probability = analysis
        .weights
        .as_ref()
        .is_some_and(|weights| weights.probability);
    let observations = if probability || analysis.weights.is_none() {
        "n"
    } else {
        "w.sum()"
    };
    let weights = if probability { "(w**2)" } else { "w" };
    let meat = format!("(S.T * {weights}) @ S");
    let sandwich = |factor: &str| format!("V = inverse @ ({meat}) @ inverse{factor}");
    let clustered = "
def clustered(*groups):
    g = data.groupby(list(groups), sort=False, observed=True).ngroup().to_numpy()
    sums = pd.DataFrame(S * w[:, None]).groupby(g).sum().to_numpy()
    count = len(sums)
    return inverse @ sums.T @ sums @ inverse * count / (count - 1)

";
    match &analysis.errors {
        Errors::Observed => {
            script.comment("Standard errors from the information.");
            script.line("V = inverse");
        }
        Errors::Hc0 => {
            script.comment("Robust standard errors (HC0).");
            script.line(sandwich(""));
        }
        Errors::Hc1 => {
            script.comment("Robust standard errors (HC1), with as many parameters as all equations have.");
            script.line(sandwich(&format!(
                " * {observations} / ({observations} - G.size)"
            )));
        }
        Errors::Robust => {
            script.comment("Robust standard errors, with the factor of Stata's vce(robust).");
            script.line(sandwich(&format!(" * {observations} / ({observations} - 1)")));
        }
        Errors::Cluster(columns) => {
            script.comment(format!(
                "Standard errors clustered by {}, with the factor G / (G - 1).",
                enumerated(columns)
            ));
            script.line(clustered);
            script.line(format!("V = clustered({})", texts(columns).join(", ")));
        }
        Errors::TwoWay(first, second) => {
            script.comment(format!(
                "Standard errors clustered two ways, by {first} and by {second}; each part with its G / (G - 1)."
            ));
            script.line(clustered);
            let (a, b) = (quoted(first), quoted(second));
            script.line(format!(
                "V = clustered({a}) + clustered({b}) - clustered({a}, {b})"
            ));
        }
    }
}

// ---- Predictions, slopes, comparisons ----

const AVERAGES: &str = r#"# An average over rows with parts a of it: of probabilities, or of their derivatives where columns move as D
# says. Each comes with its gradient by the coefficients of the orthonormal columns, for the delta method.
def averaged(X, a):
    X = np.asarray(X) @ turn
    P = probabilities(X, G)
    return a @ P, gradient(lambda m, j: X.T @ (a * P[:, m] * ((m == j) - P[:, j])))


def slope(X, D, a):
    X, D = np.asarray(X) @ turn, np.asarray(D) @ turn
    P = probabilities(X, G)
    s = np.column_stack([np.zeros(len(D)), D @ G])
    s = s - (P * s).sum(axis=1, keepdims=True)
    return a @ (P * s), gradient(lambda m, j: (
        X.T @ (a * P[:, m] * (((m == j) - P[:, j]) * s[:, m] - P[:, j] * s[:, j]))
        + D.T @ (a * P[:, m] * ((m == j) - P[:, j]))
    ))


def gradient(by):
    return np.column_stack([np.concatenate([by(m, j) for j in range(1, J)]) for m in range(J)])


def minus(high, low):
    return high[0] - low[0], high[1] - low[1]


def row(variable, contrast, at, e):
    std_error = np.sqrt(np.sum(e[1] * (V @ e[1]), axis=0))
    return pd.DataFrame({
        "variable": variable, "contrast": contrast, "at": at, "outcome": outcomes,
        "estimate": e[0], "std_error": std_error,
    })

"#;

fn quantities(script: &mut Script, analysis: &Analysis) {
    if analysis.predicted.is_empty() && analysis.slopes.is_empty() && analysis.comparisons.is_empty() {
        return;
    }
    script.heading("Predictions, slopes, comparisons");
    script.line(AVERAGES);
    if analysis.at_means {
        means(script, analysis);
    } else {
        script.comment("Each row's part of an average, and rows in which some variables are held.");
        script.line("a = w / w.sum()");
        script.blank();
        script.blank();
        script.line("def hold(d, values):");
        script.line("    return d.assign(**{name: value for name, value in values.items()})");
        script.blank();
        script.blank();
    }
    let along: Vec<(&String, &Vec<(usize, Code)>)> = analysis
        .slopes
        .iter()
        .filter_map(|slope| match slope {
            Slope::Along { variable, columns } => Some((variable, columns)),
            Slope::Levels(_) => None,
        })
        .collect();
    if !along.is_empty() {
        moving(script, analysis, &along);
    }
    if !analysis.predicted.is_empty() {
        let rows = analysis.predicted.iter().map(|setting| {
            format!(
                "row(\"\", \"\", {}, {})",
                label(analysis, setting),
                average(analysis, setting, Ends::OfData)
            )
        });
        table(script, "predictions", rows.collect());
        script.line(
            "print(predictions.drop(columns=[\"variable\", \"contrast\", \"statistic\", \"p_value\"]))",
        );
    }
    let along = |setting: &Setting, variable: &str| {
        let of = rows_of(analysis, setting, Ends::OfData);
        let (columns, parts) = point(analysis, setting, Ends::OfData);
        format!(
            "row({0}, \"dY/dX\", {1}, slope(\n        {columns},\n        moving({0}, {of}), {parts}))",
            quoted(variable),
            label(analysis, setting),
        )
    };
    let levels = |setting: &Setting, contrast: &Contrast| difference(analysis, setting, contrast);
    let rows = analysis.slope_lines(along, levels);
    table(script, "slopes", rows);
    if !analysis.slopes.is_empty() {
        script.line("print(slopes)");
    }
    table(script, "comparisons", analysis.comparison_lines(levels));
    if !analysis.comparisons.is_empty() {
        script.line("print(comparisons)");
    }
}

fn table(script: &mut Script, name: &str, rows: Vec<String>) {
    if rows.is_empty() {
        return;
    }
    script.blank();
    script.line(format!(
        "{name} = finished(pd.concat([\n    {},\n], ignore_index=True))",
        rows.join(",\n    ")
    ));
}

pub(crate) fn label(analysis: &Analysis, setting: &Setting) -> String {
    let held = setting.label();
    quoted(&match (analysis.at_means, held.is_empty()) {
        (true, true) => "means".to_owned(),
        (true, false) => format!("{held}, others at means"),
        (false, _) => held,
    })
}

pub(crate) fn point(analysis: &Analysis, setting: &Setting, ends: Ends) -> (String, &'static str) {
    let of = if analysis.at_means {
        "columns_at"
    } else {
        "columns"
    };
    let parts = if analysis.at_means { "np.ones(1)" } else { "a" };
    (format!("{of}({})", rows_of(analysis, setting, ends)), parts)
}

pub(crate) fn average(analysis: &Analysis, setting: &Setting, ends: Ends) -> String {
    let (columns, parts) = point(analysis, setting, ends);
    format!("averaged({columns}, {parts})")
}

fn difference(analysis: &Analysis, setting: &Setting, contrast: &Contrast) -> String {
    let (low, high) = contrast.pair(setting);
    format!(
        "row({}, {}, {}, minus(\n        {},\n        {}))",
        quoted(&contrast.variable),
        quoted(&contrast.name),
        label(analysis, setting),
        average(analysis, &high, Ends::OfData),
        average(analysis, &low, Ends::OfData)
    )
}

pub(crate) fn rows_of(analysis: &Analysis, setting: &Setting, ends: Ends) -> String {
    let frame = if analysis.at_means { "means" } else { "data" };
    if setting.0.is_empty() {
        return frame.to_owned();
    }
    let mut items = Vec::new();
    for (variable, held) in &setting.0 {
        let key = quoted(variable);
        let value = match (held, analysis.kind(variable)) {
            (Held::Level(level), Kind::Levels { levels, .. }) if analysis.at_means => {
                for known in levels {
                    let share = if known == level { "1" } else { "0" };
                    items.push(format!("{}: {share}", quoted(&level_key(variable, known))));
                }
                continue;
            }
            (Held::Level(level), _) => level_value(analysis, variable, level),
            (Held::Number(number), _) => written(*number),
            (Held::Moved(by), _) => format!("{frame}[{key}] + {}", written(*by)),
            (Held::Lowest, _) if ends == Ends::Known => format!("lowest[{key}]"),
            (Held::Highest, _) if ends == Ends::Known => format!("highest[{key}]"),
            (Held::Lowest, _) => format!("data[{key}].min()"),
            (Held::Highest, _) => format!("data[{key}].max()"),
        };
        items.push(format!("{key}: {value}"));
    }
    if analysis.at_means {
        return format!("means | {{{}}}", items.join(", "));
    }
    format!("hold(data, {{{}}})", items.join(", "))
}

pub(crate) fn moving(script: &mut Script, analysis: &Analysis, along: &[(&String, &Vec<(usize, Code)>)]) {
    let kept = analysis.kept();
    let on = On {
        analysis,
        means: analysis.at_means,
        frame: "d",
    };
    let columns = if analysis.at_means {
        "columns_at"
    } else {
        "columns"
    };
    script.comment("How the columns move along a variable: their derivatives by it.");
    script.line("def moving(variable, d):");
    script.line(format!("    D = 0 * {columns}(d)"));
    for (variable, moving) in along {
        script.line(format!("    if variable == {}:", quoted(variable)));
        if moving.is_empty() {
            script.line("        pass");
        }
        for (position, code) in *moving {
            if let Some(term) = kept.get(*position) {
                script.line(format!("        D[{}] = {}", quoted(&term.name), code.write(&on)));
            }
        }
    }
    script.line("    return D.astype(float)");
    script.blank();
}

fn means(script: &mut Script, analysis: &Analysis) {
    script.comment("Means of numbers and shares of levels; products and functions are made anew from these.");
    script.line("means = {");
    for column in &analysis.columns[1..] {
        if !analysis.terms.iter().any(|term| term.code.involves(&column.name)) {
            continue;
        }
        let key = quoted(&column.name);
        match &column.kind {
            Kind::Number => script.line(format!("    {key}: np.average(data[{key}], weights=w),")),
            Kind::Levels { levels, .. } => {
                for level in levels {
                    let value = level_value(analysis, &column.name, level);
                    script.line(format!(
                        "    {}: np.average(data[{key}] == {value}, weights=w),",
                        quoted(&level_key(&column.name, level))
                    ));
                }
            }
            Kind::Text => {}
        }
    }
    script.line("}");
    script.blank();
    script.blank();
    columns_at(script, analysis);
}

/// The function that makes the model's columns of means.
pub(crate) fn columns_at(script: &mut Script, analysis: &Analysis) {
    let on = On {
        analysis,
        means: true,
        frame: "d",
    };
    script.line("def columns_at(d):");
    script.line("    return pd.DataFrame({");
    for term in analysis.kept() {
        script.line(format!(
            "        {}: {},",
            quoted(&term.name),
            term.code.write(&on)
        ));
    }
    script.line("    }, index=[0]).astype(float)");
    script.blank();
    script.blank();
}
