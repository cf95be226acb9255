//! R: `multinom` of nnet, polished by Newton's method; all else in base R.

use mlogit::{Elementary, Expression, Part};
use readers::{Decimal, FileKind};

use crate::analysis::{
    Analysis, Column, Contrast, Errors, Held, Kind, LearnedKind, Setting, Slope, Term, arithmetic,
    level_number,
};
use crate::code::{Code, Moment, Notation, written};
use crate::header;
use crate::text::{Script, WIDTH, enumerated, listed, quoted};

/// The analysis as a script for R.
pub(crate) fn script(analysis: &Analysis) -> String {
    let mut script = Script::new("#");
    header::write(&mut script, analysis);
    let needs = match analysis.source.reading.format {
        FileKind::Csv => "Needs nnet, which comes with R.",
        FileKind::Stata => "Needs nnet, which comes with R, and haven.",
        _ => "Needs nnet, which comes with R, and readxl.",
    };
    script.comment(needs);
    if analysis.firth {
        script.comment(
            "nnet does not reduce bias (Firth): brglm2 does, and its estimates are the same to the digits it stops at.",
        );
    }
    script.blank();
    script.line("library(nnet)");
    if analysis
        .learned
        .iter()
        .any(|learned| matches!(learned.kind, LearnedKind::Splines(_)))
    {
        script.line("library(splines)");
    }
    data(&mut script, analysis);
    fit(&mut script, analysis);
    quantities(&mut script, analysis);
    script.finish()
}

/// Words that are no names in R.
const RESERVED: [&str; 19] = [
    "if",
    "else",
    "repeat",
    "while",
    "function",
    "for",
    "next",
    "break",
    "TRUE",
    "FALSE",
    "NULL",
    "Inf",
    "NaN",
    "NA",
    "NA_integer_",
    "NA_real_",
    "NA_complex_",
    "NA_character_",
    "in",
];

/// A name, between backticks where it would be read as something else.
pub(crate) fn name(name: &str) -> String {
    let mut signs = name.chars();
    let starts = match (signs.next(), signs.next()) {
        (Some('.'), Some(second)) => !second.is_ascii_digit(),
        (Some('.'), None) => true,
        (Some(first), _) => first.is_alphabetic(),
        (None, _) => false,
    };
    let plain = starts
        && name
            .chars()
            .all(|sign| sign.is_alphanumeric() || sign == '.' || sign == '_');
    if plain && !RESERVED.contains(&name) && !name.starts_with("..") {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
    }
}

fn texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Vec<String> {
    texts.into_iter().map(|text| quoted(text.as_ref())).collect()
}

// ---- The data ----

fn data(script: &mut Script, analysis: &Analysis) {
    script.heading("The data");
    read(script, analysis);
    let source = &analysis.source;
    let missing = source.missing_numbers();
    let comma = source.reading.decimal == Some(Decimal::Comma) && source.reading.format == FileKind::Csv;
    let thousands = source
        .reading
        .thousands
        .filter(|_| source.reading.format == FileKind::Csv);
    let by_function = comma || thousands.is_some() || !missing.is_empty();
    if by_function {
        script.line("number <- function(text) {");
        if let Some(thousands) = thousands {
            let sign = String::from(thousands);
            let signs = if sign == " " {
                "[ \\u00a0\\u202f\\u2009]".to_owned()
            } else {
                format!("[{sign}]")
            };
            script.line(format!("  text <- gsub(\"{signs}\", \"\", text)"));
        }
        let text = if comma {
            "sub(\",\", \".\", text, fixed = TRUE)"
        } else {
            "text"
        };
        script.line(format!("  x <- as.numeric({text})"));
        if !missing.is_empty() {
            let codes: Vec<String> = missing.iter().map(|code| written(*code)).collect();
            script.line(format!(
                "  x[x %in% c({})] <- NA  # codes of missing values",
                codes.join(", ")
            ));
        }
        script.line("  x");
        script.line("}");
    }
    let number = if by_function { "number" } else { "as.numeric" };
    script.comment("Of levels the first is the base: R would sort them, and by the locale.");
    script.line("data <- data.frame(check.names = FALSE,");
    for (place, column) in analysis.columns.iter().enumerate() {
        let comma = if place + 1 < analysis.columns.len() {
            ","
        } else {
            ""
        };
        let open = format!("  {} = ", name(&column.name));
        script.line(format!("{open}{}{comma}", values(analysis, column, number)));
    }
    script.line(")");
    header::dropped(script, analysis);
    script.line("data <- na.omit(data)");
    if let Some(weights) = &analysis.weights {
        script.line(format!("data <- data[data${} > 0, ]", name(&weights.column)));
    }
    script.line(format!("stopifnot(nrow(data) == {})", analysis.rows));
}

fn read(script: &mut Script, analysis: &Analysis) {
    let source = &analysis.source;
    let reading = &source.reading;
    let path = quoted(&source.path);
    match reading.format {
        FileKind::Csv => {
            let mut arguments = vec![path];
            let delimiter = reading.delimiter.map_or_else(|| ",".to_owned(), String::from);
            if delimiter != "," {
                arguments.push(format!("sep = {}", quoted(&delimiter)));
            }
            if source.before_names() > 0 {
                arguments.push(format!("skip = {}", source.before_names()));
            }
            arguments.push("colClasses = \"character\"".to_owned());
            arguments.push(format!(
                "na.strings = c({})",
                texts(source.missing_texts()).join(", ")
            ));
            arguments.push("check.names = FALSE".to_owned());
            let encoding = match reading.encoding.as_deref() {
                None | Some("UTF-8") => "UTF-8-BOM",
                Some(other) => other,
            };
            arguments.push(format!("fileEncoding = {}", quoted(encoding)));
            script.comment("Every cell as text: what a column is, is said below.");
            script.line(listed("raw <- read.csv(", &arguments, ")", "  "));
        }
        FileKind::Stata => script.line(format!(
            "raw <- as.data.frame(haven::as_factor(haven::read_dta({path})))"
        )),
        _ => {
            let mut arguments = vec![path];
            arguments.extend(
                reading
                    .sheet
                    .iter()
                    .map(|sheet| format!("sheet = {}", quoted(sheet))),
            );
            if source.before_names() > 0 {
                arguments.push(format!("skip = {}", source.before_names()));
            }
            arguments.push(format!("na = c({})", texts(source.missing_texts()).join(", ")));
            script.line(listed(
                "raw <- as.data.frame(readxl::read_excel(",
                &arguments,
                "))",
                "  ",
            ));
        }
    }
}

/// A column's values.
fn values(analysis: &Analysis, column: &Column, number: &str) -> String {
    let raw = format!("raw${}", name(analysis.source.column(&column.name)));
    match &column.kind {
        Kind::Number => format!("{number}({raw})"),
        Kind::Text => raw,
        Kind::Levels { levels, numbers } => {
            let of = if *numbers { format!("{number}({raw})") } else { raw };
            let levels = match numbers {
                true => levels.iter().map(|level| level_number(level)).collect(),
                false => texts(levels),
            };
            listed(&format!("factor({of}, levels = c("), &levels, "))", "    ")
        }
    }
}

// ---- The fit ----

/// The factors of each term in R's order: that in which variables first appear in the formula as it is written here.
struct Terms {
    /// For each term, its factors as they are written.
    factors: Vec<Vec<String>>,
    /// Positions of all columns of the model in R's order.
    order: Vec<usize>,
    /// Whether R would leave out columns of levels that belong to the model.
    differs: bool,
}

/// Whether R leaves out the base level of a factor of a term though the term without that factor is not in the model: it does
/// where an earlier term contains what is left, such as `age:sex` before `region:sex`.
fn leaves_out(factors: &[Vec<String>], term: usize, categorical: &[bool]) -> bool {
    let own = &factors[term];
    let mut places = (0..own.len()).filter(|place| categorical[*place]);
    own.len() > 1
        && places.any(|place| {
            let rest: Vec<&String> = own.iter().filter(|name| **name != own[place]).collect();
            let has_all = |other: &Vec<String>| rest.iter().all(|name| other.contains(name));
            let there = factors
                .iter()
                .any(|other| other.len() == rest.len() && has_all(other));
            let contained = factors[..term]
                .iter()
                .any(|other| !other.contains(&own[place]) && has_all(other));
            contained && !there
        })
}

impl Terms {
    fn of(analysis: &Analysis) -> Self {
        let mut seen: Vec<String> = Vec::new();
        let mut factors: Vec<Vec<String>> = Vec::new();
        let mut differs = false;
        let with = |term: Option<usize>| {
            let columns = analysis.terms.iter().enumerate();
            columns.filter(move |(_, column)| column.term == term)
        };
        let mut order: Vec<usize> = with(None).map(|(position, _)| position).collect();
        let terms = analysis.terms.iter().filter_map(|column| column.term).max();
        for term in 0..terms.map_or(0, |last| last + 1) {
            let mut columns: Vec<(usize, &Term)> = with(Some(term)).collect();
            let Some((_, first)) = columns.first().copied() else {
                continue;
            };
            let names: Vec<String> = first.parts.iter().map(|part| factor(analysis, part)).collect();
            for name in &names {
                if !seen.contains(name) {
                    seen.push(name.clone());
                }
            }
            let mut places: Vec<usize> = (0..names.len()).collect();
            places.sort_by_key(|place| seen.iter().position(|known| *known == names[*place]));
            // The first factor's columns vary fastest.
            columns.sort_by_key(|(_, column)| {
                let key = places
                    .iter()
                    .rev()
                    .map(|place| column.parts.get(*place).map(|part| within(analysis, part)));
                key.collect::<Vec<_>>()
            });
            order.extend(columns.into_iter().map(|(position, _)| position));
            let categorical: Vec<bool> = places
                .iter()
                .map(|place| matches!(first.parts[*place], Part::Level { .. }))
                .collect();
            factors.push(places.iter().map(|place| names[*place].clone()).collect());
            differs |= leaves_out(&factors, factors.len() - 1, &categorical);
        }
        Terms {
            factors,
            order,
            differs,
        }
    }

    fn formula(&self, analysis: &Analysis) -> String {
        let outcome = name(&analysis.columns[0].name);
        let mut terms: Vec<String> = Vec::new();
        if !analysis.intercept {
            terms.push("0".to_owned());
        }
        terms.extend(self.factors.iter().map(|factors| factors.join(":")));
        if terms.is_empty() {
            terms.push("1".to_owned());
        }
        let one = format!("{outcome} ~ {}", terms.join(" + "));
        if one.chars().count() <= WIDTH - 10 {
            return one;
        }
        let mut text = format!("{outcome} ~");
        let mut line = String::new();
        for (place, term) in terms.iter().enumerate() {
            let plus = if place + 1 < terms.len() { " +" } else { "" };
            if line.chars().count() + term.chars().count() > WIDTH - 14 {
                text.push_str(&line);
                line = "\n ".to_owned();
            }
            line.push_str(&format!(" {term}{plus}"));
        }
        text + &line
    }
}

/// A factor of a term as R's formulas have it.
fn factor(analysis: &Analysis, part: &Part) -> String {
    match part {
        Part::Number(variable) | Part::Level { variable, .. } => name(variable),
        Part::Function(of) => match of {
            Expression::Call(..) | Expression::Standardised { .. } => expression(analysis, of, true),
            _ => format!("I({})", expression(analysis, of, false)),
        },
        Part::Basis { kind, of, .. } => {
            let of = expression(analysis, of, false);
            match kind {
                mlogit::BasisKind::Orthogonal(degree) => format!("poly({of}, {degree})"),
                mlogit::BasisKind::Powers(degree) => format!("poly({of}, {degree}, raw = TRUE)"),
                mlogit::BasisKind::Natural(columns) => format!("ns({of}, {columns})"),
            }
        }
    }
}

/// Where a part stands among the columns of its factor.
fn within(analysis: &Analysis, part: &Part) -> usize {
    match part {
        Part::Level { variable, level } => match analysis.kind(variable) {
            Kind::Levels { levels, .. } => levels.iter().position(|known| known == level).unwrap_or_default(),
            _ => 0,
        },
        Part::Basis { column, .. } => *column,
        _ => 0,
    }
}

/// An expression inside a formula. What is standardised deeper inside is so by numbers of these rows, which stay the same on
/// others, as R itself remembers them only where `scale` stands outside.
fn expression(analysis: &Analysis, of: &Expression, outside: bool) -> String {
    if let Expression::Standardised { scaled, of } = of
        && outside
        && !has_standardised(of)
    {
        let inner = expression(analysis, of, false);
        let option = if *scaled { "" } else { ", scale = FALSE" };
        return format!("scale({inner}{option})");
    }
    if let Expression::Call(function, of) = of
        && outside
    {
        return format!("{}({})", function.name(), expression(analysis, of, false));
    }
    let mut learned = analysis.learned.clone();
    arithmetic(of, &mut learned).write(&InFormula)
}

fn has_standardised(of: &Expression) -> bool {
    match of {
        Expression::Standardised { .. } => true,
        Expression::Number(_) | Expression::Column(_) => false,
        Expression::Negative(of) | Expression::Call(_, of) => has_standardised(of),
        Expression::Binary(_, left, right) => has_standardised(left) || has_standardised(right),
    }
}

/// R inside a formula, where variables are named alone.
struct InFormula;

/// R on a data frame of this name.
struct OnRows(&'static str);

/// R on means, where a level has its share.
struct OnMeans;

impl Notation for InFormula {
    fn variable(&self, variable: &str) -> String {
        name(variable)
    }
    fn level(&self, variable: &str, level: &str) -> String {
        format!("({} == {})", name(variable), quoted(level))
    }
    fn moment(&self, learned: usize, moment: Moment) -> String {
        moment_name(learned, moment)
    }
    fn basis(&self, learned: usize, column: usize, slope: bool, of: &str) -> String {
        basis(learned, column, slope, of)
    }
    fn call(&self, function: Elementary, of: &str) -> String {
        format!("{}({of})", function.name())
    }
    fn sign(&self, of: &str) -> String {
        format!("sign({of})")
    }
    fn power(&self) -> &'static str {
        "^"
    }
}

impl Notation for OnRows {
    fn variable(&self, variable: &str) -> String {
        format!("{}${}", self.0, name(variable))
    }
    fn level(&self, variable: &str, level: &str) -> String {
        format!("({}${} == {})", self.0, name(variable), quoted(level))
    }
    fn moment(&self, learned: usize, moment: Moment) -> String {
        moment_name(learned, moment)
    }
    fn basis(&self, learned: usize, column: usize, slope: bool, of: &str) -> String {
        basis(learned, column, slope, of)
    }
    fn call(&self, function: Elementary, of: &str) -> String {
        InFormula.call(function, of)
    }
    fn sign(&self, of: &str) -> String {
        InFormula.sign(of)
    }
    fn power(&self) -> &'static str {
        "^"
    }
}

impl Notation for OnMeans {
    fn variable(&self, variable: &str) -> String {
        format!("m[[{}]]", quoted(variable))
    }
    fn level(&self, variable: &str, level: &str) -> String {
        format!("m[[{}]]", quoted(&level_key(variable, level)))
    }
    fn moment(&self, learned: usize, moment: Moment) -> String {
        moment_name(learned, moment)
    }
    fn basis(&self, learned: usize, column: usize, slope: bool, of: &str) -> String {
        basis(learned, column, slope, of)
    }
    fn call(&self, function: Elementary, of: &str) -> String {
        InFormula.call(function, of)
    }
    fn sign(&self, of: &str) -> String {
        InFormula.sign(of)
    }
    fn power(&self) -> &'static str {
        "^"
    }
}

fn moment_name(learned: usize, moment: Moment) -> String {
    match moment {
        Moment::Mean => format!("mean_{}", learned + 1),
        Moment::Deviation => format!("sd_{}", learned + 1),
    }
}

fn basis(learned: usize, column: usize, slope: bool, of: &str) -> String {
    let function = if slope { "slope_of_basis" } else { "predict" };
    format!("{function}(basis_{}, {of})[, {}]", learned + 1, column + 1)
}

/// The name of a level's share.
pub(crate) fn level_key(variable: &str, level: &str) -> String {
    format!("{variable}[{level}]")
}

const NEWTON: &str = r#"probabilities <- function(X, B) {
  eta <- cbind(0, X %*% B)
  p <- exp(eta - apply(eta, 1, max))
  p / rowSums(p)
}
loglik <- function(X, B) sum(w * log(probabilities(X, B)[cbind(seq_len(n), y)]))
scores <- function(X, P) do.call(cbind, lapply(2:J, function(j) X * ((y == j) - P[, j])))
information <- function(X, P) {
  blocks <- lapply(2:J, function(j) {
    do.call(cbind, lapply(2:J, function(l) crossprod(X, w * P[, j] * ((j == l) - P[, l]) * X)))
  })
  do.call(rbind, blocks)
}

# multinom stops when six or eight digits stand; Newton's method goes on from there to the last. It works
# on orthonormal columns (Q), so that units do not matter, and halves a step that would lead down.
QR <- qr(X, tol = 0)
Q <- qr.Q(QR) * sqrt(n)
R <- qr.R(QR) / sqrt(n)
G <- R %*% start
for (iteration in 1:100) {
  P <- probabilities(Q, G)
  step <- matrix(solve(information(Q, P), colSums(w * scores(Q, P))), ncol = J - 1)
  now <- loglik(Q, G)
  while (!isTRUE(loglik(Q, G + step) >= now - 1e-9 * abs(now)) && max(abs(step)) > 1e-10) step <- step / 2
  G <- G + step
  if (max(abs(step)) < 1e-9) break
}
stopifnot(iteration < 100)"#;

fn fit(script: &mut Script, analysis: &Analysis) {
    script.heading("The fit");
    let terms = Terms::of(analysis);
    learned(script, analysis, terms.differs);
    let weights = analysis.weights.as_ref().map(|weights| name(&weights.column));
    if terms.differs {
        return written_out(script, analysis, weights);
    }
    let formula = terms.formula(analysis);
    script.line(format!("model <- {formula}"));
    if analysis.firth {
        let weights = weights
            .as_ref()
            .map_or_else(String::new, |w| format!(", weights = {w}"));
        script.line(format!(
            "fit <- brglm2::brmultinom(model, data{weights}, ref = 1, type = \"AS_mean\")"
        ));
        script.line("fit$terms <- terms(model.frame(model, data))");
    } else {
        let weights = weights
            .as_ref()
            .map_or_else(String::new, |w| format!("weights = {w}, "));
        script.line(format!(
            "fit <- multinom(model, data, {weights}trace = FALSE, maxit = 1000, MaxNWts = 100000)"
        ));
    }
    script.comment(
        "With the package marginaleffects, avg_predictions(fit), avg_slopes(fit) and avg_comparisons(fit) say much of what \
         follows in one line each, to the digits of `fit`.",
    );
    script.blank();
    columns(script, analysis, &terms);
    script.line("X <- columns(data)");
    newton(script, analysis, weights.as_deref());
}

/// The fit where R's formulas have not all columns of the model.
fn written_out(script: &mut Script, analysis: &Analysis, weights: Option<String>) {
    script.comment(
        "R's formulas leave out columns of this model, as they take the base level of a factor for said where an earlier term \
         has the others in it: so the columns are written out.",
    );
    let columns: Vec<String> = analysis
        .kept()
        .into_iter()
        .map(|term| format!("{} = {}", quoted(&term.name), term.code.write(&OnRows("d"))))
        .collect();
    script.line(format!(
        "columns <- function(d) cbind(\n  {}\n)",
        columns.join(",\n  ")
    ));
    script.line("X <- columns(data)");
    let outcome = name(&analysis.columns[0].name);
    let said = weights
        .as_ref()
        .map_or_else(String::new, |weights| format!("weights = data${weights}, "));
    script.line(format!(
        "fit <- multinom(data${outcome} ~ X - 1, {said}trace = FALSE, maxit = 1000, MaxNWts = 100000)"
    ));
    newton(script, analysis, weights.as_deref());
}

/// What follows once there are columns and a fit.
fn newton(script: &mut Script, analysis: &Analysis, weights: Option<&str>) {
    script.line(format!(
        "y <- as.integer(data${})",
        name(&analysis.columns[0].name)
    ));
    script.line(format!(
        "outcomes <- levels(data${})",
        name(&analysis.columns[0].name)
    ));
    match &weights {
        Some(column) => script.line(format!("w <- data${column}")),
        None => script.line("w <- rep(1, nrow(data))"),
    }
    script.line("n <- nrow(X); K <- ncol(X); J <- length(outcomes)");
    let start = "t(matrix(coef(fit), nrow = J - 1))";
    if analysis.terms.iter().all(|term| term.kept) || Terms::of(analysis).differs {
        script.line(format!("start <- {start}"));
    } else {
        script.line(format!("start <- {start}[kept, , drop = FALSE]"));
    }
    script.blank();
    if analysis.firth {
        let (shared, rest) = NEWTON.split_once("\n\n").unwrap_or((NEWTON, ""));
        let orthonormal = rest.lines().filter(|line| line.starts_with(['Q', 'R', 'G']));
        script.line(shared);
        script.blank();
        script.line(orthonormal.collect::<Vec<_>>().join("\n"));
    } else {
        script.line(NEWTON);
    }
    script.blank();
    script.line("P <- probabilities(Q, G)");
    script.line("S <- scores(Q, P)");
    script.line("inverse <- solve(information(Q, P))");
    covariance(script, analysis);
    script.comment("From the orthonormal columns back to the columns as they are.");
    script.line("turn <- backsolve(R, diag(K))");
    script.line("B <- turn %*% G");
    script.line("back <- kronecker(diag(J - 1), turn)");
    script.blank();
    script.line(format!("z <- qnorm({})", written((1.0 + analysis.level) / 2.0)));
    script.line(
        "finished <- function(table) {
  table$statistic <- table$estimate / table$std.error
  table$p.value <- 2 * pnorm(-abs(table$statistic))
  table$conf.low <- table$estimate - z * table$std.error
  table$conf.high <- table$estimate + z * table$std.error
  table
}",
    );
    script.line(
        "coefficients <- finished(data.frame(
  outcome = rep(outcomes[-1], each = K), term = rep(colnames(X), J - 1),
  estimate = c(B), std.error = sqrt(diag(back %*% V %*% t(back)))
))",
    );
    script.line("log_likelihood <- loglik(Q, G)");
    script.line("cat(\"Log-likelihood\", format(log_likelihood, digits = 14), \"\\n\")");
    script.line("print(coefficients, digits = 10)");
}

/// What formulas and slopes take from the rows.
fn learned(script: &mut Script, analysis: &Analysis, written_out: bool) {
    let mut slopes = analysis.slopes.iter().any(|slope| match slope {
        Slope::Along { columns, .. } => columns.iter().any(|(_, code)| uses_basis(code)),
        Slope::Levels(_) => false,
    });
    slopes |= analysis.at_means || written_out;
    let used = |term: &Term, learned: usize| uses_moment(&term.code, learned);
    for (place, learned) in analysis.learned.iter().enumerate() {
        let of = learned.of.write(&OnRows("data"));
        match learned.kind {
            LearnedKind::Moments if analysis.terms.iter().any(|term| used(term, place)) => {
                script.line(format!("mean_{0} <- mean({of}); sd_{0} <- sd({of})", place + 1));
            }
            LearnedKind::Polynomials(degree) if slopes => {
                script.line(format!("basis_{} <- poly({of}, {degree})", place + 1));
            }
            LearnedKind::Splines(columns) if slopes => {
                script.line(format!("basis_{} <- ns({of}, {columns})", place + 1));
            }
            _ => {}
        }
    }
}

fn uses_basis(code: &Code) -> bool {
    match code {
        Code::Basis { .. } => true,
        Code::Number(_) | Code::Variable(_) | Code::Level { .. } | Code::Moment { .. } => false,
        Code::Negative(of) | Code::Call(_, of) | Code::Sign(of) => uses_basis(of),
        Code::Binary(_, left, right) => uses_basis(left) || uses_basis(right),
    }
}

fn uses_moment(code: &Code, learned: usize) -> bool {
    match code {
        Code::Moment { learned: own, .. } => *own == learned,
        Code::Number(_) | Code::Variable(_) | Code::Level { .. } => false,
        Code::Basis { of, .. } | Code::Negative(of) | Code::Call(_, of) | Code::Sign(of) => {
            uses_moment(of, learned)
        }
        Code::Binary(_, left, right) => uses_moment(left, learned) || uses_moment(right, learned),
    }
}

fn columns(script: &mut Script, analysis: &Analysis, terms: &Terms) {
    let ordered: Vec<&Term> = terms
        .order
        .iter()
        .filter_map(|position| analysis.terms.get(*position))
        .collect();
    let names = |kept: bool| {
        texts(
            ordered
                .iter()
                .filter(|term| !kept || term.kept)
                .map(|term| &term.name),
        )
    };
    let left_out: Vec<String> = ordered
        .iter()
        .filter(|term| !term.kept)
        .map(|term| term.name.clone())
        .collect();
    let all = left_out.is_empty();
    if !all {
        script.comment(format!(
            "Left out, as no row has it or others determine it: {}.",
            enumerated(&left_out)
        ));
        let kept = ordered.iter().enumerate().filter(|(_, term)| term.kept);
        let kept: Vec<String> = kept.map(|(place, _)| (place + 1).to_string()).collect();
        script.line(listed("kept <- c(", &kept, ")", "  "));
    }
    script.comment("The columns of the model, on these rows or on others.");
    script.line("columns <- function(d) {");
    script
        .line("  X <- model.matrix(delete.response(fit$terms), model.frame(delete.response(fit$terms), d))");
    if !all {
        script.line("  X <- X[, kept, drop = FALSE]");
    }
    script.line(listed("  colnames(X) <- c(", &names(true), ")", "    "));
    script.line("  X");
    script.line("}");
}

fn covariance(script: &mut Script, analysis: &Analysis) {
    let probability = analysis
        .weights
        .as_ref()
        .is_some_and(|weights| weights.probability);
    let observations = if probability || analysis.weights.is_none() {
        "n"
    } else {
        "sum(w)"
    };
    let meat = if probability {
        "crossprod(S * w)"
    } else {
        "crossprod(S * sqrt(w))"
    };
    let sandwich = |factor: &str| format!("V <- inverse %*% {meat} %*% inverse{factor}");
    let clustered = "clustered <- function(g) {
  sums <- rowsum(S * w, g)
  count <- nrow(sums)
  inverse %*% crossprod(sums) %*% inverse * count / (count - 1)
}";
    match &analysis.errors {
        Errors::Observed => {
            script.comment("Standard errors from the information.");
            script.line("V <- inverse");
        }
        Errors::Hc0 => {
            script.comment("Robust standard errors (HC0).");
            script.line(sandwich(""));
        }
        Errors::Hc1 => {
            script.comment("Robust standard errors (HC1), with as many parameters as all equations have.");
            script.line(sandwich(&format!(
                " * {observations} / ({observations} - length(G))"
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
            script.line(format!("V <- clustered({})", group(columns)));
        }
        Errors::TwoWay(first, second) => {
            script.comment(format!(
                "Standard errors clustered two ways, by {first} and by {second}; each part with its G / (G - 1)."
            ));
            script.line(clustered);
            let group =
                |columns: &[&String]| group(&columns.iter().map(|name| (*name).clone()).collect::<Vec<_>>());
            script.line(format!(
                "V <- clustered({}) + clustered({}) -\n  clustered({})",
                group(&[first]),
                group(&[second]),
                group(&[first, second])
            ));
        }
    }
}

/// The cluster of each row.
fn group(columns: &[String]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("data${}", name(column)))
        .collect();
    match columns.as_slice() {
        [one] => one.clone(),
        several => format!("interaction({}, drop = TRUE)", several.join(", ")),
    }
}

// ---- Predictions, slopes, comparisons ----

const AVERAGES: &str = r#"# An average over rows with parts a of it: of probabilities, or of their derivatives where columns move as D
# says. Each comes with its gradient by the coefficients of the orthonormal columns, for the delta method.
averaged <- function(X, a) {
  X <- X %*% turn
  P <- probabilities(X, G)
  by <- function(m, j) crossprod(X, a * P[, m] * ((m == j) - P[, j]))
  list(estimate = colSums(a * P), gradient = gradient(by))
}
slope <- function(X, D, a) {
  X <- X %*% turn
  D <- D %*% turn
  P <- probabilities(X, G)
  S <- cbind(0, D %*% G)
  S <- S - rowSums(P * S)
  by <- function(m, j) {
    crossprod(X, a * P[, m] * (((m == j) - P[, j]) * S[, m] - P[, j] * S[, j])) +
      crossprod(D, a * P[, m] * ((m == j) - P[, j]))
  }
  list(estimate = colSums(a * P * S), gradient = gradient(by))
}
gradient <- function(by) {
  matrix(unlist(lapply(1:J, function(m) lapply(2:J, function(j) by(m, j)))), ncol = J)
}
minus <- function(high, low) {
  list(estimate = high$estimate - low$estimate, gradient = high$gradient - low$gradient)
}
row_of <- function(variable, contrast, at, e) {
  std.error <- sqrt(colSums(e$gradient * (V %*% e$gradient)))
  data.frame(variable, contrast, at, outcome = outcomes, estimate = e$estimate, std.error)
}"#;

fn quantities(script: &mut Script, analysis: &Analysis) {
    if analysis.predicted.is_empty() && analysis.slopes.is_empty() && analysis.comparisons.is_empty() {
        return;
    }
    script.heading("Predictions, slopes, comparisons");
    script.line(AVERAGES);
    script.blank();
    if analysis.at_means {
        means(script, analysis);
    } else {
        script.comment("Each row's part of an average, and rows in which some variables are held.");
        script.line("a <- w / sum(w)");
        script.line(
            "hold <- function(.rows, ...) {
  values <- list(...)
  for (name in names(values)) {
    if (is.factor(.rows[[name]])) values[[name]] <- factor(values[[name]], levels(.rows[[name]]))
    .rows[[name]] <- values[[name]]
  }
  .rows
}",
        );
    }
    let along: Vec<(&String, &Vec<(usize, Code)>)> = analysis
        .slopes
        .iter()
        .filter_map(|slope| match slope {
            Slope::Along { variable, columns } => Some((variable, columns)),
            Slope::Levels(_) => None,
        })
        .collect();
    if along
        .iter()
        .any(|(_, columns)| columns.iter().any(|(_, code)| uses_basis(code)))
    {
        slope_of_basis(script, analysis);
    }
    if !along.is_empty() {
        moving(script, analysis, &along);
    }
    if !analysis.predicted.is_empty() {
        let rows = analysis.predicted.iter().map(|setting| {
            format!(
                "row_of(\"\", \"\", {}, {})",
                label(analysis, setting),
                average(analysis, setting)
            )
        });
        table(script, "predictions", rows.collect());
        script.line("print(predictions[c(\"at\", \"outcome\", \"estimate\", \"std.error\", \"conf.low\", \"conf.high\")], digits = 10)");
    }
    let along = |setting: &Setting, variable: &str| {
        let (from, parts) = point(analysis, setting);
        format!(
            "row_of({}, \"dY/dX\", {}, slope(\n    {from},\n    moving${}({}), {parts}))",
            quoted(variable),
            label(analysis, setting),
            name(variable),
            rows_of(analysis, setting),
        )
    };
    let levels = |setting: &Setting, contrast: &Contrast| difference(analysis, setting, contrast);
    let rows = analysis.slope_lines(along, levels);
    table(script, "slopes", rows);
    if !analysis.slopes.is_empty() {
        script.line("print(slopes, digits = 10)");
    }
    table(script, "comparisons", analysis.comparison_lines(levels));
    if !analysis.comparisons.is_empty() {
        script.line("print(comparisons, digits = 10)");
    }
}

fn table(script: &mut Script, name: &str, rows: Vec<String>) {
    if rows.is_empty() {
        return;
    }
    script.blank();
    script.line(format!("{name} <- finished(rbind(\n  {}\n))", rows.join(",\n  ")));
}

fn label(analysis: &Analysis, setting: &Setting) -> String {
    let held = setting.label();
    quoted(&match (analysis.at_means, held.is_empty()) {
        (true, true) => "means".to_owned(),
        (true, false) => format!("{held}, others at means"),
        (false, _) => held,
    })
}

/// The columns at a setting, and the parts of its rows.
fn point(analysis: &Analysis, setting: &Setting) -> (String, &'static str) {
    let of = if analysis.at_means {
        "columns_at"
    } else {
        "columns"
    };
    let parts = if analysis.at_means { "1" } else { "a" };
    (format!("{of}({})", rows_of(analysis, setting)), parts)
}

fn average(analysis: &Analysis, setting: &Setting) -> String {
    let (columns, parts) = point(analysis, setting);
    format!("averaged({columns}, {parts})")
}

fn difference(analysis: &Analysis, setting: &Setting, contrast: &Contrast) -> String {
    let (low, high) = contrast.pair(setting);
    format!(
        "row_of({}, {}, {}, minus(\n    {},\n    {}))",
        quoted(&contrast.variable),
        quoted(&contrast.name),
        label(analysis, setting),
        average(analysis, &high),
        average(analysis, &low)
    )
}

/// The rows of a setting.
fn rows_of(analysis: &Analysis, setting: &Setting) -> String {
    if analysis.at_means {
        return means_of(analysis, setting);
    }
    if setting.0.is_empty() {
        return "data".to_owned();
    }
    let held = setting.0.iter().map(|(variable, held)| {
        let column = format!("data${}", name(variable));
        let value = match (held, analysis.kind(variable)) {
            (Held::Number(number), _) => written(*number),
            (Held::Level(level), Kind::Levels { numbers: true, .. }) => level_number(level),
            (Held::Level(level), _) => quoted(level),
            (Held::Moved(by), _) => format!("{column} + {}", written(*by)),
            (Held::Lowest, _) => format!("min({column})"),
            (Held::Highest, _) => format!("max({column})"),
        };
        format!("{} = {value}", name(variable))
    });
    format!("hold(data, {})", held.collect::<Vec<_>>().join(", "))
}

/// How the columns move along each variable.
fn moving(script: &mut Script, analysis: &Analysis, along: &[(&String, &Vec<(usize, Code)>)]) {
    let kept = analysis.kept();
    script.comment("How the columns move along each variable: their derivatives by it.");
    let mut functions = Vec::new();
    for (variable, columns) in along {
        let (given, zeros) = if analysis.at_means {
            ("m", "0 * columns_at(m)")
        } else {
            ("d", "0 * columns(d)")
        };
        let mut lines = vec![
            format!("  {} = function({given}) {{", name(variable)),
            format!("    D <- {zeros}"),
        ];
        for (position, code) in *columns {
            let of = if analysis.at_means {
                code.write(&OnMeans)
            } else {
                code.write(&OnRows("d"))
            };
            if let Some(term) = kept.get(*position) {
                lines.push(format!("    D[, {}] <- {of}", quoted(&term.name)));
            }
        }
        lines.push("    D".to_owned());
        lines.push("  }".to_owned());
        functions.push(lines.join("\n"));
    }
    script.line(format!("moving <- list(\n{}\n)", functions.join(",\n")));
}

fn slope_of_basis(script: &mut Script, analysis: &Analysis) {
    let has = |splines: bool| {
        let mut learned = analysis.learned.iter();
        learned.any(|one| {
            matches!(one.kind, LearnedKind::Splines(_)) == splines && one.kind != LearnedKind::Moments
        })
    };
    script.comment("Derivatives of the columns of poly and ns.");
    script.line("slope_of_basis <- function(basis, x) {");
    if has(true) {
        script.line(
            "  if (inherits(basis, \"ns\")) {
    ends <- attr(basis, \"Boundary.knots\")
    knots <- sort(c(rep(ends, 4), attr(basis, \"knots\")))
    # Beyond the ends a natural spline is a straight line.
    x <- pmin(pmax(x, ends[1]), ends[2])
    D <- splineDesign(knots, x, 4, rep(1, length(x)))[, -1, drop = FALSE]
    bends <- splineDesign(knots, ends, 4, c(2, 2))[, -1, drop = FALSE]
    return(t(qr.qty(qr(t(bends)), t(D)))[, -(1:2), drop = FALSE])
  }",
        );
    }
    if has(false) {
        script.line(
            "  alpha <- attr(basis, \"coefs\")$alpha
  norm2 <- attr(basis, \"coefs\")$norm2
  P <- D <- matrix(0, length(x), length(alpha) + 2)
  P[, 2] <- 1
  for (k in seq_along(alpha)) {
    P[, k + 2] <- (x - alpha[k]) * P[, k + 1] - norm2[k + 1] / norm2[k] * P[, k] * (k > 1)
    D[, k + 2] <- P[, k + 1] + (x - alpha[k]) * D[, k + 1] - norm2[k + 1] / norm2[k] * D[, k] * (k > 1)
  }
  sweep(D[, -(1:2), drop = FALSE], 2, sqrt(norm2[-(1:2)]), \"/\")",
        );
    }
    script.line("}");
}

// ---- At means ----

fn means(script: &mut Script, analysis: &Analysis) {
    script.comment("Means of numbers and shares of levels; products and functions are made anew from these.");
    let mut items = Vec::new();
    for column in &analysis.columns[1..] {
        if !analysis.terms.iter().any(|term| term.code.involves(&column.name)) {
            continue;
        }
        let of = format!("data${}", name(&column.name));
        match &column.kind {
            Kind::Number => items.push(format!("{} = weighted.mean({of}, w)", quoted(&column.name))),
            Kind::Levels { levels, .. } => items.extend(levels.iter().map(|level| {
                let key = quoted(&level_key(&column.name, level));
                format!("{key} = weighted.mean({of} == {}, w)", quoted(level))
            })),
            Kind::Text => {}
        }
    }
    script.line(format!("means <- list(\n  {}\n)", items.join(",\n  ")));
    let columns = analysis
        .kept()
        .into_iter()
        .map(|term| format!("{} = {}", quoted(&term.name), term.code.write(&OnMeans)));
    script.line(format!(
        "columns_at <- function(m) cbind(\n  {}\n)",
        columns.collect::<Vec<_>>().join(",\n  ")
    ));
}

fn means_of(analysis: &Analysis, setting: &Setting) -> String {
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (variable, held) in &setting.0 {
        match (held, analysis.kind(variable)) {
            (Held::Level(level), Kind::Levels { levels, .. }) => {
                for known in levels {
                    keys.push(quoted(&level_key(variable, known)));
                    values.push(if known == level { "1" } else { "0" }.to_owned());
                }
            }
            (held, _) => {
                keys.push(quoted(variable));
                values.push(match held {
                    Held::Number(number) => written(*number),
                    Held::Moved(by) => format!("means[[{}]] + {}", quoted(variable), written(*by)),
                    Held::Lowest => format!("min(data${})", name(variable)),
                    Held::Highest | Held::Level(_) => format!("max(data${})", name(variable)),
                });
            }
        }
    }
    if keys.is_empty() {
        return "means".to_owned();
    }
    format!(
        "replace(means, c({}), list({}))",
        keys.join(", "),
        values.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_r_would_misread_go_between_backticks() {
        assert_eq!(name("age"), "age");
        assert_eq!(name("2nd round"), "`2nd round`");
        assert_eq!(name("_x"), "`_x`");
        assert_eq!(name(".2x"), "`.2x`");
        assert_eq!(name("TRUE"), "`TRUE`");
        assert_eq!(name("a`b\\"), "`a\\`b\\\\`");
    }
}
