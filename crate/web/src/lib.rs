//! The wasm boundary: what the page and its worker can call. Results cross as plain JSON-like objects; an
//! `Err` arrives in JavaScript as a plain `Error`, a panic as an `Error` named `Panic`.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

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

/// The study's results, in the form of `standfirm replicate --json`.
///
/// # Errors
/// What the study says went wrong.
#[wasm_bindgen]
pub fn replicate() -> Result<JsValue, JsError> {
    // Temporary: the study's own result takes this place.
    let headline = standfirm::headline()?;
    let result = std::collections::BTreeMap::from([("headline", headline)]);
    Ok(result.serialize(&Serializer::json_compatible())?)
}
