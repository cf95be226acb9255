// @ts-check

import { element } from "./dom.js";

/**
 * Keeps the hosted page for when there is no network, through sw.js, and says when there is a newer one.
 * @param {HTMLElement} place where it is said
 * @param {URL} folder where the page's files are
 */
export const keepOffline = async (place, folder) => {
  if (location.protocol === "file:" || !document.querySelector("link[rel='manifest']")) return;
  const { serviceWorker } = navigator;
  // Not without encryption, and some readers have it switched off: then the page needs the network, as others do.
  const kept = await serviceWorker?.register(new URL("sw.js", folder)).catch(() => undefined);
  if (!kept) return;
  const offer = (/** @type {ServiceWorker} */ worker) => {
    const button = element("button", { type: "button" }, "Show it");
    button.addEventListener("click", () => {
      serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take over");
    });
    place.replaceChildren("There is a newer version of this page. ", button);
  };
  if (kept.waiting) offer(kept.waiting);
  kept.addEventListener("updatefound", () => {
    const worker = kept.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && serviceWorker.controller) offer(worker);
    });
  });
};
