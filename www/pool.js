// @ts-check

/** Long work in several workers at once: each takes the next piece that nobody has, until none is left. */

/**
 * @import { Engine } from "./engine.js"
 * @import { Answers } from "./types.js"
 */

/** More than this gain nothing: each has memory of its own. */
const MOST_WORKERS = 16;

/** As many as the machine has cores. */
export const workers = () => Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));

/** A worker that answers one call at a time. */
class Member {
  #worker;
  #id = 0;
  #clock = 0;
  /** @type {{ resolve: (value: any) => void, reject: (reason: Error) => void } | undefined} */
  #waits;

  /** @param {Engine} engine */
  constructor(engine) {
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
 * @template {keyof Answers} Name
 * @template Piece
 * @param {Engine} engine
 * @param {Name} name
 * @param {unknown[]} args
 * @param {Piece[]} pieces
 * @param {(piece: Piece, value: Answers[Name]) => void} each gets what was found, in no certain order
 * @param {{ signal?: AbortSignal, timeout?: number }} [options]
 * @returns {Promise<{ piece: Piece, reason: string }[]>} what failed, twice where its worker broke off
 */
export const inPool = async (engine, name, args, pieces, each, { signal, timeout = 60_000 } = {}) => {
  await engine.loaded;
  signal?.throwIfAborted();
  const waiting = [...pieces];
  /** @type {{ piece: Piece, reason: string }[]} */
  const failed = [];
  /** @type {Set<Member>} */
  const members = new Set();
  const enlist = () => {
    const member = new Member(engine);
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
