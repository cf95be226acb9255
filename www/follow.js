// @ts-check

/** Sections about one model as the builder specifies it: who moves its result, and how well it forecasts. */

import { part } from "./dom.js";
import { modelsOf, versionOf } from "./study.js";
import { Work, givenUp } from "./work.js";

/**
 * @import { Card, Control, Page } from "./card.js"
 * @import { Article, Progress, Shown } from "./types.js"
 *
 * `step` is called until all is done, then `result`; both with the specification, the model, and the choice made in `by`.
 * With `begin`, the words of a button, nothing is computed before somebody asks for it.
 * @typedef {{ id: string, step?: string, result: string, by: Control, what: string, begin?: string,
 *   show: (shown: Shown, controls: Control[]) => void }} Followed
 */

/** Computes when the reader comes near, and anew whenever the builder or a control of its card says something else. */
class Follower {
  #page;
  #card;
  #followed;
  #work;
  #near = false;
  /** @type {[string, string][]} */
  #models = [];
  /** What was asked last: specification, model, choice. @type {string[]} */
  #asked = [];

  /** @param {HTMLElement} place @param {Page} page @param {Card} card @param {Followed} followed */
  constructor(place, page, card, followed) {
    this.#page = page;
    this.#card = card;
    this.#followed = followed;
    this.#work = new Work(part(place, "work"), followed.begin ?? "", (signal, tell) => this.#compute(signal, tell));
    this.#question();
    page.state.subscribe(() => this.#ask());
    const near = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      this.#near = true;
      this.#ask();
    }, { rootMargin: "400px" });
    near.observe(place);
  }

  /** What models there are: to be called whenever they were fitted anew. @param {Article} article */
  follow(article) {
    // Imputed values would be others without each episode.
    const models = modelsOf(article).filter(([key]) => !key.endsWith(":comtrade_mi"));
    if (models.length) this.#models = models;
    this.#ask();
  }

  #question() {
    const { state } = this.#page;
    const { id, by } = this.#followed;
    const models = this.#models.map(([key]) => key);
    return [
      state.specification(),
      state.choose(`${id}.model`, models, models[0], !models.length),
      state.choose(by.key, by.options.map(([key]) => key), by.options[0][0]),
    ];
  }

  #ask() {
    if (!this.#near || !this.#models.length) return;
    if (this.#followed.begin && !this.#asked.length) return;
    const question = this.#question();
    if (question.join("\n") === this.#asked.join("\n")) return;
    this.#asked = question;
    void this.#work.run();
  }

  /** @param {AbortSignal} signal @param {(done: number, of: number, what: string) => void} tell */
  async #compute(signal, tell) {
    const { engine } = this.#page;
    const { id, step, result, by, what, show } = this.#followed;
    if (!this.#asked.length) {
      if (!this.#models.length) throw new Error("Wait until the models are fitted.");
      this.#asked = this.#question();
    }
    const question = this.#asked;
    const started = performance.now();
    this.#card.busy = true;
    try {
      let all = 0;
      /** @param {Progress} progress */
      const told = ({ done, of }) => {
        tell(done, of, what);
        all = of;
      };
      if (step) await engine.request(step, question, { signal, tell: told });
      const shown = await engine.request(result, question, { signal });
      if (question !== this.#asked) return "";
      show(shown, [{ key: `${id}.model`, label: "Model", options: this.#models }, by]);
      this.#card.busy = false;
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      const counted = all ? `: ${all} ${what}` : "";
      return `Computed in ${took}${counted}.`;
    } catch (error) {
      if (question === this.#asked) {
        this.#card.busy = false;
        if (!givenUp(error)) this.#card.refuse(/** @type {Error} */ (error).message);
      }
      throw error;
    }
  }
}

/** @param {HTMLElement} place @param {Page} page @param {(id: string) => Card} card */
export const influenceSection = (place, page, card) => {
  const options = ["target", "sender", "year", "episode"].map((key) => /** @type {const} */ ([key, `each ${key}`]));
  return new Follower(place, page, card("influence"), {
    id: "influence",
    step: "leave_next",
    result: "influence",
    what: "left out",
    by: { key: "influence.by", label: "Leave out", options },
    show: ({ figures: [figure], grids: [grid], said }, controls) => {
      const name = `influence-${figure.version}`;
      card("influence").show(controls, () => ({ ...figure, figure, grid, said, name }));
    },
  });
};

/** @param {HTMLElement} place @param {Page} page @param {(id: string) => Card} card */
export const randomizationSection = (place, page, card) => new Follower(place, page, card("randomization"), {
  id: "randomization",
  step: "randomize_next",
  result: "randomization",
  what: "times dealt out",
  begin: "Deal regimes out 999 times",
  by: {
    key: "randomization.by",
    label: "Deal out",
    options: [["episodes", "regimes of episodes"], ["histories", "histories of targets"]],
  },
  show: ({ grids: [grid], said, about }, controls) => {
    card("randomization").show(controls, () => (
      { title: grid.title, note: grid.notes.join(" "), grid, said, about, name: "randomization" }
    ));
  },
});

/** @param {HTMLElement} place @param {Page} page @param {(id: string) => Card} card */
export const robustnessSection = (place, page, card) => new Follower(place, page, card("robustness"), {
  id: "robustness",
  result: "robustness",
  what: "models",
  by: { key: "robustness.by", label: "Compare", options: [["errors", "standard errors"], ["senders", "senders"]] },
  show: ({ grids: [grid], about }, controls) => {
    card("robustness").show(controls, () => (
      { title: grid.title, note: grid.notes.join(" "), grid, about, name: "robustness" }
    ));
  },
});

/** @param {HTMLElement} place @param {Page} page @param {(id: string) => Card} card */
export const predictionSection = (place, page, card) => {
  /** @type {Control} */
  const show = { key: "prediction.show", label: "Show", options: [["scores", "differences of scores"], ["calibration", "calibration"]] };
  page.state.choose(show.key, show.options.map(([key]) => key), show.options[0][0]);
  return new Follower(place, page, card("prediction"), {
    id: "prediction",
    step: "predict_next",
    result: "prediction",
    what: "times folded",
    by: {
      key: "prediction.by",
      label: "Forecast together",
      options: [["target", "threats against a state"], ["sender", "threats by a state"], ["dyad", "threats between two states"]],
    },
    show: ({ figures, grids: [scores, confusion], said }, controls) => {
      card("prediction").show([...controls, show], (values) => {
        const figure = versionOf(figures, values[show.key]);
        return { ...figure, figure, grid: scores, said, name: `prediction-${figure.version}` };
      });
      const { about } = figures[0];
      card("confusion").show([], () => (
        { title: confusion.title, note: confusion.notes.join(" "), grid: confusion, about, name: "confusion" }
      ));
    },
  });
};
