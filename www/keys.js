// @ts-check

/** The keys that addresses have of the page itself: all others are a specification's, which Rust reads. */

/** What is said of the page as a whole: the card that was shared, and the colours. */
export const PAGE_KEYS = ["at", "theme"];

/** What is chosen in a card beside its tab, by how its id begins; "" is the choice called as the card itself. */
const CHOICES = /** @type {[string, string[]][]} */ ([
  ["figure-", [""]],
  ["table-", ["", "ratios"]],
  ["case-", [""]],
  ["imputation", [""]],
  ["threat", ["", "model", "set"]],
  ["curve", ["only"]],
  ["randomization", ["model", "by"]],
  ["joint", ["by"]],
  ["robustness", ["model", "by"]],
  ["influence", ["model", "by"]],
  ["prediction", ["model", "by", "show"]],
]);

/** What a card is called in an address: `figure-2` is f2, `table-1` t1; other names stay. @param {string} id */
export const keyOf = (id) => id.replace(/^(f)igure-|^(t)able-/, "$1$2");

/** Every key of a card. @param {string} id */
export const keysOf = (id) => {
  const choices = CHOICES.find(([begin]) => id.startsWith(begin))?.[1] ?? [];
  return [...choices, "tab"].map((choice) => (choice ? `${keyOf(id)}.${choice}` : keyOf(id)));
};
