// @ts-check

/** The article: computes what the state asks for, and puts it in the page's cards. */

import { Builder } from "./builder.js";
import { fact, place } from "./dom.js";
import { influenceSection, predictionSection, randomizationSection, robustnessSection } from "./follow.js";
import { showLedger } from "./ledger.js";
import { PARTS, choice, reasons, refusalOf, showFigure, showTable, versionOf, versionsOf } from "./study.js";
import { ThreatExplorer } from "./threat.js";
import { givenUp } from "./work.js";

/**
 * @import { Card, Page } from "./card.js"
 * @import { Part } from "./study.js"
 * @import { Article, ChoiceReport, Progress, Threats, Whole } from "./types.js"
 *
 * What is computed for one specification, until there is another.
 * @typedef {{ specification: string, began: number, controller: AbortController }} Run
 */

/** Cards that do not wait for the study: they say themselves when they are busy. */
const APART = ["curve", "randomization", "joint", "robustness", "influence", "prediction", "confusion"];

/** The cards of the article, in line with the state. */
export class ArticleView {
  #page;
  #cards;
  #followers;
  #status = place("status");
  #citation = "";
  /** @type {Run | undefined} */
  #run;
  /** Resolves when there is a builder, and the ways to make predictions are known. @type {Promise<void> | undefined} */
  #prepared;
  /** @type {Builder | undefined} */
  #builder;
  /** @type {ChoiceReport | undefined} */
  #methods;
  /** @type {Promise<Threats> | undefined} */
  #threats;
  /** @type {ThreatExplorer | undefined} */
  #explorer;

  /** @param {Page} page @param {Map<string, Card>} cards */
  constructor(page, cards) {
    this.#page = page;
    this.#cards = cards;
    const card = (/** @type {string} */ id) => this.#card(id);
    // The words of the markup are the study's.
    if (page.state.specification()) this.#forgetStudy();
    this.#followers = [
      randomizationSection(place("randomization"), page, card),
      robustnessSection(place("robustness"), page, card),
      influenceSection(place("influence"), page, card),
      predictionSection(place("prediction"), page, card),
    ];
  }

  #forgetStudy() {
    const waits = { refused: "It is computed when the estimator has loaded.", title: "Not computed yet" };
    for (const [id, card] of this.#cards) if (id !== "curve" && id !== "joint") card.show([], () => waits);
    place("answer").classList.add("awaited");
  }

  /** What is said of the study when a part of it is taken away. */
  get citation() {
    return this.#citation;
  }

  /** Computes what the state asks for and shows it: what can be had at once, then more, then all. */
  async compute() {
    const specification = this.#page.state.specification();
    if (specification === this.#run?.specification) return;
    this.#run?.controller.abort();
    const run = { specification, began: performance.now(), controller: new AbortController() };
    this.#run = run;
    this.#busy = true;
    this.#status.textContent = "Fitting the models to the episodes…";
    delete this.#status.dataset.state;
    const articles = this.#ask(run);
    const threats = this.#askThreats();
    await this.#prepared;
    for (const [at, [part, numbers]] of PARTS.entries()) {
      const article = await articles[at];
      this.#showPart(article, part, numbers);
      if (part === "first") {
        performance.mark("standfirm-first");
        continue;
      }
      const took = Math.max(0.1, (performance.now() - run.began) / 1000);
      this.#status.textContent = statusWords(article, took);
      this.#status.classList.toggle("none", !article.fitted);
      if (!article.whole) {
        this.#status.textContent += "; imputing…";
        continue;
      }
      await this.#showWhole(article, article.whole, run, threats);
      performance.mark("standfirm-whole");
      this.#status.textContent += ".";
      this.#status.dataset.state = "done";
    }
  }

  /** Says that something cannot be computed. @param {any} error */
  fail(error) {
    // For something newer.
    if (givenUp(error)) return;
    this.#status.textContent = error.message;
    this.#status.dataset.state = "failed";
    // What was shown until now is of another address.
    for (const [id, card] of this.#cards) if (!APART.includes(id) && card.busy) card.refuse(error.message);
  }

  /** @param {string} id */
  #card(id) {
    return /** @type {Card} */ (this.#cards.get(id));
  }

  /** @param {boolean} busy */
  set #busy(busy) {
    for (const [id, card] of this.#cards) if (!APART.includes(id)) card.busy = busy;
  }

  /** All parts at once: the worker goes on from one to the next while what it has computed is drawn. @param {Run} run */
  #ask({ specification, began, controller }) {
    const { engine } = this.#page;
    const { signal } = controller;
    /** @param {Progress} progress */
    const tell = ({ done, of }) => {
      const waits = done < of && performance.now() - began > 300;
      // Where models are fitted to resamples, these are counted.
      const what = of > 1000 ? "Fitting the models to resamples" : "Fitting the models";
      const count = (/** @type {number} */ number) => number.toLocaleString("en");
      if (waits) this.#status.textContent = `${what}: ${count(done)} of ${count(of)} are done…`;
    };
    /** @type {Promise<Article>[]} */
    const articles = [];
    for (const [part] of PARTS) {
      const question = [specification, part];
      // The first model takes no steps, but where it is fitted to resamples.
      const steps = articles.length > 0 || specification.includes("method=bootstrap");
      const fitted = steps ? engine.request("fit_next", question, { signal, tell }) : undefined;
      const article = engine.request("article", question, { signal });
      articles.push(Promise.all([article, fitted]).then(([article]) => article));
      this.#prepared ??= this.#prepare();
    }
    // What goes wrong is said where the part is shown, and nothing more is computed.
    for (const one of articles) one.catch((error) => controller.abort(error));
    return articles;
  }

  /** What there is to choose from. */
  async #prepare() {
    const { engine, state } = this.#page;
    const groups = await engine.call("choices");
    this.#builder = new Builder(place("builder"), state, groups);
    this.#methods = choice(groups, "method");
  }

  #askThreats() {
    const threats = (this.#threats ??= this.#page.engine.call("threats"));
    // What failed is asked again next time.
    threats.catch(() => (this.#threats = undefined));
    return threats;
  }

  /** @param {Article} article @param {Part} part @param {number[]} numbers of the figures that are new in it */
  #showPart(article, part, numbers) {
    this.#citation = article.citation;
    place("answer").textContent = article.answer;
    place("answer").classList.remove("awaited");
    for (const number of numbers) showFigure(this.#card(`figure-${number}`), number, article, part, this.#methods);
    if (part === "first") return;
    for (const { table } of article.explanations) showTable(this.#card(`table-${table}`), table, article, this.#page, part);
    this.#builder?.tell(article.refusals);
  }

  /** What needs all models. @param {Article} article @param {Whole} whole @param {Run} run @param {Promise<Threats>} threats */
  async #showWhole(article, whole, { specification, controller }, threats) {
    const { signal } = controller;
    this.#showHypotheses(whole, article);
    this.#showCases(whole, article);
    showLedger(place("ledger"), whole, article);
    this.#explorer ??= new ThreatExplorer(place("threat"), this.#page, this.#card("threat"), await threats);
    for (const one of this.#followers) one.follow(article);
    const imputation = this.#showImputation(article, specification, signal).catch((error) => {
      if (!givenUp(error)) this.#card("imputation").refuse(error.message);
    });
    void Promise.all([this.#explorer.follow(article), imputation]).then(() => {
      if (!signal.aborted) performance.mark("standfirm-all");
    });
  }

  /** @param {Whole} whole @param {Article} article */
  #showHypotheses({ hypothesis_figure: figure, hypothesis_table: grid }, article) {
    const card = this.#card("hypotheses");
    if (!figure) return card.refuse(reasons(article));
    const specification = article.specification.canonical;
    card.show([], () => ({ ...figure, figure, grid, name: "hypotheses", specification }));
  }

  /** @param {Whole} whole @param {Article} article */
  #showCases({ cases }, article) {
    const { labels } = article;
    const specification = article.specification.canonical;
    for (const { caseid, identified, facts, figures } of cases) {
      const key = `case-${caseid}`;
      const card = this.#card(key);
      if (!figures.length) {
        card.refuse(reasons(article));
        continue;
      }
      const known = facts.map(([name, value]) => `${labels[name] ?? name}: ${fact(value)}`).join("; ");
      const about = /** @type {[string, string][]} */ ([["Found", identified], ["In the data", known]]);
      card.show([{ key, label: "Probabilities", options: versionsOf(figures) }], (values) => {
        const figure = versionOf(figures, values[key]);
        const name = `${key}-${figure.version}`;
        return { ...figure, figure, about: [...about, ...figure.about], name, specification };
      });
    }
  }

  /** @param {Article} article @param {string} specification @param {AbortSignal} signal */
  async #showImputation(article, specification, signal) {
    const { explanations, imputed, labels } = article;
    const { engine } = this.#page;
    const options = explanations.map(({ key }) => {
      const model = imputed.find((model) => model.startsWith(`${key}:`)) ?? "";
      return { key, model, label: labels[model] ?? key };
    });
    const asked = options.map(async ({ model }) => {
      const refused = refusalOf(model, article);
      if (refused) return { refused };
      try {
        return await engine.request("imputation_figure", [specification, model], { signal });
      } catch (error) {
        if (givenUp(error)) throw error;
        return { refused: /** @type {Error} */ (error).message };
      }
    });
    const found = await Promise.all(asked);
    const control = { key: "imputation", label: "Model", options: options.map(({ key, label }) => /** @type {const} */ ([key, label])) };
    this.#card("imputation").show([control], (values) => {
      const one = found[options.findIndex(({ key }) => key === values.imputation)];
      if ("refused" in one) return one;
      const { canonical } = article.specification;
      return { ...one, figure: one, name: `imputation-${one.version}`, specification: canonical };
    });
  }
}

/** What was fitted, in words. @param {Article} article @param {number} took in seconds */
const statusWords = ({ fitted, refusals }, took) => {
  if (!fitted) return "None of the models can be estimated with these choices";
  const words = `${fitted} models fitted here just now, in ${took.toFixed(1)} s`;
  return refusals.length ? `${words}; ${refusals.length} cannot be estimated with these choices` : words;
};
