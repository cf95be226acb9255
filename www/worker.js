// @ts-check
"use strict";

/**
 * The worker: computes what the engine asks for. The build puts wasm-bindgen's script, as a function `newGlue`,
 * before this file.
 *
 * It gets `{module}` once, then `{id, call, args}`, and answers `{id, ok}` or `{id, error: {name, message}}`.
 * It has no way to recover from a trap: the engine replaces it.
 */

const wasm = newGlue();

/** @type {(module: WebAssembly.Module | ArrayBuffer) => void} */
let arrived;
const instantiated = new Promise((resolve) => (arrived = resolve)).then((module) => wasm({ module_or_path: module }));

/** Whether a trap comes from want of memory, which is all one can ask after it. */
const full = async () => {
  try {
    (await instantiated).memory.grow(1);
    return false;
  } catch {
    return true;
  }
};

self.onmessage = async ({ data }) => {
  if ("module" in data) return arrived(data.module);
  const { id, call, args } = data;
  try {
    await instantiated;
    if (typeof wasm[call] !== "function") throw new Error(`there is no "${call}" to call`);
    self.postMessage({ id, ok: wasm[call](...args) });
  } catch (error) {
    let { name = "unknown", message = String(error) } = /** @type {any} */ (error);
    if (name === "RuntimeError" && (await full())) message = "there is no memory left";
    self.postMessage({ id, error: { name, message } });
  }
};

/** Some settings forbid sending a compiled module; its bytes always pass. */
self.onmessageerror = () => self.postMessage({ refused: true });
