// @ts-check

/**
 * A threat of the reader's own: any episode, or two states and a year, with what a model makes of it as it was and as
 * the reader changes it.
 */

import { accepted, element, fact, number, part } from "./dom.js";
import { modelsOf, refusalOf } from "./study.js";

/**
 * @import { Card, Control, Page } from "./card.js"
 * @import { Article, Country, Dial, ThreatExhibit, Threats } from "./types.js"
 */

const UNKNOWN = "not known: averaged";

/** The first of the study's cases. */
const FIRST = "1987080701";

/** What was found of what was typed. @param {string} typed @param {string[]} names */
const foundWords = (typed, names) => {
  if (!typed.trim()) return "";
  if (!names.length) return `No episode is called “${typed}”.`;
  if (names.length === 1) return "";
  return `${names.length} episodes are called so; shown is ${names[0]}. Type more of its name to choose another.`;
};

export class ThreatExplorer {
  #place;
  #engine;
  #state;
  #card;
  /** The models as they were fitted last. @type {Article | undefined} */
  #article;
  #asked = "";
  #running = false;
  /** The dials that are shown, by what decides which there are. */
  #built = "";
  /** @type {Map<string, (dial: Dial) => void>} */
  #updates = new Map();

  /** @param {HTMLElement} place @param {Page} page @param {Card} card @param {Threats} threats */
  constructor(place, { engine, state }, card, threats) {
    this.#place = place;
    this.#engine = engine;
    this.#state = state;
    this.#card = card;
    this.#choose(threats);
    state.subscribe(() => void this.#ask());
  }

  /** What there is to ask: to be called whenever models were fitted anew. Resolves when it is shown. @param {Article} article */
  follow(article) {
    this.#article = article;
    this.#asked = "";
    return this.#ask();
  }

  /** A value of the state that may be any text. @param {string} key @param {string} otherwise */
  #text(key, otherwise) {
    const value = this.#state.get(key) ?? otherwise;
    return this.#state.choose(key, [value], otherwise);
  }

  /** @param {Threats} threats */
  #choose({ episodes, senders, targets, years }) {
    const list = element("datalist", { id: "threat-episodes" });
    const names = new Map(episodes.map(({ caseid, title, detail }) => [`${title} (${detail}) ${caseid}`, String(caseid)]));
    for (const name of names.keys()) list.append(element("option", { value: name }));
    const search = element("input", { type: "search", list: list.id, placeholder: `one of ${episodes.length} episodes` });
    const status = element("small", { role: "status" });
    const find = () => {
      const typed = search.value.trim().toLowerCase();
      const alike = typed ? [...names].filter(([name]) => name.toLowerCase().includes(typed)) : [];
      status.textContent = foundWords(search.value, alike.map(([name]) => name));
      if (alike.length) this.#go(alike[0][1]);
    };
    search.addEventListener("change", find);
    // Where there are suggestions not every engine takes Enter for a change.
    search.addEventListener("keydown", ({ key }) => key === "Enter" && find());
    const pick = (/** @type {Country[]} */ states, /** @type {string} */ words) =>
      element("select", { "aria-label": words }, ...states.map(({ code, name }) => element("option", { value: String(code) }, name)));
    const [sender, target] = [pick(senders, "Sender"), pick(targets, "Target")];
    const year = element("input", {
      type: "number", min: String(years[0]), max: String(years[1]), value: "1990", required: "",
      "aria-label": "Year",
    });
    const made = element("button", { type: "button" }, "Put it to the model");
    made.addEventListener("click", () => {
      const itself = sender.value === target.value;
      status.textContent = itself ? "A state does not threaten itself: choose another sender or target." : "";
      if (!itself && accepted(year)) this.#go(`${sender.value}-${target.value}-${Number(year.value)}`);
    });
    sender.value = "2";
    const shown = () => {
      const [, from, to, when] = /^(\d+)-(\d+)-(\d+)$/.exec(this.#state.get("threat") ?? "") ?? [];
      if (when) [sender.value, target.value, year.value] = [from, to, when];
    };
    this.#state.subscribe(shown);
    shown();
    part(this.#place, "choose").replaceChildren(
      element("label", {}, element("span", {}, "Find an episode"), search, list, status),
      element("div", { class: "made" }, element("span", {}, "or make one: sender, target and year"), sender, target, year, made),
    );
  }

  /** @param {string} threat */
  #go(threat) {
    this.#state.set({ threat: threat === FIRST ? undefined : threat, "threat.set": undefined });
  }

  /** Asks for what the state says; while an answer is awaited only the last question waits. */
  async #ask() {
    const article = this.#article;
    const specification = this.#state.specification();
    // Else other models are on their way.
    if (this.#running || article?.specification.canonical !== specification) return;
    /** @type {Control} */
    const control = { key: "threat.model", label: "Model", options: modelsOf(article) };
    const keys = control.options.map(([key]) => key);
    const model = this.#state.choose(control.key, keys, keys[0]);
    const refused = refusalOf(model, article);
    if (refused) return this.#refuse(refused, control);
    const question = [specification, model, this.#text("threat", FIRST), this.#text("threat.set", "")];
    const asked = JSON.stringify(question);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#running = true;
    try {
      this.#show(await this.#engine.call("threat", ...question), control, article);
    } catch (error) {
      this.#refuse(/** @type {Error} */ (error).message, control);
      this.#asked = asked;
    } finally {
      this.#running = false;
    }
    void this.#ask();
  }

  /** @param {string} words @param {Control} control */
  #refuse(words, control) {
    this.#card.refuse(words, [control]);
    this.#asked = "";
    this.#built = "";
    for (const name of ["dials", "happened", "warnings", "alike", "facts"]) part(this.#place, name).replaceChildren();
  }

  /** @param {ThreatExhibit} report @param {Control} control @param {Article} article */
  #show(report, control, { labels, specification }) {
    const { figure } = report;
    this.#card.show([control], () => ({
      ...figure, figure, name: `threat-${report.threat}`, specification: specification.canonical,
    }));
    for (const part of report.ignored) this.#state.ignore(part);
    const built = JSON.stringify(report.dials.map(({ name, levels, range }) => [name, levels, range]));
    if (built !== this.#built) {
      this.#built = built;
      this.#updates.clear();
      part(this.#place, "dials").replaceChildren(...report.dials.map((dial) => this.#dial(dial)));
    }
    for (const dial of report.dials) this.#updates.get(dial.name)?.(dial);
    part(this.#place, "happened").textContent = report.happened
      ? `What happened: ${report.happened}.`
      : "How it ended is not known: no such episode is in the data, or its outcome is missing.";
    part(this.#place, "warnings").replaceChildren(...report.warnings.map((words) => element("li", {}, words)));
    part(this.#place, "alike").textContent = report.alike_words;
    const facts = report.facts.map(([name, value]) => {
      return element("li", {}, element("b", {}, labels[name] ?? name), ` ${fact(value)}`);
    });
    part(this.#place, "facts").replaceChildren(...facts);
  }

  /** @param {string} name @param {string | undefined} value @param {boolean} [replace] */
  #set(name, value, replace) {
    const changes = new Map(
      this.#text("threat.set", "").split(",").filter(Boolean).map((one) => /** @type {[string, string]} */ (one.split(":", 2))),
    );
    if (value === undefined) changes.delete(name);
    else changes.set(name, value);
    const text = [...changes].map((pair) => pair.join(":")).join(",");
    this.#state.set({ "threat.set": text || undefined }, { replace });
  }

  /** @param {Dial} first */
  #dial(first) {
    const { name, label, help, kind, range, levels } = first;
    const words = (/** @type {string | number} */ value) => {
      if (kind === "share") return `${number(100 * Number(value), 1)}%`;
      if (kind === "yes") return Number(value) ? "yes" : "no";
      if (kind === "level") return levels.find(([level]) => level === value)?.[1] ?? String(value);
      return number(Number(value), 2);
    };
    const slider = kind === "share" || kind === "number";
    const unknown = element("option", { value: "" }, UNKNOWN);
    const options = kind === "yes" ? [["0", "no"], ["1", "yes"]] : levels;
    const input = slider
      ? element("input", { type: "range", min: String(range[0]), max: String(range[1]), step: "any" })
      : element("select", {}, unknown, ...options.map(([value, words]) => element("option", { value }, words)));
    const shown = element("output");
    const back = element("button", { type: "button", class: "back", "aria-label": `${label}: as it was` }, "as it was");
    back.addEventListener("click", () => this.#set(name, undefined));
    const digits = (/** @type {string} */ value) => (slider ? String(Number(Number(value).toPrecision(4))) : value);
    input.addEventListener("input", () => this.#set(name, input.value ? digits(input.value) : undefined, true));
    const made = element(
      "div", { class: "choice", title: help },
      element("label", {}, element("span", {}, label, " ", shown), input), back,
    );
    this.#updates.set(name, ({ then, changed }) => {
      const value = changed ?? then?.value;
      // A slider that is being moved knows best where it is.
      if (document.activeElement !== input || !slider) input.value = value === undefined ? (slider ? String(range[0]) : "") : String(value);
      const year = then?.of ? ` (of ${then.of})` : "";
      const before = then ? words(then.value) + year : UNKNOWN;
      // A list says itself what is chosen in it.
      const now = slider || (changed === null && year) ? before : "";
      shown.textContent = changed === null ? now : `${slider ? `${words(changed)}, ` : ""}was ${before}`;
      made.classList.toggle("changed", changed !== null);
      back.hidden = changed === null;
    });
    return made;
  }
}
