//! `standfirm choices`: what can be chosen otherwise than in the study.

use std::fmt::Write as _;

use standfirm::specification::choices::choices;

use crate::args::Choices;
use crate::print;

pub(crate) fn run(options: &Choices) -> Result<String, Box<dyn std::error::Error>> {
    let groups = choices();
    if options.json {
        return print::json(&groups);
    }
    let mut text = String::new();
    for group in &groups {
        writeln!(text, "{}", group.label)?;
        for choice in &group.choices {
            let default = if choice.default.is_empty() {
                String::new()
            } else {
                format!(" [{}]", choice.default)
            };
            writeln!(
                text,
                "  {}{default}: {}. {}",
                choice.key, choice.label, choice.help
            )?;
            if let (Some(min), Some(max)) = (choice.min, choice.max) {
                writeln!(text, "      from {min} to {max}")?;
            }
            if choice.kind == "without" {
                writeln!(text, "      those to leave out, by name or group, or all:")?;
            }
            for option in &choice.options {
                let group = option
                    .group
                    .map_or_else(String::new, |group| format!(" ({group})"));
                writeln!(text, "      {:<16} {}{group}", option.key, option.label)?;
            }
        }
        text.push('\n');
    }
    Ok(text)
}
