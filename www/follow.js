// @ts-check

/** Sections about one model as the builder specifies it: how its result holds, who moves it, and how well it forecasts. */

import { duration, part } from "./dom.js";
import { modelsOf, refusalOf, versionOf } from "./study.js";
import { Work, givenUp } from "./work.js";

/**
 * @import { Card, Control, Page } from "./card.js"
 * @import { Article, Progress, Shown } from "./types.js"
 *
 * `step` is called until all is done, then `result`; both with the specification, the model, and the choice made in `by`.
 * `also` are other cards with results of the same work. With `begin`, the words of a button, nothing is computed before
 * somebody asks for it.
 * @typedef {{ id: string, step?: "leave_next" | "randomize_next" | "validate_next",
 *   result: "influence" | "validation" | "randomization" | "robustness", by: Control, what: string, also: Card[], begin?: string,
 *   show: (shown: Shown, controls: Control[], specification: string) => void }} Followed
 */

/** Computes when the reader comes near, and anew whenever the builder or a control of its card says something else. */
class Follower {
  #page;
  #card;
  #followed;
  #work;
  #near = false;
  /** The models as they were fitted last. @type {Article | undefined} */
  #article;
  /** What was asked last: specification, model, choice. @type {string[]} */
  #asked = [];
  /** What the button would ask, where there is one. @type {string[]} */
  #offered = [];

  /** @param {HTMLElement} place @param {Page} page @param {Card} card @param {Followed} followed */
  constructor(place, page, card, followed) {
    this.#page = page;
    this.#card = card;
    this.#followed = followed;
    this.#work = new Work(part(place, "work"), followed.begin ?? "", (signal, tell) => this.#compute(signal, tell));
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
    this.#article = article;
    this.#ask();
  }

  /** @param {Article} article @returns {Control[]} */
  #controls(article) {
    // Imputed values would be others without each episode.
    const options = modelsOf(article).filter(([key]) => !key.endsWith(":comtrade_mi"));
    return [{ key: `${this.#followed.id}.model`, label: "Model", options }, this.#followed.by];
  }

  #ask() {
    const { state } = this.#page;
    const article = this.#article;
    const specification = state.specification();
    // Else another is on its way.
    if (article?.specification.canonical !== specification) return;
    const controls = this.#controls(article);
    const chosen = controls.map(({ key, options }) => {
      const values = options.map(([value]) => value);
      return state.choose(key, values, values[0]);
    });
    const refused = refusalOf(chosen[0], article);
    if (refused) this.#stop([], (card) => card.refuse(refused, card === this.#card ? controls : []));
    else if (!this.#near) this.#wait(!specification && controls.every(({ options }, at) => chosen[at] === options[0][0]));
    else if (this.#followed.begin) this.#offer([specification, ...chosen], controls);
    else this.#run([specification, ...chosen]);
  }

  /** @param {string[]} question */
  #run(question) {
    if (question.join("\n") === this.#asked.join("\n")) return;
    this.#asked = question;
    void this.#work.run();
  }

  /** Waits for the button, unless this is what it gave. @param {string[]} question @param {Control[]} controls */
  #offer(question, controls) {
    if (question.join("\n") === this.#asked.join("\n")) return;
    this.#offered = question;
    const waits = { refused: "It is computed when you ask for it.", title: "Not computed yet" };
    this.#stop([], (card) => card.show(card === this.#card ? controls : [], () => waits));
    this.#work.offer();
  }

  /** Nothing is computed before the reader comes near. @param {boolean} given whether the words of the markup are about this */
  #wait(given) {
    const waits = { refused: "It is computed when you come near it.", title: "Not computed yet", given };
    this.#stop([], (card) => card.show([], () => waits));
  }

  /** @param {string[]} asked @param {(card: Card) => void} show */
  #stop(asked, show) {
    this.#asked = asked;
    this.#work.clear();
    for (const card of [this.#card, ...this.#followed.also]) show(card);
  }

  /** @param {AbortSignal} signal @param {(done: number, of: number, what: string) => void} tell */
  async #compute(signal, tell) {
    const { engine } = this.#page;
    const { step, result, what, show, also } = this.#followed;
    if (this.#followed.begin) {
      if (!this.#offered.length) throw new Error("Wait until the models are fitted.");
      this.#asked = this.#offered;
    }
    const question = this.#asked;
    const controls = this.#controls(/** @type {Article} */ (this.#article));
    const started = performance.now();
    this.#card.busy = true;
    try {
      let all = 0;
      /** @param {Progress} progress */
      const heard = ({ done, of }) => {
        tell(done, of, what);
        all = of;
      };
      if (step) await engine.request(step, question, { signal, tell: heard });
      const shown = await engine.request(result, question, { signal });
      if (question !== this.#asked) return "";
      show(shown, controls, question[0]);
      this.#card.busy = false;
      const seconds = (performance.now() - started) / 1000;
      const took = duration(seconds);
      return all ? `Computed in ${took}: ${all} ${what}.` : `Computed in ${took}.`;
    } catch (error) {
      if (question === this.#asked) {
        this.#card.busy = false;
        // What was shown until now may be of another address.
        const words = givenUp(error) ? "Cancelled before it was done." : /** @type {Error} */ (error).message;
        this.#card.refuse(words, controls);
        for (const card of also) card.refuse(words);
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
    also: [],
    show: ({ figures: [figure], grids: [grid], sentences }, controls, specification) => {
      const name = `influence-${figure.version}`;
      card("influence").show(controls, () => ({ ...figure, figure, grid, sentences, name, specification }));
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
  also: [],
  show: ({ grids: [grid], sentences, about }, controls, specification) => {
    card("randomization").show(controls, () => (
      { title: grid.title, note: grid.notes.join(" "), grid, sentences, about, name: "randomization", specification }
    ));
  },
});

/** @param {HTMLElement} place @param {Page} page @param {(id: string) => Card} card */
export const robustnessSection = (place, page, card) => new Follower(place, page, card("robustness"), {
  id: "robustness",
  result: "robustness",
  what: "models",
  by: { key: "robustness.by", label: "Compare", options: [["errors", "standard errors"], ["senders", "senders"]] },
  also: [],
  show: ({ grids: [grid], about }, controls, specification) => {
    card("robustness").show(controls, () => (
      { title: grid.title, note: grid.notes.join(" "), grid, about, name: "robustness", specification }
    ));
  },
});

/** @param {HTMLElement} place @param {Page} page @param {(id: string) => Card} card */
export const predictionSection = (place, page, card) => {
  /** @type {Control} */
  const show = { key: "prediction.show", label: "Show", options: [["scores", "differences of scores"], ["calibration", "calibration"]] };
  return new Follower(place, page, card("prediction"), {
    id: "prediction",
    step: "validate_next",
    result: "validation",
    what: "times folded",
    by: {
      key: "prediction.by",
      label: "Forecast together",
      options: [["target", "threats against a state"], ["sender", "threats by a state"], ["dyad", "threats between two states"]],
    },
    also: [card("confusion")],
    show: ({ figures, grids: [scores, confusion], sentences }, controls, specification) => {
      card("prediction").show([...controls, show], (values) => {
        const figure = versionOf(figures, values[show.key]);
        return { ...figure, figure, grid: scores, sentences, name: `prediction-${figure.version}`, specification };
      });
      const { about } = figures[0];
      card("confusion").show([], () => (
        { title: confusion.title, note: confusion.notes.join(" "), grid: confusion, about, name: "confusion", specification }
      ));
    },
  });
};
