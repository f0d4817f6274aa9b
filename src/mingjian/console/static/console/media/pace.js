/**
 * How fast a live picture runs, so that it is as near to now as its line allows: pure, told what lies ready, by the one
 * who shows it.
 *
 * What counts is how little lies ready just before the next piece comes. More than needed is delay, and is played away;
 * less is a stop to come. How much is needed the line itself teaches: a stop makes the picture keep more in hand.
 */

const SPARE_LEAST_S = 0.3;
const SPARE_MOST_S = 1.5;
// A stop that was nobody's fault is forgotten: so much less in hand with every piece that came in time.
const FORGET_S = 0.002;
const EMPTY_S = 0.02;
const PIECES = 8;
const TOLERANCE_S = 0.05;
const FASTER_MOST = 0.25;
const SLOWER_MOST = 0.1;
const STEP = 0.05;

export class LivePace {
  constructor() {
    this.spare = SPARE_LEAST_S;
    /** @type {number[]} */
    this.lows = [];
  }

  /**
   * A piece has come, and so many seconds lay ready before it.
   * @param {number} ahead
   */
  arrived(ahead) {
    this.spare = ahead < EMPTY_S ? Math.min(SPARE_MOST_S, this.spare + SPARE_LEAST_S / 2) : Math.max(SPARE_LEAST_S, this.spare - FORGET_S);
    this.lows.push(ahead);
    if (this.lows.length > PIECES) {
      this.lows.shift();
    }
  }

  /** The picture was put elsewhere: what lay ready before says nothing any more. */
  moved() {
    this.lows = [];
  }

  /** Return the speed, in steps that a decoder need not follow all the time. */
  rate() {
    if (this.lows.length < 2) {
      return 1;
    }
    const excess = Math.min(...this.lows) - this.spare;
    if (Math.abs(excess) <= TOLERANCE_S) {
      return 1;
    }
    const wanted = Math.max(-SLOWER_MOST, Math.min(FASTER_MOST, excess / 2));
    return 1 + Math.sign(wanted) * Math.max(STEP, Math.round(Math.abs(wanted) / STEP) * STEP);
  }
}
