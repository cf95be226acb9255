// @ts-check

/**
 * Figures in other people's pages: `<standfirm-figure figure="2" model="trade_share" theme="auto">`, and frames of
 * embed.html, which it makes as high as what is in them.
 *
 * All figures of a page share one engine, which loads when the first of them is scrolled near.
 */

import { STYLE } from "./build.js";
import { Card } from "./card.js";
import { element } from "./dom.js";
import { Engine } from "./engine.js";
import { keysOf } from "./keys.js";
import { folderOf } from "./loading.js";
import { State } from "./state.js";
import { PARTS, choice, embedCodes, showFigure } from "./study.js";

/**
 * @import { Page } from "./card.js"
 * @import { Article } from "./types.js"
 */

// The build makes a classic script of this.
const folder = folderOf(document.currentScript);
const engine = new Engine(folder);

/** What was asked for so far, by specification. @type {Map<string, Promise<Article>[]>} */
const articles = new Map();

/** The parts of the study as specified. @param {string} specification */
const articleOf = (specification) => {
  let parts = articles.get(specification);
  if (!parts) {
    parts = PARTS.map(([part]) => engine.call("article", specification, part));
    articles.set(specification, parts);
    // A failure is said where it is awaited, and asked again next time.
    for (const one of parts) one.catch(() => articles.delete(specification));
  }
  return parts;
};

/** Where a figure loads: on screen, a little below it, and anywhere above it, where a reader who jumped has left it. */
const NEAR = "1000000px 0px 800px";

const sheet = new CSSStyleSheet();
// What a page says of all its text comes in by inheritance, whatever the figure's own styles.
const APART = "text-transform: none; letter-spacing: normal; word-spacing: normal; text-align: start; text-indent: 0; " +
  "font-style: normal; font-variant: normal; white-space: normal; direction: ltr;";
sheet.replaceSync(`:host { display: block; container-type: inline-size; ${APART} } ${STYLE}`);

class StandfirmFigure extends HTMLElement {
  static observedAttributes = ["figure", "model", "specification", "theme"];

  /** @type {State | undefined} */
  #state;
  /** @type {Card | undefined} */
  #card;
  #citation = "";
  /** @type {string | undefined} */
  #asked;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.#build();
    // A busy page hears of several moments at once: that it was far, then that it is near.
    const near = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      this.#state?.subscribe(() => void this.#compute());
      this.#compute();
    }, { rootMargin: NEAR });
    near.observe(this);
  }

  attributeChangedCallback() {
    if (!this.shadowRoot) return;
    this.#build();
    this.#state?.subscribe(() => void this.#compute());
    this.#compute();
  }

  get #number() {
    const number = Number(this.getAttribute("figure") ?? 2);
    return [1, 2, 3, 4].includes(number) ? number : 2;
  }

  #build() {
    const number = this.#number;
    const id = `figure-${number}`;
    const state = new State(keysOf(id), new URL("index.html", folder).href);
    this.#state = state;
    this.#asked = undefined;
    const chosen = new URLSearchParams(this.getAttribute("specification") ?? "");
    const model = this.getAttribute("model");
    state.set({ ...Object.fromEntries(chosen), [`f${number}`]: model || undefined });
    const card = element(
      "figure", { class: "card", id, "aria-labelledby": `${id}-title` },
      element("p", { class: "number" }, `Figure ${number}`),
      element("div", { class: "bar", "data-part": "bar" }),
      element("h2", { id: `${id}-title`, "data-part": "title" }),
      element("p", { class: "subtitle", "data-part": "subtitle" }),
      element("div", { class: "controls", "data-part": "controls" }),
      element("div", { class: "plot", "data-part": "plot" }),
      element("figcaption", { "data-part": "note" }),
    );
    const ignored = element("p", { class: "ignored", role: "status" });
    card.append(ignored);
    state.subscribe(() => {
      const parts = state.ignored.join(", ");
      ignored.textContent = parts && `Parts of what this figure was asked for mean nothing and are ignored: ${parts}.`;
    });
    this.shadowRoot?.replaceChildren(card);
    const theme = this.getAttribute("theme") ?? "auto";
    if (theme !== "auto") card.dataset.theme = theme;
    if (!["auto", "light", "dark"].includes(theme)) state.ignore(`theme=${theme}`);
    const figure = this.getAttribute("figure");
    if (figure !== null && figure !== String(number)) state.ignore(`figure=${figure}`);
    /** @type {Page} */
    const page = {
      engine,
      state,
      theme: () => card.dataset.theme,
      citation: () => this.#citation,
      embeds: (id) => embedCodes(id, state, folder),
    };
    this.#card = new Card(card, page);
  }

  async #compute() {
    const [state, card] = [/** @type {State} */ (this.#state), /** @type {Card} */ (this.#card)];
    try {
      await engine.loaded;
    } catch (error) {
      return card.refuse(/** @type {Error} */ (error).message);
    }
    state.readBy((text) => engine.draw("read_specification", text));
    const specification = state.specification();
    if (state !== this.#state || specification === this.#asked) return;
    this.#asked = specification;
    card.busy = true;
    try {
      const methods = choice(await engine.call("choices"), "method");
      for (const [at, [part, numbers]] of PARTS.entries()) {
        const article = await articleOf(specification)[at];
        // An answer that came too late is not shown.
        if (this.#asked !== specification || state !== this.#state) return;
        this.#citation = article.citation;
        if (numbers.includes(this.#number)) showFigure(card, this.#number, article, part, methods);
      }
    } catch (error) {
      this.#asked = undefined;
      card.refuse(/** @type {Error} */ (error).message);
    } finally {
      if (state === this.#state) card.busy = false;
    }
  }
}

/** In CSS pixels: how high a frame may be made. */
const LOWEST = 120;
const HIGHEST = 4000;

/** Frames from this script's folder may say how high they are: only they, a whole number, within bounds. */
const resize = (/** @type {MessageEvent} */ { data, source, origin }) => {
  if (data?.standfirm !== "height" || !Number.isInteger(data.height)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    const from = frame.contentWindow === source && frame.src.startsWith(folder.href) && origin === folder.origin;
    if (from) frame.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, data.height))}px`;
  }
};

// The script may be on a page twice.
if (!customElements.get("standfirm-figure")) {
  customElements.define("standfirm-figure", StandfirmFigure);
  addEventListener("message", resize);
}
