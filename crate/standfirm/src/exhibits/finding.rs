//! How titles state what was found: a difference, personalist minus others, with its interval, and what speaks against
//! making much of it.

use report::figure::Panel;
use report::words::{p_value, percent, points};

use crate::findings::contrasts;
use crate::findings::hypotheses::{Contrast, INDEX_CONTRAST};
use crate::findings::support::Support;
use crate::fitting::fitted::Fitted;
use crate::specification::method::Method;
use crate::study::thesis::LEVEL;
use crate::study::words::level_label;

/// Personalist minus others, in percentage points with the 95% interval: "−22 points [−40 to −3]".
pub(crate) fn difference(estimate: f64, low: f64, high: f64) -> String {
    format!(
        "{} points [{} to {}]",
        points(estimate),
        points(low),
        points(high)
    )
}

/// The same of a contrast, which is others minus personalist.
pub(crate) fn of_contrast(contrast: &Contrast) -> String {
    difference(-contrast.estimate, -contrast.conf_high, -contrast.conf_low)
}

/// Whether an interval includes zero: no difference.
pub(crate) fn includes_none(contrast: &Contrast) -> bool {
    contrast.conf_low <= 0.0 && contrast.conf_high >= 0.0
}

/// What a title adds to a contrast of a model: that its interval includes zero, and where Wald's test says
/// otherwise.
pub(crate) fn doubt(one: &Fitted, contrast: &Contrast) -> String {
    let includes = includes_none(contrast);
    let doubt = if includes {
        ", an interval that includes zero"
    } else {
        ""
    };
    match wald(one, contrast) {
        Some(wald) if (wald < LEVEL) == includes => {
            format!("{doubt}; Wald’s test disagrees ({})", p_value(wald))
        }
        _ => doubt.to_owned(),
    }
}

/// The p-value of Wald's test by the delta method, where intervals come from elsewhere.
fn wald(one: &Fitted, contrast: &Contrast) -> Option<f64> {
    match one.estimate.method() {
        Method::Bootstrap if one.estimate.imputation().is_none() => {
            let high = one.report.high_dependence;
            let found = contrasts::contrasts(&one.model, one.estimate.fit(), high).ok()?;
            let same = found.into_iter().find(|known| known.others == contrast.others)?;
            Some(same.effect.p_value)
        }
        Method::Bounded => Some(contrast.p_value),
        _ => None,
    }
}

/// Who the others of a contrast are, in a sentence.
pub(crate) fn others(contrast: &Contrast) -> String {
    match contrast.others.as_str() {
        INDEX_CONTRAST => "index 0".to_owned(),
        level => level_label(level).to_ascii_lowercase(),
    }
}

/// For each model how many personalist episodes its numbers at high dependence rest on, and what differences it could
/// have found; with a warning where that is little.
pub(crate) fn supported(models: &[&Fitted]) -> String {
    let both = models
        .iter()
        .any(|one| one.model.explanation.key != models[0].model.explanation.key);
    let name = |one: &Fitted| {
        let short = one.model.dependence.short;
        if both {
            format!("{short} × {}", one.model.explanation.key)
        } else {
            short.to_owned()
        }
    };
    let of = |one: &&Fitted| {
        let contrasts = crate::findings::hypotheses::contrasts(one, one.report.high_dependence);
        let error = contrasts
            .iter()
            .map(|contrast| contrast.std_error)
            .fold(0.0, f64::max);
        Some((name(one), Support::of(one, error)?))
    };
    let all: Vec<(String, Support)> = models.iter().filter_map(of).collect();
    let named = |short: &str| {
        if models.len() > 1 {
            format!("{short} ")
        } else {
            String::new()
        }
    };
    let counts: Vec<String> = all
        .iter()
        .map(|(short, one)| {
            format!(
                "{}{} ({} conceded)",
                named(short),
                one.personalist_at_high,
                one.conceded
            )
        })
        .collect();
    let least: Vec<String> = all
        .iter()
        .map(|(short, one)| format!("{}{}", named(short), percent(one.detectable).replace('%', "")))
        .collect();
    // Each warning with the models that it is about.
    let mut about: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, one) in &all {
        for warning in one.warnings() {
            match about.iter_mut().find(|(known, _)| *known == warning) {
                Some((_, names)) => names.push(name),
                None => about.push((warning, vec![name])),
            }
        }
    }
    let warnings: Vec<String> = about
        .into_iter()
        .map(|(warning, names)| match names.len() {
            some if some == all.len() => warning,
            _ => format!("{} ({})", warning, names.join(", ")),
        })
        .collect();
    let warned = match warnings.as_slice() {
        [] => String::new(),
        some => format!(" Beware: {}.", some.join("; ")),
    };
    format!(
        " Personalist episodes at or above high dependence: {}.{warned} The smallest difference that a test at 5% would find in \
         80 of 100 samples, in points: {}.",
        counts.join(", "),
        least.join(", ")
    )
}

/// What a note says where intervals leave the range of probabilities.
pub(crate) fn beyond(panels: &[Panel]) -> &'static str {
    let mut points = panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| &series.points);
    if points.any(|point| point.low < 0.0 || point.high > 1.0) {
        " By the delta method intervals are symmetric, so that some go below 0% or above 100%, which no probability can: \
         choose intervals within 0 and 1 among the methods."
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(estimate: f64, low: f64, high: f64) -> Contrast {
        Contrast {
            others: "democracy".to_owned(),
            estimate,
            std_error: 0.1,
            p_value: 0.5,
            conf_low: low,
            conf_high: high,
        }
    }

    #[test]
    fn differences_are_personalist_minus_others() {
        assert_eq!(of_contrast(&contrast(0.22, 0.03, 0.4)), "−22 points [−40 to −3]");
        assert_eq!(
            of_contrast(&contrast(-0.05, -0.3, 0.21)),
            "+5 points [−21 to +30]"
        );
        assert_eq!(others(&contrast(0.0, 0.0, 0.0)), "democracies");
    }

    #[test]
    fn an_interval_includes_no_difference_or_not() {
        assert!(includes_none(&contrast(0.1, -0.1, 0.3)));
        assert!(includes_none(&contrast(0.1, 0.0, 0.2)));
        assert!(!includes_none(&contrast(0.1, 0.05, 0.15)));
        assert!(!includes_none(&contrast(-0.1, -0.15, -0.05)));
    }
}
