//! Lines of a script.

/// As long as a line should be.
pub(crate) const WIDTH: usize = 100;

/// A script, line by line.
#[derive(Debug, Default)]
pub(crate) struct Script {
    text: String,
    /// What a comment begins with.
    comment: &'static str,
}

impl Script {
    pub(crate) fn new(comment: &'static str) -> Self {
        Script {
            text: String::new(),
            comment,
        }
    }

    /// A line, or several.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A comment, over as many lines as it needs.
    pub(crate) fn comment(&mut self, words: impl AsRef<str>) {
        let mut line = self.comment.to_owned();
        // Whatever is in a name, a comment stays one.
        // In Stata `/*` opens a longer one wherever it stands.
        for word in words.as_ref().replace("/*", "/ *").split_whitespace() {
            if line.chars().count() + word.chars().count() >= WIDTH && line != self.comment {
                self.line(&line);
                line = self.comment.to_owned();
            }
            line.push(' ');
            line.push_str(word);
        }
        self.line(&line);
    }

    /// The heading of a part.
    pub(crate) fn heading(&mut self, words: &str) {
        self.blank();
        let heading = format!("{} ---- {words} ----", self.comment);
        self.line(heading);
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// `open` + items separated by commas + `close`, in as many lines as it takes: those after the first are indented.
pub(crate) fn listed(open: &str, items: &[String], close: &str, indent: &str) -> String {
    let one = format!("{open}{}{close}", items.join(", "));
    if one.chars().count() <= WIDTH {
        return one;
    }
    let mut text = open.to_owned();
    let mut line = String::new();
    for (place, item) in items.iter().enumerate() {
        let comma = if place + 1 < items.len() { "," } else { "" };
        if !line.is_empty() && line.chars().count() + item.chars().count() + 2 > WIDTH {
            text.push_str(line.trim_end());
            line.clear();
        }
        if line.is_empty() {
            line = format!("\n{indent}");
        }
        line.push_str(&format!("{item}{comma} "));
    }
    text.push_str(line.trim_end_matches(' '));
    text.push_str(close);
    text
}

/// Words joined by commas, and `and` before the last.
pub(crate) fn enumerated(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A text between double quotes with backslashes, as R and Python have it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            sign if sign.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_go_over_several_lines() {
        let items: Vec<String> = (0..40).map(|item| format!("item{item}")).collect();
        let text = listed("c(", &items, ")", "  ");
        assert!(
            text.lines().all(|line| line.chars().count() <= WIDTH + 1),
            "{text}"
        );
        assert_eq!(
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .replace("c( ", "c("),
            format!("c({})", items.join(", "))
        );
        assert_eq!(listed("c(", &items[..2], ")", "  "), "c(item0, item1)");
    }

    #[test]
    fn comments_stay_comments() {
        let mut script = Script::new("#");
        script.comment("a name\nwith a line end");
        assert_eq!(script.finish(), "# a name with a line end\n");
        assert_eq!(quoted("a\"b\\\n"), "\"a\\\"b\\\\\\n\"");
    }
}
