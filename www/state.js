// @ts-check

/**
 * The state: what the reader chose, as `key=value` pairs. On the page they are the address' fragment, so that a link
 * carries them and back and forward go through them; an embedded figure keeps them to itself.
 *
 * Whoever reads a key says first that it is his (`own`), then asks for it (`choose`). All others belong to Rust, which
 * gets them as one string.
 */
export class State {
  /** Moves when an old link would come to mean something else. */
  static #version = "1";
  /** A fragment that is longer is no link of ours. */
  static #longest = 4000;

  /** @type {Map<string, string>} */
  #values = new Map();
  /** Keys that are the page's own, with all that begin so and go on after a dot. @type {Set<string>} */
  #own = new Set();
  /** Keys that somebody asked for. @type {Set<string>} */
  #known = new Set();
  /** Parts of the link that mean nothing. @type {string[]} */
  #ignored = [];
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #page;
  #read = "";

  /** @param {string} [page] the address of the page, for links to it, where this is not that page */
  constructor(page) {
    this.#page = page;
    if (page) return;
    this.#parse();
    for (const moved of ["popstate", "hashchange"]) {
      addEventListener(moved, () => {
        if (location.hash === this.#read) return;
        this.#parse();
        this.#tell();
      });
    }
  }

  /** @param {string} key */
  get(key) {
    return this.#values.get(key);
  }

  /** Says that a key, and all that go on after it and a dot, are the page's. @param {...string} keys */
  own(...keys) {
    for (const key of keys) this.#own.add(key);
  }

  /** @param {string} key */
  #owned(key) {
    return this.#own.has(key.split(".")[0]);
  }

  /** Takes note of the page's own keys that nobody asked for: to be called when all did who would. */
  check() {
    for (const [key, value] of this.#values) {
      if (this.#owned(key) && !this.#known.has(key)) this.#refuse(key, value);
    }
  }

  /** @param {string} key @param {string} value */
  #refuse(key, value) {
    this.#values.delete(key);
    this.ignore(`${key}=${value}`);
  }

  /**
   * The value of a key, if it is one of these; otherwise the fallback, and unless there will be more options the page
   * says so.
   * @param {string} key @param {readonly string[]} options @param {string} fallback @param {boolean} [more]
   */
  choose(key, options, fallback, more = false) {
    this.#known.add(key);
    const value = this.#values.get(key);
    if (value === undefined || options.includes(value)) return value ?? fallback;
    if (!more) this.#refuse(key, value);
    return fallback;
  }

  /**
   * Changes values; `undefined` is the default, which needs no words.
   * @param {Record<string, string | undefined>} changes
   * @param {{ replace?: boolean }} [how] `replace` for what is not worth a step back, such as a slider on its way
   */
  set(changes, { replace = false } = {}) {
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
    }
    this.#ignored = [];
    if (!this.#page) {
      const address = this.link();
      // Some embedding pages forbid it; the choice holds all the same.
      try {
        if (address !== location.href) history[replace ? "replaceState" : "pushState"](null, "", address);
      } catch {}
      this.#read = location.hash;
    }
    this.#tell();
  }

  /**
   * Specifies something else as a whole, as `specification` writes it, and changes values besides.
   * @param {string} text @param {Record<string, string | undefined>} [changes]
   */
  specify(text, changes = {}) {
    const gone = [...this.#values.keys()].filter((key) => !this.#owned(key)).map((key) => [key, undefined]);
    const pairs = text.split("&").filter(Boolean).map((pair) => pair.split("=", 2).map(decodeURIComponent));
    this.set({ ...Object.fromEntries(gone), ...Object.fromEntries(pairs), ...changes });
  }

  /** The part that Rust reads: every key the page does not. */
  specification() {
    return State.#written([...this.#values].filter(([key]) => !this.#owned(key)));
  }

  /** Takes note of a part of the link that means nothing. @param {string} text */
  ignore(text) {
    const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    if (this.#ignored.includes(short)) return;
    this.#ignored.push(short);
    queueMicrotask(() => this.#tell());
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
    return values.size ? `${page}#v=${State.#version}&${State.#written([...values])}` : page;
  }

  #tell() {
    for (const watcher of this.#watchers) watcher();
  }

  #parse() {
    this.#read = location.hash;
    this.#values = new Map();
    this.#ignored = [];
    const fragment = location.hash.slice(1);
    if (!fragment) return;
    // A link to a place on the page says nothing else.
    if (!fragment.includes("=")) {
      if (!document.getElementById(fragment)) this.ignore(fragment);
      return;
    }
    if (fragment.length > State.#longest) return this.ignore(fragment);
    for (const piece of fragment.split("&")) {
      const pair = /^([a-z][\w.-]{0,40})=(.{1,1000})$/.exec(piece);
      let value;
      try {
        value = pair && decodeURIComponent(pair[2]);
      } catch {}
      if (!pair || !value || /[\0-\x1f\x7f]/.test(value) || this.#values.has(pair[1])) this.ignore(piece);
      else this.#values.set(pair[1], value);
    }
    const version = this.#values.get("v") ?? State.#version;
    this.#values.delete("v");
    if (version !== State.#version) {
      this.#values.clear();
      this.ignore(`everything, as it is of version ${version}`);
    }
  }

  /** @param {[string, string][]} pairs */
  static #written(pairs) {
    const plain = (/** @type {string} */ text) => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3A/g, ":");
    return pairs.map(([key, value]) => `${key}=${plain(value)}`).join("&");
  }
}
