// @ts-check
"use strict";

/** Long work in several workers at once: each takes the next piece that nobody has, until none is left. */

/** More than this gain nothing: each has memory of its own. */
const MOST_WORKERS = 16;

/** As many as the machine has cores. */
const workers = () => Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));

/** A worker that answers one call at a time. */
class Member {
  #worker;
  #id = 0;
  #clock = 0;
  /** @type {{ resolve: (value: any) => void, reject: (reason: Error) => void } | undefined} */
  #waits;

  constructor() {
    this.#worker = engine.spawn(
      ({ ok, error }) => {
        if (!error) this.#waits?.resolve(ok);
        // Rust's own errors are plain ones; after any other the worker is not to be used again.
        else this.#waits?.reject(Object.assign(new Error(error.message), { broken: error.name !== "Error" }));
      },
      (reason) => this.#waits?.reject(Object.assign(new Error(reason), { broken: true })),
    );
  }

  /** @param {string} name @param {unknown[]} args @param {number} timeout */
  async call(name, args, timeout) {
    try {
      return await new Promise((resolve, reject) => {
        this.#waits = { resolve, reject };
        const late = Object.assign(new Error(`no answer within ${timeout / 1000} seconds`), { broken: true });
        this.#clock = setTimeout(() => reject(late), timeout);
        this.#worker.postMessage({ id: ++this.#id, call: name, args });
      });
    } finally {
      clearTimeout(this.#clock);
    }
  }

  end() {
    this.#worker.terminate();
  }
}

/**
 * Calls an exported function for each of `pieces`, its last argument. A worker that breaks off is replaced, and what it
 * had is tried once more. All workers are ended when the work is.
 * @template Piece
 * @param {string} name
 * @param {unknown[]} args
 * @param {Piece[]} pieces
 * @param {(piece: Piece, value: any) => void} each gets what was found, in no certain order
 * @param {{ signal?: AbortSignal, timeout?: number }} [options]
 * @returns {Promise<{ piece: Piece, reason: string }[]>} what failed, twice where its worker broke off
 */
const inPool = async (name, args, pieces, each, { signal, timeout = 60_000 } = {}) => {
  await engine.loaded;
  signal?.throwIfAborted();
  const waiting = [...pieces];
  /** @type {{ piece: Piece, reason: string }[]} */
  const failed = [];
  /** @type {Set<Member>} */
  const members = new Set();
  const enlist = () => {
    const member = new Member();
    members.add(member);
    return member;
  };
  const work = async () => {
    let member = enlist();
    while (waiting.length) {
      const piece = /** @type {Piece} */ (waiting.shift());
      for (const last of [false, true]) {
        try {
          each(piece, await member.call(name, [...args, piece], timeout));
          break;
        } catch (error) {
          const { broken, message } = /** @type {Error & { broken?: boolean }} */ (error);
          if (last || !broken) failed.push({ piece, reason: message });
          if (!broken) break;
          member.end();
          members.delete(member);
          member = enlist();
        }
      }
    }
    member.end();
  };
  try {
    await new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      const size = Math.min(workers(), pieces.length);
      Promise.all(Array.from({ length: size }, work)).then(resolve, reject);
    });
  } finally {
    waiting.length = 0;
    for (const member of members) member.end();
  }
  return failed;
};

/** Seconds in words. @param {number} seconds */
const span = (seconds) => {
  const whole = Math.max(1, Math.round(seconds));
  if (whole >= 90) return `${Math.round(whole / 60)} minutes`;
  return whole === 1 ? "a second" : `${whole} seconds`;
};

/**
 * Long work on the page: begun by a button or by whoever has it, with a bar and the time that is left, and a button to
 * give it up. What was done stays; the first button then goes on with the rest.
 */
class Work {
  #bar = element("progress", { "aria-label": "done" });
  #words = element("span");
  #begin = element("button", { type: "button", class: "begin" });
  #cancel = element("button", { type: "button" }, "Cancel");
  #said = element("span", { role: "status" });
  /** @type {AbortController | undefined} */
  #running;
  #work;

  /**
   * @param {HTMLElement} place
   * @param {string} words of the button; none where the work begins by itself
   * @param {(signal: AbortSignal, tell: (done: number, of: number, what: string) => void) => Promise<string>} work
   *   resolves to what there is to say of it when it is done
   */
  constructor(place, words, work) {
    this.#work = work;
    this.#begin.textContent = words;
    this.#begin.addEventListener("click", () => void this.run());
    this.#cancel.addEventListener("click", () => this.#running?.abort());
    place.replaceChildren(this.#begin, this.#bar, this.#cancel, this.#words, this.#said);
    this.#show(false, words !== "");
  }

  /** @param {boolean} running @param {boolean} [again] whether there is something to begin */
  #show(running, again = true) {
    // Focus must not be lost with a button that goes.
    const within = [this.#begin, this.#cancel].some((one) => one === document.activeElement);
    this.#begin.hidden = running || !again;
    for (const one of [this.#bar, this.#cancel, this.#words]) one.hidden = !running;
    if (!within) return;
    if (running) this.#cancel.focus();
    else if (again) this.#begin.focus();
    else {
      this.#said.tabIndex = -1;
      this.#said.focus();
    }
  }

  /** Begins; what is running is given up for it. */
  async run() {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const { signal } = running;
    this.#said.textContent = "";
    this.#words.textContent = "";
    this.#bar.removeAttribute("value");
    this.#show(true);
    /** @type {{ time: number, done: number } | undefined} */
    let begun;
    try {
      const said = await this.#work(signal, (done, of, what) => {
        if (running !== this.#running) return;
        const time = performance.now();
        begun ??= { time, done };
        this.#bar.max = of;
        this.#bar.value = done;
        const speed = (done - begun.done) / (time - begun.time);
        const left = time - begun.time > 500 && speed > 0 ? `, ${span((of - done) / speed / 1000)} left` : "";
        this.#words.textContent = `${done.toLocaleString("en")} of ${of.toLocaleString("en")} ${what}${left}`;
      });
      if (running !== this.#running) return;
      this.#said.textContent = said;
      this.#show(false, false);
    } catch (error) {
      if (running !== this.#running) return;
      const { name, message } = /** @type {Error} */ (error);
      this.#said.textContent = name === "AbortError" ? "Cancelled; what was done is kept." : message;
      this.#begin.textContent = "Go on";
      this.#show(false);
    }
  }
}
