//! Python on Apache Spark: Spark's own fit is the start, Newton's method adds up gradient and information over partitions.

use readers::FileKind;

use crate::analysis::{Analysis, Contrast, Errors, Held, Kind, LearnedKind, Setting, Slope};
use crate::code::Code;
use crate::header;
use crate::python::{
    Ends, On, POLY, SPLINE, average, columns, columns_at, encoding, finished, label, level_key, level_value,
    moving, number, point, rows_of, texts, values,
};
use crate::text::{Script, enumerated, listed, quoted};

/// The analysis as a script for PySpark.
pub(crate) fn script(analysis: &Analysis) -> String {
    let mut script = Script::new("#");
    header::write(&mut script, analysis);
    script.comment(
        "Needs pyspark, pandas, pyarrow and scipy, and runs as it is on any cluster: spark-submit SCRIPT. Every pass over the \
         rows is a job of its own, and of each partition only sums come back: what they take does not grow with the rows.",
    );
    if analysis.firth {
        script.comment(
            "Spark does not reduce bias (Firth), and this script does not: it is maximum likelihood.",
        );
    }
    script.blank();
    script.line("import functools");
    script.blank();
    script.line("import numpy as np");
    script.line("import pandas as pd");
    script.line("from pyspark.ml.classification import LogisticRegression");
    script.line("from pyspark.ml.functions import array_to_vector");
    script.line("from pyspark.sql import SparkSession, functions as F");
    script.line("from scipy.stats import norm");
    if has(analysis, |kind| matches!(kind, LearnedKind::Splines(_))) {
        script.line("from scipy.interpolate import BSpline");
    }
    script.blank();
    script.line("spark = SparkSession.builder.getOrCreate()");
    data(&mut script, analysis);
    model(&mut script, analysis);
    fit(&mut script, analysis);
    quantities(&mut script, analysis);
    script.finish()
}

fn has(analysis: &Analysis, is: fn(LearnedKind) -> bool) -> bool {
    analysis.learned.iter().any(|learned| is(learned.kind))
}

// ---- The data ----

const PASS: &str = r#"def over_rows(make, join=np.add):
    """What `make` gives for a batch of rows, joined over all rows: one pass over the data."""
    def of_partition(batches):
        total = None
        for batch in batches:
            data = prepared(batch)
            if len(data):
                made = make(data)
                total = made if total is None else join(total, made)
        if total is not None:
            yield pd.DataFrame({"total": [total]})

    parts = raw.mapInPandas(of_partition, "total array<double>").collect()
    return functools.reduce(join, (np.array(part.total) for part in parts))
"#;

fn data(script: &mut Script, analysis: &Analysis) {
    script.heading("The data");
    let source = &analysis.source;
    let reading = &source.reading;
    script.comment("Any other table does as well: spark.read.parquet(...), spark.table(...).");
    if reading.format != FileKind::Csv {
        script.comment("Spark does not read this kind of file: save it as Parquet or CSV.");
    }
    if source.before_names() > 0 {
        script.comment(format!(
            "The file must begin with the names of the columns: {} lines before them.",
            source.before_names()
        ));
    }
    let delimiter = reading.delimiter.map_or_else(|| ",".to_owned(), String::from);
    let arguments = [
        quoted(&source.path),
        "header=True".to_owned(),
        format!("sep={}", quoted(&delimiter)),
        "quote='\"'".to_owned(),
        "escape='\"'".to_owned(),
        format!(
            "encoding={}",
            quoted(spark_encoding(encoding(reading.encoding.as_deref())))
        ),
    ];
    script.line(listed("raw = spark.read.csv(", &arguments, ")", "    "));
    let used = analysis.columns.iter().map(|column| source.column(&column.name));
    script.line(listed("used = [", &texts(used), "]", "    "));
    script.line("raw = raw.select([F.col(\"`\" + name.replace(\"`\", \"``\") + \"`\").cast(\"string\").alias(name) for name in used])");
    number(script, analysis);
    script.blank();
    script.line("def prepared(raw):");
    script.line("    \"\"\"The rows of a batch that are used. Of levels the first is the base; what is not listed is missing.\"\"\"");
    script.line(format!(
        "    raw = raw.mask(raw.isin([{}]))",
        texts(source.missing_texts()).join(", ")
    ));
    script.line("    data = pd.DataFrame({");
    for column in &analysis.columns {
        script.line(format!(
            "        {}: {},",
            quoted(&column.name),
            values(analysis, column)
        ));
    }
    script.line("    })");
    match &analysis.weights {
        None => script.line("    return data.dropna()"),
        Some(weights) => {
            script.line("    data = data.dropna()");
            script.line(format!("    return data[data[{}] > 0]", quoted(&weights.column)));
        }
    }
    script.blank();
    script.blank();
    script.line(PASS);
    header::dropped(script, analysis);
}

fn spark_encoding(name: &str) -> &str {
    if name == "utf-8-sig" { "utf-8" } else { name }
}

// ---- The columns of the model ----

fn model(script: &mut Script, analysis: &Analysis) {
    script.heading("The columns of the model");
    if has(analysis, |kind| matches!(kind, LearnedKind::Splines(_))) {
        script.line(
            SPLINE
                .replace(
                    "    def __init__(self, x, columns):\n",
                    "    def __init__(self, inner):\n",
                )
                .replace(
                    "        inner = np.quantile(np.asarray(x, float), np.linspace(0, 1, columns + 1))\n",
                    "",
                ),
        );
        script.blank();
        script.blank();
        script.line(QUANTILES);
    }
    if has(analysis, |kind| matches!(kind, LearnedKind::Polynomials(_))) {
        let (_, rest) = POLY.split_once("    def __call__").unwrap_or_default();
        script.line(format!("{LEARNT_POLY}\n    def __call__{rest}"));
        script.blank();
        script.blank();
        script.line(LEARN_POLY);
        script.blank();
    }
    let on = On {
        analysis,
        means: false,
        frame: "d",
    };
    for (place, learned) in analysis.learned.iter().enumerate() {
        let of = learned.of.write(&on);
        let number = place + 1;
        match learned.kind {
            LearnedKind::Moments => {
                script.line(format!(
                    "count_{number}, total_{number} = over_rows(lambda d: np.array([len(d), np.sum({of})]))"
                ));
                script.line(format!("mean_{number} = total_{number} / count_{number}"));
                script.line(format!(
                    "sd_{number} = np.sqrt(over_rows(lambda d: np.array([np.sum(({of} - mean_{number})**2)]))[0] / (count_{number} - 1))"
                ));
            }
            LearnedKind::Polynomials(degree) => {
                script.line(format!(
                    "basis_{number} = learnt_poly(lambda d: np.asarray({of}), {degree})"
                ));
            }
            LearnedKind::Splines(columns) => {
                script.line(format!(
                    "basis_{number} = Spline(learned(lambda d: np.asarray({of}), np.linspace(0, 1, {columns} + 1)))"
                ));
            }
        }
    }
    script.blank();
    columns(script, analysis);
    script.blank();
    script.line("def parts(data):");
    script.line("    \"\"\"Columns, outcomes and weights of rows; outcome 0 is the base.\"\"\"");
    let weights = match &analysis.weights {
        Some(weights) => format!("data[{}].to_numpy()", quoted(&weights.column)),
        None => "np.ones(len(data))".to_owned(),
    };
    let outcome = quoted(&analysis.columns[0].name);
    script.line(format!(
        "    return columns(data).to_numpy(), data[{outcome}].cat.codes.to_numpy(), {weights}"
    ));
    script.blank();
}

const QUANTILES: &str = r#"def learned(x, parts):
    """Quantiles of x over all rows."""
    def of_partition(batches):
        for batch in batches:
            yield pd.DataFrame({"x": x(prepared(batch))})

    values = raw.mapInPandas(of_partition, "x double")
    return np.array(values.select(F.percentile("x", F.array(*[F.lit(float(part)) for part in parts]))).first()[0])

"#;

const LEARNT_POLY: &str = r#"class Poly:
    """Orthogonal polynomials as R's poly makes them: learnt from all rows, one pass for each degree."""

    def __init__(self):
        self.alpha, self.norm2 = [], [1.0]

    def sums(self, x):
        p, before = np.ones_like(x), np.zeros_like(x)
        for k, alpha in enumerate(self.alpha):
            ratio = self.norm2[k + 1] / self.norm2[k]
            p, before = (x - alpha) * p - ratio * before, p
        return np.array([(p**2).sum(), (x * p**2).sum()])
"#;

/// Stands beside the class, which goes to the workers and must not know of passes.
const LEARN_POLY: &str = r#"def learnt_poly(x, degree):
    poly = Poly()
    for _ in range(degree + 1):
        squares, weighted = over_rows(lambda d: poly.sums(x(d)))
        poly.norm2.append(squares)
        poly.alpha.append(weighted / squares)
    poly.alpha = poly.alpha[:degree]
    return poly
"#;

// ---- The fit ----

const NEWTON: &str = r#"def probabilities(X, B):
    eta = np.column_stack([np.zeros(len(X)), X @ B])
    p = np.exp(eta - eta.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def scores(X, P, y):
    return np.hstack([X * ((y == j) - P[:, j])[:, None] for j in range(1, J)])


def information(X, P, w):
    return np.block([
        [X.T @ ((w * P[:, j] * ((j == l) - P[:, l]))[:, None] * X) for l in range(1, J)]
        for j in range(1, J)
    ])


def sizes(data):
    return np.array([len(data), parts(data)[2].sum()])


def triangle(data):
    return np.linalg.qr(columns(data).to_numpy(), mode="r").ravel()


def joined(a, b):
    """The triangle of a QR decomposition of two blocks of rows, from those of each."""
    return np.linalg.qr(np.vstack([a.reshape(-1, K), b.reshape(-1, K)]), mode="r").ravel()


n, total = over_rows(sizes)
R = over_rows(triangle, joined).reshape(-1, K) / np.sqrt(n)
to_orthonormal = np.linalg.inv(R)


def orthonormal(data):
    """The columns, orthonormal over all rows, so that units do not matter."""
    X, y, w = parts(data)
    return X @ to_orthonormal, y, w


def likelihood(G):
    """Log-likelihood, gradient and information at G: one pass."""
    def make(data):
        Q, y, w = orthonormal(data)
        P = probabilities(Q, G)
        loglik = np.sum(w * np.log(P[np.arange(len(y)), y]))
        return np.concatenate([[loglik], scores(Q, P, y).T @ w, information(Q, P, w).ravel()])

    sums = over_rows(make)
    return sums[0], sums[1:p + 1], sums[p + 1:].reshape(p, p)
"#;

const POLISH: &str = r#"
# Spark's optimiser stops when five or six digits stand; two or three of Newton's steps take it to the last.
G = R @ start
log_likelihood, gradient, inverse = -np.inf, None, None
step = np.zeros((K, J - 1))
for iteration in range(50):
    found = likelihood(G)
    if found[0] < log_likelihood - 1e-9 * abs(log_likelihood) and abs(step).max() > 1e-10:
        step = step / 2
        G = G - step
        continue
    log_likelihood, slope_of, info = found
    print(f"pass {iteration + 1}: log-likelihood {log_likelihood:.9f}, last step {abs(step).max():.1e}")
    if iteration > 0 and abs(step).max() < 1e-8:
        break
    step = np.linalg.solve(info, slope_of).reshape(J - 1, K).T
    G = G + step
else:
    raise RuntimeError("Newton's method does not settle: are the outcomes separated?")

inverse = np.linalg.inv(info)"#;

fn fit(script: &mut Script, analysis: &Analysis) {
    script.heading("The fit");
    script.line(listed("outcomes = [", &texts(&analysis.outcomes), "]", "    "));
    let names: Vec<&String> = analysis.kept().into_iter().map(|term| &term.name).collect();
    script.line(listed("terms = [", &texts(&names), "]", "    "));
    script.line("K, J = len(terms), len(outcomes)");
    script.line("p = K * (J - 1)");
    script.blank();
    script.blank();
    script.line(NEWTON);
    script.blank();
    start(script, analysis, names.len());
    script.line(POLISH);
    covariance(script, analysis);
    script.blank();
    script.comment("From the orthonormal columns back to the columns as they are.");
    script.line("back = np.kron(np.eye(J - 1), to_orthonormal)");
    script.line("B = to_orthonormal @ G");
    script.blank();
    script.blank();
    finished(script, analysis);
    script.blank();
    script.line(
        "coefficients = finished(pd.DataFrame({
    \"outcome\": np.repeat(outcomes[1:], K), \"term\": np.tile(terms, J - 1),
    \"estimate\": B.T.ravel(), \"std_error\": np.sqrt(np.diag(back @ V @ back.T)),
}))",
    );
    script
        .line("pd.set_option(\"display.precision\", 10, \"display.width\", 200, \"display.max_rows\", None)");
    script.line("pd.set_option(\"display.max_columns\", None)");
    script.line("print(\"Rows\", int(n), \"log-likelihood\", log_likelihood)");
    script.line("print(coefficients)");
}

/// Spark's own fit.
fn start(script: &mut Script, analysis: &Analysis, columns: usize) {
    let first = usize::from(analysis.intercept);
    if columns == first {
        script.line("start = np.zeros((K, J - 1))");
        return;
    }
    script.line(format!(
        "def features(batches):
    for batch in batches:
        data = prepared(batch)
        if len(data):
            X, y, w = parts(data)
            yield pd.DataFrame({{\"label\": y.astype(float), \"weight\": w, \"features\": list(X[:, {first}:])}})


rows = raw.mapInPandas(features, \"label double, weight double, features array<double>\")
rows = rows.withColumn(\"features\", array_to_vector(\"features\"))
logistic = LogisticRegression(family=\"multinomial\", regParam=0, tol=1e-10, maxIter=200, weightCol=\"weight\", fitIntercept={})
of_spark = logistic.fit(rows)",
        if analysis.intercept { "True" } else { "False" }
    ));
    if analysis.intercept {
        script.line("of_spark = np.column_stack([of_spark.interceptVector.toArray(), of_spark.coefficientMatrix.toArray()])");
    } else {
        script.line("of_spark = of_spark.coefficientMatrix.toArray()");
    }
    script.line("start = (of_spark - of_spark[0])[1:].T");
}

fn covariance(script: &mut Script, analysis: &Analysis) {
    let probability = analysis
        .weights
        .as_ref()
        .is_some_and(|weights| weights.probability);
    let observations = if probability || analysis.weights.is_none() {
        "n"
    } else {
        "total"
    };
    let weights = if probability { "w**2" } else { "w" };
    let meat = format!(
        "
def meat(data):
    Q, y, w = orthonormal(data)
    S = scores(Q, probabilities(Q, G), y)
    return ((S.T * {weights}) @ S).ravel()


middle = over_rows(meat).reshape(p, p)"
    );
    let sandwich = |script: &mut Script, words: &str, factor: &str| {
        script.comment(words);
        script.line(&meat);
        script.line(format!("V = inverse @ middle @ inverse{factor}"));
    };
    match &analysis.errors {
        Errors::Observed => {
            script.comment("Standard errors from the information.");
            script.line("V = inverse");
        }
        Errors::Hc0 => sandwich(script, "Robust standard errors (HC0): one more pass.", ""),
        Errors::Hc1 => sandwich(
            script,
            "Robust standard errors (HC1), with as many parameters as all equations have: one more pass.",
            &format!(" * {observations} / ({observations} - p)"),
        ),
        Errors::Robust => sandwich(
            script,
            "Robust standard errors, with the factor of Stata's vce(robust): one more pass.",
            &format!(" * {observations} / ({observations} - 1)"),
        ),
        Errors::Cluster(names) => {
            script.comment(format!(
                "Standard errors clustered by {}, with the factor G / (G - 1).",
                enumerated(names)
            ));
            script.line(CLUSTERED);
            script.line(format!("V = clustered({})", texts(names).join(", ")));
        }
        Errors::TwoWay(first, second) => {
            script.comment(format!(
                "Standard errors clustered two ways, by {first} and by {second}; each part with its G / (G - 1)."
            ));
            script.line(CLUSTERED);
            let (a, b) = (quoted(first), quoted(second));
            script.line(format!(
                "V = clustered({a}) + clustered({b}) - clustered({a}, {b})"
            ));
        }
    }
}

const CLUSTERED: &str = r#"

def clustered(*groups):
    """Sums of scores by cluster, which the cluster shuffles, and of their products."""
    def by_batch(batches):
        for batch in batches:
            data = prepared(batch)
            if len(data):
                Q, y, w = orthonormal(data)
                S = pd.DataFrame(scores(Q, probabilities(Q, G), y) * w[:, None])
                key = functools.reduce(lambda a, b: a + "\x1f" + b, (data[group].astype(str) for group in groups))
                sums = S.groupby(key.to_numpy()).sum()
                yield pd.DataFrame({"cluster": sums.index.astype(str), "u": list(sums.to_numpy())})

    def of_cluster(rows):
        return pd.DataFrame({"u": [np.stack(rows["u"].to_list()).sum(axis=0)]})

    def products(batches):
        for batch in batches:
            U = np.stack(batch["u"].to_list())
            yield pd.DataFrame({"total": [np.concatenate([[len(U)], (U.T @ U).ravel()])]})

    sums = raw.mapInPandas(by_batch, "cluster string, u array<double>").groupBy("cluster")
    sums = sums.applyInPandas(of_cluster, "u array<double>").mapInPandas(products, "total array<double>")
    total = np.sum([np.array(part.total) for part in sums.collect()], axis=0)
    count = total[0]
    return inverse @ total[1:].reshape(p, p) @ inverse * count / (count - 1)

"#;

// ---- Predictions, slopes, comparisons ----

const AVERAGES: &str = r#"# A sum over rows with parts a: of probabilities, or of their derivatives where columns move as D says. Each comes
# with its gradient by the coefficients of the orthonormal columns, for the delta method.
def averaged(X, a):
    X = np.asarray(X) @ to_orthonormal
    P = probabilities(X, G)
    return a @ P, gradient_of(lambda m, j: X.T @ (a * P[:, m] * ((m == j) - P[:, j])))


def slope(X, D, a):
    X, D = np.asarray(X) @ to_orthonormal, np.asarray(D) @ to_orthonormal
    P = probabilities(X, G)
    s = np.column_stack([np.zeros(len(D)), D @ G])
    s = s - (P * s).sum(axis=1, keepdims=True)
    return a @ (P * s), gradient_of(lambda m, j: (
        X.T @ (a * P[:, m] * (((m == j) - P[:, j]) * s[:, m] - P[:, j] * s[:, j]))
        + D.T @ (a * P[:, m] * ((m == j) - P[:, j]))
    ))


def gradient_of(by):
    return np.column_stack([np.concatenate([by(m, j) for j in range(1, J)]) for m in range(J)])


def minus(high, low):
    return high[0] - low[0], high[1] - low[1]


def table(labels, quantities):
    rows = []
    for (variable, contrast, at), (estimate, gradient) in zip(labels, quantities):
        rows.append(pd.DataFrame({
            "variable": variable, "contrast": contrast, "at": at, "outcome": outcomes, "estimate": estimate,
            "std_error": np.sqrt(np.sum(gradient * (V @ gradient), axis=0)),
        }))
    return finished(pd.concat(rows, ignore_index=True))

"#;

/// Something that is asked for: its labels, and how it is made.
struct Asked {
    table: &'static str,
    label: String,
    made: String,
}

fn asked(analysis: &Analysis) -> Vec<Asked> {
    let mut asked = Vec::new();
    let label = |variable: &str, contrast: &str, setting: &Setting| {
        format!(
            "({}, {}, {})",
            quoted(variable),
            quoted(contrast),
            label(analysis, setting)
        )
    };
    let difference = |contrast: &Contrast, setting: &Setting| {
        let (low, high) = contrast.pair(setting);
        format!(
            "minus({}, {})",
            average(analysis, &high, Ends::Known),
            average(analysis, &low, Ends::Known)
        )
    };
    for setting in &analysis.predicted {
        asked.push(Asked {
            table: "predictions",
            label: label("", "", setting),
            made: average(analysis, setting, Ends::Known),
        });
    }
    for setting in &analysis.settings {
        for one in &analysis.slopes {
            match one {
                Slope::Along { variable, .. } => {
                    let (columns, part) = point(analysis, setting, Ends::Known);
                    let of = rows_of(analysis, setting, Ends::Known);
                    asked.push(Asked {
                        table: "slopes",
                        label: label(variable, "dY/dX", setting),
                        made: format!("slope({columns}, moving({}, {of}), {part})", quoted(variable)),
                    });
                }
                Slope::Levels(contrasts) => asked.extend(contrasts.iter().map(|contrast| Asked {
                    table: "slopes",
                    label: label(&contrast.variable, &contrast.name, setting),
                    made: difference(contrast, setting),
                })),
            }
        }
    }
    for setting in &analysis.settings {
        asked.extend(analysis.comparisons.iter().map(|contrast| Asked {
            table: "comparisons",
            label: label(&contrast.variable, &contrast.name, setting),
            made: difference(contrast, setting),
        }));
    }
    asked
}

fn quantities(script: &mut Script, analysis: &Analysis) {
    let asked = asked(analysis);
    if asked.is_empty() {
        return;
    }
    script.heading("Predictions, slopes, comparisons");
    script.line(AVERAGES);
    ends(script, analysis);
    if analysis.at_means {
        means(script, analysis);
    } else {
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
        script.blank();
    }
    script.line("labels = [");
    for one in &asked {
        script.line(format!("    {},", one.label));
    }
    script.line("]");
    script.blank();
    script.blank();
    if analysis.at_means {
        script.line("quantities = [");
        for one in &asked {
            script.line(format!("    {},", one.made));
        }
        script.line("]");
    } else {
        script.line("def asked(data):");
        script.line("    a = parts(data)[2] / total");
        script.line("    made = [");
        for one in &asked {
            script.line(format!("        {},", one.made));
        }
        script.line("    ]");
        script.line("    return np.concatenate([np.concatenate([e, g.ravel()]) for e, g in made])");
        script.blank();
        script.blank();
        script.comment("All in one pass.");
        script.line("sums = over_rows(asked).reshape(len(labels), -1)");
        script.line("quantities = [(one[:J], one[J:].reshape(p, J)) for one in sums]");
    }
    let mut from = 0;
    for name in ["predictions", "slopes", "comparisons"] {
        let count = asked.iter().filter(|one| one.table == name).count();
        if count > 0 {
            let to = from + count;
            script.line(format!(
                "{name} = table(labels[{from}:{to}], quantities[{from}:{to}])"
            ));
            script.line(format!("print({name})"));
            from = to;
        }
    }
}

/// The lowest and highest numbers of columns that are compared over their range.
fn ends(script: &mut Script, analysis: &Analysis) {
    let ranged = analysis
        .comparisons
        .iter()
        .filter(|contrast| contrast.high == Held::Highest);
    let mut names: Vec<String> = ranged.map(|contrast| contrast.variable.clone()).collect();
    names.dedup();
    if names.is_empty() {
        return;
    }
    script.line(format!("ranged = [{}]", texts(&names).join(", ")));
    script.line("lowest = dict(zip(ranged, over_rows(lambda d: d[ranged].min().to_numpy(), np.minimum)))");
    script.line("highest = dict(zip(ranged, over_rows(lambda d: d[ranged].max().to_numpy(), np.maximum)))");
    script.blank();
}

fn means(script: &mut Script, analysis: &Analysis) {
    script.comment("Means of numbers and shares of levels; products and functions are made anew from these.");
    let (mut keys, mut sums) = (Vec::new(), Vec::new());
    for column in &analysis.columns[1..] {
        if !analysis.terms.iter().any(|term| term.code.involves(&column.name)) {
            continue;
        }
        let key = quoted(&column.name);
        match &column.kind {
            Kind::Number => {
                keys.push(key.clone());
                sums.push(format!("np.sum(w * data[{key}].to_numpy())"));
            }
            Kind::Levels { levels, .. } => {
                for level in levels {
                    keys.push(quoted(&level_key(&column.name, level)));
                    let value = level_value(analysis, &column.name, level);
                    sums.push(format!("np.sum(w * (data[{key}] == {value}).to_numpy())"));
                }
            }
            Kind::Text => {}
        }
    }
    script.line("def sums_of(data):");
    script.line("    w = parts(data)[2]");
    script.line(format!(
        "    return np.array([\n        {},\n    ])",
        sums.join(",\n        ")
    ));
    script.blank();
    script.blank();
    script.line(listed(
        "means = dict(zip([",
        &keys,
        "], over_rows(sums_of) / total))",
        "    ",
    ));
    script.blank();
    script.blank();
    columns_at(script, analysis);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_the_python_writer_are_still_there() {
        assert!(POLY.contains("    def __call__"));
        assert!(SPLINE.contains(
            "    def __init__(self, x, columns):\n        inner = np.quantile(np.asarray(x, float), "
        ));
    }
}
