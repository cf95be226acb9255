// @ts-check

/** The study's figures and tables in cards. */

/**
 * @import { Card, Control, Page } from "./card.js"
 * @import { State } from "./state.js"
 * @import { Article, ChoiceReport, Figure, GroupReport } from "./types.js"
 *
 * @typedef {"first" | "complete" | "all"} Part which models an article is of
 */

/** A choice of the specification. @param {GroupReport[]} groups @param {string} name */
export const choice = (groups, name) => groups.flatMap(({ choices }) => choices).find(({ key }) => key === name);

/** Why models cannot be estimated. @param {Article} article */
export const reasons = ({ refusals }) => refusals.map(({ label, reason }) => `${label}: ${reason}`).join(" ");

/**
 * Why the model that is chosen for a card cannot be estimated, if so.
 * @param {string} explanation @param {string | undefined} chosen @param {Article} article
 */
const refusal = (explanation, chosen = "trade_share", { refusals }) => {
  const one = refusals.find(({ model }) => model === `${explanation}:${chosen}`);
  return one && `${one.label} cannot be estimated: ${one.reason}. What was shown last is kept.`;
};

/** What is said of an article when a part of it is taken away. @param {Article} article */
export const creditOf = ({ citation, specification }) => [citation, specification.canonical].filter(Boolean).join(" ");

/** The models of an article's tables, with words for them. @param {Article} article @returns {[string, string][]} */
export const modelsOf = ({ tables, labels }) => tables.flatMap(({ models }) => models).map(({ key }) => [key, labels[key] ?? key]);

/** A figure's versions as options of a control. @param {Figure[]} figures */
export const versionsOf = (figures) =>
  figures.map(({ version, version_label }) => /** @type {[string, string]} */ ([version, version_label]));

/** The version that is chosen, or the first. @param {Figure[]} figures @param {string} chosen */
export const versionOf = (figures, chosen) => figures.find(({ version }) => version === chosen) ?? figures[0];

/** The figures that each part of the article has something new of. @type {[Part, number[]][]} */
export const PARTS = [["first", [1, 2]], ["complete", [2, 4]], ["all", [2, 3, 4]]];

/**
 * @param {Card} card
 * @param {number} number
 * @param {Article} article
 * @param {State} state
 * @param {Part} part
 * @param {ChoiceReport} [methods] ways to make predictions
 */
export const showFigure = (card, number, article, state, part, methods) => {
  const versions = article.figures.filter((figure) => figure.number === number);
  const key = `f${number}`;
  // The others are of no model, or of all.
  const explanation = article.explanations.find(({ figure }) => figure === number)?.key;
  const refused = explanation && refusal(explanation, state.get(key), article);
  if (refused) return card.refuse(refused);
  const whole = part === "all";
  const here = versionsOf(versions);
  // The control has its place before all of its figures are there.
  const options = whole || !explanation ? here : article.versions;
  // What is chosen may be one of those.
  if (!whole && !here.some(([version]) => version === (state.get(key) ?? options[0][0]))) return;
  if (!versions.length) return card.refuse(`No model of this figure can be estimated. ${reasons(article)}`);
  /** @type {Control[]} */
  const controls = [{ key, label: "Measure of dependence", options, more: !whole }];
  // Figure 1 counts; nothing in it is predicted.
  if (number > 1 && methods) {
    const options = methods.options.map(({ key, label }) => /** @type {const} */ ([key, label]));
    controls.push({ key: methods.key, label: methods.label, options });
  }
  card.show(controls, (values) => {
    const figure = versionOf(versions, values[key]);
    return { ...figure, figure, name: `figure-${number}-${figure.version}` };
  });
};

/** @param {Card} card @param {number} number @param {Article} article @param {Page} page @param {Part} part */
export const showTable = (card, number, article, { engine, state }, part) => {
  const table = article.tables.find((table) => table.number === number);
  if (!table) return card.refuse(`No model of this table can be estimated. ${reasons(article)}`);
  const key = `t${number}`;
  const explanation = article.explanations.find(({ table }) => table === number)?.key;
  const refused = explanation && refusal(explanation, state.get(key), article);
  if (refused) return card.refuse(refused);
  const options = table.models.map(({ key, label }) => /** @type {const} */ ([key.split(":")[1], label]));
  /** @type {Control[]} */
  const controls = [
    { key, label: "Model", options: [...options, ["all", "All models"]], more: part !== "all" },
    { key: `${key}.ratios`, label: "relative risk ratios", options: [["no", ""], ["yes", ""]] },
  ];
  card.show(controls, (values) => {
    const model = values[key];
    const ratios = values[`${key}.ratios`] === "yes";
    const keys = table.models.map(({ key }) => key).filter((key) => model === "all" || key.endsWith(`:${model}`));
    const grid = engine.draw("table_grid", table, keys, ratios);
    const name = `table-${number}-${model}${ratios ? "-ratios" : ""}`;
    return { title: table.title, note: grid.notes.join(" "), grid, about: table.about, name };
  });
};

/**
 * What to copy to have a card in a page of one's own. A page from disk cannot be embedded.
 * @param {string} id @param {State} state @param {URL} folder where the page's files are
 * @returns {[string, string][]}
 */
export const embedCodes = (id, state, folder) => {
  if (folder.protocol === "file:") return [];
  const codes = /** @type {[string, string][]} */ ([]);
  const script = `<script src="${new URL("standfirm-figure.js", folder)}" defer></script>`;
  const [, number] = /^figure-(\d)$/.exec(id) ?? [];
  if (number) {
    const specification = state.specification().replaceAll("&", "&amp;");
    const attributes = [["figure", number], ["model", state.get(`f${number}`)], ["specification", specification]];
    const written = attributes.filter(([, value]) => value).map(([name, value]) => ` ${name}="${value}"`);
    codes.push(["To embed it", `${script}\n<standfirm-figure${written.join("")}></standfirm-figure>`]);
  }
  const [, fragment] = state.link({ at: id }).split("#");
  const address = `${new URL("embed.html", folder)}#${fragment.replaceAll("&", "&amp;")}`;
  codes.push(["To embed it in a frame, as high as it is", `${script}\n<iframe src="${address}" title="Standfirm" width="100%" height="640" loading="lazy"></iframe>`]);
  return codes;
};
