/**
 * How a timeline looks: one SVG path for each kind of thing, however many there are of it, so that ninety days of a
 * camera that fails every few minutes are drawn in a blink.
 */

import { CIVIL_OFFSET_S, joined, rulerWords, visible } from "./spans.js";
import { TICKS_PER_S, nowTicks } from "./ticks.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 56;
const LANE = { y: 20, height: 20 };
const ABOVE = { y: LANE.y - 4, height: 3 };
const TOP = { y: LANE.y - 10, height: 5 };
const BELOW = { y: LANE.y + LANE.height - 5, height: 5 };
const RULER_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000];
const WEEK_S = 86400 * 7;
const LABEL_PX = 76;
// What a label takes at most: hours, minutes and seconds.
const WORDS_PX = 58;

/** @typedef {import("./spans.js").Coverage} Coverage */
/** @typedef {import("./timeline_view.js").View} View */
/** @typedef {import("./timeline_view.js").Span} Span */

export class Drawing {
  constructor() {
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "mj-timeline__drawing");
    this.svg.setAttribute("height", String(HEIGHT));
    this.svg.setAttribute("aria-hidden", "true");
  }

  /**
   * Draw everything anew. `window` is what was granted; what lies outside of it is closed.
   * @param {{view: View, coverage: Coverage, window: Span}} given
   */
  draw({ view, coverage, window }) {
    this.view = view;
    this.svg.setAttribute("width", String(view.width));
    // Paper is narrower than the screen that this is drawn for: there the style makes it fit, nothing is cut off.
    this.svg.setAttribute("viewBox", `0 0 ${view.width} ${HEIGHT}`);
    this.svg.replaceChildren();
    this.#blocks("mj-timeline__lane", [view.shown]);
    this.#blocks("mj-timeline__footage", joined(coverage.footage, view));
    this.#blocks("mj-timeline__expired", joined(coverage.expired ?? [], view));
    for (const [cause, spans] of spansByCause(coverage.gaps, view)) {
      this.#blocks(`mj-timeline__gap mj-timeline__gap--${cause}`, spans);
    }
    this.#blocks("mj-timeline__held", joined(coverage.holds ?? [], view), BELOW);
    this.#blocks("mj-timeline__future", [[Math.max(window[0], nowTicks()), view.shown[1]]]);
    this.#blocks("mj-timeline__closed", [[view.shown[0], window[0]], [window[1], view.shown[1]]]);
    this.#blocks("mj-timeline__window", [window], ABOVE);
    this.#blocks("mj-timeline__segment", joined(coverage.segments ?? [], view), TOP);
    this.#ruler();
    this.#marks(coverage.marks ?? []);
    this.cursor = this.#shape("line", { class: "mj-timeline__cursor", y1: 12, y2: HEIGHT - 10 });
  }

  /** @param {number} at */
  placeCursor(at) {
    const x = String(this.view?.x(at) ?? 0);
    this.cursor?.setAttribute("x1", x);
    this.cursor?.setAttribute("x2", x);
  }

  /**
   * Draw spans as one path. What is narrower than a pixel is as wide as one, so that no gap goes unseen.
   * @param {string} name
   * @param {Span[]} spans
   * @param {{y: number, height: number}} [lane]
   */
  #blocks(name, spans, lane = LANE) {
    const view = /** @type {View} */ (this.view);
    const parts = [];
    for (const [start, end] of spans) {
      const left = Math.max(0, view.x(start));
      const right = Math.min(view.width, view.x(end));
      if (right > left) {
        const width = Math.max(1, right - left);
        parts.push(`M${left.toFixed(1)} ${lane.y}h${width.toFixed(1)}v${lane.height}h${(-width).toFixed(1)}z`);
      }
    }
    if (parts.length > 0) {
      this.#shape("path", { class: name, d: parts.join("") });
    }
  }

  #ruler() {
    const view = /** @type {View} */ (this.view);
    const perPixel = view.perPixel / TICKS_PER_S;
    const step = RULER_S.find((seconds) => seconds / perPixel >= LABEL_PX) ?? WEEK_S;
    // Steps are counted from the campus's midnight.
    const first = Math.ceil((view.shown[0] / TICKS_PER_S + CIVIL_OFFSET_S) / step) * step - CIVIL_OFFSET_S;
    for (let at = first; at * TICKS_PER_S < view.shown[1]; at += step) {
      const x = view.x(at * TICKS_PER_S);
      const bottom = LANE.y + LANE.height;
      this.#shape("line", { class: "mj-timeline__mark", x1: x, x2: x, y1: bottom, y2: bottom + 4 });
      // The last label stands before its mark rather than being cut off behind it.
      const place = x + WORDS_PX < view.width ? { x: x + 2 } : { x: x - 2, "text-anchor": "end" };
      this.#shape("text", { class: "mj-timeline__label", y: HEIGHT - 3, ...place }).textContent = rulerWords(at * TICKS_PER_S, step);
    }
  }

  /** @param {{at: number}[]} marks */
  #marks(marks) {
    const view = /** @type {View} */ (this.view);
    const parts = marks
      .filter(({ at }) => at >= view.shown[0] && at < view.shown[1])
      .map(({ at }) => `M${view.x(at).toFixed(1)} ${TOP.y}l-5 -9h10z`);
    if (parts.length > 0) {
      this.#shape("path", { class: "mj-timeline__bookmark", d: parts.join("") });
    }
  }

  /**
   * @param {string} kind
   * @param {Record<string, string | number>} attributes
   */
  #shape(kind, attributes) {
    const made = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, String(value));
    }
    this.svg.append(made);
    return made;
  }
}

/**
 * Return the spans of the gaps that are seen under their causes, one for each pixel that has any.
 * @param {import("./spans.js").Gap[]} gaps
 * @param {View} view
 */
function spansByCause(gaps, view) {
  /** @type {Map<string, Span[]>} */
  const found = new Map();
  let drawnTo = -Infinity;
  for (const gap of visible(gaps, view.shown)) {
    if (gap.end - drawnTo < view.perPixel) {
      continue;
    }
    drawnTo = Math.max(gap.end, gap.start + view.perPixel);
    const spans = found.get(gap.cause) ?? [];
    spans.push([gap.start, gap.end]);
    found.set(gap.cause, spans);
  }
  return found;
}
