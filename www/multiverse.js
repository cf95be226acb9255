// @ts-check

/**
 * The multiverse: every combination of defensible choices, fitted in a pool of workers when the reader asks for it, and
 * its curve.
 */

import { counted, duration, part } from "./dom.js";
import { inPool, workers } from "./pool.js";
import { Work } from "./work.js";

/**
 * @import { Card, Page } from "./card.js"
 * @import { Offer } from "./types.js"
 */

/** Milliseconds from one drawing to the next while results come in. */
const CALM = 700;
/** As many times longer than it took to draw the last time, at least. */
const PATIENT = 4;

export class MultiverseExplorer {
  #page;
  #card;
  #offer;
  #goTo;
  /** The words until there is something to show. */
  #given;
  /** All outcomes, those to come being no numbers. */
  #numbers;
  /** Where each piece begins in them. @type {number[]} */
  #begins = [];
  /** @type {number[]} */
  #missing;

  /**
   * @param {HTMLElement} place @param {Page} page @param {Card} card @param {Offer} offer
   * @param {(id: string) => void} goTo shows a place of the page
   */
  constructor(place, page, card, offer, goTo) {
    this.#page = page;
    this.#card = card;
    this.#offer = offer;
    this.#goTo = goTo;
    this.#given = { title: part(place, "title").textContent ?? "", subtitle: part(place, "subtitle").textContent ?? "" };
    let all = 0;
    for (const size of offer.pieces) {
      this.#begins.push(all * offer.width);
      all += size;
    }
    this.#numbers = new Float64Array(all * offer.width).fill(NaN);
    // Spread by the golden ratio, so that what is there early has something of everything.
    const turn = (/** @type {number} */ piece) => (piece * 0.6180339887498949) % 1;
    this.#missing = offer.pieces.map((_, piece) => piece).sort((a, b) => turn(a) - turn(b));
    new Work(part(place, "work"), `Fit all ${all.toLocaleString("en")} models`, (signal, tell) => this.#fit(all, signal, tell));
    this.#show();
  }

  /** @param {number} all @param {AbortSignal} signal @param {(done: number, of: number, what: string) => void} tell */
  async #fit(all, signal, tell) {
    const started = performance.now();
    const done = () => all - this.#missing.reduce((sum, piece) => sum + this.#offer.pieces[piece], 0);
    const before = done();
    let drawn = started;
    let took = 0;
    tell(before, all, "models");
    let failed;
    try {
      failed = await inPool(this.#page.engine, "multiverse_piece", [], [...this.#missing], (piece, found) => {
        this.#numbers.set(found, this.#begins[piece]);
        this.#missing = this.#missing.filter((other) => other !== piece);
        tell(done(), all, "models");
        const now = performance.now();
        if (now - drawn < Math.max(CALM, PATIENT * took)) return;
        this.#show();
        drawn = performance.now();
        took = drawn - now;
      }, { signal });
    } finally {
      this.#show();
    }
    const fitted = done() - before;
    const seconds = (performance.now() - started) / 1000;
    performance.measure("standfirm-multiverse", { start: started, detail: fitted });
    const count = Math.min(workers(), this.#offer.pieces.length);
    const by = counted(count, "worker", "workers");
    const words = `${fitted.toLocaleString("en")} models fitted in ${duration(seconds)} by ${by}.`;
    if (!failed.length) return words;
    const lost = failed.reduce((sum, { piece }) => sum + this.#offer.pieces[piece], 0);
    throw new Error(`${words} ${lost} could not be: ${failed[0].reason}.`);
  }

  #show() {
    const { engine } = this.#page;
    const { only, grid, about } = this.#offer;
    const options = /** @type {[string, string][]} */ ([["all", "all models"], ...only]);
    const began = this.#missing.length < this.#offer.pieces.length;
    this.#card.show(began ? [{ key: "curve.only", label: "Show", options }] : [], (values) => {
      // All of it is of choices of its own, whatever is specified.
      const content = { about, name: "multiverse", specification: "" };
      if (!began) return { ...content, ...this.#given, grid };
      const view = engine.draw("multiverse_view", this.#numbers, values["curve.only"]);
      const { figure } = view;
      return {
        ...content,
        ...figure,
        figure,
        grid: view.grid,
        sentences: this.#missing.length ? [] : view.sentences,
        csv: () => engine.draw("multiverse_csv", this.#numbers),
        places: {
          read: (width, x, place) => engine.draw("multiverse_read", figure, width, x, place),
          open: (place) => this.#open(place),
          words: "open it in the builder",
        },
      };
    });
  }

  /** @param {number} place */
  #open(place) {
    const setting = this.#page.engine.draw("multiverse_pick", place);
    if (!setting) return;
    const { specification, measure, figure, table } = setting;
    this.#page.state.specify(specification, { [`f${figure}`]: measure, [`t${table}`]: measure });
    this.#goTo(`figure-${figure}`);
  }
}
