/** The picture of one player: a video element fed from the server, kept at its place, hopping over what is not there. */

import { MediaBuffer } from "./buffer.js";
import { correction } from "./conductor.js";
import { LivePace } from "./pace.js";
import { TICKS_PER_S } from "./ticks.js";

const AHEAD_MOST_S = 30;
const AHEAD_LEAST_S = 10;
const LIVE_BEHIND_S = 0.8;
const LIVE_BEHIND_MOST_S = 2.5;
const END_S = 0.1;
const STILL_S = 0.02;
const ARRIVED_S = 0.01;

/** Events: "failed" when the browser refuses the media, "hold" and "release" when too much or little lies ready. */
export class Picture extends EventTarget {
  /**
   * @param {HTMLVideoElement} video
   * @param {boolean} isLive
   */
  constructor(video, isLive) {
    super();
    this.video = video;
    this.isLive = isLive;
    this.startTicks = 0;
    this.wantsToPlay = true;
    this.isAtEnd = false;
    this.isHeld = false;
    this.speed = 1;
    this.stepSeconds = 1 / 25;
    this.shown = 0;
    this.pace = new LivePace();
    this.isLed = false;
    /** @type {number | null} a place that the browser would not go to yet */
    this.wanted = null;
    /** @type {import("./conductor.js").Readiness} */
    this.readiness = "starved";
    /** @type {MediaBuffer | undefined} */
    this.buffer = undefined;
    this.#measure();
  }

  /**
   * Make ready for media of a window.
   * @param {number} startTicks
   */
  open(startTicks) {
    this.close();
    this.startTicks = startTicks;
    this.isAtEnd = false;
    this.isHeld = false;
    this.wanted = null;
    this.pace = new LivePace();
    this.buffer = new MediaBuffer(this.video, startTicks / TICKS_PER_S);
    this.buffer.addEventListener("fed", () => this.#fed());
    this.buffer.addEventListener("failed", () => this.dispatchEvent(new Event("failed")));
    this.video.playbackRate = this.speed;
  }

  /**
   * Take media as they come.
   * @param {ArrayBuffer} data
   */
  take(data) {
    if (this.buffer && this.isLive && this.video.readyState > HTMLMediaElement.HAVE_METADATA) {
      this.pace.arrived(this.buffer.ahead());
    }
    this.buffer?.append(data);
  }

  /** Blank the picture and forget its media. */
  close() {
    this.buffer?.destroy();
    this.buffer = undefined;
  }

  /**
   * Go to another instant; its media follow.
   * @param {number} at
   */
  moveTo(at) {
    this.buffer?.clear();
    this.isAtEnd = false;
    this.isHeld = false;
    this.wanted = (at - this.startTicks) / TICKS_PER_S;
    this.#goWhereWanted();
  }

  /** A browser goes nowhere while its buffer is empty: then the place is kept until something has come. */
  #goWhereWanted() {
    if (this.wanted !== null) {
      this.video.currentTime = this.wanted;
      if (Math.abs(this.video.currentTime - this.wanted) < ARRIVED_S) {
        this.wanted = null;
      }
    }
  }

  /** Everything up to the window's end has come. */
  finish() {
    this.isAtEnd = true;
    this.buffer?.finish();
  }

  /** Return the instant on the screen, in ticks. */
  get at() {
    return Math.round(this.startTicks + (this.wanted ?? this.video.currentTime) * TICKS_PER_S);
  }

  /** Say whether all that there will be has been shown. */
  get isOver() {
    return this.isAtEnd && (this.buffer?.ahead() ?? 0) < END_S;
  }

  play() {
    this.wantsToPlay = true;
    if (this.isLed) {
      return;
    }
    this.video.play().catch(() => undefined);
  }

  pause() {
    this.wantsToPlay = false;
    this.video.pause();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed;
    this.video.playbackRate = speed;
  }

  /**
   * Show the next or the previous picture if it is here; otherwise return the instant to ask for.
   * @param {1 | -1} direction
   * @returns {number | null}
   */
  step(direction) {
    const wanted = this.video.currentTime + direction * this.stepSeconds;
    if (this.buffer?.rangeAt(wanted)) {
      this.wanted = null;
      this.video.currentTime = wanted;
      return null;
    }
    return Math.round(this.startTicks + wanted * TICKS_PER_S);
  }

  /**
   * Look after the picture; called several times a second.
   * @returns {"showing" | "waiting" | "over" | "starved" | "absent"}
   */
  tend() {
    const { video, buffer } = this;
    if (!buffer) {
      return "waiting";
    }
    buffer.trim();
    if (this.isLed) {
      return this.readiness === "ready" ? "showing" : this.readiness;
    }
    this.#goWhereWanted();
    const place = this.wanted ?? video.currentTime;
    if (buffer.rangeAt(place) === null) {
      return this.#hop(place);
    }
    this.#keepPace(buffer.ahead());
    if (this.isOver) {
      return "over";
    }
    return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? "showing" : "waiting";
  }

  /**
   * Be where a common clock says, in step with others. A picture that is led neither hops nor starts by itself.
   * @param {number} seconds since the window's start
   * @param {number} speed
   * @param {boolean} isRunning
   * @returns {import("./conductor.js").Readiness} "absent" where there is nothing to show at that instant
   */
  follow(seconds, speed, isRunning) {
    const { video, buffer } = this;
    this.isLed = true;
    this.wanted = null;
    if (!buffer) {
      return "absent";
    }
    this.#keepInHand(buffer.end() - seconds);
    if (buffer.rangeAt(seconds) === null) {
      video.pause();
      const isKnown = this.isAtEnd || (!buffer.isClearing && buffer.nextStart(seconds) !== null);
      this.readiness = isKnown ? "absent" : "starved";
      return this.readiness;
    }
    const drift = video.currentTime - seconds;
    const { isJump, rate } = correction(drift, speed);
    if ((isJump || (!isRunning && Math.abs(drift) > STILL_S)) && !video.seeking) {
      video.currentTime = seconds;
    }
    if (video.playbackRate !== rate) {
      video.playbackRate = rate;
    }
    if (isRunning === video.paused) {
      isRunning ? video.play().catch(() => undefined) : video.pause();
    }
    const isReady = !video.seeking && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
    this.readiness = isReady || this.#isLast(seconds) ? "ready" : "starved";
    return this.readiness;
  }

  /**
   * Say whether the last picture of all is shown: nothing follows that could be waited for.
   * @param {number} seconds
   */
  #isLast(seconds) {
    return this.isAtEnd && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && (this.buffer?.end() ?? 0) - seconds < 1;
  }

  #fed() {
    if (this.isLed) {
      return;
    }
    if (this.wantsToPlay && this.video.paused && !this.isOver) {
      this.video.play().catch(() => undefined);
    }
    this.tend();
  }

  /**
   * What was there has been sent: where nothing is, nothing was recorded, and the picture goes on after it.
   * @param {number} place
   */
  #hop(place) {
    const { video, buffer } = this;
    const next = buffer?.isClearing ? null : buffer?.nextStart(place) ?? null;
    if (buffer && next !== null) {
      this.wanted = null;
      this.pace.moved();
      video.currentTime = this.isLive ? Math.max(next, buffer.end() - LIVE_BEHIND_S) : next + 0.001;
    }
    return next === null && this.isAtEnd ? "over" : "waiting";
  }

  /**
   * Keep a live picture near the end, and a stalled one from piling up what is sent.
   * @param {number} ahead
   */
  #keepPace(ahead) {
    if (this.isLive) {
      if (ahead > LIVE_BEHIND_MOST_S) {
        this.pace.moved();
        this.video.currentTime = (this.buffer?.end() ?? 0) - LIVE_BEHIND_S;
      }
      const rate = this.pace.rate();
      if (this.video.playbackRate !== rate) {
        this.video.playbackRate = rate;
      }
    } else {
      this.#keepInHand(ahead);
    }
  }

  /** @param {number} ahead */
  #keepInHand(ahead) {
    if (this.wantsToPlay && !this.isHeld && ahead > AHEAD_MOST_S) {
      this.isHeld = true;
      this.dispatchEvent(new Event("hold"));
    } else if (this.wantsToPlay && this.isHeld && ahead < AHEAD_LEAST_S) {
      this.isHeld = false;
      this.dispatchEvent(new Event("release"));
    }
  }

  /** Count pictures as they reach the screen, and learn how far apart they are. */
  #measure() {
    let last = 0;
    const measure = (/** @type {number} */ _now, /** @type {VideoFrameCallbackMetadata} */ frame) => {
      const step = Math.abs(frame.mediaTime - last);
      if (step > 0.005 && step < 0.5) {
        this.stepSeconds = step;
      }
      last = frame.mediaTime;
      this.shown += 1;
      this.video.requestVideoFrameCallback(measure);
    };
    this.video.requestVideoFrameCallback?.(measure);
  }
}
