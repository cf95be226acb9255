//! One model of the study, as the study has it and under another choice.
//!
//! ```text
//! cargo run --package standfirm --example one_model
//! ```

use report::words::{p_value, percent, points};
use standfirm::findings::hypotheses::test;
use standfirm::fitting::fitted::fit;
use standfirm::{Result, Specification, episodes};

fn main() -> Result<()> {
    print!("{}", report()?);
    Ok(())
}

/// What the example prints: for two specifications, probabilities of concession and the tests of both hypotheses.
pub(crate) fn report() -> Result<String> {
    // The episodes are in the program; they are unpacked once.
    let episodes = episodes()?;
    let study = Specification::default();
    let without_usa = study.with("senders", "others")?;
    let mut text = String::new();
    for (words, specification) in [
        ("As in the study", &study),
        ("Without the United States", &without_usa),
    ] {
        // A model is found by explanation and measure of dependence, and may be refused: then the error says why.
        let model = specification.find("regime:trade_share")?;
        let fitted = match fit(specification, &model, &episodes) {
            Ok(fitted) => fitted,
            Err(reason) => {
                text += &format!("{words}: {reason}\n\n");
                continue;
            }
        };
        text += &format!(
            "{words}: {}, {} episodes\n",
            fitted.report.label, fitted.report.model.n
        );
        for one in fitted
            .report
            .predictions
            .iter()
            .filter(|one| one.outcome == "concession")
        {
            let at: Vec<String> = one
                .at
                .iter()
                .map(|(name, value)| format!("{name} = {value:?}"))
                .collect();
            text += &format!("  {}: {}\n", at.join(", "), percent(one.estimate));
        }
        for one in test(&[fitted]) {
            text += &format!(
                "  {:?}, {} against personalists: {} points ({} to {}), {}\n",
                one.hypothesis,
                one.contrast,
                points(one.estimate),
                points(one.conf_low),
                points(one.conf_high),
                p_value(one.p_value)
            );
        }
        text.push('\n');
    }
    Ok(text)
}
