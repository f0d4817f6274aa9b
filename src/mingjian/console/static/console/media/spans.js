/** Spans, gaps and ruler marks of a timeline: how they are joined, worded and sampled. Draws nothing by itself. */

import { causeWords, words } from "./strings.js";
import { TICKS_PER_S, clockTime, dateTime, shortTime } from "./ticks.js";

const SVG = "http://www.w3.org/2000/svg";
const DAY = 86400 * TICKS_PER_S;
// Asia/Shanghai knows no summer time.
export const CIVIL_OFFSET_S = 8 * 3600;

/** @typedef {{start: number, end: number, cause: string, open: boolean}} Gap */
/** @typedef {[number, number]} Span */
/**
 * What is known of a window. Spans and gaps are in order and disjoint; `segments` are the parts marked for showing.
 * @typedef {{footage: Span[], gaps: Gap[], expired?: Span[], holds?: Span[], segments?: Span[], marks?: {at: number, text: string}[]}} Coverage
 */

/**
 * Return a gap in words; the day stands before the time where the gap is longer than one.
 * @param {Gap} gap
 */
export function gapWords(gap) {
  const form = gap.end - gap.start < DAY ? clockTime : dateTime;
  return words("gap_span", { from: form(gap.start), to: form(gap.end), cause: causeWords(gap.cause) });
}

/**
 * Return the keys of the words of every cause there is, each once.
 * @param {Gap[]} gaps
 */
export function causesOf(gaps) {
  return [...new Set(gaps.map((gap) => `cause_${gap.cause}`))];
}

/**
 * @template {Span | Gap} T
 * @param {T} one
 * @returns {Span}
 */
function edges(one) {
  return Array.isArray(one) ? one : [one.start, one.end];
}

/**
 * Return the first place of what ends after an instant, of spans or gaps in order.
 * @param {(Span | Gap)[]} ordered
 * @param {number} at
 */
function placeAt(ordered, at) {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges(ordered[middle])[1] <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * Return the span or gap that an instant lies in, if any.
 * @template {Span | Gap} T
 * @param {T[]} ordered
 * @param {number} at
 * @returns {T | undefined}
 */
export function spanAt(ordered, at) {
  const found = ordered[placeAt(ordered, at)];
  return found && edges(found)[0] <= at ? found : undefined;
}

/**
 * Return what lies in the view, of spans or gaps in order.
 * @template {Span | Gap} T
 * @param {T[]} ordered
 * @param {number[]} shown
 * @returns {T[]}
 */
export function visible(ordered, [from, to]) {
  const first = placeAt(ordered, from);
  let last = placeAt(ordered, to);
  if (last < ordered.length && edges(ordered[last])[0] < to) {
    last += 1;
  }
  return ordered.slice(first, last);
}

/**
 * Return the spans within the view, those that lie closer than half a pixel as one.
 * @param {Span[]} spans
 * @param {import("./timeline_view.js").View} view
 */
export function joined(spans, view) {
  /** @type {Span[]} */
  const found = [];
  for (const [start, end] of visible(spans, view.shown)) {
    const last = found[found.length - 1];
    if (last && start - last[1] < view.perPixel / 2) {
      last[1] = Math.max(last[1], end);
    } else {
      found.push([start, end]);
    }
  }
  return found;
}

/**
 * Return what stands at a mark of the ruler: the day at midnight, else the time as exact as the step.
 * @param {number} at
 * @param {number} step
 */
export function rulerWords(at, step) {
  const isMidnight = (at / TICKS_PER_S + CIVIL_OFFSET_S) % 86400 === 0;
  if (isMidnight && step >= 3600) {
    return dateTime(at).slice(5, 10);
  }
  return step < 60 ? clockTime(at) : shortTime(at);
}

/**
 * Return a small sample of what a class looks like on the drawing.
 * @param {string} name
 */
export function swatch(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "mj-timeline__swatch");
  drawing.setAttribute("aria-hidden", "true");
  const block = document.createElementNS(SVG, "rect");
  block.setAttribute("class", name);
  block.setAttribute("width", "14");
  block.setAttribute("height", "10");
  drawing.append(block);
  return drawing;
}
