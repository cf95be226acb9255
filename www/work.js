// @ts-check

/** Long work on the page: its progress, and giving it up. */

import { element } from "./dom.js";

/** Whether work ended because somebody gave it up. @param {any} error */
export const givenUp = (error) => error?.name === "AbortError";

/** Seconds in words. @param {number} seconds */
const span = (seconds) => {
  const whole = Math.max(1, Math.round(seconds));
  if (whole >= 90) return `${Math.round(whole / 60)} minutes`;
  return whole === 1 ? "a second" : `${whole} seconds`;
};

/**
 * Work begun by a button or by whoever has it, with a bar and the time that is left, and a button to
 * give it up. What was done stays; the first button then goes on with the rest.
 */
export class Work {
  #bar = element("progress", { "aria-label": "done" });
  #words = element("span");
  #begin = element("button", { type: "button", class: "begin" });
  #cancel = element("button", { type: "button" }, "Cancel");
  #status = element("span", { role: "status" });
  /** @type {AbortController | undefined} */
  #running;
  #work;
  /** Words of the button. */
  #offered;

  /**
   * @param {HTMLElement} place
   * @param {string} words of the button; none where the work begins by itself
   * @param {(signal: AbortSignal, tell: (done: number, of: number, what: string) => void) => Promise<string>} work
   *   resolves to what there is to say of it when it is done
   */
  constructor(place, words, work) {
    this.#work = work;
    this.#offered = words;
    this.#begin.textContent = words;
    this.#begin.addEventListener("click", () => void this.run());
    this.#cancel.addEventListener("click", () => this.#running?.abort());
    place.replaceChildren(this.#begin, this.#bar, this.#cancel, this.#words, this.#status);
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
      this.#status.tabIndex = -1;
      this.#status.focus();
    }
  }

  /** Gives up what is running, and says nothing of what was done. */
  clear() {
    this.#running?.abort();
    this.#running = undefined;
    this.#status.textContent = "";
    this.#show(false, false);
  }

  /** Shows the button again, for something else. */
  offer() {
    this.#begin.textContent = this.#offered;
    this.#show(false);
  }

  /** Begins; what is running is given up for it. */
  async run() {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const { signal } = running;
    this.#status.textContent = "";
    this.#words.textContent = "";
    this.#bar.removeAttribute("value");
    this.#show(true);
    /** @type {{ time: number, done: number } | undefined} */
    let begun;
    try {
      const words = await this.#work(signal, (done, of, what) => {
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
      this.#status.textContent = words;
      this.#show(false, false);
    } catch (error) {
      if (running !== this.#running) return;
      const { message } = /** @type {Error} */ (error);
      this.#status.textContent = givenUp(error) ? "Cancelled; what was done is kept." : message;
      this.#begin.textContent = "Go on";
      this.#show(false);
    }
  }
}
