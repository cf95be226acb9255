// @ts-check

/**
 * The joint test of the multiverse: some of its models, drawn by lot, fitted over and over with regimes dealt out, in a pool of
 * workers when the reader asks for it.
 */

import { part } from "./dom.js";
import { inPool } from "./pool.js";
import { Work } from "./work.js";

/**
 * @import { Card, Control, Page } from "./card.js"
 * @import { JointOffer } from "./types.js"
 */

/** Milliseconds from one showing to the next while draws come in. */
const CALM = 700;

/** @type {Control} */
const BY = {
  key: "joint.by",
  label: "Deal out",
  options: [["episodes", "regimes of episodes"], ["histories", "histories of targets"]],
};

export class JointTest {
  #page;
  #card;
  #offer;
  #work;
  /** What is dealt out. */
  #dealt = BY.options[0][0];
  /** By what is dealt out: what the models say as it was, then in each draw; those to come are no numbers. @type {Map<string, Float64Array>} */
  #found = new Map();

  /** @param {HTMLElement} place @param {Page} page @param {Card} card @param {JointOffer} offer */
  constructor(place, page, card, offer) {
    this.#page = page;
    this.#card = card;
    this.#offer = offer;
    const words = `Deal regimes out ${offer.draws} times for ${offer.models.toLocaleString("en")} models`;
    this.#work = new Work(part(place, "work"), words, (signal, tell) => this.#fit(signal, tell));
    this.#show();
  }

  #numbers() {
    const { draws, width } = this.#offer;
    const known = this.#found.get(this.#dealt) ?? new Float64Array((1 + draws) * width).fill(NaN);
    this.#found.set(this.#dealt, known);
    return known;
  }

  /** Pieces that are still to come: the first with regimes as they were, then the draws. */
  #missing() {
    const { draws, width } = this.#offer;
    const numbers = this.#numbers();
    return Array.from({ length: 1 + draws }, (_, piece) => piece).filter((piece) => Number.isNaN(numbers[piece * width]));
  }

  /** @param {AbortSignal} signal @param {(done: number, of: number, what: string) => void} tell */
  async #fit(signal, tell) {
    const { draws, width } = this.#offer;
    const numbers = this.#numbers();
    const missing = this.#missing();
    const started = performance.now();
    let left = missing.length;
    let shown = started;
    tell(1 + draws - left, 1 + draws, "draws");
    let failed;
    try {
      failed = await inPool(this.#page.engine, "multiverse_dealt_out", [this.#dealt], missing, (piece, found) => {
        numbers.set(found, piece * width);
        left -= 1;
        tell(1 + draws - left, 1 + draws, "draws");
        const now = performance.now();
        if (now - shown < CALM) return;
        this.#show();
        shown = now;
      }, { signal });
    } finally {
      this.#show();
    }
    const seconds = (performance.now() - started) / 1000;
    performance.measure("standfirm-joint", { start: started, detail: missing.length });
    const words = `${missing.length - failed.length} draws in ${seconds.toFixed(1)} s.`;
    if (!failed.length) return words;
    throw new Error(`${words} ${failed.length} could not be: ${failed[0].reason}.`);
  }

  #show() {
    this.#card.show([BY], (values) => {
      this.#turnTo(values[BY.key]);
      const view = this.#page.engine.draw("multiverse_joint", this.#dealt, this.#numbers());
      if (!view) return { refused: "It is computed when you ask for it.", given: true };
      const { grids: [grid], sentences, about } = view;
      // All of it is of choices of its own, whatever is specified.
      return { title: grid.title, note: grid.notes.join(" "), grid, sentences, about, name: "joint", specification: "" };
    });
  }

  /** What was begun of one kind is kept while another is looked at. @param {string} dealt */
  #turnTo(dealt) {
    if (dealt === this.#dealt) return;
    this.#dealt = dealt;
    this.#work.clear();
    if (this.#missing().length) this.#work.offer();
  }
}
