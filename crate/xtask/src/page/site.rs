//! The files of the page, put together from its sources: a pure function, nothing read or written.
//!
//! Scripts are classic ones, because a page opened by double click may not load modules: what [`super::bundle`] makes of
//! them shares one block with what the build puts before it, so that only `window.standfirm` is visible to other scripts.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::Error;

use super::compress::pack;
use super::metadata;

/// What the page is made of.
pub(super) struct Sources {
    pub(super) html: String,
    /// Styles of the figures, and of the article around them.
    pub(super) card_style: String,
    pub(super) article_style: String,
    /// Scripts of the page, and of figures embedded in others, each with all that it imports.
    pub(super) page: String,
    pub(super) embed: String,
    pub(super) worker: String,
    pub(super) service_worker: String,
    pub(super) glue: String,
    pub(super) wasm: Vec<u8>,
    pub(super) icon: String,
    /// Files that are served as they are.
    pub(super) others: Vec<(&'static str, String)>,
    /// What the page says before anything is computed in it, by the names that index.html has between double braces.
    pub(super) words: Vec<(String, String)>,
    /// What the head tells machines, beside other files and in one file.
    pub(super) hosted_head: String,
    pub(super) one_file_head: String,
    /// For previews of links.
    pub(super) picture: Option<Vec<u8>>,
    /// The data, for who finds them by what the head tells.
    pub(super) episodes: String,
    pub(super) codebook: String,
    /// Texts of other people's licences.
    pub(super) licences: String,
}

/// What index.html must contain once, for the build to find its place.
const HTML: &str = r#"<html lang="en">"#;
const CHARSET: &str = r#"<meta charset="utf-8">"#;
const STYLE: &str = r#"<link rel="stylesheet" href="style.css">"#;
const SCRIPT: &str = r#"<script src="page.js"></script>"#;
const ICON: &str = r#"<link rel="icon" href="icon.svg">"#;
/// Only beside other files.
const LICENCES: &str = r#" <a href="licences.txt">The texts of their licences.</a>"#;
const MANIFEST: &str = r#"<link rel="manifest" href="manifest.webmanifest">"#;

/// The Content-Security-Policies: nothing is allowed but what is named. Browsers count compiling wasm as a kind of eval.
const HOSTED_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     worker-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

/// Every file of `dist/`, by name.
pub(super) fn assemble(sources: &Sources) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let version = version(sources)?;
    let glue = glue(sources);
    let constants = constants(&version);
    let style = format!("{}{}", sources.card_style, sources.article_style);
    let embed_style = format!("const STYLE = `{}`;\n", literal(&sources.card_style));
    let html = hosted(sources, &version)?;
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("index.html", html.clone().into()),
        // Nothing but one card is shown in a frame, from the first paint on.
        (
            "embed.html",
            replace(
                &replace(&html, HTML, r#"<html lang="en" data-embed>"#)?,
                MANIFEST,
                "",
            )?
            .into(),
        ),
        ("style.css", style.into()),
        ("page.js", script(&[&constants, &glue, &sources.page]).into()),
        (
            "standfirm-figure.js",
            script(&[&constants, &embed_style, &glue, &sources.embed]).into(),
        ),
        ("worker.js", script(&[&glue, &sources.worker]).into()),
        ("standfirm.wasm", sources.wasm.clone()),
        ("icon.svg", sources.icon.clone().into()),
    ];
    files.extend(
        sources
            .others
            .iter()
            .map(|(name, content)| (*name, content.clone().into())),
    );
    let hashes = files.iter().map(|(name, content)| {
        format!(
            "\"{name}\":\"{}\"",
            BASE64_STANDARD.encode(Sha256::digest(content))
        )
    });
    let hashes = format!("const HASHES = {{{}}};\n", hashes.collect::<Vec<_>>().join(","));
    files.push((
        "sw.js",
        script(&[&constants, &hashes, &sources.service_worker]).into(),
    ));
    // What nobody needs offline.
    files.push(("standfirm-engine.js", engine(sources, &glue).into()));
    files.extend(
        sources
            .picture
            .clone()
            .map(|picture| (metadata::PICTURE, picture)),
    );
    files.push(("episodes.csv", sources.episodes.clone().into()));
    files.push(("codebook.md", sources.codebook.clone().into()));
    files.push(("licences.txt", sources.licences.clone().into()));
    files.push(("standfirm.html", one_file(sources)?.into()));
    Ok(files)
}

/// A hash of everything the site is made of: the same for the same site, another for any other.
fn version(sources: &Sources) -> Result<String, Error> {
    let Sources {
        html: _,
        card_style,
        article_style,
        page,
        embed,
        worker,
        service_worker,
        glue,
        wasm,
        icon,
        others,
        words: _,
        hosted_head: _,
        one_file_head: _,
        picture: _,
        episodes: _,
        codebook: _,
        licences: _,
    } = sources;
    let mut hash = Sha256::new();
    let texts = [
        card_style,
        article_style,
        page,
        embed,
        worker,
        service_worker,
        glue,
        icon,
    ];
    for text in texts.into_iter().chain(others.iter().map(|(_, text)| text)) {
        hash.update(text);
    }
    hash.update(worded(sources)?);
    hash.update(&sources.hosted_head);
    hash.update(wasm);
    let version = hash.finalize();
    Ok(version.iter().take(4).map(|byte| format!("{byte:02x}")).collect())
}

fn constants(version: &str) -> String {
    format!("const VERSION = \"{version}\";\n")
}

/// Files are asked for by their version, so that no cache on the way mixes two of them.
fn hosted(sources: &Sources, version: &str) -> Result<String, Error> {
    let versioned = |marker: &str, name: &str| marker.replace(name, &format!("{name}?{version}"));
    let html = replace(&worded(sources)?, STYLE, &versioned(STYLE, "style.css"))?;
    let html = with_head(&html, &sources.hosted_head)?;
    let html = replace(&html, SCRIPT, &versioned(SCRIPT, "page.js"))?;
    with_policy(&html, HOSTED_POLICY)
}

/// The module and the worker's script in a script of their own, for pages on other servers, which may not fetch them. It
/// hands them to the element that loaded it.
fn engine(sources: &Sources, glue: &str) -> String {
    let wasm = BASE64_STANDARD.encode(pack(&sources.wasm));
    let worker = literal(&script(&[glue, &sources.worker]));
    script(&[&format!(
        "document.currentScript.carried = {{ wasm: \"{wasm}\", worker: `{worker}` }};\n"
    )])
}

/// The worker is made from a Blob of the glue's own text and the worker's, so the glue is there only once.
fn one_file(sources: &Sources) -> Result<String, Error> {
    let style = inline(
        &format!("{}{}", sources.card_style, sources.article_style),
        "style",
    );
    let glue = inline(&strict(&glue(sources)), "script");
    let script = inline(&script(&[&constants(""), &sources.page]), "script");
    let worker = inline(&block(&[&sources.worker]), "script");
    // Gzipped before it is base64: a server's own compression sees nothing to gain in base64 of plain wasm.
    let wasm = BASE64_STANDARD.encode(pack(&sources.wasm));
    let icon = BASE64_STANDARD.encode(&sources.icon);

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
    let html = with_head(&html, &sources.one_file_head)?;
    let html = replace(&html, SCRIPT, &scripts)?;
    let icon = format!(r#"<link rel="icon" href="data:image/svg+xml;base64,{icon}">"#);
    let html = replace(&replace(&html, ICON, &icon)?, MANIFEST, "")?;
    let html = replace(&html, LICENCES, "")?;
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

/// A text between backquotes.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${")
}

/// The page with what its head tells machines.
fn with_head(html: &str, head: &str) -> Result<String, Error> {
    replace(html, ICON, &format!("{head}{ICON}"))
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
            html: format!(
                "<!doctype html>{HTML}{CHARSET}\n{ICON}\n{MANIFEST}\n{STYLE}\n<body>{{{{figure-2.title}}}}{LICENCES}{SCRIPT}</body>"
            ),
            card_style: "p::before { content: \"`\\201c\" }".to_owned(),
            article_style: "body { color: black }".to_owned(),
            page: "const engine = 1;\nconst page = engine;\n".to_owned(),
            embed: "const embed = STYLE;\n".to_owned(),
            service_worker: "const files = HASHES;\n".to_owned(),
            icon: "<svg/>".to_owned(),
            others: vec![("example.html", "<p>".to_owned())],
            worker: "const worker = 1;\n".to_owned(),
            glue: "let wasm_bindgen = 1;\n".to_owned(),
            wasm: b"\0asm".to_vec(),
            words: vec![("figure-2.title".to_owned(), "29% &amp; less".to_owned())],
            hosted_head: "<link rel=\"canonical\" href=\"index.html\">\n".to_owned(),
            one_file_head: "<meta property=\"og:type\" content=\"article\">\n".to_owned(),
            picture: Some(b"PNG".to_vec()),
            episodes: "caseid\n1\n".to_owned(),
            codebook: "# Codebook\n".to_owned(),
            licences: "MIT".to_owned(),
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
            html.contains("style.css?") && html.contains("page.js?") && html.contains(HOSTED_POLICY),
            "{html}"
        );
        let script = file(&sources(), "page.js");
        assert!(
            script.starts_with("\"use strict\";\n{\nconst VERSION"),
            "{script}"
        );
    }

    #[test]
    fn the_one_file_page_asks_for_no_other_file() {
        let html = file(&sources(), "standfirm.html");
        assert!(
            html.split("href=\"")
                .skip(1)
                .all(|link| link.starts_with("data:")),
            "{html}"
        );
        assert!(!html.contains("src=\"") && !html.contains("'self'"), "{html}");
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
        sources.page = r#"const s = "</script><!-- <script>"; const t = `</SCRIPT >`;"#.to_owned();
        let html = file(&sources, "standfirm.html");
        assert!(
            html.contains(r#""<\/script><\!-- <script>"; const t = `<\/SCRIPT >`;"#),
            "{html}"
        );
        // Four scripts, and no other end of one.
        assert_eq!(html.to_lowercase().matches("</script").count(), 4);
    }

    #[test]
    fn each_page_has_the_head_that_is_its_own() {
        let sources = sources();
        let icon = ICON.replace("icon.svg", "");
        let icon = icon.split("\"\"").next().unwrap_or_default();
        for (name, head, other) in [
            ("index.html", &sources.hosted_head, &sources.one_file_head),
            ("embed.html", &sources.hosted_head, &sources.one_file_head),
            ("standfirm.html", &sources.one_file_head, &sources.hosted_head),
        ] {
            let html = file(&sources, name);
            assert!(html.contains(&format!("{head}{icon}")), "{name}: {html}");
            assert!(!html.contains(other), "{name}: {html}");
        }
    }

    #[test]
    fn every_change_makes_another_version() {
        let before = version(&sources()).unwrap();
        let mut changed = [sources(), sources(), sources(), sources()];
        changed[3].hosted_head.push('!');
        changed[0].wasm.push(0);
        changed[1].words[0].1.push('!');
        changed[2].others[0].1.push('!');
        for sources in &changed {
            assert_ne!(version(sources).unwrap(), before);
        }
    }

    #[test]
    fn the_service_worker_knows_the_hash_of_every_file_it_keeps() {
        let sources = sources();
        let worker = file(&sources, "sw.js");
        for (name, content) in assemble(&sources).unwrap() {
            let hash = BASE64_STANDARD.encode(Sha256::digest(content));
            // Itself it cannot know, who has the one file needs no server, pages on others are not kept, the page saves data
            // without their files, and previews and licences can wait for a server.
            let kept = ![
                "sw.js",
                "standfirm-engine.js",
                "licences.txt",
                "standfirm.html",
                "preview.png",
                "episodes.csv",
                "codebook.md",
            ]
            .contains(&name);
            assert_eq!(worker.contains(&format!("\"{name}\":\"{hash}\"")), kept, "{name}");
        }
    }

    #[test]
    fn one_script_carries_all_that_the_engine_is_made_of() {
        let mut sources = sources();
        sources.worker = "const words = `a \\n ${1}`;\n".to_owned();
        let script = file(&sources, "standfirm-engine.js");
        let wasm = BASE64_STANDARD.encode(pack(&sources.wasm));
        assert!(script.contains(&format!("wasm: \"{wasm}\"")), "{script}");
        assert!(script.contains(r"const words = \`a \\n \${1}\`;"), "{script}");
    }

    #[test]
    fn embedded_styles_are_the_same_text() {
        let script = file(&sources(), "standfirm-figure.js");
        assert!(
            script.contains(r#"const STYLE = `p::before { content: "\`\\201c" }`;"#),
            "{script}"
        );
    }

    #[test]
    fn words_are_put_in_their_places_and_none_may_be_missing() {
        let mut sources = sources();
        let linked = format!("<body>29% &amp; less{LICENCES}<script");
        assert!(file(&sources, "index.html").contains(&linked));
        assert!(file(&sources, "standfirm.html").contains("<body>29% &amp; less<script"));
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
