/** A MediaSource fed in order: initialization segments, fragments, removals, one at a time. */

const KEPT_BEHIND_S = 30;

/**
 * Media time of the element is seconds since the window's start: `timestampOffset` shifts the fragments' own time.
 * Events: "fed" after each change, "failed" when the browser refuses the media.
 */
export class MediaBuffer extends EventTarget {
  /**
   * @param {HTMLVideoElement} video
   * @param {number} startSeconds window start in seconds since 1970
   */
  constructor(video, startSeconds) {
    super();
    this.video = video;
    this.startSeconds = startSeconds;
    /** @type {Array<(buffer: SourceBuffer) => void>} */
    this.work = [];
    /** @type {SourceBuffer | null} */
    this.buffer = null;
    this.type = "";
    // What is still there meanwhile belongs to another place.
    this.isClearing = false;
    this.source = new MediaSource();
    this.url = URL.createObjectURL(this.source);
    video.src = this.url;
    this.source.addEventListener("sourceopen", () => this.#next(), { once: true });
  }

  /**
   * Announce the type of what comes next.
   * @param {string} type
   */
  begin(type) {
    this.#do((buffer) => {
      if (this.type !== type) {
        buffer.changeType(type);
        this.type = type;
        this.#next();
      } else {
        this.#next();
      }
    }, type);
  }

  /** @param {ArrayBuffer} data */
  append(data) {
    this.#do((buffer) => buffer.appendBuffer(data));
  }

  /** Forget everything, fed or waiting: another place comes next. */
  clear() {
    this.work = [];
    this.isClearing = true;
    this.#do((buffer) => {
      if (buffer.buffered.length > 0) {
        buffer.remove(0, Infinity);
      } else {
        this.#next();
      }
    });
    this.#do(() => {
      this.isClearing = false;
      this.#next();
    });
  }

  /** Nothing follows for now: without this a browser keeps back the last moments. What comes later opens it again. */
  finish() {
    this.#do(() => {
      if (this.source.readyState === "open") {
        this.source.endOfStream();
      }
      this.#next();
    });
  }

  /** Let go of what lies well behind the picture. */
  trim() {
    const end = this.video.currentTime - KEPT_BEHIND_S;
    if (this.buffer !== null && end > 0 && this.work.length === 0 && this.#startOfBuffered() < end - 5) {
      this.#do((buffer) => buffer.remove(0, end));
    }
  }

  /** Return how many seconds lie ready after the picture. */
  ahead() {
    const range = this.rangeAt(this.video.currentTime);
    return range ? range[1] - this.video.currentTime : 0;
  }

  /**
   * Return the range that holds an instant, or null.
   * @param {number} seconds
   * @returns {[number, number] | null}
   */
  rangeAt(seconds) {
    const buffered = this.video.buffered;
    for (let place = 0; place < buffered.length; place++) {
      if (buffered.start(place) <= seconds && seconds < buffered.end(place)) {
        return [buffered.start(place), buffered.end(place)];
      }
    }
    return null;
  }

  /**
   * Return the start of the first range after an instant, or null.
   * @param {number} seconds
   */
  nextStart(seconds) {
    const buffered = this.video.buffered;
    for (let place = 0; place < buffered.length; place++) {
      if (buffered.start(place) > seconds) {
        return buffered.start(place);
      }
    }
    return null;
  }

  /** Return the end of all that is ready, or 0. */
  end() {
    const buffered = this.video.buffered;
    return buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
  }

  /** Blank the picture and let everything go. */
  destroy() {
    this.work = [];
    this.buffer = null;
    this.video.removeAttribute("src");
    this.video.load();
    URL.revokeObjectURL(this.url);
  }

  #startOfBuffered() {
    return this.video.buffered.length > 0 ? this.video.buffered.start(0) : Infinity;
  }

  /**
   * @param {(buffer: SourceBuffer) => void} step
   * @param {string} [type] the type that makes the buffer, when there is none yet
   */
  #do(step, type) {
    this.work.push((buffer) => step(buffer));
    if (type !== undefined && this.type === "") {
      this.type = type;
    }
    this.#next();
  }

  #next() {
    if (this.source.readyState === "closed" || this.type === "" || this.buffer?.updating) {
      return;
    }
    try {
      this.buffer ??= this.#make();
      const step = this.work.shift();
      if (step !== undefined) {
        step(this.buffer);
      }
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  #make() {
    const buffer = this.source.addSourceBuffer(this.type);
    buffer.timestampOffset = -this.startSeconds;
    buffer.addEventListener("updateend", () => {
      this.dispatchEvent(new Event("fed"));
      this.#next();
    });
    buffer.addEventListener("error", () => this.dispatchEvent(new CustomEvent("failed", { detail: null })));
    return buffer;
  }
}
