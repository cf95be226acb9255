// @ts-check

/** The study's figures and tables in cards. */

/**
 * @import { Card, Control, Page } from "./card.js"
 * @import { State } from "./state.js"
 * @import { Article, ChoiceReport, Figure, GroupReport } from "./types.js"
 *
 * @typedef {"first" | "complete" | "all"} Part which models an article is of
 */

/**
 * The number of a figure where it stands on the page, of the number that it has in the study and in addresses: the result
 * comes before the episodes that it is of.
 * @param {number} number
 */
export const placeOf = (number) => (number < 3 ? 3 - number : number);

/** A choice of the specification. @param {GroupReport[]} groups @param {string} name */
export const choice = (groups, name) => groups.flatMap(({ choices }) => choices).find(({ key }) => key === name);

/** Why no model at all can be estimated. @param {Article} article */
export const reasons = ({ refusals }) =>
  `No model of it can be estimated. ${refusals.map(({ label, reason }) => `${label}: ${reason}.`).join(" ")}`;

/** Why a model cannot be estimated, if so. @param {string} key @param {Article} article */
export const refusalOf = (key, { refusals }) => {
  const one = refusals.find(({ model }) => model === key);
  return one && `${one.label} cannot be estimated: ${one.reason}.`;
};

/** All models, those too that cannot be estimated, with words for them. @param {Article} article @returns {[string, string][]} */
export const modelsOf = ({ explanations, versions, labels }) => {
  const keys = explanations.flatMap(({ key }) => versions.map(([version]) => `${key}:${version}`));
  return keys.filter((key) => key in labels).map((key) => [key, labels[key]]);
};

/** A figure's versions as options of a control. @param {Figure[]} figures */
export const versionsOf = (figures) =>
  figures.map(({ version, version_label }) => /** @type {[string, string]} */ ([version, version_label]));

/** The version that is chosen, or the first. @param {Figure[]} figures @param {string} chosen */
export const versionOf = (figures, chosen) => figures.find(({ version }) => version === chosen) ?? figures[0];

/**
 * In place of a model, or of all models of an explanation: nothing, where it is still awaited.
 * @param {Article} article @param {Part} part @param {string} [key]
 * @returns {{ refused: string } | undefined}
 */
const missing = (article, part, key = "") => {
  const refused = refusalOf(key, article) ?? (part === "all" ? reasons(article) : undefined);
  return refused === undefined ? undefined : { refused };
};

/** The figures that each part of the article has something new of. @type {[Part, number[]][]} */
export const PARTS = [["first", [1, 2]], ["complete", [2, 4]], ["all", [2, 3, 4]]];

/**
 * @param {Card} card
 * @param {number} number
 * @param {Article} article
 * @param {Part} part
 * @param {ChoiceReport} [methods] ways to make predictions
 */
export const showFigure = (card, number, article, part, methods) => {
  const figures = article.figures.filter((figure) => figure.number === number);
  const key = `f${number}`;
  // The others are of no model, or of all.
  const explanation = article.explanations.find(({ figure }) => figure === number)?.key;
  /** @type {Control[]} */
  const controls = [{ key, label: "Trade", options: explanation ? article.versions : versionsOf(figures) }];
  // Figure 1 counts; nothing in it is predicted.
  if (number > 1 && methods) {
    const options = methods.options.map(({ key, label }) => /** @type {const} */ ([key, label]));
    controls.push({ key: methods.key, label: "Intervals", options });
  }
  card.show(controls, (values) => {
    const figure = figures.find(({ version }) => version === values[key]);
    if (!figure) return missing(article, part, `${explanation}:${values[key]}`);
    const { canonical } = article.specification;
    return { ...figure, figure, name: `figure-${number}-${figure.version}`, specification: canonical };
  });
};

/** @param {Card} card @param {number} number @param {Article} article @param {Page} page @param {Part} part */
export const showTable = (card, number, article, { engine }, part) => {
  const key = `t${number}`;
  const explanation = article.explanations.find(({ table }) => table === number)?.key;
  /** @type {Control[]} */
  const controls = [
    { key, label: "Model", options: article.versions },
    { key: `${key}.ratios`, label: "relative risk ratios", options: [["no", ""], ["yes", ""]] },
  ];
  card.show(controls, (values) => {
    const model = values[key];
    const table = article.tables.find((table) => table.number === number);
    const models = table?.models.map(({ key }) => key) ?? [];
    const keys = models.filter((key) => model === "all" || key.endsWith(`:${model}`));
    if (!table || !keys.length) return missing(article, part, `${explanation}:${model}`);
    const ratios = values[`${key}.ratios`] === "yes";
    const grid = engine.draw("table_grid", table, keys, ratios);
    const name = `table-${number}-${model}${ratios ? "-ratios" : ""}`;
    const { canonical } = article.specification;
    return { title: table.title, note: grid.notes.join(" "), grid, about: table.about, name, specification: canonical };
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
  const [, fragment] = state.linkTo(id).split("#");
  const address = `${new URL("embed.html", folder)}#${fragment.replaceAll("&", "&amp;")}`;
  codes.push(["To embed it in a frame, as high as it is", `${script}\n<iframe src="${address}" title="Standfirm" width="100%" height="640" style="border: 0" loading="lazy"></iframe>`]);
  return codes;
};
