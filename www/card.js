// @ts-check

/** A figure or a table with its tabs: Chart, Table, About, Download, Share. */

import { element, part } from "./dom.js";
import { keyOf } from "./keys.js";
import { notesOf } from "./notes.js";
import { Plot } from "./plot.js";
import { gridTable } from "./table.js";
import { copier, save } from "./taking.js";

/**
 * @import { Engine } from "./engine.js"
 * @import { Places } from "./plot.js"
 * @import { State } from "./state.js"
 * @import { Figure, Grid } from "./types.js"
 *
 * What a card shows. `figure` is drawn by Rust; `grid` is a table, which a figure makes of its own numbers. `csv` makes
 * another file than the table's, `places` are what is in a figure of many, `sentences` goes below the chart. All of it is of
 * one `specification`, which is credited where a part is taken away.
 * @typedef {{ title: string, subtitle?: string, note?: string, figure?: Figure, grid?: Grid, sentences?: string[],
 *   csv?: () => string, places?: Places, about: [string, string][], name: string, specification: string }} Content
 *
 * What a card says in place of that, on every tab: why there is nothing to show. It has no numbers, and nothing to take
 * away. Where the words of the markup hold, as they are the study's, they stay (`given`).
 * @typedef {{ refused: string, title?: string, given?: boolean }} Refused
 *
 * A choice above the chart or table, kept in the state under its key; `options` are values and words, and the first
 * is the default. A choice of two where the first has no words is a box to tick; a few short ones are a row of buttons.
 * @typedef {{ key: string, label: string, options: readonly (readonly [string, string])[] }} Control
 *
 * What the cards of a page share. `citation` is what is said of the whole when a part of it is taken away, `embeds` what to
 * copy to have a card elsewhere: labels with code.
 * @typedef {{ engine: Engine, state: State, citation: () => string, theme: () => string | undefined,
 *   embeds: (id: string) => [string, string][] }} Page
 */

const TABS = /** @type {const} */ ({
  chart: "Chart",
  table: "Table",
  about: "About",
  download: "Download",
  share: "Share",
});

/** Endings, names and types of the files that a card offers. */
const FILES = /** @type {const} */ ({
  png: ["PNG", "a picture, at twice the size of the screen’s", "image/png"],
  svg: ["SVG", "a drawing that can be scaled and edited", "image/svg+xml"],
  csv: ["CSV", "every number with every digit", "text/csv"],
  html: ["HTML", "a table for a web page or a word processor", "text/html"],
  tex: ["LaTeX", "a table that uses the package booktabs", "application/x-tex"],
  md: ["Markdown", "a pipe table", "text/markdown"],
});

/** Parts of a card with words. */
const WORDS = /** @type {const} */ (["title", "subtitle", "note"]);

/** So many choices with so many letters in all are a row of buttons, more are a list. */
const ROW = { choices: 5, letters: 48 };

/** Width of a picture to keep, in CSS pixels. */
const PICTURE = 900;

/** A text with its addresses as links. @param {string} text */
const linked = (text) =>
  text.split(/(https?:\/\/\S+)/).map((part, at) => (at % 2 ? element("a", { href: part }, part) : part));

/**
 * A figure or a table, with what can be asked of it. What it shows follows from what it was told last (`show`) and the
 * state, and from nothing else: not from what it showed before.
 */
export class Card {
  #place;
  #page;
  #state;
  #engine;
  #key;
  /** @type {Plot | undefined} */
  #plot;
  /** @type {Content | Refused | undefined} */
  #content;
  #reason = element("p", { class: "reason" });
  /** The words that were in the markup. @type {Record<string, string>} */
  #given;
  /** @type {Control[]} */
  #controls = [];
  /** @type {((values: Record<string, string>) => Content | Refused | undefined) | undefined} */
  #make;
  #shown = "";
  #status = element("p", { class: "unseen", role: "status" });
  /** @type {Record<string, { tab: HTMLButtonElement, panel: HTMLElement }>} */
  #tabs = {};
  /** What brings the control of a key in line with a value. @type {Map<string, (value: string) => void>} */
  #inputs = new Map();

  /**
   * @param {HTMLElement} place the card's element, with an id of its own and parts called title, subtitle, plot or
   *   table, note: what is in them until there is something to show stays
   * @param {Page} page
   */
  constructor(place, page) {
    this.#place = place;
    this.#page = page;
    this.#state = page.state;
    this.#engine = page.engine;
    this.#key = keyOf(place.id);
    this.#given = Object.fromEntries(WORDS.map((name) => [name, part(place, name)?.textContent ?? ""]));
    this.#build();
    this.#state.subscribe(() => this.#update());
  }

  /**
   * Says what the card shows, which may be called again when there is something else.
   * @param {Control[]} controls
   * @param {(values: Record<string, string>) => Content | Refused | undefined} make what the card shows for values of its
   *   controls; nothing where it is still awaited
   */
  show(controls, make) {
    this.#make = make;
    if (JSON.stringify(controls) !== JSON.stringify(this.#controls)) {
      this.#controls = controls;
      this.#buildControls();
    }
    this.#shown = "";
    this.#update();
  }

  /** In place of what cannot be shown. @param {string} words @param {Control[]} [controls] */
  refuse(words, controls = []) {
    this.show(controls, () => ({ refused: words }));
  }

  /** Whether something is computed for it. @param {boolean} busy */
  set busy(busy) {
    this.#place.setAttribute("aria-busy", String(busy));
  }

  get busy() {
    return this.#place.getAttribute("aria-busy") === "true";
  }

  #build() {
    const { id } = this.#place;
    const plot = part(this.#place, "plot");
    const list = element("div", { class: "tabs", role: "tablist", "aria-label": "What to see of it" });
    const names = /** @type {(keyof typeof TABS)[]} */ (Object.keys(TABS)).filter((name) => plot || name !== "chart");
    const panels = names.map((name) => {
      const tab = element("button", {
        type: "button", role: "tab", id: `${id}-${name}-tab`, "aria-controls": `${id}-${name}`,
      }, TABS[name]);
      const panel = element("div", {
        class: `panel ${name}`, role: "tabpanel", id: `${id}-${name}`, "aria-labelledby": `${id}-${name}-tab`,
      });
      panel.hidden = name !== names[0];
      tab.addEventListener("click", () => this.#state.set({ [`${this.#key}.tab`]: name === names[0] ? undefined : name }));
      this.#tabs[name] = { tab, panel };
      return panel;
    });
    list.append(...names.map((name) => this.#tabs[name].tab));
    list.addEventListener("keydown", (event) => {
      const at = names.findIndex((name) => this.#tabs[name].tab === event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const { tab } = this.#tabs[names[(to + names.length) % names.length]];
      tab.click();
      tab.focus();
    });
    part(this.#place, "bar").replaceChildren(list);
    const main = plot ?? part(this.#place, "table");
    main.before(...panels);
    this.#tabs[names[0]].panel.append(main);
    this.#place.append(this.#status);
    // On paper there is the figure or the table, whatever tab is open.
    addEventListener("beforeprint", () => {
      if (this.#content && !("refused" in this.#content)) this.#fill(names[0]);
    });
    if (plot) this.#plot = new Plot(plot, this.#engine, this.#page.theme);
  }

  #buildControls() {
    this.#inputs.clear();
    const made = this.#controls.filter(({ options }) => options.length > 1).map((control) => this.#control(control));
    part(this.#place, "controls").replaceChildren(...made);
  }

  /** @param {Control} control */
  #control({ key, label, options }) {
    const set = (/** @type {string} */ value) => {
      this.#state.set({ [key]: value === options[0][0] ? undefined : value });
      this.#status.textContent = part(this.#place, "title").textContent;
    };
    if (options.length === 2 && !options[0][1]) {
      const input = element("input", { type: "checkbox" });
      input.addEventListener("change", () => set(options[Number(input.checked)][0]));
      this.#inputs.set(key, (value) => (input.checked = value !== options[0][0]));
      return element("label", { "data-key": key }, input, label);
    }
    const letters = options.reduce((sum, [, words]) => sum + words.length, 0);
    if (options.length <= ROW.choices && letters <= ROW.letters) return this.#row(key, label, options, set);
    const input = element("select", {}, ...options.map(([value, words]) => element("option", { value }, words)));
    input.addEventListener("change", () => set(input.value));
    this.#inputs.set(key, (value) => (input.value = value));
    return element("label", { "data-key": key }, element("span", {}, label), input);
  }

  /** @param {string} key @param {string} label @param {Control["options"]} options @param {(value: string) => void} set */
  #row(key, label, options, set) {
    const name = `${this.#place.id}-${key}`;
    const inputs = options.map(([value]) => element("input", { type: "radio", name, value }));
    for (const input of inputs) input.addEventListener("change", () => set(input.value));
    this.#inputs.set(key, (value) => {
      for (const input of inputs) input.checked = input.value === value;
    });
    const buttons = inputs.map((input, at) => element("label", {}, input, element("span", {}, options[at][1])));
    return element(
      "div", { role: "radiogroup", "aria-label": label, "data-key": key },
      label, element("div", { class: "row" }, ...buttons),
    );
  }

  #update() {
    const values = /** @type {Record<string, string>} */ ({});
    for (const { key, options } of this.#controls) {
      const value = this.#state.choose(key, options.map(([value]) => value), options[0]?.[0]);
      values[key] = value;
      this.#inputs.get(key)?.(value);
    }
    const names = Object.keys(this.#tabs);
    const tab = this.#state.choose(`${this.#key}.tab`, names, names[0]);
    const shown = JSON.stringify([values, tab]);
    if (shown === this.#shown) {
      // The address may have changed all the same.
      if (tab === "share" && this.#content) this.#fill(tab);
      return;
    }
    this.#shown = shown;
    for (const [name, { tab: button, panel }] of Object.entries(this.#tabs)) {
      button.setAttribute("aria-selected", String(name === tab));
      button.tabIndex = name === tab ? 0 : -1;
      panel.hidden = name !== tab;
    }
    if (!this.#make) return;
    const content = this.#make(values);
    this.busy = !content;
    if (!content) return;
    this.#content = content;
    const refused = "refused" in content;
    this.#place.classList.toggle("refused", refused && !content.given);
    const words = refused ? this.#wordsOf(content) : content;
    for (const name of WORDS) {
      const place = part(this.#place, name);
      if (place) place.textContent = words[name] ?? "";
    }
    const asides = refused ? [] : (content.figure?.asides ?? []);
    if (!refused || !content.given) part(this.#place, "asides")?.replaceChildren(...notesOf(asides));
    const sentences = refused ? [] : (content.sentences ?? []);
    part(this.#place, "sentences")?.replaceChildren(...sentences.map((words) => element("p", {}, words)));
    this.#fill(tab);
  }

  /** @param {Refused} refused @returns {{ title?: string, subtitle?: string, note?: string }} */
  #wordsOf({ title = "Not estimated", given }) {
    return given ? this.#given : { title };
  }

  /** Every tab says why there is nothing in it. @param {Refused} refused @param {HTMLElement} panel */
  #fillRefused({ refused, title, given }, panel) {
    this.#plot?.clear(given);
    for (const { panel } of Object.values(this.#tabs)) panel.replaceChildren(...panel.querySelectorAll(".plot"));
    this.#reason.textContent = refused;
    // What has a title of its own is only awaited.
    this.#reason.classList.toggle("waits", title !== undefined);
    if (!given) panel.append(this.#reason);
  }

  /** @param {string} tab */
  #fill(tab) {
    const content = /** @type {Content | Refused} */ (this.#content);
    const { panel } = this.#tabs[tab];
    if ("refused" in content) return this.#fillRefused(content, panel);
    this.#reason.remove();
    if (tab === "chart") {
      if (content.figure) this.#plot?.show(content.figure, this.#grid(), content.places);
    } else if (tab === "table") {
      const place = part(panel, "table") ?? element("div", { class: "scroll", "data-part": "table" });
      const title = part(this.#place, "title").id;
      for (const [name, value] of [["role", "region"], ["tabindex", "0"], ["aria-labelledby", title]]) {
        place.setAttribute(name, value);
      }
      place.replaceChildren(gridTable(this.#grid()));
      panel.append(place);
    } else if (tab === "about") {
      const choices = this.#choices() || "Those of the study.";
      const pairs = [...content.about, ["Choices", choices]].map(([term, text]) =>
        element("div", {}, element("dt", {}, term), element("dd", {}, ...linked(text))),
      );
      panel.replaceChildren(element("dl", {}, ...pairs));
    } else if (tab === "download") {
      const kinds = /** @type {(keyof typeof FILES)[]} */ (
        [...(content.figure ? ["png", "svg"] : []), "csv", ...(content.grid ? ["html", "tex", "md"] : [])]
      );
      const items = kinds.map((kind) => {
        const [label, words] = FILES[kind];
        const button = element("button", { type: "button" }, label);
        button.addEventListener("click", () => this.#download(kind));
        return element("li", {}, button, ` ${words}`);
      });
      panel.replaceChildren(element("ul", {}, ...items));
    } else {
      const codes = [["A link to exactly this", this.#state.linkTo(this.#place.id)]];
      codes.push(...this.#page.embeds(this.#place.id));
      panel.replaceChildren(...codes.map(([label, code]) => this.#copyable(label, code)));
    }
  }

  #grid() {
    const content = /** @type {Content} */ (this.#content);
    return content.grid ?? this.#engine.draw("figure_grid", content.figure);
  }

  /** What was chosen otherwise than in the study, in words. */
  #choices() {
    const { specification } = /** @type {Content} */ (this.#content);
    return specification && this.#engine.draw("read_specification", specification).words;
  }

  /** @param {string} label @param {string} code */
  #copyable(label, code) {
    const field = element("textarea", { readonly: "", rows: String(Math.ceil(code.length / 90)), spellcheck: "false" }, code);
    field.addEventListener("focus", () => field.select());
    const button = copier(() => code, () => field.focus());
    button.addEventListener("click", () => (this.#status.textContent = "Copied."));
    return element("div", { class: "copyable" }, element("label", {}, element("span", {}, label), field), button);
  }

  /** @param {keyof typeof FILES} kind */
  async #download(kind) {
    const content = /** @type {Content} */ (this.#content);
    const day = new Date().toISOString().slice(0, 10);
    const name = `standfirm-${content.name}-${day}.${kind}`;
    const from = `From ${this.#state.address(this.#place.id)} on ${day}.`;
    const credit = [this.#page.citation(), this.#choices(), from].filter(Boolean).join(" ");
    /** @type {BlobPart | null} */
    let data;
    if (kind === "png") {
      const canvas = element("canvas");
      this.#engine.draw("draw_picture", canvas, content.figure, PICTURE, 2, false, credit);
      data = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    } else if (kind === "svg") {
      data = this.#engine.draw("figure_svg", content.figure, PICTURE, false, credit);
    } else {
      data = kind === "csv" && content.csv ? content.csv() : this.#engine.draw("write_grid", this.#grid(), kind, credit);
    }
    if (!data) return;
    save(name, FILES[kind][2], data);
    this.#status.textContent = `Saved ${name}.`;
  }
}
