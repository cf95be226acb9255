//! Stata: `mlogit` and `margins`.

use mlogit::{Elementary, Operation, Part};
use readers::{Decimal, FileKind};

use crate::analysis::{
    Analysis, Contrast, Errors, Held, Kind, Learned, LearnedKind, Setting, Slope, arithmetic, code_of,
    level_number,
};
use crate::code::{Code, Moment, Notation, written};
use crate::header;
use crate::text::{Script, enumerated};

/// The analysis as a do-file for Stata.
pub(crate) fn script(analysis: &Analysis) -> String {
    let names = Names::of(analysis);
    let mut script = Script::new("*");
    header::write(&mut script, analysis);
    script.comment("For Stata 15 or later.");
    if analysis.firth {
        script.comment(
            "Stata's mlogit does not reduce bias (Firth); the user's command firthlogit does where there are two outcomes. \
             What follows is maximum likelihood.",
        );
    }
    script.blank();
    script.line("version 15");
    data(&mut script, analysis, &names);
    let model = fit(&mut script, analysis, &names);
    quantities(&mut script, analysis, &names, &model);
    script.finish()
}

/// What columns are called in Stata.
struct Names {
    /// Each column of the data and its name.
    columns: Vec<(String, String)>,
    /// Whether the file's own names serve.
    own: bool,
}

/// Names that Stata keeps to itself.
const RESERVED: [&str; 22] = [
    "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_N", "_pi",
    "_pred", "_rc", "_skip", "str", "strL", "using", "with", "_r",
];

fn is_name(name: &str) -> bool {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    name.len() <= 28
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(plain)
        && !RESERVED.contains(&name)
}

impl Names {
    fn of(analysis: &Analysis) -> Self {
        let own =
            analysis.columns.iter().all(|column| is_name(&column.name)) && analysis.source.renamed.is_empty();
        let mut columns: Vec<(String, String)> = Vec::new();
        for column in &analysis.columns {
            let wanted = tidy(&column.name);
            let mut name = wanted.clone();
            let mut number = 2;
            while columns.iter().any(|(_, known)| *known == name) {
                name = format!("{wanted}{number}");
                number += 1;
            }
            columns.push((column.name.clone(), name));
        }
        Names { columns, own }
    }

    fn get(&self, name: &str) -> &str {
        let known = self.columns.iter().find(|(column, _)| column == name);
        known.map_or("", |(_, name)| name)
    }
}

/// A name that Stata takes, as near as can be; four signs are left for what is made of it.
fn tidy(name: &str) -> String {
    if is_name(name) {
        return name.to_owned();
    }
    let sign = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '_' };
    let mut tidy: String = name.chars().map(sign).take(26).collect();
    if !tidy.starts_with(|first: char| first.is_ascii_alphabetic()) || RESERVED.contains(&tidy.as_str()) {
        tidy = format!("v_{}", tidy.trim_start_matches('_'));
    }
    tidy
}

/// A text between Stata's quotes, which nest, without macros in it. The one text that would end them is said otherwise: its
/// rows are then missing, which the count of rows tells.
fn quoted(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect();
    let text = text
        .replace("\"'", "\" '")
        .replace("`\"", "` \"")
        .replace('`', "\\`")
        .replace('$', "\\$");
    if text.contains(['"', '`', '\'', '$']) {
        format!("`\"{text}\"'")
    } else {
        format!("\"{text}\"")
    }
}

// ---- The data ----

fn data(script: &mut Script, analysis: &Analysis, names: &Names) {
    script.heading("The data");
    let reading = &analysis.source.reading;
    let is_text = reading.format != FileKind::Stata;
    read(script, analysis, names);
    for column in &analysis.columns {
        let name = names.get(&column.name);
        if is_text && column.kind != Kind::Text {
            missing_texts(script, analysis, name);
        }
        match &column.kind {
            Kind::Number if is_text => numbers(script, analysis, name),
            Kind::Number => {}
            Kind::Text => {
                script.line(format!("egen {name}_ = group({name})"));
            }
            Kind::Levels {
                levels,
                numbers: true,
            } => {
                if is_text {
                    numbers(script, analysis, name);
                }
                coded_numbers(script, name, levels);
            }
            Kind::Levels {
                levels,
                numbers: false,
            } => coded_texts(script, name, levels),
        }
    }
    header::dropped(script, analysis);
    let used: Vec<String> = analysis
        .columns
        .iter()
        .map(|column| variable(analysis, names, &column.name))
        .collect();
    script.line(format!("drop if missing({})", used.join(", ")));
    if let Some(weights) = &analysis.weights {
        script.line(format!("drop if {} == 0", names.get(&weights.column)));
    }
    script.line("count");
    script.line(format!("assert r(N) == {}", analysis.rows));
}

fn read(script: &mut Script, analysis: &Analysis, names: &Names) {
    let source = &analysis.source;
    let reading = &source.reading;
    let path = quoted(&source.path);
    let row = source.before_names() + 1;
    match reading.format {
        FileKind::Stata => {
            script.line(format!("use {path}, clear"));
            return;
        }
        FileKind::Csv => {
            if reading.gzip {
                script.comment("Stata reads no gzip: unpack the file first.");
            }
            let delimiter = match reading
                .delimiter
                .map_or_else(|| ",".to_owned(), String::from)
                .as_str()
            {
                "\t" => "tab".to_owned(),
                sign => quoted(sign),
            };
            let encoding = reading.encoding.as_deref().unwrap_or("UTF-8");
            script.comment("Every cell as text: what a column is, is said below.");
            let names = if names.own {
                format!("varnames({row}) case(preserve)")
            } else {
                format!("varnames(nonames) rowrange({})", row + 1)
            };
            script.line(format!(
                "import delimited using {path}, delimiters({delimiter}) {names} ///\n    stringcols(_all) bindquotes(strict) \
                 encoding({}) clear",
                quoted(encoding)
            ));
        }
        _ => {
            let sheet = reading
                .sheet
                .as_ref()
                .map_or_else(String::new, |sheet| format!(" sheet({})", quoted(sheet)));
            script.line(format!(
                "import excel using {path},{sheet} cellrange(A{row}) firstrow allstring clear"
            ));
        }
    }
    if names.own {
        return;
    }
    script.comment("Names that Stata does not take are changed; labels have them as they are.");
    for (column, name) in &names.columns {
        let column = source.column(column);
        let place = source
            .names
            .iter()
            .position(|known| known == column)
            .unwrap_or_default()
            + 1;
        let aside = usize::from(reading.row_names.is_some() && reading.row_names.as_deref() != Some(column));
        script.line(format!("rename v{} {name}", place + aside));
        script.line(format!("label variable {name} {}", quoted(column)));
    }
}

/// Codes of missing values become empty cells.
fn missing_texts(script: &mut Script, analysis: &Analysis, name: &str) {
    let codes: Vec<String> = analysis
        .source
        .missing_texts()
        .iter()
        .filter(|code| !code.is_empty())
        .map(|code| quoted(code))
        .collect();
    // inlist takes nine texts at most.
    for some in codes.chunks(9) {
        script.line(format!(
            "replace {name} = \"\" if inlist(strtrim({name}), {})",
            some.join(", ")
        ));
    }
}

fn numbers(script: &mut Script, analysis: &Analysis, name: &str) {
    let reading = &analysis.source.reading;
    let comma = if reading.decimal == Some(Decimal::Comma) && reading.format == FileKind::Csv {
        " dpcomma"
    } else {
        ""
    };
    let thousands = reading.thousands.filter(|_| reading.format == FileKind::Csv);
    let ignore = thousands.map_or_else(String::new, |sign| {
        format!(" ignore({})", quoted(&String::from(sign)))
    });
    script.line(format!("destring {name}, replace force{ignore}{comma}"));
    for code in analysis.source.missing_numbers() {
        script.line(format!("replace {name} = . if {name} == {}", written(code)));
    }
}

/// Text levels get the numbers 1, 2, ..., the base first; those that are not listed are missing.
fn coded_texts(script: &mut Script, name: &str, levels: &[String]) {
    let labels = levels
        .iter()
        .enumerate()
        .map(|(place, level)| format!("{} {}", place + 1, quoted(level)));
    script.line(format!(
        "label define {name}_ {}",
        labels.collect::<Vec<_>>().join(" ")
    ));
    script.line(format!("encode {name}, generate({name}_) label({name}_)"));
    script.line(format!("replace {name}_ = . if {name}_ > {}", levels.len()));
}

fn coded_numbers(script: &mut Script, name: &str, levels: &[String]) {
    script.line(format!("generate byte {name}_ = ."));
    for (place, level) in levels.iter().enumerate() {
        script.line(format!(
            "replace {name}_ = {} if {name} == {}",
            place + 1,
            level_number(level)
        ));
    }
    let labels = levels
        .iter()
        .enumerate()
        .map(|(place, level)| format!("{} {}", place + 1, quoted(level)));
    script.line(format!(
        "label define {name}_ {}",
        labels.collect::<Vec<_>>().join(" ")
    ));
    script.line(format!("label values {name}_ {name}_"));
}

/// The variable that stands for a column once it is read.
fn variable(analysis: &Analysis, names: &Names, column: &str) -> String {
    let name = names.get(column);
    match analysis.kind(column) {
        Kind::Number => name.to_owned(),
        Kind::Text | Kind::Levels { .. } => format!("{name}_"),
    }
}

// ---- The fit ----

struct InStata<'a>(&'a Names);

impl Notation for InStata<'_> {
    fn variable(&self, variable: &str) -> String {
        self.0.get(variable).to_owned()
    }
    fn level(&self, variable: &str, level: &str) -> String {
        format!("({}_ == {})", self.0.get(variable), quoted(level))
    }
    fn moment(&self, learned: usize, moment: Moment) -> String {
        match moment {
            Moment::Mean => format!("mean_{}", learned + 1),
            Moment::Deviation => format!("sd_{}", learned + 1),
        }
    }
    fn basis(&self, learned: usize, column: usize, _: bool, _: &str) -> String {
        format!("basis_{}_{}", learned + 1, column + 1)
    }
    fn call(&self, function: Elementary, of: &str) -> String {
        match function {
            Elementary::Log => format!("ln({of})"),
            Elementary::Log2 => format!("(ln({of}) / ln(2))"),
            Elementary::Log10 => format!("log10({of})"),
            Elementary::Log1p => format!("ln(1 + {of})"),
            Elementary::Exp => format!("exp({of})"),
            Elementary::Sqrt => format!("sqrt({of})"),
            Elementary::Abs => format!("abs({of})"),
        }
    }
    fn sign(&self, of: &str) -> String {
        format!("sign({of})")
    }
    fn power(&self) -> &'static str {
        "^"
    }
}

/// What the do-file made of the formula's functions.
struct Model {
    /// Variables that were made, with what they are made of.
    made: Vec<(Code, String)>,
}

impl Model {
    fn name(&self, code: &Code) -> Option<&str> {
        self.made
            .iter()
            .find(|(known, _)| known == code)
            .map(|(_, name)| name.as_str())
    }

    /// Whether a variable has a part in something that margins does not follow.
    fn follows(&self, variable: &str) -> bool {
        !self.made.iter().any(|(code, _)| code.involves(variable))
    }
}

fn fit(script: &mut Script, analysis: &Analysis, names: &Names) -> Model {
    script.heading("The fit");
    learned(script, analysis, names);
    let mut model = Model { made: Vec::new() };
    let mut terms: Vec<String> = Vec::new();
    for term in analysis.terms.iter().filter(|term| term.term.is_some()) {
        let mut learned = analysis.learned.clone();
        let factors: Vec<String> = term
            .parts
            .iter()
            .map(|part| factor(script, analysis, names, &mut model, part, &mut learned, term.term))
            .collect();
        let text = factors.join("#");
        if !terms.contains(&text) {
            terms.push(text);
        }
    }
    let left_out: Vec<String> = analysis
        .terms
        .iter()
        .filter(|term| !term.kept)
        .map(|term| term.name.clone())
        .collect();
    if !left_out.is_empty() {
        script.comment(format!(
            "No row has it or others determine it: {}. Stata marks such a product as empty or omitted.",
            enumerated(&left_out)
        ));
    }
    let weights = analysis.weights.as_ref().map_or_else(String::new, |weights| {
        // Stata's frequency weights are whole numbers.
        let kind = match (weights.probability, weights.fractional) {
            (true, _) => "pweight",
            (false, true) => "iweight",
            (false, false) => "fweight",
        };
        format!(" [{kind} = {}]", names.get(&weights.column))
    });
    let outcome = variable(analysis, names, &analysis.columns[0].name);
    let mut options = vec!["baseoutcome(1)".to_owned()];
    if !analysis.intercept {
        options.push("noconstant".to_owned());
    }
    options.extend(errors(script, analysis, names));
    if (analysis.level - 0.95).abs() > 1e-12 {
        options.push(format!("level({})", written(100.0 * analysis.level)));
    }
    options.push("nrtolerance(1e-12)".to_owned());
    script.comment("The first level of the outcome is the base: Stata would take the commonest.");
    let mut lines = vec![format!("mlogit {outcome}")];
    for term in &terms {
        match lines.last_mut() {
            Some(line) if line.len() + term.len() < 90 => line.push_str(&format!(" {term}")),
            _ => lines.push(format!("    {term}")),
        }
    }
    let options = options.join(" ");
    let end = format!("{weights}, {options}");
    match lines.last_mut() {
        Some(line) if line.len() + end.len() < 96 => line.push_str(&end),
        _ => lines.push(format!("   {end}")),
    }
    script.line(lines.join(" ///\n"));
    script.line("display \"Log-likelihood \" %18.9f e(ll)");
    script.line("matrix list e(b), format(%16.0g)");
    model
}

/// Variables that are made from all rows.
fn learned(script: &mut Script, analysis: &Analysis, names: &Names) {
    for (place, learned) in analysis.learned.iter().enumerate() {
        let number = place + 1;
        let of = learned.of.write(&InStata(names));
        match learned.kind {
            LearnedKind::Moments => {
                script.line(format!("generate double of_{number} = {of}"));
                script.line(format!("quietly summarize of_{number}"));
                script.line(format!("scalar mean_{number} = r(mean)"));
                script.line(format!("scalar sd_{number} = r(sd)"));
            }
            LearnedKind::Polynomials(degree) => {
                script.comment(format!(
                    "orthpoly makes R's poly({}, {degree}) times the root of the number of rows: coefficients are \
                     smaller by that factor, and all else is the same.",
                    learned.written
                ));
                script.line(format!("generate double of_{number} = {of}"));
                script.line(format!(
                    "orthpoly of_{number}, generate(basis_{number}_*) degree({degree})"
                ));
            }
            LearnedKind::Splines(columns) => {
                script.comment(format!(
                    "mkspline makes other columns than R's ns({}, {columns}), which span the same curves: coefficients \
                     differ, probabilities do not.",
                    learned.written
                ));
                script.line(format!("generate double of_{number} = {of}"));
                let percentiles = (1..columns).map(|knot| written(100.0 * knot as f64 / columns as f64));
                let percentiles: Vec<String> = percentiles.collect();
                script.line(format!("quietly summarize of_{number}"));
                script.line(format!("local knots_{number} = r(min)"));
                if !percentiles.is_empty() {
                    script.comment("Stata's percentiles lie between values in another way than R's quantiles: knots may differ a little.");
                    script.line(format!(
                        "quietly _pctile of_{number}, percentiles({})",
                        percentiles.join(" ")
                    ));
                    for knot in 1..columns {
                        script.line(format!("local knots_{number} `knots_{number}' `=r(r{knot})'"));
                    }
                    script.line(format!("quietly summarize of_{number}"));
                }
                script.line(format!("local knots_{number} `knots_{number}' `=r(max)'"));
                script.line(format!(
                    "mkspline basis_{number}_ = of_{number}, cubic knots(`knots_{number}')"
                ));
            }
        }
    }
}

/// A factor of a term; what is no variable yet is made one.
fn factor(
    script: &mut Script,
    analysis: &Analysis,
    names: &Names,
    model: &mut Model,
    part: &Part,
    learned: &mut Vec<Learned>,
    term: Option<usize>,
) -> String {
    match part {
        Part::Number(name) => format!("c.{}", names.get(name)),
        Part::Level { variable: name, .. } => {
            let every = every_level(analysis, name, term);
            let base = if every { "ibn" } else { "ib1" };
            format!("{base}.{}", variable(analysis, names, name))
        }
        Part::Function(of) => made(script, names, model, &arithmetic(of, learned)),
        Part::Basis { .. } => {
            let code = code_of(part, learned);
            match &code {
                Code::Basis { .. } => format!("c.{}", code.write(&InStata(names))),
                _ => made(script, names, model, &code),
            }
        }
    }
}

/// Whether a term has a column for the base level too.
fn every_level(analysis: &Analysis, name: &str, term: Option<usize>) -> bool {
    let Kind::Levels { levels, .. } = analysis.kind(name) else {
        return false;
    };
    let base = &levels[0];
    let is_base =
        |part: &Part| matches!(part, Part::Level { variable, level } if variable == name && level == base);
    analysis
        .terms
        .iter()
        .any(|column| column.term == term && column.parts.iter().any(is_base))
}

/// A function as a factor: a power is a product that margins understands, anything else a variable of its own.
fn made(script: &mut Script, names: &Names, model: &mut Model, code: &Code) -> String {
    if let Code::Variable(name) = code {
        return format!("c.{}", names.get(name));
    }
    if let Code::Binary(Operation::Power, of, exponent) = code
        && let (Code::Variable(name), Code::Number(times)) = (&**of, &**exponent)
        && [2.0, 3.0, 4.0].contains(times)
    {
        let factor = format!("c.{}", names.get(name));
        return vec![factor; *times as usize].join("#");
    }
    if let Some(known) = model.name(code) {
        return format!("c.{known}");
    }
    let name = format!("f_{}", model.made.len() + 1);
    let written = code.write(&InStata(names));
    script.line(format!("generate double {name} = {written}"));
    script.line(format!("label variable {name} {}", quoted(&written)));
    model.made.push((code.clone(), name.clone()));
    format!("c.{name}")
}

fn errors(script: &mut Script, analysis: &Analysis, names: &Names) -> Option<String> {
    match &analysis.errors {
        Errors::Observed => None,
        Errors::Robust => Some("vce(robust)".to_owned()),
        Errors::Hc0 | Errors::Hc1 => {
            let factor = match analysis.errors {
                Errors::Hc0 => "(n - 1) / n",
                _ => "(n - 1) / (n - k), where k counts the parameters of all equations",
            };
            script.comment(format!(
                "Stata's robust variance has the factor n / (n - 1). The one asked for is it times {factor}."
            ));
            Some("vce(robust)".to_owned())
        }
        Errors::Cluster(columns) => match columns.as_slice() {
            [one] => Some(format!("vce(cluster {})", variable(analysis, names, one))),
            several => {
                let several: Vec<String> = several
                    .iter()
                    .map(|name| variable(analysis, names, name))
                    .collect();
                script.line(format!("egen cluster_ = group({})", several.join(" ")));
                Some("vce(cluster cluster_)".to_owned())
            }
        },
        Errors::TwoWay(first, second) => {
            let (first, second) = (
                variable(analysis, names, first),
                variable(analysis, names, second),
            );
            script.comment(format!(
                "Stata's mlogit clusters one way. Two ways, the variance is that clustered by {first}, plus that by {second}, \
                 minus that by both together (egen both_ = group({first} {second})): fit three times and add e(V), or take \
                 the user's command vcemway. What follows is clustered by {first} alone."
            ));
            Some(format!("vce(cluster {first})"))
        }
    }
}

// ---- Predictions, slopes, comparisons ----

fn quantities(script: &mut Script, analysis: &Analysis, names: &Names, model: &Model) {
    if analysis.predicted.is_empty() && analysis.slopes.is_empty() && analysis.comparisons.is_empty() {
        return;
    }
    script.heading("Predictions, slopes, comparisons");
    if !model.made.is_empty() || !analysis.learned.is_empty() {
        script.comment(
            "margins follows variables through factors and products, not through functions that were made as variables of \
             their own: where a variable has a part in one, slopes and comparisons of it are Standfirm's alone.",
        );
    }
    if analysis.at_means && !model.made.is_empty() {
        script.comment("atmeans puts a function at its own mean, Standfirm at the function of the means.");
    }
    let mut tail = String::new();
    if analysis.at_means {
        tail.push_str(" atmeans");
    }
    if (analysis.level - 0.95).abs() > 1e-12 {
        tail.push_str(&format!(" level({})", written(100.0 * analysis.level)));
    }
    let held = |setting: &Setting| {
        let at = at(analysis, names, model, setting);
        if at.is_empty() {
            String::new()
        } else {
            format!(" at({at})")
        }
    };
    for setting in &analysis.predicted {
        margins(script, &format!("{}{tail}", held(setting)));
    }
    for setting in &analysis.settings {
        let at = held(setting);
        for slope in &analysis.slopes {
            let (name, contrasts): (&str, &[Contrast]) = match slope {
                Slope::Along { variable, .. } => (variable, &[]),
                Slope::Levels(contrasts) => (
                    contrasts.first().map_or("", |one| one.variable.as_str()),
                    contrasts,
                ),
            };
            if name.is_empty() {
                continue;
            }
            if contrasts.is_empty() && !follows(analysis, model, name) {
                script.comment(format!(
                    "The slope along {name} goes through a function: see above."
                ));
                continue;
            }
            margins(
                script,
                &format!(" dydx({}){at}{tail}", variable(analysis, names, name)),
            );
        }
        for contrast in &analysis.comparisons {
            comparison(script, analysis, names, model, setting, contrast, &tail);
        }
    }
}

/// Whether margins follows a variable wherever it is.
fn follows(analysis: &Analysis, model: &Model, variable: &str) -> bool {
    model.follows(variable)
        && !analysis
            .learned
            .iter()
            .any(|learned| learned.of.involves(variable))
}

fn margins(script: &mut Script, options: &str) {
    let options = options.trim_start();
    script.line(if options.is_empty() {
        "margins".to_owned()
    } else {
        format!("margins, {options}")
    });
}

fn comparison(
    script: &mut Script,
    analysis: &Analysis,
    names: &Names,
    model: &Model,
    setting: &Setting,
    contrast: &Contrast,
    tail: &str,
) {
    if !follows(analysis, model, &contrast.variable) {
        let held = matches!(contrast.high, Held::Number(_));
        if !held
            || analysis
                .learned
                .iter()
                .any(|learned| learned.of.involves(&contrast.variable))
        {
            script.comment(format!(
                "The comparison of {} goes through a function: see above.",
                contrast.variable
            ));
            return;
        }
    }
    let name = names.get(&contrast.variable);
    if matches!(contrast.high, Held::Highest) {
        script.line(format!("quietly summarize {name}"));
        script.line("local lowest = r(min)");
        script.line("local highest = r(max)");
    }
    let (low, high) = contrast.pair(setting);
    let both = [low, high].map(|setting| {
        let at = at(analysis, names, model, &setting);
        if at.is_empty() {
            "at((asobserved) _all)".to_owned()
        } else {
            format!("at({at})")
        }
    });
    let both = match (analysis.at_means, &both[0]) {
        (true, low) if low == "at((asobserved) _all)" => format!("at((mean) _all) {}", both[1]),
        _ => both.join(" "),
    };
    script.comment(format!("{}: {}", contrast.variable, contrast.name));
    margins(script, &format!("{both} contrast(atcontrast(r._at)){tail}"));
}

/// What stands in `at()`.
fn at(analysis: &Analysis, names: &Names, model: &Model, setting: &Setting) -> String {
    let mut items = Vec::new();
    for (name, held) in &setting.0 {
        let short = names.get(name);
        let item = match (held, analysis.kind(name)) {
            (Held::Level(level), Kind::Levels { levels, .. }) => {
                let place = levels.iter().position(|known| known == level).unwrap_or_default() + 1;
                format!("{short}_ = {place}")
            }
            (Held::Number(number), _) => format!("{short} = {}", written(*number)),
            (Held::Moved(by), _) => format!("{short} = generate({short} + {})", written(*by)),
            (Held::Lowest, _) => format!("{short} = `lowest'"),
            (Held::Highest | Held::Level(_), _) => format!("{short} = `highest'"),
        };
        let used = analysis.terms.iter().any(|term| {
            let plain = |part: &Part| {
                matches!(part, Part::Number(own) | Part::Level { variable: own, .. } if own == name)
                    || matches!(part, Part::Function(of) if is_power(of, name))
            };
            term.parts.iter().any(plain)
        });
        if used {
            items.push(item);
        }
        let Held::Number(number) = held else { continue };
        // A function of nothing else that is held is held too.
        for (code, made) in &model.made {
            if code.involves(name) {
                let value = with(code, name, *number);
                if value.is_constant() {
                    items.push(format!("{made} = (`={}')", value.write(&InStata(names))));
                }
            }
        }
    }
    items.join(" ")
}

fn is_power(of: &mlogit::Expression, name: &str) -> bool {
    matches!(of, mlogit::Expression::Binary(mlogit::Operation::Power, base, _)
        if **base == mlogit::Expression::Column(name.to_owned()))
}

/// A code with a number in a variable's place.
fn with(code: &Code, name: &str, number: f64) -> Code {
    let inner = |code: &Code| Box::new(with(code, name, number));
    match code {
        Code::Variable(own) if own == name => Code::Number(number),
        Code::Negative(of) => Code::Negative(inner(of)),
        Code::Call(function, of) => Code::Call(*function, inner(of)),
        Code::Sign(of) => Code::Sign(inner(of)),
        Code::Binary(operation, left, right) => Code::Binary(*operation, inner(left), inner(right)),
        Code::Basis {
            learned,
            column,
            slope,
            of,
        } => Code::Basis {
            learned: *learned,
            column: *column,
            slope: *slope,
            of: inner(of),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_such_as_stata_takes() {
        assert_eq!(tidy("age"), "age");
        assert_eq!(tidy("2nd round"), "v_2nd_round");
        assert_eq!(tidy("if"), "v_if");
        assert!(is_name(&tidy("a very long name, of more than thirty-two signs")));
        assert_eq!(tidy("é"), "v_");
        assert_eq!(quoted("don't"), "`\"don't\"'");
        assert_eq!(quoted("a\"'\nexit"), "`\"a\" ' exit\"'");
        assert_eq!(quoted("`x' $y"), "`\"\\`x' \\$y\"'");
    }
}
