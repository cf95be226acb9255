//! How titles state what was found: a difference, personalist minus others, with its interval, and what speaks against
//! making much of it.

use report::figure::Panel;
use report::words::{p_value, percent, points};

use crate::exhibits::about::About;
use crate::findings::contrasts;
use crate::findings::hypotheses::{Contrast, INDEX_CONTRAST};
use crate::findings::support::{FEW, Support};
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
    let doubt = if includes_none(contrast) {
        ", an interval that includes zero"
    } else {
        ""
    };
    format!("{doubt}{}", disagreement(one, contrast))
}

/// Where Wald's test and the interval of a contrast say different things, that they do.
pub(crate) fn disagreement(one: &Fitted, contrast: &Contrast) -> String {
    match wald(one, contrast) {
        Some(wald) if (wald < LEVEL) == includes_none(contrast) => {
            format!("; Wald’s test disagrees ({})", p_value(wald))
        }
        _ => String::new(),
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

/// What the numbers of models at high dependence rest on.
struct Supports {
    /// Words for each model, with what supports it.
    all: Vec<(String, Support)>,
}

impl Supports {
    fn of(models: &[&Fitted]) -> Self {
        let both = models
            .iter()
            .any(|one| one.model.explanation.key != models[0].model.explanation.key);
        let name = |one: &Fitted| {
            let short = one.model.dependence.short;
            if both {
                format!("{short} {}", one.model.explanation.key)
            } else {
                short.to_owned()
            }
        };
        let of = |one: &&Fitted| {
            let contrasts = crate::findings::hypotheses::contrasts(one, one.report.high_dependence);
            let errors = contrasts.iter().map(|contrast| contrast.std_error);
            Some((name(one), Support::of(one, errors.fold(0.0, f64::max))?))
        };
        Supports {
            all: models.iter().filter_map(of).collect(),
        }
    }

    /// The least and the most of something, as one where they are the same.
    fn range(&self, of: impl Fn(&Support) -> String + Copy, by: impl Fn(&Support) -> f64 + Copy) -> String {
        let each = || self.all.iter().map(|(_, one)| one);
        let least = each().min_by(|a, b| by(a).total_cmp(&by(b))).map(of);
        let most = each().max_by(|a, b| by(a).total_cmp(&by(b))).map(of);
        match (least, most) {
            (Some(least), Some(most)) if least == most => least,
            (Some(least), Some(most)) => format!("{least} to {most}"),
            _ => String::new(),
        }
    }

    /// What to beware of: of one model in full, of several which they are.
    fn warnings(&self) -> Vec<String> {
        if let [(_, one)] = self.all.as_slice() {
            return one.warnings();
        }
        let few = self.all.iter().filter(|(_, one)| one.is_few()).count();
        let few = (few > 0).then(|| {
            format!(
                "fewer than {FEW} in {few} of {} models, whose numbers rest on their shape more than on them",
                self.all.len()
            )
        });
        // The same value is outside different ranges.
        let mut beyond: Vec<(String, Vec<&str>)> = Vec::new();
        for (name, one) in &self.all {
            for outside in &one.outside {
                let what = outside.what();
                match beyond.iter_mut().find(|(known, _)| *known == what) {
                    Some((_, names)) => names.push(name),
                    None => beyond.push((what, vec![name])),
                }
            }
        }
        let beyond = beyond.into_iter().map(|(what, names)| {
            format!(
                "{what} is outside the data of {}, whose ranges About has",
                names.join(", ")
            )
        });
        few.into_iter().chain(beyond).collect()
    }
}

/// How a difference of probabilities that a model could have found is written.
fn detectable(one: &Support) -> String {
    percent(one.detectable).replace('%', "")
}

/// How many personalist episodes numbers at high dependence rest on, and what differences could have been found; with a
/// warning where that is little. What each of several models has is in [`with_support`].
pub(crate) fn supported(models: &[&Fitted]) -> String {
    let supports = Supports::of(models);
    let count = match supports.all.as_slice() {
        [(_, one)] => format!("{} ({} conceded)", one.personalist_at_high, one.conceded),
        _ => {
            let each = supports.range(
                |one| one.personalist_at_high.to_string(),
                |one| one.personalist_at_high as f64,
            );
            format!("{each} in a model")
        }
    };
    let warned = match supports.warnings().as_slice() {
        [] => String::new(),
        some => format!(" Beware: {}.", some.join("; ")),
    };
    format!(
        " Personalist episodes at or above high dependence: {count}.{warned} A test at 5% would miss differences below {} points \
         in more than one of five samples.",
        supports.range(detectable, |one| one.detectable)
    )
}

/// What a reader may ask, with the same of each model.
pub(crate) fn with_support(mut about: About, models: &[&Fitted]) -> About {
    let each = Supports::of(models).all.into_iter().map(|(name, one)| {
        format!(
            "{name}: {} personalist of {} episodes, {} of them conceded; {} points{}",
            one.personalist_at_high,
            one.at_high,
            one.conceded,
            detectable(&one),
            one.outside
                .iter()
                .map(|one| format!("; {}", one.words()))
                .collect::<String>()
        )
    });
    about.push((
        "Support".to_owned(),
        format!(
            "At or above high dependence, and the smallest difference that a test at 5% would find in 80 of 100 samples. {}.",
            each.collect::<Vec<_>>().join(". ")
        ),
    ));
    about
}

/// What a note says where intervals leave the range of probabilities.
pub(crate) fn beyond(panels: &[Panel]) -> &'static str {
    let mut points = panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| &series.points);
    if points.any(|point| point.low < 0.0 || point.high > 1.0) {
        " Delta-method intervals are symmetric, and some leave 0 to 100%: intervals within 0 and 1 are among the methods."
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
