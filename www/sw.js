// @ts-check

/**
 * The service worker: serves the hosted page from a cache that has all files of one version, and only that.
 *
 * A version is kept whole or not at all: while a host is halfway through an update, files do not have the hashes
 * expected, and nothing is kept. It takes over when no page of the version before is open, or a reader asks for it.
 */

import { HASHES, VERSION } from "./build.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {WorkerGlobalScope} */ (self));
/** Other copies on this host have caches of their own. */
const scope = new URL(".", location.href);
const cacheName = `standfirm ${scope.pathname} ${VERSION}`;

/** @param {string} file @param {string} hash */
const kept = async (file, hash) => {
  const response = await fetch(new URL(`${file}?${VERSION}`, scope), { cache: "no-cache" });
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const found = btoa(String.fromCharCode(...new Uint8Array(digest)));
  if (!response.ok || found !== hash) throw new Error(`${file} is of another version`);
  return /** @type {const} */ ([file, response]);
};

worker.addEventListener("install", (event) => {
  const install = async () => {
    const files = await Promise.all(Object.entries(HASHES).map(([file, hash]) => kept(file, hash)));
    const cache = await caches.open(cacheName);
    for (const [file, response] of files) await cache.put(new URL(file, scope), response);
  };
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  const clean = async () => {
    const old = (await caches.keys()).filter((one) => one.startsWith(`standfirm ${scope.pathname} `) && one !== cacheName);
    await Promise.all(old.map((one) => caches.delete(one)));
  };
  event.waitUntil(clean());
});

worker.addEventListener("message", ({ data }) => {
  if (data === "take over") worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return;
  const file = pathname.slice(scope.pathname.length) || "index.html";
  if (!Object.hasOwn(HASHES, file)) return;
  const answer = async () => (await (await caches.open(cacheName)).match(new URL(file, scope))) ?? fetch(event.request);
  event.respondWith(answer());
});
