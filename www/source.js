// @ts-check

/** Where a figure in someone else's page comes from, with the way back to the page. */

import { element } from "./dom.js";

/** @import { State } from "./state.js" */

/**
 * A line below a card, whose link leads to what the card shows.
 * @param {State} state @param {string} id the card's @param {Record<string, string>} [attributes] of the link
 */
export const sourceLine = (state, id, attributes = {}) => {
  const link = element("a", attributes, "Who stands firm against threats of sanctions?");
  const follow = () => link.setAttribute("href", state.address(id));
  state.subscribe(follow);
  follow();
  const words = ", which re-estimates Pi Cheng Huang’s MA thesis (University of Virginia) on data rebuilt from public sources.";
  return element("p", { class: "source" }, "Source: ", link, words);
};
