// @ts-check

/** Elements, and numbers in words. */

/**
 * An element with its text or children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

/** An element of the page by its id. @param {string} id */
export const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {ParentNode} parent @param {string} name */
export const part = (parent, name) => /** @type {HTMLElement} */ (parent.querySelector(`[data-part="${name}"]`));

/** A minus sign is a minus sign. @param {number} value @param {number} digits */
export const number = (value, digits) => value.toFixed(digits).replace("-", "−");

/** A value of an episode in words. @param {string | number} value */
export const fact = (value) => (typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value));

/** How long something took. Nothing takes no time. @param {number} seconds */
export const duration = (seconds) => (seconds < 0.1 ? "less than 0.1 s" : `${seconds.toFixed(1)} s`);

/** How many of something. @param {number} count @param {string} one @param {string} several */
export const counted = (count, one, several) => `${count.toLocaleString("en")} ${count === 1 ? one : several}`;

/**
 * Whether what was typed is in order; where not, the field says what would be. A number is never changed silently.
 * @param {HTMLInputElement} input @param {string} [problem] what is wrong with it beside what the field itself knows
 */
export const accepted = (input, problem = "") => {
  input.setCustomValidity(problem);
  const valid = input.reportValidity();
  input.setCustomValidity("");
  return valid;
};
