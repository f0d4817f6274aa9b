/**
 * The common clock of several pictures: pure. It stands still while somebody who has footage of the instant is not
 * ready to show it, but not for ever: a line that has failed keeps no other picture waiting.
 */

const PATIENCE_MS = 4000;
// Nearer than this, a picture is in step: what is left is less than a picture lasts.
const IN_STEP_S = 0.012;
const JUMP_S = 0.5;
const CORRECTION_MOST = 0.25;
// A browser rebuilds its clock with every new speed, so few are used.
const CORRECTION_STEP = 0.02;

/** @typedef {"ready" | "starved" | "absent"} Readiness */

export class Conductor {
  /** @param {number} seconds where to begin, in seconds of the window */
  constructor(seconds) {
    this.seconds = seconds;
    this.speed = 1;
    this.wantsToPlay = true;
    this.isRunning = false;
    /** @type {number | undefined} */
    this.lastMs = undefined;
    /** @type {Map<unknown, number>} */
    this.starvedSinceMs = new Map();
  }

  /**
   * Go on: return where all pictures should be now.
   * @param {number} nowMs
   */
  advance(nowMs) {
    if (this.isRunning && this.lastMs !== undefined) {
      this.seconds += ((nowMs - this.lastMs) / 1000) * this.speed;
    }
    this.lastMs = nowMs;
    return this.seconds;
  }

  /**
   * Decide whether the clock runs, from how each picture stands.
   * @param {number} nowMs
   * @param {Map<unknown, Readiness>} states
   */
  judge(nowMs, states) {
    let isWaitedFor = false;
    for (const [who, state] of states) {
      if (state !== "starved") {
        this.starvedSinceMs.delete(who);
        continue;
      }
      const since = this.starvedSinceMs.get(who) ?? nowMs;
      this.starvedSinceMs.set(who, since);
      isWaitedFor ||= nowMs - since < PATIENCE_MS;
    }
    this.isRunning = this.wantsToPlay && !isWaitedFor;
    return this.isRunning;
  }

  /** @param {number} seconds */
  moveTo(seconds) {
    this.seconds = seconds;
    this.isRunning = false;
    this.starvedSinceMs.clear();
  }
}

/**
 * Return how a picture `drift` seconds ahead of the clock comes back into step: a place to jump to, or a speed.
 * @param {number} drift
 * @param {number} speed
 * @returns {{isJump: boolean, rate: number}}
 */
export function correction(drift, speed) {
  if (Math.abs(drift) > JUMP_S * Math.max(1, speed / 2)) {
    return { isJump: true, rate: speed };
  }
  if (Math.abs(drift) < IN_STEP_S * Math.max(1, speed)) {
    return { isJump: false, rate: speed };
  }
  const share = Math.max(-CORRECTION_MOST, Math.min(CORRECTION_MOST, drift / Math.max(1, speed)));
  const steps = Math.sign(share) * Math.max(1, Math.round(Math.abs(share) / CORRECTION_STEP));
  return { isJump: false, rate: speed * (1 - steps * CORRECTION_STEP) };
}
