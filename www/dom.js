// @ts-check
"use strict";

/**
 * An element with its text or children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

/** @param {ParentNode} parent @param {string} name */
const part = (parent, name) => /** @type {HTMLElement} */ (parent.querySelector(`[data-part="${name}"]`));

/** A minus sign is a minus sign. @param {number} value @param {number} digits */
const number = (value, digits) => value.toFixed(digits).replace("-", "−");

/** A value of an episode in words. @param {string | number} value */
const fact = (value) => (typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value));
