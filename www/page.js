// @ts-check
"use strict";

/** The page: puts the article's figures and tables in their cards. */

/**
 * What others may use, tests and notebooks among them.
 * @typedef {object} Standfirm
 * @property {Promise<void>} ready Resolves when the page shows its first result; rejects if it cannot.
 * @property {() => Promise<object>} replicate The study's results: what `standfirm replicate --json` prints.
 */

/** @param {boolean} holds @param {string} yes @param {string} no */
const mark = (holds, yes, no) => element("span", { class: holds ? "mark yes" : "mark no" }, holds ? yes : no);

const VERDICTS = /** @type {Record<string, string>} */ ({
  reproduced: "reproduced",
  partly: "partly reproduced",
  not_reproduced: "not reproduced",
  not_judged: "not judged",
});

/** @param {HTMLElement} place @param {Whole} whole @param {Article} article */
const showLedger = (place, { claims }, { labels }) => {
  const count = (/** @type {string} */ verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const tally = Object.entries(VERDICTS).filter(([verdict]) => count(verdict)).map(([verdict, words]) =>
    element("span", { class: `verdict ${verdict}` }, `${count(verdict)} ${words}`),
  );
  place.replaceChildren(element("p", { class: "tally" }, ...tally));
  for (const { key, claim, place: where, rule, verdict, holds, checks } of claims) {
    const lines = checks.map(({ about, text, holds }) => {
      const [model, ...rest] = about.split(", ");
      const words = [labels[model] ?? model, ...rest.map((one) => labels[one] ?? one)].join(", ");
      return element("li", {}, mark(holds, "holds", "does not"), element("b", {}, words), ` ${text}`);
    });
    place.append(
      element(
        "details", { class: "claim", id: `claim-${key}` },
        element(
          "summary", {},
          element("span", { class: `verdict ${verdict}` }, VERDICTS[verdict]),
          element("span", { class: "words" }, claim),
          element("small", {}, `${where} · ${holds} of ${checks.length} ${checks.length === 1 ? "check holds" : "checks hold"}`),
        ),
        element("p", {}, element("b", {}, "Rule: "), rule),
        element("ul", {}, ...lines),
      ),
    );
  }
};

{
  const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const status = place("status");

  let shown = () => {};
  /** @type {(reason: unknown) => void} */
  let failed = () => {};
  /** @type {Standfirm} */
  const standfirm = {
    ready: new Promise((resolve, reject) => {
      shown = resolve;
      failed = reject;
    }),
    replicate: () => engine.call("replicate"),
  };
  // The page says itself what went wrong; a rejection nobody awaits is not one more error.
  standfirm.ready.catch(() => {});
  Object.assign(window, { standfirm: Object.freeze(standfirm) });

  const state = new State();
  state.own("at", "theme");
  let credit = "";
  const embedded = "embed" in document.documentElement.dataset;
  /** @type {Source} */
  const source = {
    theme: () => document.documentElement.dataset.theme,
    credit: () => credit,
    embeds: (id) => embedCodes(id, state),
  };
  /** @type {Map<string, Card>} */
  const cards = new Map();
  for (const one of document.querySelectorAll(".card[id]")) {
    cards.set(one.id, new Card(/** @type {HTMLElement} */ (one), state, source));
  }
  const card = (/** @type {string} */ id) => /** @type {Card} */ (cards.get(id));

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
  if (embedded) {
    place(state.choose("at", [...cards.keys()], "figure-2")).classList.add("embedded");
    new ResizeObserver(() => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      parent.postMessage({ standfirm: "height", height }, "*");
    }).observe(document.body);
  }

  /** @type {Choice | undefined} */
  let methods;
  /** @type {Builder | undefined} */
  let builder;
  /** @type {ThreatExplorer | undefined} */
  let explorer;
  const followers = [influenceSection(place("influence"), state, card), predictionSection(place("prediction"), state, card)];

  /** @param {string} specification @param {AbortSignal} signal */
  const showImputation = async (specification, signal) => {
    // The control comes later than the check for keys that nobody asked for.
    state.choose("imputation", ["index", "regime"], "index");
    const asked = ["index:comtrade_mi", "regime:comtrade_mi"].map((key) =>
      engine.request("imputation_figure", [specification, key], { signal }),
    );
    const figures = /** @type {Figure[]} */ (await Promise.all(asked));
    card("imputation").show([{ key: "imputation", label: "Model", options: versionsOf(figures) }], (values) => {
      const figure = versionOf(figures, values.imputation);
      return { ...figure, figure, name: `imputation-${figure.version}` };
    });
  };

  /** @param {Whole} whole @param {Article} article */
  const showHypotheses = ({ hypothesis_figure: figure, hypothesis_table: grid }, article) => {
    if (!figure) return card("hypotheses").refuse(`No model can be estimated. ${reasons(article)}`);
    card("hypotheses").show([], () => ({ ...figure, figure, grid, name: "hypotheses" }));
  };

  /** @param {Whole} whole @param {Article} article */
  const showCases = ({ cases }, { labels }) => {
    for (const { caseid, identified, facts, figures } of cases) {
      const one = card(`case-${caseid}`);
      if (!figures.length) {
        one.refuse("No model can be estimated.");
        continue;
      }
      const known = facts.map(([name, value]) => `${labels[name] ?? name}: ${fact(value)}`).join("; ");
      const about = /** @type {[string, string][]} */ ([["Found", identified], ["In the data", known]]);
      const key = `case-${caseid}`;
      one.show([{ key, label: "Probabilities", options: versionsOf(figures) }], (values) => {
        const figure = versionOf(figures, values[key]);
        return { ...figure, figure, about: [...about, ...figure.about], name: `${key}-${figure.version}` };
      });
    }
  };

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

  /** Cards that do not wait for the study: they say themselves when they are busy. */
  const apart = ["curve", "influence", "prediction", "confusion"];
  const study = () => [...cards].filter(([id]) => !apart.includes(id)).map(([, one]) => one);

  /** @type {AbortController | undefined} */
  let before;
  /** @type {string | undefined} */
  let asked;

  /** What there is to choose from. */
  const prepare = async () => {
    const groups = /** @type {ChoiceGroup[]} */ (await engine.call("choices"));
    builder = new Builder(place("builder"), state, /** @type {BuilderGroup[]} */ (/** @type {unknown} */ (groups)));
    methods = choice(groups, "method");
  };
  /** @type {Promise<void> | undefined} */
  let prepared;
  /** @type {Promise<Threats> | undefined} */
  let threats;

  /** Computes what the state asks for and shows it: what can be had at once, then more, then all. */
  const compute = async () => {
    const specification = state.specification();
    if (specification === asked) return;
    asked = specification;
    before?.abort();
    const running = (before = new AbortController());
    const { signal } = running;
    for (const one of study()) one.busy = true;
    status.textContent = "Fitting the models to the episodes…";
    delete status.dataset.state;
    const started = performance.now();
    /** @param {Progress} progress */
    const tell = ({ done, of }) => {
      const waits = done < of && performance.now() - started > 300;
      if (waits) status.textContent = `Fitting the models: ${done} of ${of} are done…`;
    };
    /** @param {string} name @param {string} part @param {{ tell?: (progress: Progress) => void }} [options] */
    const ask = (name, part, options) => engine.request(name, [specification, part], { signal, ...options });
    // All at once: the worker goes on from part to part while what it has computed is drawn.
    /** @type {Promise<Article>[]} */
    const articles = [];
    for (const [part] of PARTS) {
      const fitted = articles.length ? ask("fit_next", part, { tell }) : undefined;
      const article = ask("article", part);
      articles.push(Promise.all([article, fitted]).then(([article]) => article));
      prepared ??= prepare();
    }
    // What goes wrong is said where the part is shown, and nothing more is computed.
    for (const one of articles) one.catch((error) => running.abort(error));
    const choices = (threats ??= engine.call("threats"));
    // What failed is asked again next time.
    choices.catch(() => (threats = undefined));
    await prepared;
    for (const [at, [part, numbers]] of PARTS.entries()) {
      const article = await articles[at];
      const { fitted, refusals, whole } = article;
      credit = [article.citation, article.specification.canonical].filter(Boolean).join(" ");
      for (const ignored of article.specification.ignored) state.ignore(ignored);
      for (const number of numbers) showFigure(card(`figure-${number}`), number, article, state, part, methods);
      if (part === "first") {
        performance.mark("standfirm-first");
        continue;
      }
      for (const number of [1, 2]) showTable(card(`table-${number}`), number, article, state, part);
      builder?.tell(refusals);
      const took = Math.max(1, Math.round(performance.now() - started));
      status.textContent = `${fitted} models fitted in your browser just now, in ${took} ms`;
      if (!whole) {
        status.textContent += "; now those with imputed values…";
        continue;
      }
      showHypotheses(whole, article);
      showCases(whole, article);
      showLedger(place("ledger"), whole, article);
      explorer ??= new ThreatExplorer(place("threat"), state, card("threat"), await choices);
      for (const one of followers) one.follow(article);
      const imputation = showImputation(specification, signal).catch((error) => {
        if (error?.name !== "AbortError") card("imputation").refuse(error.message);
      });
      void Promise.all([explorer.follow(article), imputation]).then(() => {
        if (!signal.aborted) performance.mark("standfirm-all");
      });
      performance.mark("standfirm-whole");
      status.textContent += ".";
      status.dataset.state = "done";
    }
    for (const one of study()) one.busy = false;
  };

  const say = (/** @type {any} */ error) => {
    // Given up for something newer.
    if (error?.name === "AbortError") return;
    status.textContent = error.message;
    status.dataset.state = "failed";
    for (const one of study()) one.busy = false;
  };

  const show = async () => {
    await engine.loaded;
    await compute();
    state.subscribe(() => void compute().catch(say));
    const at = state.choose("at", [...cards.keys()], "");
    // What there is to choose from comes a little later.
    state.choose("curve.only", ["all"], "all", true);
    state.check();
    if (at && !embedded) place(at).scrollIntoView({ behavior: "instant" });
    if (!embedded) keepOffline(place("newer"));
    const offer = /** @type {Offer} */ (await engine.call("multiverse"));
    new MultiverseExplorer(place("curve"), state, card("curve"), offer, goTo);
  };

  show().then(shown, (error) => {
    say(error);
    failed(error);
  });

  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
    const id = link?.getAttribute("href")?.slice(1);
    if (!id || !place(id)) return;
    event.preventDefault();
    goTo(id);
  });
}
