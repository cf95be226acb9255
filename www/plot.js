// @ts-check

/** A figure on its canvas. */

import { element } from "./dom.js";
import { gridTable } from "./table.js";

/**
 * @import { Engine } from "./engine.js"
 * @import { Figure, Grid, Reading } from "./types.js"
 */

/**
 * A figure with so many places that what is in each is asked for: by a horizontal position in a drawing of some width, or
 * by the place itself. What is in it can be opened.
 * @typedef {{ read: (width: number, x: number, place?: number) => { place: number, reading: Reading } | null,
 *   open: (place: number) => void, words: string }} Places
 */

/** Size of a card's letters, in CSS pixels, where the reader has not asked for larger ones. */
const LETTERS = 13;

/** Draws a figure at the size its place has, reads values off it, and puts an SVG on paper. */
export class Plot {
  /** @type {Figure | undefined} */
  #figure;
  /** What is drawn, for what is the same not to be drawn again. */
  #drawn = "";
  #width = 0;
  /** The width there is, as last laid out: to ask the place for it has the whole page laid out again. */
  #room = 0;
  #place;
  #engine;
  #theme;
  #night = matchMedia("(prefers-color-scheme: dark)");
  #canvas = element("canvas", { role: "img", tabindex: "0", "aria-label": "Not drawn yet.", hidden: "" });
  #spoken = element("p", { class: "unseen", "aria-live": "polite" });
  /** The numbers for those who read with ears or fingers: in a table, row by row. */
  #rows = element("div", { class: "unseen" });
  /** What was in the markup, to be printed until there is more. */
  #given;
  /** @type {HTMLElement[]} */
  #marks = [];
  /** Where arrow keys go on from. @type {[number, number] | undefined} */
  #cursor;
  /** @type {Places | undefined} */
  #places;
  /** Whether what was in the markup holds until there is a figure. */
  #waits = true;
  /** The place that is read. @type {number | undefined} */
  #at;

  /**
   * @param {HTMLElement} place @param {Engine} engine
   * @param {() => string | undefined} theme `light`, `dark`, or as the reader prefers
   */
  constructor(place, engine, theme) {
    this.#place = place;
    this.#engine = engine;
    this.#theme = theme;
    // Painted by the processor: for some hundred strokes a graphics card takes longer to be asked.
    this.#canvas.getContext("2d", { willReadFrequently: true });
    this.#given = place.querySelector("noscript")?.textContent ?? "";
    place.replaceChildren(this.#canvas, this.#spoken, this.#rows);
    new ResizeObserver(() => {
      this.#room = place.clientWidth;
      if (this.#width !== this.#room) this.draw();
    }).observe(place);
    this.#night.addEventListener("change", () => this.draw());
    // A system short of memory takes canvases away, and gives them back empty.
    this.#canvas.addEventListener("contextrestored", () => this.draw());
    this.#watchRatio();
    for (const kind of /** @type {const} */ (["pointermove", "pointerdown"])) {
      this.#canvas.addEventListener(kind, (event) => this.#point(event.offsetX, event.offsetY));
    }
    let fine = true;
    this.#canvas.addEventListener("pointerdown", (event) => (fine = event.pointerType === "mouse"));
    // A finger that points has not opened anything yet: there is a button for it.
    this.#canvas.addEventListener("click", () => fine && this.#open());
    this.#canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.#clear();
    });
    this.#canvas.addEventListener("blur", () => this.#clear());
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("beforeprint", () => this.#toPaper());
    addEventListener("afterprint", () => this.#place.querySelector("svg")?.remove());
  }

  /** @param {Figure} figure @param {Grid} grid its numbers @param {Places} [places] */
  show(figure, grid, places) {
    const drawn = JSON.stringify([figure, places?.words]);
    const same = drawn === this.#drawn && this.#width === this.#room;
    this.#drawn = drawn;
    this.#figure = figure;
    this.#places = places;
    const keys = places ? `, up and down one by one. Enter: ${places.words}.` : ".";
    this.#canvas.setAttribute("aria-label", `${figure.title}. ${figure.summary} Arrow keys read out values${keys}`);
    if (same) return;
    this.draw();
    this.#rows.replaceChildren(gridTable(grid));
  }

  /** Shows nothing; `waits` where the markup's own holds on paper. @param {boolean} [waits] */
  clear(waits = false) {
    this.#waits = waits;
    this.#figure = undefined;
    this.#places = undefined;
    this.#drawn = "";
    this.#canvas.hidden = true;
    this.#rows.replaceChildren();
    this.#place.querySelector("svg")?.remove();
    this.#place.classList.remove("drawn");
    this.#clear();
  }

  #open() {
    if (this.#at !== undefined) this.#places?.open(this.#at);
  }

  get #dark() {
    return (this.#theme() ?? (this.#night.matches ? "dark" : "light")) === "dark";
  }

  /** The ratio changes when the window moves to another screen, or is zoomed. */
  #watchRatio() {
    const watched = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = () => {
      this.draw();
      this.#watchRatio();
    };
    watched.addEventListener("change", changed, { once: true });
  }

  /** How many times larger than usual the reader has text: figures are drawn as much larger. */
  get #zoom() {
    return parseFloat(getComputedStyle(this.#place).fontSize) / LETTERS || 1;
  }

  draw() {
    const width = (this.#width = this.#room || this.#place.clientWidth);
    if (!width || !this.#figure) return;
    const zoom = this.#zoom;
    const height = zoom * this.#engine.draw("figure_height", this.#figure, width / zoom);
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.height = `${height}px`;
    this.#canvas.hidden = false;
    this.#place.classList.add("drawn");
    this.#engine.draw("draw_figure", this.#canvas, this.#figure, width / zoom, ratio * zoom, this.#dark);
    this.#clear();
  }

  /** On paper a figure is lines, not pixels. A4 has room for 680 CSS pixels between its margins. */
  #toPaper() {
    // What is computed only when the reader comes near has the study's own in the markup, as its words are.
    const given = this.#waits ? this.#given : "";
    const drawing = this.#figure ? this.#engine.draw("figure_svg", this.#figure, 680, false, undefined) : given;
    if (!drawing) return;
    const { documentElement } = new DOMParser().parseFromString(drawing, "image/svg+xml");
    this.#place.querySelector("svg")?.remove();
    this.#place.append(document.importNode(documentElement, true));
  }

  /** @param {number} x @param {number} y @param {number} [place] */
  #point(x, y, place) {
    const room = this.#place.clientWidth;
    if (!this.#figure) return;
    const zoom = this.#zoom;
    const placed = this.#places?.read(room / zoom, x / zoom, place);
    const found = this.#places ? placed?.reading : this.#engine.draw("read_figure", this.#figure, room / zoom, x / zoom, y / zoom);
    const reading = found && scaled(found, zoom);
    this.#clear();
    if (!reading) return;
    this.#at = placed?.place;
    this.#cursor = [placed ? reading.from[0] : x, y];
    const { from, to, entries } = reading;
    const line = element("div", { class: "cursor" });
    Object.assign(line.style, {
      left: `${from[0]}px`,
      top: `${from[1]}px`,
      width: `${Math.max(1, to[0] - from[0])}px`,
      height: `${Math.max(1, to[1] - from[1])}px`,
    });
    this.#marks.push(line);
    for (const { role, dot } of entries) {
      if (!dot) continue;
      const mark = element("div", { class: `dot ${role}` });
      Object.assign(mark.style, { left: `${dot[0]}px`, top: `${dot[1]}px` });
      this.#marks.push(mark);
    }
    const words = entries.map(({ role, label, text }) =>
      element("span", { class: role }, label ? `${label}: ${text}` : text),
    );
    const box = element("div", { class: "reading" }, element("b", {}, reading.at), ...words);
    if (this.#places) box.append(this.#opener(this.#places.words));
    this.#marks.push(box);
    this.#place.append(...this.#marks);
    // Beside a vertical line on the side with room; below a horizontal one.
    const vertical = from[0] === to[0];
    const beside = x + 14 + box.offsetWidth > room ? x - 14 - box.offsetWidth : x + 14;
    box.style.left = `${Math.max(0, Math.min(beside, room - box.offsetWidth))}px`;
    box.style.top = `${vertical ? Math.max(0, from[1] - 28) : from[1] + 22}px`;
    // Where there are strips below the curve: over them while it is pointed at, else above the pointer.
    const below = placed && entries[1]?.dot?.[1];
    if (below) box.style.top = `${y < below ? below - 14 : Math.max(0, y - box.offsetHeight - 18)}px`;
  }

  /** @param {string} words */
  #opener(words) {
    const button = element("button", { type: "button", tabindex: "-1" }, words);
    // The canvas keeps the focus, and so the reading stays until the button is let go.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => this.#open());
    return button;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") return this.#clear();
    if (event.key === "Enter") return this.#open();
    const [width, height] = [this.#place.clientWidth, this.#canvas.clientHeight];
    const [right, down] = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    }[event.key] ?? [0, 0];
    if (!right && !down) return;
    event.preventDefault();
    // In small steps: what is nearest is read in any case.
    const [x, y] = this.#cursor ?? [right < 0 ? width : 40, height / 3];
    const inside = (/** @type {number} */ value, /** @type {number} */ end) => Math.min(end - 1, Math.max(0, value));
    if (this.#at !== undefined && down) this.#point(x, y, Math.max(0, this.#at + down));
    else this.#point(inside(x + (right * width) / 50, width), inside(y + down * 34, height));
    this.#spoken.textContent = this.#marks.at(-1)?.innerText ?? "";
  }

  #clear() {
    for (const mark of this.#marks) mark.remove();
    this.#marks = [];
    this.#cursor = undefined;
    this.#at = undefined;
  }
}

/** A reading whose places are so many times as far apart. @param {Reading} reading @param {number} zoom @returns {Reading} */
const scaled = ({ from, to, at, entries }, zoom) => {
  const away = (/** @type {[number, number]} */ [x, y]) => /** @type {[number, number]} */ ([x * zoom, y * zoom]);
  const moved = entries.map((entry) => ({ ...entry, dot: entry.dot && away(entry.dot) }));
  return { from: away(from), to: away(to), at, entries: moved };
};
