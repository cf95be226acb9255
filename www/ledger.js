// @ts-check

/** The ledger: each claim of the study with its verdict, and the checks that led to it. */

import { counted, element } from "./dom.js";

/** @import { Article, Check, ClaimReport, Power, Whole } from "./types.js" */

const VERDICTS = /** @type {Record<string, string>} */ ({
  reproduced: "reproduced",
  partly: "partly reproduced",
  undecided: "undecided",
  contradicted: "contradicted",
  not_judged: "not judged",
});
const ALL = "all";

/** @param {HTMLElement} place @param {Whole} whole @param {Article} article */
export const showLedger = (place, { claims }, { labels }) => {
  const lines = claims.map((claim) => claimLine(claim, labels));
  // What the reader looks at stays what it was when the models are fitted anew.
  const chosen = pressed(place)?.dataset.verdict ?? ALL;
  const buttons = tally(claims);
  const show = (/** @type {string} */ verdict) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
    claims.forEach((claim, at) => (lines[at].hidden = verdict !== ALL && claim.verdict !== verdict));
  };
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.verdict ?? ALL));
  show(buttons.some((button) => button.dataset.verdict === chosen) ? chosen : ALL);
  const group = element("div", { class: "tally", role: "group", "aria-label": "Show claims by verdict" }, ...buttons);
  place.replaceChildren(group, head(), ...lines);
};

/** @param {HTMLElement} place @returns {HTMLElement | null} */
const pressed = (place) => place.querySelector(".tally [aria-pressed=true]");

/** How many claims have each verdict: a button shows these alone. @param {ClaimReport[]} claims */
const tally = (claims) => {
  const count = (/** @type {string} */ verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const button = (/** @type {string} */ verdict, /** @type {(Node | string)[]} */ ...words) =>
    element("button", { type: "button", "data-verdict": verdict }, ...words);
  const verdicts = Object.keys(VERDICTS).filter(count);
  return [
    button(ALL, `All ${counted(claims.length, "claim", "claims")}`),
    ...verdicts.map((verdict) => button(verdict, sign(verdict), `${count(verdict)} ${VERDICTS[verdict]}`)),
  ];
};

/** What the columns are; for those who see columns. */
const head = () =>
  element(
    "p", { class: "columns", "aria-hidden": "true" },
    ...["Verdict", "The study claims", "The rebuilt data say", "Checks"].map((words) => element("span", {}, words)),
  );

/** @param {string} verdict */
const sign = (verdict) => element("span", { class: `sign ${verdict}`, "aria-hidden": "true" });

/** @param {ClaimReport} claim @param {Record<string, string>} labels */
const claimLine = (claim, labels) => {
  const { key, verdict, checks } = claim;
  const name = (/** @type {string} */ about) => about.split(", ").map((part) => labels[part] ?? part).join(", ");
  return element(
    "details", { class: "claim", id: `claim-${key}` },
    element(
      "summary", {},
      element("span", { class: "verdict" }, sign(verdict), VERDICTS[verdict]),
      element("span", { class: "words" }, claim.claim),
      says(claim, name),
      squares(claim),
    ),
    element(
      "div", { class: "reasons" },
      element("p", {}, element("b", {}, "The rule. "), claim.rule),
      ...claim.power.map((power) => powerLine(power, name)),
      ...(claim.note ? [element("p", { class: "note" }, claim.note)] : []),
      element("p", { class: "note" }, `In the thesis: ${claim.place}.`),
      element("ul", {}, ...checks.map((check) => checkLine(check, name))),
    ),
  );
};

/** What the first model has, by which the study is told, and what the others add. @param {ClaimReport} claim @param {(about: string) => string} name */
const says = ({ holds, contradicted, checks }, name) => {
  const [first] = checks;
  if (!first) return element("span", { class: "says" }, "Nothing could be checked.");
  const rest = checks.length - holds - contradicted;
  const kinds = /** @type {[number, string][]} */ ([[contradicted, "contradicted"], [rest, "undecided"]]);
  const others = kinds.filter(([count]) => count).map(([count, words]) => `${count} ${count === 1 ? "is" : "are"} ${words}`);
  return element(
    "span", { class: "says" },
    element("b", {}, `${capital(first.text)}.`),
    element("small", {}, ` ${name(first.about)}${others.length ? `; of all checks ${others.join(" and ")}` : ""}.`),
  );
};

/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** One square for each check. @param {ClaimReport} claim */
const squares = ({ holds, checks }) =>
  element(
    "span", { class: "squares" },
    element("span", { "aria-hidden": "true" }, ...checks.map(({ finding }) => element("i", { class: `square ${finding}` }))),
    element("small", {}, `${holds} of ${checks.length} ${checks.length === 1 ? "holds" : "hold"}`),
  );

/** How often a rule passes where it is known what is so. @param {Power} power @param {(about: string) => string} name */
const powerLine = ({ model, draws, right, nothing }, name) =>
  element(
    "p", { class: "power" },
    element("b", {}, "If the study were right, "),
    `it would pass in ${percent(right.holds)} of ${draws.toLocaleString("en")} histories drawn by lot, and be contradicted in ${percent(right.contradicted)}; `,
    element("b", {}, "if nothing mattered, "),
    `it would pass in ${percent(nothing.holds)} and be contradicted in ${percent(nothing.contradicted)} `,
    element("small", {}, `(${name(model)}, the study’s own choices)`),
  );

/** To a tenth of a percent where it is little. @param {number} share */
const percent = (share) => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0)}%`;

const FINDINGS = /** @type {Record<string, string>} */ ({ holds: "holds", contradicted: "contradicted", undecided: "undecided" });

/** @param {Check} check @param {(about: string) => string} name */
const checkLine = ({ about, text, finding }, name) =>
  element(
    "li", {},
    element("i", { class: `square ${finding}`, "aria-hidden": "true" }),
    element("span", { class: "finding" }, FINDINGS[finding]),
    element("b", {}, name(about)), ` ${text}`,
  );
