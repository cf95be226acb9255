// @ts-check

/** Tables as elements. */

import { element } from "./dom.js";

/** @import { Grid, GridCell } from "./types.js" */

/** @param {Grid} grid */
export const gridTable = ({ head, groups, columns, bodies }) => {
  const heading = columns.map(({ label, below }) =>
    element("th", { scope: "col" }, label, ...(below ? [element("small", {}, below)] : [])),
  );
  const lines = [element("tr", {}, element("th", { scope: "col" }, head), ...heading)];
  if (groups.length) {
    const over = groups.map(({ label, columns }) =>
      element("th", { scope: "colgroup", colspan: String(columns) }, label),
    );
    lines.unshift(element("tr", {}, element("td"), ...over));
  }
  const parts = bodies.map(({ title, rows }) => {
    const made = rows.map(({ label, cells }) =>
      element("tr", {}, element("th", { scope: "row" }, label), ...cells.map(gridCell)),
    );
    const over = element("th", { scope: "rowgroup", colspan: String(columns.length + 1) }, title);
    return element("tbody", {}, ...(title ? [element("tr", { class: "over" }, over)] : []), ...made);
  });
  return element("table", columns.length > 4 ? { class: "wide" } : {}, element("thead", {}, ...lines), ...parts);
};

/** @param {GridCell} cell */
const gridCell = ({ text, stars, below, span }) => {
  const attributes = /** @type {Record<string, string>} */ ({});
  if (stars) attributes.class = "significant";
  if (text.startsWith("✓") || text.startsWith("✗")) attributes.class = text.startsWith("✓") ? "yes" : "no";
  if (span > 1) attributes.colspan = String(span);
  const mark = element("span", { class: "stars" }, stars);
  const small = below ? [element("small", {}, below)] : [];
  return element("td", attributes, text, ...(below || stars ? [mark] : []), ...small);
};
