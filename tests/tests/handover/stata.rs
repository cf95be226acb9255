//! Do-files cannot be run here. They are held to Stata's manuals by rule: [R] mlogit, [R] margins, [D] import delimited,
//! [U] 11.3 on names and 11.4.3 on factor variables; and a person has looked at the golden ones.

use std::collections::BTreeSet;

use handover::{Language, script};

use crate::cases;
use crate::fuzz;

/// Commands that a do-file may begin a line with.
const COMMANDS: [&str; 21] = [
    "version", "import", "use", "replace", "destring", "label", "encode", "generate", "egen", "drop",
    "count", "assert", "mlogit", "margins", "display", "matrix", "quietly", "scalar", "local", "orthpoly",
    "mkspline",
];

/// Lines with their continuations, without comments.
fn commands(text: &str) -> Vec<String> {
    let joined = text.replace(" ///\n", " ");
    let lines = joined
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('*'));
    lines.map(str::to_owned).collect()
}

/// What is outside of quotes, with quoted texts as `""`.
fn unquoted(line: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = line;
    while let Some(sign) = rest.chars().next() {
        if let Some(inside) = rest.strip_prefix("`\"") {
            let (_, after) = inside
                .split_once("\"'")
                .ok_or("a compound quote is never closed")?;
            text.push_str("\"\"");
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('"') {
            let (quoted, after) = inside.split_once('"').ok_or("a quote is never closed")?;
            if quoted.contains('`') {
                return Err("a macro stands in a text".to_owned());
            }
            text.push_str("\"\"");
            rest = after;
        } else {
            text.push(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    Ok(text)
}

fn is_name(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

/// The options of a command, each with what is between its parentheses.
fn options(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut name = String::new();
    let mut inside = String::new();
    for sign in text.chars().chain([' ']) {
        match sign {
            '(' if depth == 0 => depth = 1,
            '(' => {
                depth += 1;
                inside.push(sign);
            }
            ')' => {
                depth -= 1;
                if depth > 0 {
                    inside.push(sign);
                }
            }
            ' ' if depth == 0 => {
                if !name.is_empty() {
                    found.push((std::mem::take(&mut name), std::mem::take(&mut inside)));
                }
            }
            sign if depth == 0 => name.push(sign),
            sign => inside.push(sign),
        }
    }
    found
}

/// What is wrong with a do-file.
fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut fitted = false;
    let renamed = text.contains("varnames(nonames)");
    for line in commands(text) {
        let mut fault = |problem: &str| faults.push(format!("{problem}: {line}"));
        let plain = match unquoted(&line) {
            Ok(plain) => plain,
            Err(problem) => {
                fault(&problem);
                continue;
            }
        };
        if plain.matches('(').count() != plain.matches(')').count() {
            fault("parentheses do not close");
        }
        let words: Vec<&str> = plain.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let command = words.first().copied().unwrap_or_default();
        if !COMMANDS.contains(&command) && command != "rename" {
            fault("no such command");
        }
        match (command, words.as_slice()) {
            ("rename", [_, _, name]) => {
                known.insert((*name).to_owned());
            }
            ("replace" | "destring" | "encode", [_, name, ..]) if !renamed => {
                known.insert((*name).to_owned());
            }
            ("generate", [_, "double" | "byte", name, ..]) | ("egen", [_, name, ..]) => {
                known.insert((*name).to_owned());
            }
            _ => {}
        }
        if command == "encode" {
            let new = options(&plain).into_iter().find(|(name, _)| name == "generate");
            known.extend(new.map(|(_, new)| new));
        }
        if let Some((_, made)) = options(&plain)
            .iter()
            .find(|(name, _)| name == "generate" && command == "orthpoly")
        {
            known.extend((1..=20).map(|column| made.replace('*', &column.to_string())));
        }
        if let ("mkspline", [_, stub, ..]) = (command, words.as_slice()) {
            known.extend((1..=20).map(|column| format!("{stub}{column}")));
        }
        if command == "mlogit" {
            fitted = true;
            mlogit(&plain, &known, &mut fault);
        }
        if command == "margins" {
            if !fitted {
                fault("margins before mlogit");
            }
            margins(&plain, &known, &mut fault);
        }
        if let (true, Some((_, name))) = (line.starts_with("generate"), line.split_once("f_"))
            && !is_name(&format!("f_{}", name.split(' ').next().unwrap_or_default()))
        {
            fault("no name");
        }
    }
    faults.extend(
        known
            .iter()
            .filter(|name| !is_name(name))
            .map(|name| format!("no name: {name}")),
    );
    if !fitted {
        faults.push("nothing is fitted".to_owned());
    }
    faults
}

fn mlogit(plain: &str, known: &BTreeSet<String>, fault: &mut impl FnMut(&str)) {
    let Some((model, after)) = plain.split_once(',') else {
        return fault("mlogit without options has the commonest outcome as base");
    };
    let (variables, weight) = match model.split_once('[') {
        Some((variables, weight)) => (variables, Some(weight)),
        None => (model, None),
    };
    if let Some(weight) = weight {
        let kind = weight.split([' ', '=']).next().unwrap_or_default();
        if !["fweight", "pweight", "iweight"].contains(&kind) {
            fault("mlogit takes no such weights");
        }
    }
    let mut words = variables.split_whitespace().skip(1);
    match words.next() {
        Some(outcome) if known.contains(outcome) => {}
        _ => fault("an outcome that nobody made"),
    }
    for term in words {
        for factor in term.split('#') {
            let (operator, name) = factor.split_once('.').unwrap_or(("", factor));
            let base = operator
                .strip_prefix("ib")
                .is_some_and(|base| base == "n" || base.parse::<u32>().is_ok());
            if operator != "c" && !base {
                fault("a factor without its operator");
            }
            if !known.contains(name) {
                fault(&format!("a variable `{name}` that nobody made"));
            }
        }
    }
    for (name, inside) in options(after) {
        let right = match name.as_str() {
            "baseoutcome" => inside.parse::<u32>().is_ok(),
            "noconstant" => inside.is_empty(),
            "vce" => {
                inside == "robust"
                    || inside
                        .strip_prefix("cluster ")
                        .is_some_and(|column| known.contains(column))
            }
            "level" => inside
                .parse::<f64>()
                .is_ok_and(|level| (10.0..=99.99).contains(&level)),
            "nrtolerance" => inside.parse::<f64>().is_ok(),
            _ => false,
        };
        if !right {
            fault(&format!("mlogit has no option {name}({inside})"));
        }
    }
}

fn margins(plain: &str, known: &BTreeSet<String>, fault: &mut impl FnMut(&str)) {
    let Some((_, after)) = plain.split_once(',') else {
        return;
    };
    for (name, inside) in options(after) {
        let right = match name.as_str() {
            "atmeans" => inside.is_empty(),
            "dydx" => inside.split_whitespace().all(|name| known.contains(name)),
            "at" => {
                let held = inside
                    .split(" = ")
                    .map(|part| part.rsplit(' ').next().unwrap_or_default());
                let names: Vec<&str> = held.take(inside.matches(" = ").count()).collect();
                inside.ends_with(") _all")
                    || !names.is_empty() && names.iter().all(|name| known.contains(*name))
            }
            "contrast" => inside == "atcontrast(r._at)",
            "level" => inside.parse::<f64>().is_ok(),
            _ => false,
        };
        if !right {
            fault(&format!("margins has no option {name}({inside})"));
        }
    }
}

#[test]
fn do_files_keep_to_the_manual() {
    for case in cases::all().iter().chain(&fuzz::cases(5, fuzz::number(30))) {
        let text = script(&case.analysis_of("survey.csv"), Language::Stata);
        let faults = faults(&text);
        assert!(
            faults.is_empty(),
            "{}:\n{}\n\n{text}",
            case.name,
            faults.join("\n")
        );
    }
}

#[test]
fn the_rules_would_notice() {
    let wrong = |text: &str| !faults(text).is_empty();
    let start = "import delimited using \"a.csv\", varnames(1)\ndestring x, replace\ndestring y, replace\n";
    assert!(!wrong(&format!(
        "{start}mlogit y c.x, baseoutcome(1)\nmargins, dydx(x)\n"
    )));
    for line in [
        "mlogit y c.x",
        "mlogit y c.z, baseoutcome(1)",
        "mlogit y x, baseoutcome(1)",
        "mlogit y c.x [aweight = x], baseoutcome(1)",
        "mlogit y c.x, baseoutcome(a)",
        "mlogit y c.x, baseoutcome(1) vce(cluster z)",
        "mlogit y c.x, baseoutcome(1)\nmargins, dydx(z)",
        "mlogit y c.x, baseoutcome(1)\nmargins, slopes",
        "mlogit y c.x, baseoutcome(1)\nlabel variable x \"a",
        "logit y x",
    ] {
        assert!(wrong(&format!("{start}{line}\n")), "{line}");
    }
}

/// The golden scripts of every language: `STANDFIRM_BLESS=1` writes them anew.
#[test]
fn scripts_are_as_a_person_has_seen_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/handover");
    let bless = std::env::var_os("STANDFIRM_BLESS").is_some();
    let shown = [
        "quoted",
        "transformed",
        "two_ways",
        "at_means",
        "without_intercept",
        "semicolons",
    ];
    for case in cases::all()
        .iter()
        .filter(|case| shown.contains(&case.name.as_str()))
    {
        for language in [Language::R, Language::Stata, Language::Python, Language::PySpark] {
            if language != Language::Stata && case.name != "quoted" {
                continue;
            }
            let kind = if language == Language::PySpark {
                "spark."
            } else {
                ""
            };
            let file = folder.join(format!("{}.{kind}{}", case.name, language.extension()));
            let text = script(&case.analysis_of("survey.csv"), language);
            if bless {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&file, &text).unwrap();
            }
            let golden = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(
                golden == text,
                "{} is another: look at what changed, and bless it",
                file.display()
            );
        }
    }
}
