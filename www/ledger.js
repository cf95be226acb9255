// @ts-check

/** The ledger: each claim of the study with its verdict, and the checks that led to it. */

import { counted, element } from "./dom.js";

/** @import { Article, ClaimReport, Verdict, Whole } from "./types.js" */

/** @type {Record<Verdict, string>} */
const VERDICTS = {
  reproduced: "reproduced",
  partly: "partly reproduced",
  not_reproduced: "not reproduced",
  not_judged: "not judged",
};

/** @param {HTMLElement} place @param {Whole} whole @param {Article} article */
export const showLedger = (place, { claims }, { labels }) => {
  const lines = claims.map((claim) => claimLine(claim, labels));
  place.replaceChildren(element("p", { class: "tally" }, ...tally(claims)), ...lines);
};

/** How many claims have each verdict. @param {ClaimReport[]} claims */
const tally = (claims) => {
  const count = (/** @type {string} */ verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  return Object.entries(VERDICTS).filter(([verdict]) => count(verdict)).map(([verdict, words]) =>
    element("span", { class: `verdict ${verdict}` }, `${count(verdict)} ${words}`),
  );
};

/** @param {ClaimReport} claim @param {Record<string, string>} labels */
const claimLine = ({ key, claim, place, rule, verdict, holds, checks }, labels) => {
  const lines = checks.map(({ about, text, holds }) => {
    const words = about.split(", ").map((name) => labels[name] ?? name).join(", ");
    const mark = element("span", { class: holds ? "mark yes" : "mark no" }, holds ? "holds" : "does not");
    return element("li", {}, mark, element("b", {}, words), ` ${text}`);
  });
  return element(
    "details", { class: "claim", id: `claim-${key}` },
    element(
      "summary", {},
      element("span", { class: `verdict ${verdict}` }, VERDICTS[verdict]),
      element("span", { class: "words" }, claim),
      element("small", {}, `${place} · ${holds} of ${counted(checks.length, "check holds", "checks hold")}`),
    ),
    element("p", {}, element("b", {}, "Rule: "), rule),
    element("ul", {}, ...lines),
  );
};
