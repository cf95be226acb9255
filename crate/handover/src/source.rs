//! Where the data of a script come from.

use readers::Reading;

/// A file, and how it was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file, as the script opens it.
    pub path: String,
    /// How it was read.
    pub reading: Reading,
    /// Names of all its columns, in their order.
    pub names: Vec<String>,
    /// Columns that the analysis knows under another name: that name, and the file's.
    pub renamed: Vec<(String, String)>,
}

impl Source {
    /// The codes of missing values as texts, the empty one first. Where nobody said which, capitals make no difference.
    pub(crate) fn missing_texts(&self) -> Vec<String> {
        let mut texts = vec![String::new()];
        if self.said("missing") {
            texts.extend(self.reading.missing.iter().cloned());
        } else {
            texts.extend(["NA", "na", "NaN", "nan"].map(str::to_owned));
        }
        texts
    }

    /// The codes of missing values that are numbers.
    pub(crate) fn missing_numbers(&self) -> Vec<f64> {
        let codes = self
            .reading
            .missing
            .iter()
            .filter_map(|code| code.parse::<f64>().ok());
        codes.filter(|code| code.is_finite()).collect()
    }

    /// Lines, or rows of a sheet, before the one with the names.
    pub(crate) fn before_names(&self) -> u64 {
        self.reading.header_row.unwrap_or(1).saturating_sub(1)
    }

    /// What a column is called in the file.
    pub(crate) fn column<'a>(&'a self, name: &'a str) -> &'a str {
        let renamed = self.renamed.iter().find(|(own, _)| own == name);
        renamed.map_or(name, |(_, in_file)| in_file)
    }

    fn said(&self, what: &str) -> bool {
        self.reading.said.iter().any(|said| said == what)
    }
}
