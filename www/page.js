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

/** @param {HTMLElement} place @param {Article} article */
const showCases = (place, { cases, labels }) => {
  place.replaceChildren();
  for (const one of cases) {
    const rows = one.models.map(({ model, unknown, as_it_was, swapped }) => {
      const probability = (/** @type {Prediction} */ { estimate, conf_low, conf_high }) =>
        element("td", {}, percent(estimate), element("small", {}, `${percent(conf_low)} to ${percent(conf_high)}`));
      const name = element("th", { scope: "row" }, labels[model] ?? model);
      if (unknown.length) {
        const words = unknown.map((variable) => labels[variable] ?? variable).join(", ");
        name.append(element("small", {}, `unknown, averaged over: ${words}`));
      }
      const changes = swapped.map(({ change, prediction }) => `${change}: ${percent(prediction.estimate)}`);
      return element(
        "tr", {}, name, ...as_it_was.map(probability),
        element("td", { class: "words" }, changes.join("; ")),
      );
    });
    const outcomes = one.models[0]?.as_it_was.map(({ outcome }) => element("th", { scope: "col" }, outcome)) ?? [];
    const head = element(
      "tr", {}, element("th", { scope: "col" }, "Model"), ...outcomes,
      element("th", { scope: "col", class: "words" }, "Concession, had it been otherwise"),
    );
    const facts = one.facts.map(([name, value]) => {
      const words = typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
      return element("li", {}, element("b", {}, labels[name] ?? name), ` ${words}`);
    });
    const title = `case-${one.caseid}`;
    place.append(
      element(
        "article", { class: "card", "aria-labelledby": title },
        element("h3", { id: title }, one.title),
        element("p", { class: "story" }, one.story),
        element("p", { class: "happened" }, "What happened: ", element("b", {}, one.happened)),
        element("details", {}, element("summary", {}, "How it was found, and what the data have of it"),
          element("p", {}, one.identified), element("ul", { class: "facts" }, ...facts)),
        element(
          "div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": title },
          element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)),
        ),
      ),
    );
  }
};

const VERDICTS = /** @type {Record<string, string>} */ ({
  reproduced: "reproduced",
  partly: "partly reproduced",
  not_reproduced: "not reproduced",
  not_judged: "not judged",
});

/** @param {HTMLElement} place @param {Article} article */
const showLedger = (place, { claims, labels }) => {
  const count = (/** @type {string} */ verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const tally = Object.entries(VERDICTS).map(([verdict, words]) =>
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
          element("small", {}, `${where} · ${holds} of ${checks.length} checks hold`),
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

  /** @param {string} specification @param {AbortSignal} signal */
  const showImputation = async (specification, signal) => {
    // The control comes later than the check for keys that nobody asked for.
    state.choose("imputation", ["index", "regime"], "index");
    /** @type {(Figure & { about: [string, string][] })[]} */
    const figures = [];
    for (const key of ["index:comtrade_mi", "regime:comtrade_mi"]) {
      figures.push(await engine.request("imputation_figure", [specification, key], { signal }));
    }
    const options = figures.map(({ version, version_label }) => /** @type {const} */ ([version, version_label]));
    card("imputation").show([{ key: "imputation", label: "Model", options }], (values) => {
      const figure = figures.find(({ version }) => version === values.imputation) ?? figures[0];
      return { ...figure, figure, name: `imputation-${figure.version}` };
    });
  };

  /** @param {Article} article */
  const showHypotheses = ({ hypothesis_table: grid, tables }) => {
    const about = tables[0]?.about ?? [];
    card("hypotheses").show([], () => ({
      title: grid.title, note: grid.notes.join(" "), grid, about, name: "hypotheses",
    }));
  };

  /** @type {AbortController | undefined} */
  let running;
  /** @type {string | undefined} */
  let asked;

  /** Computes what the state asks for and shows it: at first what can be had at once, then all. */
  const compute = async () => {
    const specification = state.specification();
    if (specification === asked) return;
    asked = specification;
    running?.abort();
    const { signal } = (running = new AbortController());
    const ask = (/** @type {boolean} */ imputed) =>
      engine.request("article", [specification, imputed], { signal });
    for (const one of cards.values()) one.busy = true;
    status.textContent = "Fitting the models to the episodes…";
    delete status.dataset.state;
    const started = performance.now();
    const took = () => `${Math.max(1, Math.round(performance.now() - started))} ms`;
    for (const whole of [false, true]) {
      /** @type {Article} */
      const article = await ask(whole);
      credit = [article.citation, article.specification.canonical].filter(Boolean).join(" ");
      for (const part of article.specification.ignored) state.ignore(part);
      for (const number of [1, 2, 3, 4]) {
        // What has all models in it waits for all of them.
        if (number !== 3 || whole) showFigure(card(`figure-${number}`), number, article, state, whole, methods);
      }
      for (const number of [1, 2]) showTable(card(`table-${number}`), number, article, state, whole);
      builder?.tell(article.refusals ?? []);
      if (!explorer) {
        explorer = new ThreatExplorer(place("threat"), state, card("threat"), await engine.call("threats"));
      }
      const models = article.tables.flatMap((table) => table.models).length;
      const fitted = `${models} models fitted in your browser just now, in ${took()}`;
      if (!whole) {
        performance.mark("standfirm-first");
        status.textContent = `${fitted}; now those with imputed values…`;
        continue;
      }
      explorer.follow(article);
      showImputation(specification, signal).catch((error) => {
        if (error?.name !== "AbortError") card("imputation").refuse(error.message);
      });
      showHypotheses(article);
      showCases(place("cases"), article);
      showLedger(place("ledger"), article);
      status.textContent = `${fitted}.`;
      status.dataset.state = "done";
    }
    for (const one of cards.values()) one.busy = false;
  };

  const say = (/** @type {any} */ error) => {
    // Given up for something newer.
    if (error?.name === "AbortError") return;
    status.textContent = error.message;
    status.dataset.state = "failed";
    for (const one of cards.values()) one.busy = false;
  };

  const show = async () => {
    await engine.loaded;
    performance.mark("standfirm-asked");
    const groups = /** @type {ChoiceGroup[]} */ (await engine.call("choices"));
    builder = new Builder(place("builder"), state, /** @type {BuilderGroup[]} */ (/** @type {unknown} */ (groups)));
    methods = choice(groups, "method");
    await compute();
    state.subscribe(() => void compute().catch(say));
    const at = state.choose("at", [...cards.keys()], "");
    state.check();
    performance.mark("standfirm-shown");
    if (at && !embedded) place(at).scrollIntoView({ behavior: "instant" });
    if (!embedded) keepOffline(place("newer"));
  };

  show().then(shown, (error) => {
    say(error);
    failed(error);
  });

  // A place on the page is no state: going there leaves the choices in the address.
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
    const target = link && place(/** @type {string} */ (link.getAttribute("href")).slice(1));
    if (!target) return;
    event.preventDefault();
    target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  });
}
