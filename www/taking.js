// @ts-check

/** What a reader takes away: files that are saved, texts that are copied. */

import { element } from "./dom.js";

/** @param {string} name @param {string} type @param {BlobPart} content */
export const save = (name, type, content) => {
  const href = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
};

/**
 * A button that copies a text, and says so.
 * @param {() => string} text @param {() => void} select selects it: where a page may not copy by itself, what is selected can be
 */
export const copier = (text, select) => {
  const button = element("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      select();
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  return button;
};
