//! What the page's head tells machines: previews of links (Open Graph), its one address, and what it is an article and a
//! data set of (schema.org). All of it is data: nothing here is run or asked for by the page.
//!
//! Where the page will be is not known when it is built, unless `--url` says so. With it every address is whole, as Open Graph
//! wants them. Without, the hosted page has addresses relative to its own, which is enough for search engines, and the
//! one-file page, which may lie anywhere, has none.

use serde_json::{Value, json};
use standfirm::data::variables::{Group, SOURCES, TERMS, VARIABLES};

use super::citation::{AUTHOR, DEGREE, DEVELOPERS, SOFTWARE, STUDY, UNIVERSITY, VERSION};
use super::words::escaped;

/// What a preview is called in `dist/`, and its pixels.
pub(super) const PICTURE: &str = "preview.png";
pub(super) const SIZE: (u32, u32) = (1200, 630);

const TITLE: &str = "Who stands firm against threats of sanctions?";

/// The page's head for machines.
pub(super) struct Head<'a> {
    /// The page's folder, ending in a slash, where it is known.
    pub(super) site: Option<&'a str>,
    /// The main finding.
    pub(super) headline: &'a str,
    /// Whether there is a picture.
    pub(super) picture: bool,
}

impl Head<'_> {
    /// Beside its files on a server.
    pub(super) fn hosted(&self) -> String {
        self.elements(Some(self.site.unwrap_or_default()))
    }

    /// In one file, which may lie anywhere.
    pub(super) fn one_file(&self) -> String {
        self.elements(self.site)
    }

    /// The elements, with addresses in `folder` where there is one.
    fn elements(&self, folder: Option<&str>) -> String {
        let property = |name: &str, content: &str| {
            format!("<meta property=\"{name}\" content=\"{}\">\n", attribute(content))
        };
        let mut head = property("og:type", "article")
            + &property("og:site_name", "Standfirm")
            + &property("og:title", TITLE)
            + &property("og:description", self.headline);
        if let Some(folder) = folder {
            head += &format!("<link rel=\"canonical\" href=\"{}\">\n", attribute(&page(folder)));
        }
        if let Some(site) = self.site {
            head += &property("og:url", &page(site));
        }
        if let (Some(folder), true) = (folder, self.picture) {
            let (width, height) = SIZE;
            head += &(property("og:image", &format!("{folder}{PICTURE}"))
                + &property("og:image:width", &width.to_string())
                + &property("og:image:height", &height.to_string())
                + &property("og:image:alt", self.headline)
                + "<meta name=\"twitter:card\" content=\"summary_large_image\">\n");
        }
        // Nothing in a text may end the element.
        let data = self.graph(folder).to_string().replace('<', "\\u003c");
        head + &format!("<script type=\"application/ld+json\">{data}</script>\n")
    }

    fn graph(&self, folder: Option<&str>) -> Value {
        let mut article = json!({
            "@type": "ScholarlyArticle",
            "headline": TITLE,
            "description": self.headline,
            "inLanguage": "en",
            "isAccessibleForFree": true,
            "name": SOFTWARE,
            "version": VERSION,
            "author": developers(),
            "license": LICENCES,
            "isBasedOn": {
                "@type": "Thesis",
                "name": STUDY,
                "author": { "@type": "Person", "familyName": AUTHOR.0, "givenName": AUTHOR.1 },
                "inSupportOf": DEGREE,
                "sourceOrganization": { "@type": "CollegeOrUniversity", "name": UNIVERSITY },
            },
        });
        let mut data = json!({
            "@type": "Dataset",
            "name": "Threats of economic sanctions, 1945 to 2005",
            "description": "One row for each threat of economic sanctions by one state against another, 1945 to 2005, with how \
                it ended, the regimes of both, how much the target trades with the sender, and controls: rebuilt from public \
                sources. Missing is an empty cell.",
            "temporalCoverage": "1945/2005",
            "isAccessibleForFree": true,
            "creator": developers(),
            "license": LICENCES,
            "usageInfo": TERMS,
            "variableMeasured": measured(),
            "isBasedOn": SOURCES.iter().map(|source| {
                let mut one = json!({ "@type": "Dataset", "name": source.title, "citation": source.citation });
                if let Some(url) = source.url {
                    one["url"] = url.into();
                }
                one
            }).collect::<Vec<_>>(),
        });
        if let Some(folder) = folder {
            article["url"] = page(folder).into();
            data["url"] = page(folder).into();
            if self.picture {
                article["image"] = format!("{folder}{PICTURE}").into();
            }
            data["distribution"] = json!([
                { "@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": format!("{folder}episodes.csv") },
                { "@type": "DataDownload", "name": "Codebook", "encodingFormat": "text/markdown",
                  "contentUrl": format!("{folder}codebook.md") },
            ]);
        }
        json!({ "@context": "https://schema.org", "@graph": [article, data] })
    }
}

/// Of the code and of what the derivation adds to the sources.
const LICENCES: [&str; 2] = [
    "https://spdx.org/licenses/MIT",
    "https://spdx.org/licenses/Apache-2.0",
];

fn developers() -> Value {
    json!({ "@type": "Organization", "name": DEVELOPERS })
}

/// What the study is about; the codebook has the rest.
fn measured() -> Vec<&'static str> {
    let about = [Group::Outcome, Group::Regime, Group::Dependence, Group::Control];
    let measured = VARIABLES.iter().filter(|one| about.contains(&one.group));
    measured.map(|one| one.label).collect()
}

/// The page's own address. A folder that is known is the address; a server may call its index otherwise.
fn page(folder: &str) -> String {
    if folder.is_empty() {
        "index.html".to_owned()
    } else {
        folder.to_owned()
    }
}

fn attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

/// The folder that `--url` names, with a slash at its end.
///
/// # Errors
/// What is wrong with it, in words.
pub fn folder(url: &str) -> Result<String, String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(
            "give the whole address of the folder, such as https://example.org/standfirm/".to_owned(),
        );
    };
    let plain = rest
        .chars()
        .all(|letter| letter.is_ascii_graphic() && !"\"'<>#?\\{}".contains(letter));
    if !["http", "https"].contains(&scheme) || rest.is_empty() || !plain {
        return Err("give an address such as https://example.org/standfirm/".to_owned());
    }
    let folder = rest
        .strip_suffix("index.html")
        .unwrap_or(rest)
        .trim_end_matches('/');
    Ok(format!("{scheme}://{folder}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://example.org/standfirm/";

    fn head(site: Option<&'static str>) -> Head<'static> {
        Head {
            site,
            headline: "Falls from 33% to 11% <\"now\">",
            picture: true,
        }
    }

    fn data(elements: &str) -> Value {
        let (_, rest) = elements.split_once("ld+json\">").unwrap();
        rest.split_once("</script>").unwrap().0.parse().unwrap()
    }

    #[test]
    fn with_an_address_everything_is_whole() {
        for elements in [head(Some(SITE)).hosted(), head(Some(SITE)).one_file()] {
            for part in [
                format!("rel=\"canonical\" href=\"{SITE}\""),
                format!("og:url\" content=\"{SITE}\""),
                format!("og:image\" content=\"{SITE}preview.png\""),
                "og:image:width\" content=\"1200\"".to_owned(),
                "Falls from 33% to 11% &lt;&quot;now&quot;&gt;".to_owned(),
            ] {
                assert!(elements.contains(&part), "{part} is not in {elements}");
            }
        }
    }

    #[test]
    fn without_an_address_only_what_lies_beside_the_page_is_named() {
        let hosted = head(None).hosted();
        assert!(
            hosted.contains("rel=\"canonical\" href=\"index.html\""),
            "{hosted}"
        );
        assert!(hosted.contains("og:image\" content=\"preview.png\""), "{hosted}");
        assert!(!hosted.contains("og:url"), "{hosted}");
        let one_file = head(None).one_file();
        for part in ["canonical", "og:url", "og:image", "contentUrl"] {
            assert!(!one_file.contains(part), "{part} is in {one_file}");
        }
    }

    #[test]
    fn what_it_is_is_said_as_schema_org_has_it() {
        let elements = head(Some(SITE)).hosted();
        let graph = data(&elements);
        let (article, data) = (&graph["@graph"][0], &graph["@graph"][1]);
        assert_eq!(graph["@context"], "https://schema.org");
        assert_eq!(
            (&article["@type"], &data["@type"]),
            (&json!("ScholarlyArticle"), &json!("Dataset"))
        );
        assert_eq!(article["headline"], TITLE);
        assert_eq!(article["description"], "Falls from 33% to 11% <\"now\">");
        assert_eq!(article["isBasedOn"]["author"]["familyName"], "Huang");
        assert_eq!(
            data["distribution"][0]["contentUrl"],
            format!("{SITE}episodes.csv")
        );
        // Search engines want no less.
        let length = data["description"].as_str().unwrap().len();
        assert!((50..5000).contains(&length));
        // Of a thesis whose year nobody gives, none is made up.
        assert_eq!(article["isBasedOn"]["datePublished"], Value::Null);
        let sources = data["isBasedOn"].as_array().unwrap();
        assert_eq!(sources.len(), SOURCES.len());
        assert!(elements.matches("</script").count() == 1);
    }

    #[test]
    fn an_address_is_that_of_a_folder() {
        for (given, folder) in [
            ("https://example.org", "https://example.org/"),
            ("https://example.org/a/index.html", "https://example.org/a/"),
            ("http://localhost:8000/a//", "http://localhost:8000/a/"),
        ] {
            assert_eq!(super::folder(given).unwrap(), folder);
        }
        for wrong in [
            "example.org",
            "javascript://x",
            "https://",
            "https://a.org/\"><script>",
            "https://a.org/#x",
        ] {
            assert!(super::folder(wrong).is_err(), "{wrong}");
        }
    }
}
