// @ts-check
"use strict";

/** The page: puts the article's figures and tables in their places, and keeps the figures crisp. */

/**
 * @typedef {{ title: string, subtitle: string, note: string, summary: string, number: number }} Figure
 * @typedef {{ estimate: number, std_error: number, p_value: number, stars: string }} Cell
 * @typedef {{ term: string, label: string, cells: (Cell | null)[][] }} Row
 * @typedef {{ key: string, label: string, outcomes: string[], base: string, statistics: [string, string][] }} Column
 * @typedef {{ number: number, title: string, note: string, models: Column[], rows: Row[] }} Table
 * @typedef {{ headline: string, models: Record<string, { n: number }>, figures: Figure[], tables: Table[] }} Article
 * @typedef {{ x: number, top: number, bottom: number, at: string,
 *   entries: { label: string, role: string, y: number, text: string }[] }} Reading
 */

/**
 * An element with its text or children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
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

const dark = matchMedia("(prefers-color-scheme: dark)");

/** A figure on its canvas: draws it at the size it has, and reads values off it. */
class Plot {
  /** @type {Figure} */
  #figure;
  #place;
  #canvas;
  #spoken = element("p", { class: "unseen", "aria-live": "polite" });
  /** @type {HTMLElement[]} */
  #marks = [];
  /** @type {number | undefined} */
  #cursor;

  /** @param {HTMLElement} place @param {Figure} figure */
  constructor(place, figure) {
    this.#figure = figure;
    this.#place = place;
    this.#canvas = /** @type {HTMLCanvasElement} */ (place.querySelector("canvas"));
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("tabindex", "0");
    this.#canvas.setAttribute("aria-label", `${figure.title}. ${figure.summary} Arrow keys read out values.`);
    place.append(this.#spoken);

    new ResizeObserver(() => this.draw()).observe(place);
    dark.addEventListener("change", () => this.draw());
    this.#watchRatio();
    this.#canvas.addEventListener("pointermove", (event) => this.#point(event.offsetX, event.offsetY));
    this.#canvas.addEventListener("pointerdown", (event) => this.#point(event.offsetX, event.offsetY));
    this.#canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.#clear();
    });
    this.#canvas.addEventListener("blur", () => this.#clear());
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The ratio changes when the window moves to another screen, or is zoomed. */
  #watchRatio() {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        this.draw();
        this.#watchRatio();
      },
      { once: true },
    );
  }

  draw() {
    const width = this.#place.clientWidth;
    if (!width) return;
    const height = engine.draw("figure_height", this.#figure, width);
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.height = `${height}px`;
    this.#place.classList.add("drawn");
    engine.draw("draw_figure", this.#canvas, this.#figure, width, ratio, dark.matches);
    this.#clear();
  }

  /** @param {number} x @param {number} y */
  #point(x, y) {
    const reading = /** @type {Reading | null} */ (
      engine.draw("read_figure", this.#figure, this.#place.clientWidth, x, y)
    );
    this.#clear();
    if (!reading) return;
    this.#cursor = reading.x;
    const line = element("div", { class: "cursor" });
    Object.assign(line.style, {
      left: `${reading.x}px`,
      top: `${reading.top}px`,
      height: `${reading.bottom - reading.top}px`,
    });
    const dots = reading.entries.map(({ role, y }) => {
      const dot = element("div", { class: `dot ${role}` });
      Object.assign(dot.style, { left: `${reading.x}px`, top: `${y}px` });
      return dot;
    });
    const lines = reading.entries.map(({ role, label, text }) => element("span", { class: role }, `${label}: ${text}`));
    const box = element("div", { class: "reading" }, element("b", {}, reading.at), ...lines);
    this.#marks = [line, ...dots, box];
    this.#place.append(...this.#marks);
    // Beside the line, on the side with room.
    const room = this.#place.clientWidth;
    const beside = reading.x + 14 + box.offsetWidth > room ? reading.x - 14 - box.offsetWidth : reading.x + 14;
    box.style.left = `${Math.max(0, Math.min(beside, room - box.offsetWidth))}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const width = this.#place.clientWidth;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") return this.#clear();
    if (!step) return;
    event.preventDefault();
    // In steps of a fiftieth of the width: the nearest value is read in any case.
    const x = Math.min(width - 1, Math.max(0, (this.#cursor ?? (step < 0 ? width : 0)) + (step * width) / 50));
    this.#point(x, this.#canvas.clientHeight / 2);
    this.#spoken.textContent = this.#marks.at(-1)?.innerText ?? "";
  }

  #clear() {
    for (const mark of this.#marks) mark.remove();
    this.#marks = [];
    this.#cursor = undefined;
  }
}

/** @param {HTMLElement} card @param {Figure} figure */
const showFigure = (card, figure) => {
  for (const name of /** @type {const} */ (["title", "subtitle", "note"])) part(card, name).textContent = figure[name];
  new Plot(part(card, "plot"), figure).draw();
};

/** @param {Cell | null} cell */
const tableCell = (cell) => {
  if (!cell) return element("td", {}, "–");
  const stars = element("span", { class: "stars" }, cell.stars);
  const error = element("small", {}, `(${number(cell.std_error, 3)})`, element("span", { class: "stars" }));
  return element("td", cell.stars ? { class: "significant" } : {}, number(cell.estimate, 3), stars, error);
};

/** @param {HTMLElement} card @param {Table} table */
const showTable = (card, table) => {
  const head = element("tr", {}, element("th", { scope: "col" }, "Term"));
  for (const { outcomes, base } of table.models) {
    for (const outcome of outcomes) {
      head.append(element("th", { scope: "col" }, outcome, element("small", {}, `against ${base}`)));
    }
  }
  const body = element("tbody");
  for (const { label, cells } of table.rows) {
    body.append(element("tr", {}, element("th", { scope: "row" }, label), ...cells.flat().map(tableCell)));
  }
  const statistics = element("tbody", { class: "statistics" });
  for (const [position, [label]] of (table.models[0]?.statistics ?? []).entries()) {
    const values = table.models.map(({ outcomes, statistics }) =>
      element("td", { colspan: String(outcomes.length) }, statistics[position]?.[1] ?? ""),
    );
    statistics.append(element("tr", {}, element("th", { scope: "row" }, label), ...values));
  }
  part(card, "title").textContent = table.title;
  part(card, "note").textContent = table.note;
  part(card, "table").replaceChildren(element("table", {}, element("thead", {}, head), body, statistics));
};

{
  const status = /** @type {HTMLElement} */ (document.querySelector("#status"));

  const show = async () => {
    await engine.loaded;
    status.textContent = "Fitting the model to the episodes…";
    const started = performance.now();
    const article = /** @type {Article} */ (await engine.call("article"));
    const took = Math.max(1, Math.round(performance.now() - started));
    for (const figure of article.figures) {
      const card = document.getElementById(`figure-${figure.number}`);
      if (card) showFigure(card, figure);
    }
    for (const table of article.tables) {
      const card = document.getElementById(`table-${table.number}`);
      if (card) showTable(card, table);
    }
    const [model] = Object.values(article.models);
    status.textContent = `Fitted to ${model?.n} episodes in your browser just now, in ${took} ms.`;
    status.dataset.state = "done";
  };

  show().then(shown, (error) => {
    status.textContent = error.message;
    status.dataset.state = "failed";
    failed(error);
  });
}
