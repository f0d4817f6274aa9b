/**
 * `<mj-chart kind="bars" table="ID" column="NAME">`: draws one column of a table on the page as bars or as a line.
 *
 * The table is the chart's text: it stays on the page for those who do not see the drawing, and for a page without
 * script. Cells of the column carry `data-column` and `data-value`, a share of 1; an empty value is not drawn.
 */

const SVG = "http://www.w3.org/2000/svg";
const ROW = 30;
const LABEL = 220;
const WIDTH = 720;
const HEIGHT = 160;

/** @typedef {{label: string, value: number | null, text: string}} Row */

class Chart extends HTMLElement {
  connectedCallback() {
    const rows = this.rows();
    if (rows.length > 0) {
      this.replaceChildren(this.getAttribute("kind") === "line" ? line(rows) : bars(rows));
    }
  }

  /** @returns {Row[]} */
  rows() {
    const table = document.getElementById(this.getAttribute("table") ?? "");
    const cells = table?.querySelectorAll(`td[data-column="${this.getAttribute("column")}"]`) ?? [];
    return [...cells].map((cell) => ({
      label: cell.closest("tr")?.querySelector("th")?.textContent?.trim() ?? "",
      value: cell instanceof HTMLElement && cell.dataset.value ? Number(cell.dataset.value) : null,
      text: cell.textContent?.trim() ?? "",
    }));
  }
}

/** @param {Row[]} rows */
function bars(rows) {
  const drawing = canvas(rows.length * ROW);
  rows.forEach((row, place) => {
    const top = place * ROW;
    const room = WIDTH - LABEL - 80;
    drawing.append(
      text(row.label, LABEL - 12, top + 20, "end"),
      shape("rect", { class: "chart-ground", x: LABEL, y: top + 6, width: room, height: ROW - 12 }),
      shape("rect", { class: "chart-bar", x: LABEL, y: top + 6, width: room * (row.value ?? 0), height: ROW - 12 }),
      text(row.text, LABEL + room + 12, top + 20, "start"),
    );
  });
  return drawing;
}

/** @param {Row[]} rows */
function line(rows) {
  const drawing = canvas(HEIGHT + 24);
  const step = WIDTH / Math.max(rows.length - 1, 1);
  const points = rows
    .map((row, place) => (row.value === null ? "" : `${place * step},${HEIGHT * (1 - row.value)}`))
    .filter((point) => point !== "");
  drawing.append(
    shape("rect", { class: "chart-ground", x: 0, y: 0, width: WIDTH, height: HEIGHT }),
    shape("polyline", { class: "chart-line", points: points.join(" ") }),
    text(rows[0].label, 0, HEIGHT + 18, "start"),
    text(rows[rows.length - 1].label, WIDTH, HEIGHT + 18, "end"),
  );
  return drawing;
}

/** @param {number} height */
function canvas(height) {
  return shape("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${height}`, "aria-hidden": "true" });
}

/** @param {string} words @param {number} x @param {number} y @param {string} anchor */
function text(words, x, y, anchor) {
  const element = shape("text", { class: "chart-text", x, y, "text-anchor": anchor });
  element.textContent = words;
  return element;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, String(value));
  }
  return element;
}

customElements.define("mj-chart", Chart);
