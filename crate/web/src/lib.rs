//! The wasm boundary: what the page and its worker can call. Results cross as plain JSON-like objects; an
//! `Err` arrives in JavaScript as a plain `Error`, a panic as an `Error` named `Panic`.

mod canvas;
mod multiverse;

use std::cell::RefCell;

use report::coefficients::CoefficientTable;
use report::figure::{self, Figure, Theme};
use report::grid::{FileFormat, Grid};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use standfirm::exhibits::download;
use standfirm::fitting::fitted::{Part, fit_all};
use standfirm::replicate::{Replication, replication};
use standfirm::session::Session;
use standfirm::specification::Specification;
use standfirm::specification::fragment::Read;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

/// Runs once when the module is instantiated. A panic would otherwise reach JavaScript as a bare
/// "unreachable": throwing from the hook carries its message instead. The instance is not usable afterwards.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        let error = js_sys::Error::new(&info.to_string());
        error.set_name("Panic");
        wasm_bindgen::throw_val(error.into());
    }));
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// Does something in the session of this instance.
fn in_session<T>(work: impl FnOnce(&mut Session) -> standfirm::Result<T>) -> standfirm::Result<T> {
    SESSION.with_borrow_mut(|session| {
        let mut here = match session.take() {
            Some(session) => session,
            None => Session::new()?,
        };
        let done = work(&mut here);
        *session = Some(here);
        done
    })
}

/// The results of a specification (`key=value` pairs joined by `&`; empty for the study's own), in the form of
/// `standfirm replicate --json`.
///
/// # Errors
/// Where a part of the specification means nothing, and what the study says went wrong.
#[wasm_bindgen]
pub fn replicate(specification: &str) -> Result<JsValue, JsError> {
    let Read {
        specification,
        ignored,
    } = Specification::read(specification);
    if !ignored.is_empty() {
        return Err(JsError::new(&ignored.join("; ")));
    }
    let estimates = fit_all(&specification, Part::All)?;
    give(&Replicated {
        specification: specification.to_string(),
        replication: replication(&estimates)?,
    })
}

/// Results, with the specification that they are of.
#[derive(Serialize)]
struct Replicated {
    #[serde(skip_serializing_if = "String::is_empty")]
    specification: String,
    #[serde(flatten)]
    replication: Replication,
}

/// What a text specifies, as it is written when all of it is meant: see [`standfirm::specification::fragment`].
///
/// # Errors
/// None so far: what means nothing is ignored, and said.
#[wasm_bindgen]
pub fn read_specification(text: &str) -> Result<JsValue, JsError> {
    let Read {
        specification,
        ignored,
    } = Specification::read(text);
    give(&specification.report(ignored))
}

/// Everything the page shows, of the study as specified (`key=value` pairs joined by `&`; empty for its own): of the
/// `first` model, those with `complete` cases, or `all`: see [`standfirm::article::Article`].
///
/// # Errors
/// What the study says went wrong.
#[wasm_bindgen]
pub fn article(specification: &str, which: &str) -> Result<JsValue, JsError> {
    let which = Part::find(which)?;
    give(&in_session(|session| session.article(specification, which))?)
}

/// Fits the next model of a specification and says how many are done: see [`Session::fit_next`]. What was fitted is
/// kept for the other functions.
///
/// # Errors
/// Where `which` is not as for [`article`].
#[wasm_bindgen]
pub fn fit_next(specification: &str, which: &str) -> Result<JsValue, JsError> {
    let which = Part::find(which)?;
    give(&in_session(|session| Ok(session.fit_next(specification, which)))?)
}

/// What can be chosen in a specification, under headings: see [`standfirm::specification::choices::choices`].
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn choices() -> Result<JsValue, JsError> {
    give(&standfirm::specification::choices::choices())
}

/// The episodes and states that a threat can be chosen from: see [`standfirm::findings::threat::list::threats`].
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn threats() -> Result<JsValue, JsError> {
    give(&standfirm::findings::threat::list::threats(
        &standfirm::episodes()?,
    )?)
}

/// What a model makes of a threat (`1987080701`, or sender, target and year as `2-95-1987`) with changes
/// (`dependence:0.2,target_regime:democracy`): see [`standfirm::exhibits::threat::exhibit`].
///
/// # Errors
/// Where there is no such threat or model, and why the model cannot be estimated as specified.
#[wasm_bindgen]
pub fn threat(specification: &str, model: &str, threat: &str, changes: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.threat(specification, model, threat, changes)
    })?)
}

/// Imputed against observed values of a model, with its diagnostics: see [`standfirm::exhibits::imputation::figure`].
///
/// # Errors
/// Where no such model imputes, and what keeps it from being imputed.
#[wasm_bindgen]
pub fn imputation_figure(specification: &str, model: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.imputation_figure(specification, model)
    })?)
}

/// Fits a model without the next few targets, senders, years or episodes, and says how many are done: see
/// [`Session::leave_next`].
///
/// # Errors
/// Where there is no such model, and why it cannot be estimated as specified.
#[wasm_bindgen]
pub fn leave_next(specification: &str, model: &str, by: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.leave_next(specification, model, by)
    })?)
}

/// A model's main result without each of them: see [`standfirm::session::Shown`].
///
/// # Errors
/// As [`leave_next`].
#[wasm_bindgen]
pub fn influence(specification: &str, model: &str, by: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.influence(specification, model, by)
    })?)
}

/// Deals out the regimes of a model a few times more, and says how often that was done: see
/// [`Session::randomize_next`].
///
/// # Errors
/// Where there is no such model, and why it cannot be estimated as specified.
#[wasm_bindgen]
pub fn randomize_next(specification: &str, model: &str, dealt: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.randomize_next(specification, model, dealt)
    })?)
}

/// The main contrasts beside what random regimes make of them: see [`standfirm::session::Shown`].
///
/// # Errors
/// As [`randomize_next`].
#[wasm_bindgen]
pub fn randomization(specification: &str, model: &str, dealt: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.randomization(specification, model, dealt)
    })?)
}

/// The main contrasts of a model under every kind of standard error (`errors`) or by sender (`senders`): see
/// [`standfirm::session::Shown`].
///
/// # Errors
/// Where there is no such model, and why it cannot be estimated as specified.
#[wasm_bindgen]
pub fn robustness(specification: &str, model: &str, which: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.robustness(specification, model, which)
    })?)
}

/// Makes the folds of a model once more and forecasts with them, and says how often that was done: see
/// [`Session::validate_next`].
///
/// # Errors
/// Where there is no such model, and why it cannot be estimated as specified.
#[wasm_bindgen]
pub fn validate_next(specification: &str, model: &str, clusters: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.validate_next(specification, model, clusters)
    })?)
}

/// How well a model forecasts what it has not seen, with and without regime type: see [`standfirm::session::Shown`].
///
/// # Errors
/// Where there is no such model, and why it cannot be estimated as specified.
#[wasm_bindgen]
pub fn validation(specification: &str, model: &str, clusters: &str) -> Result<JsValue, JsError> {
    give(&in_session(|session| {
        session.validation(specification, model, clusters)
    })?)
}

/// What there is to fit in the multiverse: see [`standfirm::findings::multiverse`].
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn multiverse() -> Result<JsValue, JsError> {
    give(&multiverse::offer()?)
}

/// Fits a piece of the multiverse; the numbers of its outcomes, one after the other.
///
/// # Errors
/// None so far: a combination that cannot be estimated is an outcome too.
#[wasm_bindgen]
pub fn multiverse_piece(piece: usize) -> Result<Vec<f64>, JsError> {
    Ok(multiverse::piece(piece)?)
}

/// The curve of the outcomes there are, only of those with a choice where one is named, with its summary. It is the one
/// that [`multiverse_read`] and [`multiverse_pick`] are about until the next.
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn multiverse_view(numbers: &[f64], only: &str) -> Result<JsValue, JsError> {
    give(&multiverse::view(numbers, only)?)
}

/// What the curve shows in a place of it, or where there is none at a horizontal position; `null` where nothing.
///
/// # Errors
/// Where `figure` is not one that [`multiverse_view`] gave.
#[wasm_bindgen]
pub fn multiverse_read(
    figure: JsValue,
    width: f64,
    x: f64,
    place: Option<usize>,
) -> Result<JsValue, JsError> {
    give(&multiverse::read(&take(figure)?, width, x, place)?)
}

/// What to set for the model in a place of the curve.
///
/// # Errors
/// Where there is no such place.
#[wasm_bindgen]
pub fn multiverse_pick(place: usize) -> Result<JsValue, JsError> {
    give(&multiverse::pick(place)?)
}

/// Every combination of the multiverse as CSV: what `standfirm multiverse --csv` prints.
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn multiverse_csv(numbers: &[f64]) -> Result<String, JsError> {
    Ok(multiverse::csv(numbers)?)
}

/// What the models of the joint test say with regimes as they were (piece 0) or dealt out, as numbers: see
/// [`standfirm::findings::multiverse::joint`].
///
/// # Errors
/// Where there is nothing of the kind to deal out.
#[wasm_bindgen]
pub fn multiverse_dealt_out(dealt: &str, piece: usize) -> Result<Vec<f64>, JsError> {
    Ok(multiverse::dealt_out(dealt, piece)?)
}

/// The joint test by the pieces there are: see [`standfirm::session::Shown`]; `null` where the first is not among them.
///
/// # Errors
/// As [`multiverse_dealt_out`].
#[wasm_bindgen]
pub fn multiverse_joint(dealt: &str, numbers: &[f64]) -> Result<JsValue, JsError> {
    give(&multiverse::joint_view(dealt, numbers)?)
}

/// How high, in CSS pixels, a figure is when it is drawn `width` wide.
///
/// # Errors
/// Where `figure` is not one that [`article`] gave.
#[wasm_bindgen]
pub fn figure_height(figure: JsValue, width: f64) -> Result<f64, JsError> {
    Ok(figure::height(&take::<Figure>(figure)?, width))
}

/// Draws a figure, `width` CSS pixels wide, on a canvas whose backing is `ratio` times its CSS size.
///
/// # Errors
/// Where `figure` is not one that [`article`] gave, or the canvas cannot be drawn on.
#[wasm_bindgen]
pub fn draw_figure(
    canvas: HtmlCanvasElement,
    figure: JsValue,
    width: f64,
    ratio: f64,
    dark: bool,
) -> Result<(), JsError> {
    draw_on(canvas, ratio, &take(figure)?, width, theme(dark), None)
}

/// Draws a figure with its captions and `credit` on a canvas that it gives the size it needs: a picture to keep.
///
/// # Errors
/// As [`draw_figure`].
#[wasm_bindgen]
pub fn draw_picture(
    canvas: HtmlCanvasElement,
    figure: JsValue,
    width: f64,
    ratio: f64,
    dark: bool,
    credit: &str,
) -> Result<(), JsError> {
    let figure: Figure = take(figure)?;
    let tall = figure::height_with_captions(&figure, width, credit);
    canvas.set_width((width * ratio).round() as u32);
    canvas.set_height((tall * ratio).round() as u32);
    draw_on(canvas, ratio, &figure, width, theme(dark), Some(credit))
}

/// A figure as an SVG document: with captions where there is a `credit`.
///
/// # Errors
/// As [`draw_figure`].
#[wasm_bindgen]
pub fn figure_svg(
    figure: JsValue,
    width: f64,
    dark: bool,
    credit: Option<String>,
) -> Result<String, JsError> {
    Ok(figure::svg(&take(figure)?, width, theme(dark), credit.as_deref()))
}

/// The numbers behind a figure as a table: see [`report::grid::Grid`].
///
/// # Errors
/// Where `figure` is not one that [`article`] gave.
#[wasm_bindgen]
pub fn figure_grid(figure: JsValue) -> Result<JsValue, JsError> {
    give(&figure::numbers(&take(figure)?))
}

/// A coefficient table of the models named, of all where none is: see [`report::grid::Grid`].
///
/// # Errors
/// Where `table` is not one that [`article`] gave.
#[wasm_bindgen]
pub fn table_grid(table: JsValue, models: Vec<String>, ratios: bool) -> Result<JsValue, JsError> {
    give(&take::<CoefficientTable>(table)?.grid(&models, ratios))
}

/// A table for other programs: `format` is `csv`, `html`, `tex` or `md`.
///
/// # Errors
/// Where `grid` is none, or there is no such format.
#[wasm_bindgen]
pub fn write_grid(grid: JsValue, format: &str, credit: &str) -> Result<String, JsError> {
    Ok(FileFormat::find(format)?.write(&take::<Grid>(grid)?, credit))
}

/// What a figure drawn `width` CSS pixels wide shows at a point: see [`report::figure::Reading`]; `null`
/// where there is nothing.
///
/// # Errors
/// Where `figure` is not one that [`article`] gave.
#[wasm_bindgen]
pub fn read_figure(figure: JsValue, width: f64, x: f64, y: f64) -> Result<JsValue, JsError> {
    give(&figure::read(&take(figure)?, width, x, y))
}

/// The episode table as CSV: the bytes of `data/episodes.csv`.
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn episodes_csv() -> Result<String, JsError> {
    Ok(download::episodes_csv()?)
}

/// What the table's columns mean, as Markdown.
///
/// # Errors
/// None so far.
#[wasm_bindgen]
pub fn codebook() -> Result<String, JsError> {
    Ok(download::codebook()?)
}

fn draw_on(
    canvas: HtmlCanvasElement,
    ratio: f64,
    figure: &Figure,
    width: f64,
    theme: Theme,
    credit: Option<&str>,
) -> Result<(), JsError> {
    let mut pen = canvas::pen(canvas, ratio).ok_or_else(|| JsError::new("the canvas has no 2d context"))?;
    figure::draw(figure, &mut pen, width, theme, credit);
    Ok(pen.finish()?)
}

fn theme(dark: bool) -> Theme {
    if dark { Theme::Dark } else { Theme::Light }
}

fn give(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

fn take<T: DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}
