// @ts-check

/**
 * The worker: computes what the engine asks for.
 *
 * It gets `{module}` once, then `{id, call, args}`, one after the other, and answers `{id, ok}` or
 * `{id, error: {name, message}}`. With `steps`, the call is repeated until what it returns is `{done, of}` with both the
 * same, and each answer but the last has `more`. `{drop: ids}` gives up what has not been answered, which is then answered
 * without `ok`. It has no way to recover from a trap: it answers no more, and the engine replaces it.
 */

import { newGlue } from "./build.js";

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

/** In milliseconds: how long what was given up may go on unheard. To let messages in takes a timer, and so its time. */
const PATIENCE = 100;
let heard = -PATIENCE;

const hear = async () => {
  if (performance.now() - heard < PATIENCE) return;
  await new Promise((resolve) => setTimeout(resolve));
  heard = performance.now();
};

/** What was given up before it was answered. @type {Set<unknown>} */
const dropped = new Set();

/** @param {{ id: unknown, call: string, args: unknown[], steps?: boolean }} asked */
const answer = async ({ id, call, args, steps }) => {
  try {
    await instantiated;
    if (typeof wasm[call] !== "function") throw new Error(`there is no "${call}" to call`);
    for (let more = true; more; ) {
      await hear();
      if (dropped.delete(id)) return self.postMessage({ id });
      const ok = wasm[call](...args);
      more = steps === true && ok.done < ok.of;
      self.postMessage({ id, ok, more });
    }
  } catch (error) {
    let { name = "unknown", message = String(error) } = /** @type {any} */ (error);
    if (name === "RuntimeError" && (await full())) message = "there is no memory left";
    self.postMessage({ id, error: { name, message } });
    // Rust's own errors are plain ones; after any other nothing more is to be computed here.
    if (name !== "Error") await new Promise(() => {});
  }
};

/** The last of what was asked for. */
let last = Promise.resolve();

self.onmessage = ({ data }) => {
  if ("module" in data) arrived(data.module);
  else if ("drop" in data) for (const id of data.drop) dropped.add(id);
  else last = last.then(() => answer(data));
};

/** Some settings forbid sending a compiled module; its bytes always pass. */
self.onmessageerror = () => self.postMessage({ refused: true });
