//! The files of the page, put together from its sources: a pure function, nothing read or written.
//!
//! Scripts are classic ones and the engine never uses `import`, because a page opened by double click may not.
//! The parts of a script share one block, so that only `window.standfirm` is visible to other scripts.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::Error;

use super::gzip;

/// What the page is made of.
pub(super) struct Sources {
    pub(super) html: String,
    pub(super) style: String,
    /// The page's scripts, each using what is in those before it.
    pub(super) scripts: String,
    pub(super) worker: String,
    pub(super) glue: String,
    pub(super) wasm: Vec<u8>,
    /// What the page says before anything is computed in it, by the names that index.html has between double braces.
    pub(super) words: Vec<(String, String)>,
}

/// What index.html must contain once, for the build to find its place.
const CHARSET: &str = r#"<meta charset="utf-8">"#;
const STYLE: &str = r#"<link rel="stylesheet" href="style.css">"#;
const SCRIPT: &str = r#"<script src="page.js"></script>"#;

/// The Content-Security-Policies: nothing is allowed but what is named. Browsers count compiling wasm as a kind
/// of eval; data: is for the icon.
const HOSTED_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     worker-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

/// Every file of `dist/`, by name.
pub(super) fn assemble(sources: &Sources) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let Sources { scripts, worker, .. } = sources;
    let glue = glue(sources);
    Ok(vec![
        ("index.html", hosted(sources)?.into()),
        ("style.css", sources.style.clone().into()),
        ("page.js", script(&[&glue, scripts]).into()),
        ("worker.js", script(&[&glue, worker]).into()),
        ("standfirm.wasm", sources.wasm.clone()),
        ("standfirm.html", one_file(sources)?.into()),
    ])
}

fn hosted(sources: &Sources) -> Result<String, Error> {
    // Both are searched for, although kept: a page whose scripts are not found would be blank.
    let html = replace(&worded(sources)?, STYLE, STYLE)?;
    let html = replace(&html, SCRIPT, SCRIPT)?;
    with_policy(&html, HOSTED_POLICY)
}

/// The worker is made from a Blob of the glue's own text and the worker's, so the glue is there only once.
fn one_file(sources: &Sources) -> Result<String, Error> {
    let Sources {
        style,
        scripts,
        worker,
        wasm,
        ..
    } = sources;
    let style = inline(style, "style");
    let glue = inline(&strict(&glue(sources)), "script");
    let script = inline(&script(&[scripts]), "script");
    let worker = inline(&block(&[worker]), "script");
    // Gzipped before it is base64: a server's own compression sees nothing to gain in base64 of plain wasm.
    let wasm = BASE64_STANDARD.encode(gzip(wasm));

    let policy = format!(
        "default-src 'none'; script-src {} {} 'wasm-unsafe-eval'; style-src {}; worker-src blob:; \
         img-src data:; base-uri 'none'; form-action 'none'",
        hash(&glue),
        hash(&script),
        hash(&style),
    );
    let scripts = format!(
        r#"<script id="standfirm-wasm" type="application/gzip;base64">{wasm}</script>
<script id="standfirm-worker" type="text/plain">{worker}</script>
<script id="standfirm-glue">{glue}</script>
<script>{script}</script>"#
    );
    let html = replace(&worded(sources)?, STYLE, &format!("<style>{style}</style>"))?;
    let html = replace(&html, SCRIPT, &scripts)?;
    with_policy(&html, &policy)
}

/// The page with its words in their places.
fn worded(sources: &Sources) -> Result<String, Error> {
    let mut html = sources.html.clone();
    for (name, words) in &sources.words {
        html = html.replace(&format!("{{{{{name}}}}}"), words);
    }
    match html.split_once("{{") {
        None => Ok(html),
        Some((_, rest)) => Err(Error::Words(
            rest.split("}}").next().unwrap_or_default().to_owned(),
        )),
    }
}

fn with_policy(html: &str, policy: &str) -> Result<String, Error> {
    let meta = format!("{CHARSET}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    replace(html, CHARSET, &meta)
}

fn replace(html: &str, marker: &'static str, by: &str) -> Result<String, Error> {
    match html.matches(marker).count() {
        1 => Ok(html.replacen(marker, by, 1)),
        found => Err(Error::Marker {
            file: "index.html",
            marker,
            found,
        }),
    }
}

/// wasm-bindgen's script as a function, because an instance that trapped is replaced by a new one, and the
/// script keeps its instance to itself.
fn glue(sources: &Sources) -> String {
    format!(
        "function newGlue() {{\n{}\nreturn wasm_bindgen;\n}}\n",
        sources.glue.trim_end()
    )
}

fn script(parts: &[&str]) -> String {
    strict(&block(parts))
}

fn strict(script: &str) -> String {
    format!("\"use strict\";\n{script}")
}

fn block(parts: &[&str]) -> String {
    format!("{{\n{}}}\n", parts.concat())
}

/// A script or style as the text of its element: nothing in it may end the element, or begin the comment
/// in which `</script>` no longer ends it. In strings, templates and regular expressions the added
/// backslash means nothing; nowhere else can these characters meet.
fn inline(text: &str, element: &str) -> String {
    let mut inlined = text.replace("<!--", "<\\!--");
    let end = format!("</{element}");
    let mut from = 0;
    while let Some(found) = inlined[from..].to_ascii_lowercase().find(&end) {
        inlined.insert(from + found + 1, '\\');
        from += found + end.len() + 1;
    }
    inlined
}

fn hash(inlined: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(inlined)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        Sources {
            html: format!("<!doctype html>{CHARSET}\n{STYLE}\n<body>{{{{figure-2.title}}}}{SCRIPT}</body>"),
            style: "body { color: black }".to_owned(),
            scripts: "const engine = 1;\nconst page = engine;\n".to_owned(),
            worker: "const worker = 1;\n".to_owned(),
            glue: "let wasm_bindgen = 1;\n".to_owned(),
            wasm: b"\0asm".to_vec(),
            words: vec![("figure-2.title".to_owned(), "29% &amp; less".to_owned())],
        }
    }

    fn file(sources: &Sources, name: &str) -> String {
        let files = assemble(sources).unwrap();
        let content = files.into_iter().find(|(file, _)| *file == name).unwrap().1;
        String::from_utf8(content).unwrap()
    }

    #[test]
    fn the_same_sources_give_the_same_bytes() {
        assert_eq!(assemble(&sources()).unwrap(), assemble(&sources()).unwrap());
    }

    #[test]
    fn the_hosted_page_keeps_its_files_apart() {
        let html = file(&sources(), "index.html");
        assert!(
            html.contains(STYLE) && html.contains(SCRIPT) && html.contains(HOSTED_POLICY),
            "{html}"
        );
        let script = file(&sources(), "page.js");
        assert!(
            script.starts_with("\"use strict\";\n{\nfunction newGlue() {\nlet wasm_bindgen"),
            "{script}"
        );
    }

    #[test]
    fn the_one_file_page_asks_for_no_other_file() {
        let html = file(&sources(), "standfirm.html");
        assert!(
            !html.contains("src=\"") && !html.contains("href=\"") && !html.contains("'self'"),
            "{html}"
        );
    }

    #[test]
    fn each_inlined_script_and_style_is_allowed_by_its_hash() {
        let html = file(&sources(), "standfirm.html");
        for (open, close) in [
            ("<style>", "</style>"),
            ("<script id=\"standfirm-glue\">", "</script>"),
            ("<script>", "</script>"),
        ] {
            let text = html.split_once(open).unwrap().1.split_once(close).unwrap().0;
            assert!(html.contains(&hash(text)), "{text}");
        }
    }

    #[test]
    fn a_script_cannot_end_its_element_early() {
        let mut sources = sources();
        sources.scripts = r#"const s = "</script><!-- <script>"; const t = `</SCRIPT >`;"#.to_owned();
        let html = file(&sources, "standfirm.html");
        assert!(
            html.contains(r#""<\/script><\!-- <script>"; const t = `<\/SCRIPT >`;"#),
            "{html}"
        );
        // Four scripts, and no other end of one.
        assert_eq!(html.to_lowercase().matches("</script").count(), 4);
    }

    #[test]
    fn words_are_put_in_their_places_and_none_may_be_missing() {
        let mut sources = sources();
        for name in ["index.html", "standfirm.html"] {
            assert!(file(&sources, name).contains("<body>29% &amp; less<script"));
        }
        sources.words.clear();
        let message = assemble(&sources).unwrap_err().to_string();
        assert_eq!(
            message,
            "index.html has {{figure-2.title}}, which the build knows no words for"
        );
    }

    #[test]
    fn a_page_without_its_script_is_refused() {
        let mut sources = sources();
        sources.html = sources.html.replace(SCRIPT, "");
        let message = assemble(&sources).unwrap_err().to_string();
        assert_eq!(
            message,
            r#"index.html must contain `<script src="page.js"></script>` exactly once, and contains it 0 times"#
        );
    }
}
