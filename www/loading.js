// @ts-check

/**
 * Loads what the engine is made of: from the page itself where it carries it, else from the folder its script is in. Where
 * that is on another server its files may not be fetched, unless the server says so, and few static hosts can be told to.
 * But a script may come from anywhere: so there is one that carries the same.
 */

import { VERSION } from "./build.js";
import { element } from "./dom.js";

/**
 * The module, gzipped and in base64, and the worker's script.
 * @typedef {{ wasm: string, worker: string }} Carried
 */

/** What goes wrong around the computing. Its message is for the reader. */
export class EngineError extends Error {
  name = "EngineError";
}

/**
 * The folder a script came from; the page's own, where the page carries the script.
 * @param {HTMLOrSVGScriptElement | null} script
 */
export const folderOf = (script) => new URL(".", (script instanceof HTMLScriptElement && script.src) || location.href);

/**
 * A file of the page's folder.
 * @param {string} name
 * @param {URL} folder
 */
async function fetched(name, folder) {
  try {
    const response = await fetch(new URL(`${name}?${VERSION}`, folder), { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new EngineError(`${name} could not be loaded (${reason}). Reload the page to try again.`);
  }
}

/** Whether files of a folder may not be fetched by this page. @param {URL} folder */
const isElsewhere = (folder) => folder.protocol !== "file:" && folder.origin !== location.origin;

/** Scripts that carry the engine, by address. @type {Map<string, Promise<Carried>>} */
const scripts = new Map();

/** What the script of a folder carries. @param {URL} folder */
const carriedFrom = (folder) => {
  const address = new URL(`standfirm-engine.js?${VERSION}`, folder).href;
  const known = scripts.get(address);
  if (known) return known;
  const script = /** @type {HTMLScriptElement & { carried?: Carried }} */ (element("script", { src: address }));
  const loading = /** @type {Promise<Carried>} */ (new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(/** @type {Carried} */ (script.carried)));
    const words = "standfirm-engine.js could not be loaded. Reload the page to try again.";
    script.addEventListener("error", () => reject(new EngineError(words)));
  }));
  scripts.set(address, loading);
  document.head.append(script);
  return loading;
};

/**
 * The module's bytes: from the page itself where it carries them, else from its folder.
 * @param {URL} folder
 */
export async function moduleBytes(folder) {
  const here = document.getElementById("standfirm-wasm")?.textContent;
  const carried = here ?? (isElsewhere(folder) ? (await carriedFrom(folder)).wasm : undefined);
  if (carried) {
    const text = atob(carried);
    const gzipped = new Uint8Array(text.length);
    // Ten times as fast as a call for each byte.
    for (let at = 0; at < text.length; at++) gzipped[at] = text.charCodeAt(at);
    const stream = new Blob([gzipped]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  }
  if (folder.protocol === "file:") {
    throw new EngineError("A page opened from disk may not read its other files: open standfirm.html instead.");
  }
  return (await fetched("standfirm.wasm", folder)).arrayBuffer();
}

/** @param {ArrayBuffer} bytes */
export async function compiled(bytes) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new EngineError(`The estimator did not arrive whole, or may not run here (${reason}). Reload the page to try again.`);
  }
}

/**
 * The worker's script: made from the text the page or a script carries, else a file in its folder.
 * @param {URL} folder
 */
export async function workerAddress(folder) {
  let parts = ["standfirm-glue", "standfirm-worker"].map((id) => document.getElementById(id)?.textContent);
  if (!parts[1]) {
    if (!isElsewhere(folder)) return new URL(`worker.js?${VERSION}`, folder);
    parts = [(await carriedFrom(folder)).worker];
  }
  return URL.createObjectURL(new Blob(/** @type {string[]} */ (parts), { type: "text/javascript" }));
}
