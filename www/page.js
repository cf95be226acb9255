// @ts-check
"use strict";

/** The page: puts the article's figures and tables in their places, and keeps the figures crisp. */

/**
 * @typedef {{ number: number, version: string, version_label: string, title: string, subtitle: string, note: string,
 *   summary: string }} Figure
 * @typedef {{ estimate: number, std_error: number, p_value: number, stars: string }} Cell
 * @typedef {{ term: string, label: string, cells: (Cell | null)[][] }} Row
 * @typedef {{ key: string, label: string, outcomes: string[], base: string, statistics: [string, string][],
 *   notes: string[] }} Column
 * @typedef {{ number: number, title: string, note: string, models: Column[], rows: Row[] }} Table
 * @typedef {{ estimate: number, conf_low: number, conf_high: number }} Interval
 * @typedef {Interval & { outcome: string }} Prediction
 * @typedef {Interval & { hypothesis: string, model: string, contrast: string, p_value: number,
 *   as_expected: boolean }} Hypothesis
 * @typedef {{ key: string, claim: string, place: string, rule: string, verdict: string, holds: number,
 *   checks: { about: string, text: string, holds: boolean }[] }} Claim
 * @typedef {{ model: string, unknown: string[], as_it_was: Prediction[],
 *   swapped: { change: string, prediction: Prediction }[] }} CaseModel
 * @typedef {{ caseid: number, title: string, story: string, identified: string, facts: [string, string | number][],
 *   happened: string, models: CaseModel[] }} Case
 * @typedef {{ headline: string, labels: Record<string, string>, methods: [string, string][],
 *   figures: Figure[], tables: Table[],
 *   hypotheses: Hypothesis[], claims: Claim[], cases: Case[] }} Article
 * @typedef {{ from: [number, number], to: [number, number], at: string,
 *   entries: { label: string, role: string, dot: [number, number] | null, text: string }[] }} Reading
 */

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

/** @param {number} value */
const percent = (value) => `${number(100 * value, 0)}%`;

/**
 * A labelled choice; a single option is none.
 * @param {HTMLElement} place
 * @param {string} label
 * @param {[string, string][]} options value and words
 * @param {(value: string) => void} chosen
 */
const choice = (place, label, options, chosen) => {
  if (options.length < 2) return;
  const select = element("select", {}, ...options.map(([value, words]) => element("option", { value }, words)));
  select.addEventListener("change", () => chosen(select.value));
  place.append(element("label", {}, `${label} `, select));
};

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
  /** Where arrow keys go on from. @type {[number, number] | undefined} */
  #cursor;

  /** @param {HTMLElement} place @param {Figure} figure */
  constructor(place, figure) {
    this.#figure = figure;
    this.#place = place;
    this.#canvas = /** @type {HTMLCanvasElement} */ (place.querySelector("canvas"));
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("tabindex", "0");
    place.append(this.#spoken);
    this.show(figure);

    new ResizeObserver(() => this.draw()).observe(place);
    dark.addEventListener("change", () => this.draw());
    this.#watchRatio();
    for (const kind of /** @type {const} */ (["pointermove", "pointerdown"])) {
      this.#canvas.addEventListener(kind, (event) => this.#point(event.offsetX, event.offsetY));
    }
    this.#canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.#clear();
    });
    this.#canvas.addEventListener("blur", () => this.#clear());
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Figure} figure */
  show(figure) {
    this.#figure = figure;
    this.#canvas.setAttribute("aria-label", `${figure.title}. ${figure.summary} Arrow keys read out values.`);
    this.draw();
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
    const room = this.#place.clientWidth;
    const reading = /** @type {Reading | null} */ (engine.draw("read_figure", this.#figure, room, x, y));
    this.#clear();
    if (!reading) return;
    this.#cursor = [x, y];
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
    this.#marks.push(box);
    this.#place.append(...this.#marks);
    // Beside a vertical line on the side with room; below a horizontal one.
    const vertical = from[0] === to[0];
    const beside = x + 14 + box.offsetWidth > room ? x - 14 - box.offsetWidth : x + 14;
    box.style.left = `${Math.max(0, Math.min(beside, room - box.offsetWidth))}px`;
    box.style.top = `${vertical ? Math.max(0, from[1] - 28) : from[1] + 22}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") return this.#clear();
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
    this.#point(inside(x + (right * width) / 50, width), inside(y + down * 34, height));
    this.#spoken.textContent = this.#marks.at(-1)?.innerText ?? "";
  }

  #clear() {
    for (const mark of this.#marks) mark.remove();
    this.#marks = [];
    this.#cursor = undefined;
  }
}

/**
 * @param {HTMLElement} card
 * @param {Figure[]} versions
 * @param {[string, string][]} methods
 */
const showFigure = (card, versions, methods) => {
  const { number } = versions[0];
  let version = versions[0].version;
  const plot = new Plot(part(card, "plot"), versions[0]);
  const show = () => {
    const figure = versions.find((one) => one.version === version) ?? versions[0];
    for (const name of /** @type {const} */ (["title", "subtitle", "note"])) {
      part(card, name).textContent = figure[name];
    }
    plot.show(figure);
  };
  show();
  const options = versions.map((one) => /** @type {[string, string]} */ ([one.version, one.version_label]));
  choice(part(card, "controls"), "Measure of dependence", options, (value) => {
    version = value;
    show();
  });
  // Figure 1 counts; nothing in it is predicted.
  if (number === 1) return;
  let asked = "";
  choice(part(card, "controls"), "Predictions", methods, async (method) => {
    asked = method;
    card.setAttribute("aria-busy", "true");
    try {
      const figures = /** @type {Figure[]} */ (await engine.call("figures_by", method));
      // An answer that came too late is not shown.
      if (method !== asked) return;
      versions = figures.filter((figure) => figure.number === number);
      show();
    } catch (error) {
      part(card, "note").textContent = `Not computed: ${/** @type {Error} */ (error).message}`;
    } finally {
      if (method === asked) card.removeAttribute("aria-busy");
    }
  });
};

/** @param {Cell | null} cell @param {boolean} ratios */
const tableCell = (cell, ratios) => {
  if (!cell) return element("td", {}, "–");
  // JSON has no infinity: an estimate that runs there arrives as none.
  if (!Number.isFinite(cell.estimate)) return element("td", { class: "infinite" }, "no finite estimate");
  const estimate = ratios ? Math.exp(cell.estimate) : cell.estimate;
  // The delta method: the error of exp(b) is exp(b) times that of b.
  const error = ratios ? estimate * cell.std_error : cell.std_error;
  const stars = element("span", { class: "stars" }, cell.stars);
  const below = element("small", {}, `(${number(error, 3)})`, element("span", { class: "stars" }));
  return element("td", cell.stars ? { class: "significant" } : {}, number(estimate, 3), stars, below);
};

/**
 * @param {Table} table
 * @param {number[]} shown positions of the models
 * @param {boolean} ratios
 */
const tableElement = (table, shown, ratios) => {
  const models = shown.map((position) => table.models[position]);
  const names = element("tr", {}, element("td"));
  const outcomes = element("tr", {}, element("th", { scope: "col" }, "Term"));
  for (const model of models) {
    const span = { colspan: String(model.outcomes.length), scope: "colgroup" };
    names.append(element("th", span, model.label));
    for (const outcome of model.outcomes) {
      outcomes.append(element("th", { scope: "col" }, outcome, element("small", {}, `against ${model.base}`)));
    }
  }
  const body = element("tbody");
  for (const { label, cells } of table.rows) {
    const values = shown.flatMap((position) => cells[position].map((cell) => tableCell(cell, ratios)));
    body.append(element("tr", {}, element("th", { scope: "row" }, label), ...values));
  }
  const statistics = element("tbody", { class: "statistics" });
  for (const [position, [label]] of models[0].statistics.entries()) {
    const values = models.map((model) =>
      element("td", { colspan: String(model.outcomes.length) }, model.statistics[position]?.[1] ?? ""),
    );
    statistics.append(element("tr", {}, element("th", { scope: "row" }, label), ...values));
  }
  return element("table", {}, element("thead", {}, names, outcomes), body, statistics);
};

/** @param {HTMLElement} card @param {Table} table */
const showTable = (card, table) => {
  const all = table.models.map((_, position) => position);
  let shown = [0];
  let ratios = false;
  const draw = () => {
    part(card, "table").replaceChildren(tableElement(table, shown, ratios));
    const kind = ratios
      ? "Relative risk ratios against the base outcome, delta-method standard errors in parentheses. "
      : "Coefficients are log relative risk ratios against the base outcome, standard errors in parentheses. ";
    part(card, "note").textContent = [kind + table.note, ...shown.flatMap((at) => table.models[at].notes)].join(" ");
  };
  part(card, "title").textContent = table.title;
  const options = table.models.map(({ label }, at) => /** @type {[string, string]} */ ([String(at), label]));
  choice(part(card, "controls"), "Model", [...options, ["all", "All models"]], (value) => {
    shown = value === "all" ? all : [Number(value)];
    draw();
  });
  const box = element("input", { type: "checkbox" });
  box.addEventListener("change", () => {
    ratios = box.checked;
    draw();
  });
  part(card, "controls").append(element("label", {}, box, " relative risk ratios"));
  draw();
};

/** @param {Interval} interval */
const points = ({ estimate, conf_low, conf_high }) => {
  const sign = estimate > 0 ? "+" : "";
  return `${sign}${number(100 * estimate, 1)} (${number(100 * conf_low, 1)} to ${number(100 * conf_high, 1)})`;
};

/** @param {boolean} holds @param {string} yes @param {string} no */
const mark = (holds, yes, no) => element("span", { class: holds ? "mark yes" : "mark no" }, holds ? yes : no);

/** @param {HTMLElement} card @param {Article} article */
const showHypotheses = (card, { hypotheses, labels }) => {
  const cells = (/** @type {Hypothesis | undefined} */ one) =>
    one
      ? [element("td", {}, points(one), element("small", {}, `p = ${number(one.p_value, 3)}`)),
         element("td", {}, mark(one.as_expected, "as expected", "not so"))]
      : [element("td"), element("td")];
  const head = element(
    "tr", {},
    element("th", { scope: "col" }, "Model and contrast"),
    element("th", { scope: "col", colspan: "2" }, "No trade", element("small", {}, "H1a: no difference")),
    element("th", { scope: "col", colspan: "2" }, "High dependence", element("small", {}, "H1b: others more often")),
  );
  const body = element("tbody");
  for (const first of hypotheses.filter(({ hypothesis }) => hypothesis === "H1a")) {
    const second = hypotheses.find(
      ({ hypothesis, model, contrast }) =>
        hypothesis === "H1b" && model === first.model && contrast === first.contrast,
    );
    const name = element("th", { scope: "row" }, labels[first.contrast] ?? first.contrast);
    name.append(element("small", {}, labels[first.model] ?? first.model));
    body.append(element("tr", {}, name, ...cells(first), ...cells(second)));
  }
  part(card, "table").replaceChildren(element("table", {}, element("thead", {}, head), body));
};

/** @param {HTMLElement} place @param {Article} article */
const showCases = (place, { cases, labels }) => {
  for (const one of cases) {
    const rows = one.models.map(({ model, unknown, as_it_was, swapped }) => {
      const probability = (/** @type {Prediction} */ { estimate, conf_low, conf_high }) =>
        element("td", {}, percent(estimate), element("small", {}, `${percent(conf_low)} to ${percent(conf_high)}`));
      const name = element("th", { scope: "row" }, labels[model] ?? model);
      if (unknown.length) {
        const words = unknown.map((variable) => labels[variable] ?? variable).join(", ");
        name.append(element("small", {}, `unknown, averaged over: ${words}`));
      }
      const changes = swapped.map(({ change, prediction }) => `${change}: ${percent(prediction.estimate)}`);
      return element(
        "tr", {}, name, ...as_it_was.map(probability),
        element("td", { class: "words" }, changes.join("; ")),
      );
    });
    const outcomes = one.models[0]?.as_it_was.map(({ outcome }) => element("th", { scope: "col" }, outcome)) ?? [];
    const head = element(
      "tr", {}, element("th", { scope: "col" }, "Model"), ...outcomes,
      element("th", { scope: "col", class: "words" }, "Concession, had it been otherwise"),
    );
    const facts = one.facts.map(([name, value]) => {
      const words = typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
      return element("li", {}, element("b", {}, labels[name] ?? name), ` ${words}`);
    });
    const title = `case-${one.caseid}`;
    place.append(
      element(
        "article", { class: "card", "aria-labelledby": title },
        element("h3", { id: title }, one.title),
        element("p", { class: "story" }, one.story),
        element("p", { class: "happened" }, "What happened: ", element("b", {}, one.happened)),
        element("details", {}, element("summary", {}, "How it was found, and what the data have of it"),
          element("p", {}, one.identified), element("ul", { class: "facts" }, ...facts)),
        element(
          "div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": title },
          element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)),
        ),
      ),
    );
  }
};

const VERDICTS = /** @type {Record<string, string>} */ ({
  reproduced: "reproduced",
  partly: "partly reproduced",
  not_reproduced: "not reproduced",
  not_judged: "not judged",
});

/** @param {HTMLElement} place @param {Article} article */
const showLedger = (place, { claims, labels }) => {
  const count = (/** @type {string} */ verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const tally = Object.entries(VERDICTS).map(([verdict, words]) =>
    element("span", { class: `verdict ${verdict}` }, `${count(verdict)} ${words}`),
  );
  place.append(element("p", { class: "tally" }, ...tally));
  for (const { key, claim, place: where, rule, verdict, holds, checks } of claims) {
    const lines = checks.map(({ about, text, holds }) => {
      const [model, ...rest] = about.split(", ");
      const words = [labels[model] ?? model, ...rest.map((one) => labels[one] ?? one)].join(", ");
      return element("li", {}, mark(holds, "holds", "does not"), element("b", {}, words), ` ${text}`);
    });
    place.append(
      element(
        "details", { class: "claim", id: `claim-${key}` },
        element(
          "summary", {},
          element("span", { class: `verdict ${verdict}` }, VERDICTS[verdict]),
          element("span", { class: "words" }, claim),
          element("small", {}, `${where} · ${holds} of ${checks.length} checks hold`),
        ),
        element("p", {}, element("b", {}, "Rule: "), rule),
        element("ul", {}, ...lines),
      ),
    );
  }
};

{
  const status = /** @type {HTMLElement} */ (document.querySelector("#status"));
  const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

  const show = async () => {
    await engine.loaded;
    status.textContent = "Fitting the models to the episodes…";
    const { startTime: started } = performance.mark("standfirm-asked");
    const article = /** @type {Article} */ (await engine.call("article", "", true));
    const took = Math.max(1, Math.round(performance.now() - started));
    for (const number of new Set(article.figures.map((figure) => figure.number))) {
      const versions = article.figures.filter((figure) => figure.number === number);
      showFigure(place(`figure-${number}`), versions, article.methods);
    }
    for (const table of article.tables) showTable(place(`table-${table.number}`), table);
    showHypotheses(place("hypotheses"), article);
    showCases(place("cases"), article);
    showLedger(place("ledger"), article);
    const models = article.tables.flatMap((table) => table.models).length;
    status.textContent = `${models} models fitted in your browser just now, in ${took} ms.`;
    status.dataset.state = "done";
    performance.mark("standfirm-shown");
  };

  show().then(shown, (error) => {
    status.textContent = error.message;
    status.dataset.state = "failed";
    failed(error);
  });
}
