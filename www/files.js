// @ts-check

/** The page's files as a whole: citations for reference managers, the episodes, their codebook. */

import { element, place } from "./dom.js";
import { copier, save } from "./taking.js";

/** @import { Engine } from "./engine.js" */

/** What the engine writes, with what it is called on the button and as a file. */
const DATA = /** @type {const} */ ([
  ["episodes_csv", "Save the episodes (CSV)", "standfirm-episodes.csv", "text/csv"],
  ["codebook", "Save the codebook (Markdown)", "standfirm-codebook.md", "text/markdown"],
]);

/** Buttons for all of them. @param {Engine} engine */
export const offerFiles = (engine) => {
  const saves = (/** @type {string} */ words, /** @type {() => unknown} */ work) => {
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => void work());
    return button;
  };
  for (const text of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("pre[data-file]"))) {
    const { file = "", type = "" } = text.dataset;
    const content = () => text.textContent ?? "";
    const copy = copier(content, () => getSelection()?.selectAllChildren(text));
    text.after(element("div", { class: "work" }, copy, saves(`Save ${file}`, () => save(file, type, content()))));
  }
  const buttons = DATA.map(([make, words, file, type]) => saves(words, async () => {
    await engine.loaded;
    save(file, type, engine.draw(make));
  }));
  place("data-files").replaceChildren(...buttons);
};
