//! Scripts and styles without what only their authors read: comments that have lines of their own, indentation, empty
//! lines. A page carries them for every reader.

use crate::Error;

/// A script or style by its lines. A template or comment that is not over at the end of its line could have lines that
/// only look like others, and is refused unless it is a comment that begins and ends whole lines.
///
/// # Errors
/// [`Error::Lines`], with the line.
pub(super) fn lean(text: &str) -> Result<String, Error> {
    let mut lean = String::new();
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        let opens = line.starts_with("/*");
        if in_comment || opens {
            in_comment = !line.contains("*/");
            if !in_comment && !line.ends_with("*/") {
                return Err(Error::Lines(line.to_owned()));
            }
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if line.matches('`').count() % 2 == 1 {
            return Err(Error::Lines(line.to_owned()));
        }
        lean.push_str(line);
        lean.push('\n');
    }
    Ok(lean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_authors_read_is_left_out() {
        let script = "// @ts-check\n\n/** A sum.\n * @param {number} a\n */\nconst f = (a) => {\n  /* why */\n  return a * 2; // twice\n};\n";
        assert_eq!(
            lean(script).unwrap(),
            "const f = (a) => {\nreturn a * 2; // twice\n};\n"
        );
        let style = "/* Card. */\n.card {\n  color: red;\n}\n";
        assert_eq!(lean(style).unwrap(), ".card {\ncolor: red;\n}\n");
    }

    #[test]
    fn what_could_be_text_is_refused() {
        for text in [
            "const a = `one\n  two`;",
            "/* a */ const b = 1;",
            "/*\n a */ const c = 1;",
        ] {
            let message = lean(text).unwrap_err().to_string();
            assert!(message.contains("line of its own"), "{message}");
        }
    }
}
