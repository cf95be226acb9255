// @ts-check

/** The page: the state, the cards and the article, put together; `window.standfirm`. */

import { ArticleView } from "./article.js";
import { Card } from "./card.js";
import { place } from "./dom.js";
import { Engine } from "./engine.js";
import { offerFiles } from "./files.js";
import { PAGE_KEYS, keysOf } from "./keys.js";
import { folderOf } from "./loading.js";
import { JointTest } from "./joint.js";
import { MultiverseExplorer } from "./multiverse.js";
import { openNotes } from "./notes.js";
import { keepOffline } from "./offline.js";
import { showPlaces } from "./places.js";
import { sourceLine } from "./source.js";
import { State } from "./state.js";
import { embedCodes } from "./study.js";

/**
 * @import { Page } from "./card.js"
 *
 * What others may use, tests and notebooks among them.
 * @typedef {object} Standfirm
 * @property {Promise<void>} ready Resolves when the page shows its first result; rejects if it cannot.
 * @property {string} specification What is shown, as an address has it; empty for the study's own choices.
 * @property {(specification?: string) => Promise<object>} replicate What `standfirm replicate --json --spec …` prints: the
 *   study's results where nothing is specified, those of what is shown with `replicate(standfirm.specification)`. Results
 *   that are not the study's say which they are, under `specification`.
 */

// The build makes a classic script of this.
const folder = folderOf(document.currentScript);
const engine = new Engine(folder);
const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".card[id]")]);
const state = new State([...PAGE_KEYS, ...places.flatMap(({ id }) => keysOf(id))]);
/** @type {Page} */
const page = {
  engine,
  state,
  theme: () => document.documentElement.dataset.theme,
  citation: () => article.citation,
  embeds: (id) => embedCodes(id, state, folder),
};
/** @type {Map<string, Card>} */
const cards = new Map(places.map((one) => [one.id, new Card(one, page)]));

/** What the state says of the page as a whole: its theme, and what of a link was ignored. */
const follow = () => {
  const chosen = state.choose("theme", ["auto", "light", "dark"], "auto");
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  const { ignored } = state;
  place("ignored").textContent = ignored.length
    ? `This link has parts that mean nothing here and were ignored: ${ignored.join(", ")}.`
    : "";
};
state.subscribe(follow);
follow();

// In a frame there is one figure, and the page around it is told how high that is.
const embedded = "embed" in document.documentElement.dataset;
if (embedded) {
  const shown = place(state.choose("at", [...cards.keys()], "figure-2"));
  shown.classList.add("embedded");
  shown.append(sourceLine(state, shown.id, { target: "_blank", rel: "noopener" }));
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage({ standfirm: "height", height }, "*");
  }).observe(document.body);
}

const article = new ArticleView(page, cards);
openNotes(document);
showPlaces(place("builder"));
offerFiles(engine);

/** Shows a place of the page, which is no state: the choices stay in the address. @param {string} id */
const goTo = (id) => {
  // In a frame there is no other place: the page itself has it.
  if (embedded) return void open(state.link({ at: id }).replace("embed.html", "index.html"));
  const target = place(id);
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView();
};

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
  const id = link?.getAttribute("href")?.slice(1);
  if (!id || !place(id)) return;
  event.preventDefault();
  // A step of its own with the same address: the way back leads to where the reader was, and undoes no choice.
  try {
    if (!embedded) history.pushState(null, "", location.href);
  } catch {}
  goTo(id);
});

const show = async () => {
  await engine.loaded;
  state.readBy((text) => engine.draw("read_specification", text));
  await article.compute();
  state.subscribe(() => void article.compute().catch((error) => article.fail(error)));
  const at = state.choose("at", [...cards.keys()], "");
  if (at && !embedded) place(at).scrollIntoView({ behavior: "instant" });
  if (!embedded) keepOffline(place("newer"), folder);
  const offer = await engine.call("multiverse");
  new MultiverseExplorer(place("curve"), page, /** @type {Card} */ (cards.get("curve")), offer, goTo);
  new JointTest(place("joint"), page, /** @type {Card} */ (cards.get("joint")), offer.joint);
};

const ready = show();
// The page says itself what went wrong; a rejection nobody awaits is not one more error.
ready.catch((error) => article.fail(error));
/** @type {Standfirm} */
const standfirm = {
  ready,
  get specification() {
    return state.specification();
  },
  replicate: (specification = "") => engine.call("replicate", specification),
};
Object.assign(window, { standfirm: Object.freeze(standfirm) });
