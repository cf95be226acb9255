// @ts-check

/** Notes, in the text and on parts of figures: where there is no room beside it, a number or a word opens one. */

import { element } from "./dom.js";

/** @import { Aside } from "./types.js" */

/** Numbers and words open their notes, and close them again. @param {Document | ShadowRoot} root */
export const openNotes = (root) => {
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest(".aside > button, .asides button");
    if (!button) return;
    const open = button.parentElement?.classList.toggle("open") ?? false;
    button.setAttribute("aria-expanded", String(open));
  });
};

/** The notes on a figure's parts, each behind a word for it. @param {Aside[]} asides */
export const notesOf = (asides) =>
  asides.map(({ number, label, title, text }) =>
    element(
      "li", {},
      element("button", { type: "button", "aria-expanded": "false" }, label),
      element("p", {}, element("sup", {}, String(number)), element("b", {}, `${title}.`), ` ${text}`),
    ),
  );
