/** What part of a timeline is seen, and where an instant stands in it. Pure arithmetic: ticks in, pixels out. */

import { TICKS_PER_S, nowTicks } from "./ticks.js";

const SHORTEST_SPAN = 10 * TICKS_PER_S;
const SHORTEST_GROWING_SPAN = 120 * TICKS_PER_S;
const MARGIN = 0.05;
const AHEAD = 1.15;

/** @typedef {[number, number]} Span */

export class View {
  /**
   * @param {{whole: Span, shown?: Span}} options `whole` can be seen at all, `shown` is seen first.
   */
  constructor({ whole, shown = whole }) {
    this.whole = whole;
    this.shown = shown;
    this.width = 0;
  }

  get perPixel() {
    return (this.shown[1] - this.shown[0]) / this.width;
  }

  /** @param {number} ticks */
  x(ticks) {
    return (ticks - this.shown[0]) / this.perPixel;
  }

  /** @param {number} x */
  ticksAt(x) {
    return Math.round(this.shown[0] + x * this.perPixel);
  }

  /**
   * Move by a share of what is seen.
   * @param {number} share
   */
  pan(share) {
    this.#showFrom(this.shown[0] + Math.round((this.shown[1] - this.shown[0]) * share));
  }

  /**
   * Show more (`factor` above 1) or less; the instant stays where it stands.
   * @param {number} factor
   * @param {number} around
   */
  zoom(factor, around) {
    const [from, to] = this.shown;
    const span = Math.min(this.whole[1] - this.whole[0], Math.max(SHORTEST_SPAN, (to - from) * factor));
    const share = Math.min(1, Math.max(0, (around - from) / (to - from)));
    const first = Math.round(Math.min(this.whole[1] - span, Math.max(this.whole[0], around - share * span)));
    this.shown = [first, first + Math.round(span)];
  }

  /**
   * Turn the page if the instant is not seen; return whether that was needed.
   * @param {number} at
   */
  reveal(at) {
    const isSeen = at >= this.shown[0] && (at < this.shown[1] || this.shown[1] >= this.whole[1]);
    if (!isSeen) {
      this.#showFrom(at);
    }
    return !isSeen;
  }

  /** @param {number} first */
  #showFrom(first) {
    const span = this.shown[1] - this.shown[0];
    const from = Math.max(this.whole[0], Math.min(first, this.whole[1] - span));
    this.shown = [from, from + span];
  }
}

/**
 * Return the view to begin with: all of `[from, to)` if it is given, else the window with a margin. A window that is
 * still being recorded opens on what there is, not on the hours to come.
 * @param {{start: number, end: number, from: number | null, to: number | null}} asked
 */
export function firstView({ start, end, from, to }) {
  const margin = Math.round((end - start) * MARGIN);
  /** @type {Span} */
  const whole = [from ?? start - margin, to ?? end + margin];
  const now = nowTicks();
  if (from !== null || to !== null || end <= now) {
    return new View({ whole });
  }
  const span = Math.max(SHORTEST_GROWING_SPAN, now - start);
  return new View({ whole, shown: [start - Math.round(span * MARGIN), Math.min(whole[1], start + Math.round(span * AHEAD))] });
}
