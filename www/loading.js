// @ts-check

/** Loads what the engine is made of: from the page itself where it carries it, else from the folder its script is in. */

import { VERSION } from "./build.js";

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

/**
 * The module's bytes: from the page itself where it carries them, else from its folder.
 * @param {URL} folder
 */
export async function moduleBytes(folder) {
  const carried = document.getElementById("standfirm-wasm")?.textContent;
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
 * The worker's script: made from the text the page carries, else a file in its folder. Where that is on another
 * server no worker may come from it, so its text is made into one here.
 * @param {URL} folder
 */
export async function workerAddress(folder) {
  let parts = ["standfirm-glue", "standfirm-worker"].map((id) => document.getElementById(id)?.textContent);
  if (!parts[1]) {
    if (folder.origin === location.origin) return new URL(`worker.js?${VERSION}`, folder);
    parts = [await (await fetched("worker.js", folder)).text()];
  }
  return URL.createObjectURL(new Blob(/** @type {string[]} */ (parts), { type: "text/javascript" }));
}
