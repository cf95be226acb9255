// @ts-check

/**
 * The state: what the reader chose, as `key=value` pairs. On the page they are the address' fragment, so that a link
 * carries them and back and forward go through them; an embedded figure keeps them to itself.
 *
 * Some keys are the page's own, known from the start. All others are the specification: Rust reads it, and what it
 * could read is what the address says and controls show, written as Rust writes it.
 */

/** @import { SpecificationReport } from "./types.js" */

export class State {
  /** Moves when an old link would come to mean something else. */
  static #version = "1";
  /** A fragment that is longer is no link of ours. */
  static #longest = 4000;

  /** The page's own keys. @type {Set<string>} */
  #own;
  /** What they begin with. @type {Set<string>} */
  #beginnings;
  /** The values of those that are not as at first. @type {Map<string, string>} */
  #values = new Map();
  /** The specification: where it differs from the study. @type {Map<string, string>} */
  #specified = new Map();
  /** @type {((text: string) => SpecificationReport) | undefined} */
  #reader;
  /** Parts of the link that mean nothing. @type {string[]} */
  #ignored = [];
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #page;
  #read = "";
  /** Whether the address is no link of ours, and stays as it is until something is chosen. */
  #foreign = false;

  /** @param {string[]} own the page's own keys @param {string} [page] its address, for links, where this is not that page */
  constructor(own, page) {
    this.#own = new Set(own);
    this.#beginnings = new Set(own.map((key) => key.split(".")[0]));
    this.#page = page;
    if (page) return;
    this.#parse();
    for (const moved of ["popstate", "hashchange"]) {
      addEventListener(moved, () => {
        if (location.hash === this.#read) return;
        this.#parse();
        this.#settle();
        this.#tell();
      });
    }
  }

  /** From here on Rust reads the specification. @param {(text: string) => SpecificationReport} reader */
  readBy(reader) {
    this.#reader = reader;
    this.#specify(this.#specified);
    this.#settle();
  }

  /** @param {string} key */
  get(key) {
    return this.#values.get(key) ?? this.#specified.get(key);
  }

  /**
   * The value of a key, if it is one of these; otherwise the fallback, and the page says so.
   * @param {string} key @param {readonly string[]} options @param {string} fallback
   */
  choose(key, options, fallback) {
    const value = this.get(key);
    if (value === undefined || options.includes(value)) return value ?? fallback;
    this.#values.delete(key);
    this.ignore(`${key}=${value}`);
    return fallback;
  }

  /**
   * Changes values; `undefined` is the default, which needs no words.
   * @param {Record<string, string | undefined>} changes
   * @param {{ replace?: boolean }} [how] `replace` for what is not worth a step back, such as a slider on its way
   */
  set(changes, { replace = false } = {}) {
    const specified = new Map(this.#specified);
    for (const [key, value] of Object.entries(changes)) {
      const values = this.#own.has(key) ? this.#values : specified;
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    }
    this.#ignored = [];
    this.#foreign = false;
    this.#specify(specified);
    this.#write(replace);
    this.#tell();
  }

  /**
   * Specifies something else as a whole, as `specification` writes it, and changes values besides.
   * @param {string} text @param {Record<string, string | undefined>} [changes]
   */
  specify(text, changes = {}) {
    const gone = [...this.#specified.keys()].map((key) => [key, undefined]);
    this.set({ ...Object.fromEntries(gone), ...Object.fromEntries(State.#pairs(text)), ...changes });
  }

  /** The part that Rust reads: every key the page does not. */
  specification() {
    return State.#written([...this.#specified]);
  }

  /** Takes note of a part of the link that means nothing. @param {string} text */
  ignore(text) {
    const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    if (this.#ignored.includes(short)) return;
    this.#ignored.push(short);
    queueMicrotask(() => {
      this.#settle();
      this.#tell();
    });
  }

  get ignored() {
    return this.#ignored;
  }

  /** @param {() => void} watcher called after every change */
  subscribe(watcher) {
    this.#watchers.add(watcher);
  }

  /** The address of this state, with changes. @param {Record<string, string | undefined>} [changes] */
  link(changes = {}) {
    const values = new Map(this.#values);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    }
    const page = this.#page ?? location.href.split("#")[0];
    const pairs = [...this.#specified, ...values];
    return pairs.length ? `${page}#v=${State.#version}&${State.#written(pairs)}` : page;
  }

  /** The address to hand on of a card: of what it shows, not of the tab that the address is taken from. @param {string} id */
  linkTo(id) {
    const copying = [...this.#values].filter(([key, value]) => key.endsWith(".tab") && ["share", "download"].includes(value));
    return this.link({ ...Object.fromEntries(copying.map(([key]) => [key, undefined])), at: id });
  }

  /**
   * The same for others to find it by: of the page itself, where this is a frame of it, and of a file without the way to it,
   * which is nobody's but the reader's. @param {string} id
   */
  address(id) {
    const [page, fragment] = this.linkTo(id).split("#");
    const folder = page.startsWith("file:") ? page.lastIndexOf("/") + 1 : 0;
    return `${page.slice(folder).replace(/embed\.html$/, "index.html")}#${fragment}`;
  }

  #tell() {
    for (const watcher of this.#watchers) watcher();
  }

  /** @param {Map<string, string>} pairs */
  #specify(pairs) {
    this.#specified = pairs;
    if (!this.#reader) return;
    const { canonical, ignored } = this.#reader(this.specification());
    this.#specified = new Map(State.#pairs(canonical));
    for (const one of ignored) this.ignore(one);
  }

  /** The address says what was read of it, no more. */
  #settle() {
    if (this.#reader && !this.#foreign) this.#write(true);
  }

  /** @param {boolean} replace */
  #write(replace) {
    if (this.#page) return;
    const address = this.link();
    // Some embedding pages forbid it; the choice holds all the same.
    try {
      if (address !== location.href) history[replace ? "replaceState" : "pushState"](null, "", address);
    } catch {}
    this.#read = location.hash;
  }

  #parse() {
    this.#read = location.hash;
    this.#values = new Map();
    this.#ignored = [];
    const specified = this.#pieces(location.hash.slice(1));
    this.#specify(specified);
  }

  /** Reads a fragment: the page's own values are kept, the others returned. @param {string} fragment */
  #pieces(fragment) {
    /** @type {Map<string, string>} */
    const specified = new Map();
    // A link to a place on the page says nothing else.
    const place = fragment !== "" && !fragment.includes("=");
    this.#foreign = place || fragment.length > State.#longest;
    if (this.#foreign) {
      if (!place || !document.getElementById(fragment)) this.ignore(fragment);
      return specified;
    }
    let version = State.#version;
    for (const piece of fragment ? fragment.split("&") : []) {
      const pair = /^([a-z][\w.-]{0,40})=(.{1,1000})$/.exec(piece);
      let value;
      try {
        value = pair && decodeURIComponent(pair[2]);
      } catch {}
      const key = pair?.[1] ?? "";
      const own = this.#own.has(key);
      const values = own ? this.#values : specified;
      const known = own || !this.#beginnings.has(key.split(".")[0]);
      if (!value || !known || /[\0-\x1f\x7f]/.test(value)) this.ignore(piece);
      else if (key === "v") version = value;
      else {
        // Of two the last counts, as Rust has it.
        if (values.has(key)) this.ignore(`${key}=${values.get(key)}`);
        values.set(key, value);
      }
    }
    if (version === State.#version) return specified;
    this.#values.clear();
    this.ignore(`everything, as it is of version ${version}`);
    this.#foreign = true;
    return new Map();
  }

  /** @param {string} text @returns {[string, string][]} */
  static #pairs(text) {
    const pairs = text.split("&").filter(Boolean).map((pair) => pair.split("=", 2).map(decodeURIComponent));
    return /** @type {[string, string][]} */ (pairs);
  }

  /** @param {[string, string][]} pairs */
  static #written(pairs) {
    const plain = (/** @type {string} */ text) => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3A/g, ":");
    return pairs.map(([key, value]) => `${key}=${plain(value)}`).join("&");
  }
}
