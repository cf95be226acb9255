// @ts-check

/**
 * The engine: the compiled estimator, once on the page for drawing (only there are canvases) and once in a worker for
 * computing, so that the page stays responsive.
 */

import { newGlue } from "./build.js";
import { EngineError, compiled, moduleBytes, workerAddress } from "./loading.js";

/**
 * @import { Answers, Progress } from "./types.js"
 *
 * @typedef {object} Job
 * @property {number} id
 * @property {string} name
 * @property {unknown[]} args
 * @property {number} timeout in milliseconds, for each answer, from when the worker gets to it
 * @property {AbortSignal | undefined} signal
 * @property {((progress: Progress) => void) | undefined} tell where it is done in steps
 * @property {(value: any) => void} resolve
 * @property {(reason: unknown) => void} reject
 */

/**
 * What a worker answers; with `more` it goes on with the same.
 * @typedef {{ id: number, ok?: any, more?: boolean, error?: { message: string, name: string } }} Answer
 */

/** In milliseconds: how long a call that was given up may go on before its worker is ended. */
const MOMENT = 250;

/** Runs calls in a worker, one after the other, and replaces the worker when it fails. */
export class Engine {
  /** wasm-bindgen's functions on this page, replaced when a trap has left them unusable. */
  #wasm = newGlue();
  /** @type {WebAssembly.Module | undefined} */
  #module;
  /** @type {ArrayBuffer | undefined} */
  #bytes;

  /** What the worker was asked for and has not answered; it is busy with the first. @type {Job[]} */
  #jobs = [];
  #clock = 0;
  #lastId = 0;

  /** @type {Worker | undefined} */
  #worker;
  /** @type {string | URL | undefined} */
  #workerAddress;
  #folder;
  /** @type {Promise<void> | undefined} */
  #loaded;

  /** @param {URL} folder where the page's files are */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Resolves when the page can draw and the worker can compute; rejects with what prevents it. Loading begins when
   * it is first asked for.
   */
  get loaded() {
    if (!this.#loaded) {
      this.#loaded = this.#load(this.#folder);
      // Whoever awaits it hears of it; nobody has to.
      this.#loaded.catch(() => {});
    }
    return this.#loaded;
  }

  /**
   * Calls an exported function in the worker.
   * @template {keyof Answers} Name
   * @param {Name} name
   * @param {...unknown} args what postMessage can clone
   * @returns {Promise<Answers[Name]>}
   */
  call(name, ...args) {
    return this.request(name, args);
  }

  /**
   * The same, with a time limit, and a signal that gives it up: a call which waits is dropped; one which runs
   * may end within a moment, else its worker is ended with it. With `tell` the function makes a step of some work: it is
   * called until all of it is done, and `tell` hears how far it is.
   * @template {keyof Answers} Name
   * @param {Name} name
   * @param {unknown[]} args
   * @param {{ timeout?: number, signal?: AbortSignal, tell?: (progress: Progress) => void }} [options]
   * @returns {Promise<Answers[Name]>}
   */
  async request(name, args, { timeout = 60_000, signal, tell } = {}) {
    // Once loaded, at once: the worker has everything that it was asked for, and never waits for the page.
    if (!this.#module) await this.loaded;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const job = { id: ++this.#lastId, name, args, timeout, signal, tell, resolve, reject };
      signal?.addEventListener("abort", () => this.#giveUp(signal), { once: true });
      if (!this.#worker) this.#startWorker();
      this.#send(job);
      this.#jobs.push(job);
      if (this.#jobs.length === 1) this.#watch();
    });
  }

  /**
   * Calls an exported function on this page, at once: for drawing.
   * @template {keyof Answers} Name
   * @param {Name} name
   * @param {...unknown} args
   * @returns {Answers[Name]}
   */
  draw(name, ...args) {
    try {
      return this.#wasm[name](...args);
    } catch (error) {
      // Rust's own errors are plain ones; after a trap or a panic the instance is not to be used again.
      if (/** @type {any} */ (error)?.name !== "Error") this.#instantiate();
      throw error;
    }
  }

  /** @param {URL} folder */
  async #load(folder) {
    if (typeof WebAssembly !== "object") {
      throw new EngineError("This page computes with WebAssembly, which this browser lacks or has switched off.");
    }
    [this.#bytes, this.#workerAddress] = await Promise.all([moduleBytes(folder), workerAddress(folder)]);
    // Before the module is there, so that the worker starts while it compiles.
    this.#startWorker();
    this.#module = await compiled(this.#bytes);
    this.#sendModule(this.#worker);
    this.#instantiate();
  }

  #instantiate() {
    this.#wasm = newGlue();
    this.#wasm.initSync({ module: this.#module });
  }

  #startWorker() {
    // What a worker says that has been replaced is not heard: others were asked again.
    const worker = this.spawn(
      (answer) => worker === this.#worker && this.#receive(answer),
      (reason) => worker === this.#worker && this.#fail(`The computing worker failed (${reason}) and is replaced.`),
    );
    this.#worker = worker;
  }

  /**
   * A worker that computes, as the engine's own does, for who needs several; who asked for it ends it. To be called
   * when the engine has loaded.
   * @param {(answer: Answer) => void} answered
   * @param {(reason: string) => void} failed
   */
  spawn(answered, failed) {
    const worker = new Worker(/** @type {URL} */ (this.#workerAddress));
    worker.onmessage = ({ data }) => {
      if (data.refused) worker.postMessage({ module: this.#bytes });
      else answered(data);
    };
    worker.onerror = (event) => failed(event.message || "its script could not be loaded");
    if (this.#module) this.#sendModule(worker);
    return worker;
  }

  /** Compiled once: a worker gets the module itself, or where that cannot be sent, its bytes. @param {Worker} [worker] */
  #sendModule(worker) {
    try {
      worker?.postMessage({ module: this.#module });
    } catch {
      worker?.postMessage({ module: this.#bytes });
    }
  }

  /** @param {Job} job */
  #send({ id, name, args, tell }) {
    this.#worker?.postMessage({ id, call: name, args, steps: tell !== undefined });
  }

  /** Begins to wait for the next answer. */
  #watch() {
    clearTimeout(this.#clock);
    const [job] = this.#jobs;
    if (!job) return;
    const late = `No answer within ${job.timeout / 1000} seconds: the computing worker is replaced.`;
    this.#clock = setTimeout(() => this.#fail(late), job.timeout);
  }

  /** @param {Answer} answer */
  #receive({ id, ok, more, error }) {
    const at = this.#jobs.findIndex((job) => job.id === id);
    // It was given up.
    if (at < 0) return;
    const job = this.#jobs[at];
    if (error && error.name !== "Error") {
      return this.#fail(`The computation broke off (${error.message}): the computing worker is replaced.`);
    }
    if (!more) this.#jobs.splice(at, 1);
    this.#watch();
    if (error) return job.reject(Object.assign(new Error(error.message), error));
    if (ok) job.tell?.(ok);
    if (!more) job.resolve(ok);
  }

  /**
   * What runs is lost with its worker; what waits goes to a new one.
   * @param {string} message
   */
  #fail(message) {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#jobs.shift()?.reject(new EngineError(message));
    if (this.#jobs.length) this.#startWorker();
    for (const job of this.#jobs) this.#send(job);
    this.#watch();
  }

  /** All that has this signal, at once: the worker must not begin the next of it. @param {AbortSignal} signal */
  #giveUp(signal) {
    const given = this.#jobs.filter((job) => job.signal === signal);
    if (!given.length) return;
    for (const job of given) job.reject(signal.reason);
    this.#worker?.postMessage({ drop: given.map(({ id }) => id) });
    const [running] = this.#jobs;
    this.#jobs = this.#jobs.filter((job) => job === running || job.signal !== signal);
    if (running.signal !== signal) return;
    // A worker that has warmed up is worth waiting for.
    Object.assign(running, { timeout: MOMENT, tell: undefined, signal: undefined });
    this.#watch();
  }
}
