// @ts-check

/** The bar over the page: which section the reader is in, and where to go from there. */

import { element, part, place } from "./dom.js";

/** Contents and the present section in the bar, once the top of the page has gone. @param {HTMLElement} bar */
export const showPlaces = (bar) => {
  const contents = place("contents");
  const list = /** @type {HTMLElement} */ (contents.querySelector("ul")).cloneNode(true);
  const button = element("button", { type: "button", "aria-expanded": "false" }, "Contents");
  const present = element("span");
  const places = part(bar, "places");
  places.replaceChildren(button, present, list);
  const open = (/** @type {boolean} */ whether) => {
    places.classList.toggle("open", whether);
    button.setAttribute("aria-expanded", String(whether));
  };
  button.addEventListener("click", () => open(!places.classList.contains("open")));
  list.addEventListener("click", () => open(false));
  closing(places, () => open(false));
  const head = /** @type {HTMLElement} */ (contents.parentElement);
  new IntersectionObserver(([{ isIntersecting }]) => bar.classList.toggle("stuck", !isIntersecting)).observe(head);
  const titles = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".prose h2[id]")]);
  // The last title above a line below the bar, whichever of them that is by now.
  const passed = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, boundingClientRect, rootBounds } of entries) {
      if (boundingClientRect.top < (rootBounds?.bottom ?? 0)) passed.add(target);
      else passed.delete(target);
    }
    present.textContent = titles.findLast((title) => passed.has(title))?.textContent ?? "";
  }, { rootMargin: "100000px 0px -80% 0px" });
  for (const title of titles) watch.observe(title);
};

/** Has something closed by Escape, and by whatever is done elsewhere. @param {HTMLElement} opened @param {() => void} close */
export const closing = (opened, close) => {
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") close();
  });
  for (const kind of /** @type {const} */ (["pointerdown", "focusin"])) {
    addEventListener(kind, ({ target }) => {
      if (target instanceof Node && !opened.contains(target)) close();
    });
  }
};
