//! How to cite the study and the software that re-estimates it: for reference managers, and in words.
//!
//! The year of the thesis is left out: none of our sources gives it.

use super::words::escaped;

/// The thesis.
pub(super) const STUDY: &str = "The Source of Autocratic Recalcitrance to Sanction Threats";
pub(super) const AUTHOR: (&str, &str) = ("Huang", "Pi Cheng");
pub(super) const UNIVERSITY: &str = "University of Virginia";
pub(super) const DEGREE: &str = "MA thesis";
/// The page and the command line.
pub(super) const SOFTWARE: &str =
    "Standfirm: who stands firm against threats of economic sanctions, re-estimated in the browser";
pub(super) const DEVELOPERS: &str = "The Standfirm developers";
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Both, for BibTeX.
pub(super) fn bibtex(site: Option<&str>) -> String {
    let (family, given) = AUTHOR;
    let url = site.map_or_else(String::new, |site| format!(",\n  url = {{{site}}}"));
    format!(
        "@mastersthesis{{huang,
  author = {{{family}, {given}}},
  title = {{{STUDY}}},
  type = {{{DEGREE}}},
  school = {{{UNIVERSITY}}}
}}

@misc{{standfirm,
  author = {{{{{DEVELOPERS}}}}},
  title = {{{SOFTWARE}}},
  note = {{Version {VERSION}}}{url}
}}
"
    )
}

/// Both, in the format RIS.
pub(super) fn ris(site: Option<&str>) -> String {
    let (family, given) = AUTHOR;
    let url = site.map_or_else(String::new, |site| format!("UR  - {site}\n"));
    format!(
        "TY  - THES
AU  - {family}, {given}
TI  - {STUDY}
M3  - {DEGREE}
PB  - {UNIVERSITY}
ER  - 

TY  - COMP
AU  - {DEVELOPERS}
TI  - {SOFTWARE}
ET  - {VERSION}
{url}ER  - 
"
    )
}

/// Every data set with its address, as items of a list.
pub(super) fn sources() -> String {
    let item = |source: &standfirm::data::variables::Source| {
        let link = source.url.map_or_else(String::new, |url| {
            let words = url
                .strip_prefix("https://doi.org/")
                .map_or(url.to_owned(), |doi| format!("doi:{doi}"));
            format!(" <a href=\"{}\">{}</a>", escaped(url), escaped(&words))
        });
        format!(
            "<li>{}: {}{link}</li>",
            escaped(source.title),
            escaped(source.citation)
        )
    };
    let items = standfirm::data::variables::SOURCES.iter().map(item);
    items.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// A file's words, however its lines are broken.
    fn file() -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../CITATION.cff");
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn it_is_what_the_citation_file_says() {
        let file = file();
        for words in [
            format!("title: \"{STUDY}\""),
            format!("title: \"{SOFTWARE}\""),
            format!("version: {VERSION}"),
            format!("name: \"{DEVELOPERS}\""),
            format!("family-names: \"{}\"", AUTHOR.0),
            format!("given-names: \"{}\"", AUTHOR.1),
            format!("name: \"{UNIVERSITY}\""),
            format!("thesis-type: \"{DEGREE}\""),
        ] {
            assert!(file.contains(&words), "CITATION.cff lacks `{words}`");
        }
    }

    #[test]
    fn braces_and_tags_are_whole() {
        let text = bibtex(Some("https://example.org/"));
        assert_eq!(text.matches('{').count(), text.matches('}').count());
        assert!(text.contains("  url = {https://example.org/}\n}"), "{text}");
        assert!(
            text.contains("  author = {{The Standfirm developers}},"),
            "{text}"
        );
        assert!(!bibtex(None).contains("url"));
        for text in [ris(None), ris(Some("https://example.org/"))] {
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            assert!(lines.iter().all(|line| line.get(2..6) == Some("  - ")), "{text}");
            assert_eq!(lines.iter().filter(|line| line.starts_with("TY")).count(), 2);
            assert_eq!(lines.iter().filter(|line| line.starts_with("ER")).count(), 2);
        }
    }

    #[test]
    fn every_source_that_has_an_address_is_linked_to() {
        let text = sources();
        for source in standfirm::data::variables::SOURCES {
            assert!(text.contains(&escaped(source.citation)));
            if let Some(url) = source.url {
                assert!(text.contains(&format!("href=\"{url}\"")), "{url}");
            }
        }
    }
}
