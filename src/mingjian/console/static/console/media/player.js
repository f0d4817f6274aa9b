/**
 * <mj-player>: one camera, live or within a granted window.
 *
 * Attributes: media-url, lease-kind (viewing | live), lease-id, camera, camera-name, mode (history | live), stream
 * (auto | main | sub), start, end, at, leases-url, compact. Events, all with ticks: "mj-opened" {window}, "mj-coverage",
 * "mj-position" {at}, "mj-refused" {code, text}. `seek(ticks)` may be called from outside, by a timeline.
 */

import { MediaBuffer } from "./buffer.js";
import { leases } from "./lease.js";
import { MediaLink, decodable } from "./link.js";
import { SPEEDS, Screen } from "./screen.js";
import { causeWords, refusalWords, words } from "./strings.js";
import { TICKS_PER_S, clockTime, dateTime, ticksOf } from "./ticks.js";

const TICK_MS = 200;
const RETRY_MS = [500, 1000, 2000, 4000];
const NOTICE_MS = 4000;
const AHEAD_MOST_S = 30;
const AHEAD_LEAST_S = 10;
const LIVE_BEHIND_S = 0.8;
const LIVE_BEHIND_MOST_S = 3;
const SKIP_S = 5;
const FINAL = new Set(["revoked", "bound", "failed"]);

export class Player extends HTMLElement {
  connectedCallback() {
    if (this.screen) {
      return;
    }
    this.mode = this.getAttribute("mode") === "live" ? "live" : "history";
    this.screen = new Screen(this, { name: this.getAttribute("camera-name") ?? "", hasControls: this.mode === "history" });
    this.tabIndex = 0;
    this.startTicks = ticksOf(this, "start") ?? 0;
    this.endTicks = ticksOf(this, "end") ?? 0;
    this.position = ticksOf(this, "at") ?? this.startTicks;
    this.speed = 1;
    this.wantsToPlay = true;
    this.failures = 0;
    this.stepSeconds = 1 / 25;
    this.life = new AbortController();
    this.#listen();
    if (decodable().length === 0) {
      this.#stop("unsupported", words("unsupported"), {});
      return;
    }
    this.ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#ask();
  }

  disconnectedCallback() {
    this.release?.();
    clearInterval(this.ticking);
    clearTimeout(this.retry);
    this.life?.abort();
    this.#drop();
    this.screen = undefined;
    this.release = undefined;
  }

  /**
   * Ask the server for another instant. What lies outside the window it refuses.
   * @param {number} at
   */
  seek(at) {
    if (this.mode === "history") {
      this.isAtEnd = false;
      this.link?.say({ type: "seek", at: Math.round(at) });
    }
  }

  // Asking and opening ------------------------------------------------------------------------------------------------

  #ask() {
    this.screen.show("connecting");
    this.screen.cover(words("connecting"));
    this.isFinal = false;
    this.token = undefined;
    this.release?.();
    const isViewing = this.getAttribute("lease-kind") === "viewing";
    const want = isViewing
      ? { kind: "viewing", id: this.getAttribute("lease-id") ?? "" }
      : { kind: "live", camera: this.getAttribute("camera") ?? "" };
    this.release = leases(this.getAttribute("leases-url") ?? "/leases").want(/** @type {any} */ (want), {
      token: (token) => this.#renew(token),
      refused: (code, message, articles) => this.#refuseAll(code, message, articles),
    });
  }

  /** @param {string} token */
  #renew(token) {
    this.token = token;
    if (this.link) {
      this.link.say({ type: "lease", token });
    } else if (!this.isFinal && this.retry === undefined) {
      this.#open();
    }
  }

  #open() {
    const link = new MediaLink(this.getAttribute("media-url") ?? "", {
      token: this.token,
      camera: this.getAttribute("camera"),
      role: this.getAttribute("stream") ?? "auto",
      track: "video",
      mode: this.mode,
      at: this.mode === "history" ? Math.round(this.position) : null,
      speed: this.speed,
      codecs: decodable(),
    });
    this.link = link;
    link.addEventListener("told", (event) => this.link === link && this.#hear(/** @type {CustomEvent} */ (event).detail));
    link.addEventListener("bytes", (event) => this.buffer?.append(/** @type {CustomEvent} */ (event).detail));
    link.addEventListener("lost", () => this.link === link && this.#lost());
  }

  #lost() {
    this.#drop();
    if (this.isFinal) {
      return;
    }
    this.screen.show("disconnected");
    this.screen.cover(words("disconnected"), { isBlank: this.mode === "live" });
    const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.#ask();
    }, wait);
  }

  #drop() {
    const link = this.link;
    this.link = undefined;
    link?.close();
    this.buffer?.destroy();
    this.buffer = undefined;
  }

  // Hearing the server ------------------------------------------------------------------------------------------------

  /** @param {any} message */
  #hear(message) {
    switch (message.type) {
      case "opened":
        return this.#opened(message);
      case "init":
        this.failures = 0;
        return this.buffer?.begin(message.mime);
      case "seeked":
        return this.#seeked(message.at);
      case "hole":
        return this.#hole(message);
      case "coverage":
        return this.dispatchEvent(new CustomEvent("mj-coverage", { detail: message }));
      case "refused":
        return this.#refused(message);
      case "ended":
        return this.#ended(message.reason);
    }
  }

  /** @param {any} message */
  #opened(message) {
    [this.startTicks, this.endTicks] = message.window;
    this.buffer = new MediaBuffer(this.screen.video, this.startTicks / TICKS_PER_S);
    this.buffer.addEventListener("fed", () => this.#fed());
    this.buffer.addEventListener("failed", () => this.#stop("decode_error", words("decode_error"), { canReopen: true }));
    this.screen.host.classList.toggle("is-transcoded", message.transcoded);
    this.screen.show(this.mode === "live" ? "waiting" : "buffering");
    this.screen.cover(words("waiting"));
    this.screen.video.playbackRate = this.speed;
    this.isAtEnd = false;
    this.isHeld = false;
    if (!this.wantsToPlay) {
      this.link?.say({ type: "pause" });
    }
    this.dispatchEvent(new CustomEvent("mj-opened", { detail: { window: message.window, receipt: message.receipt } }));
  }

  /** @param {number} at */
  #seeked(at) {
    this.buffer?.clear();
    this.position = at;
    this.isAtEnd = false;
    this.isHeld = false;
    this.screen.video.currentTime = this.#secondsOf(at);
    this.#tellPosition();
  }

  /** @param {any} hole */
  #hole(hole) {
    const cause = causeWords(hole.cause);
    const text =
      hole.to === null
        ? words("hole_open", { from: clockTime(hole.from), cause })
        : words("hole", { from: clockTime(hole.from), to: clockTime(hole.to), cause });
    if (this.mode === "live") {
      this.screen.show("waiting");
      this.screen.cover(text, { isBlank: true });
    } else {
      this.#notice(text);
    }
  }

  /** @param {any} message */
  #refused(message) {
    const text = refusalWords(message.code, message.message_zh);
    this.dispatchEvent(new CustomEvent("mj-refused", { detail: { code: message.code, text }, bubbles: true }));
    if (this.buffer) {
      this.#notice(text, message.articles);
      return;
    }
    this.#refuseAll(message.code, message.message_zh, message.articles);
  }

  /** @param {string} reason */
  #ended(reason) {
    if (reason === "window_end" && this.mode === "history") {
      this.isAtEnd = true;
      return;
    }
    if (FINAL.has(reason)) {
      this.#stop(`ended_${reason}`, words(`ended_${reason}`), { canReopen: true });
      return;
    }
    // A lease that could not be renewed ends the picture at once; a fresh one opens it again.
    this.#drop();
    this.screen.show(`ended_${reason}`);
    this.screen.cover(words(`ended_${reason}`), { isBlank: true });
  }

  /**
   * @param {string} code
   * @param {string} message
   * @param {string[]} articles
   */
  #refuseAll(code, message, articles) {
    const text = words("refused", { message: refusalWords(code, message) });
    this.#stop("refused", text, { articles, canReopen: true });
  }

  /**
   * End for good: no picture, no retry, words in its place.
   * @param {string} state
   * @param {string} text
   * @param {{articles?: string[], canReopen?: boolean}} options
   */
  #stop(state, text, options) {
    this.isFinal = true;
    this.release?.();
    this.release = undefined;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.#drop();
    this.screen.show(state.startsWith("ended_") || state === "refused" ? "stopped" : state);
    this.screen.cover(text, { ...options, isBlank: true });
    this.dataset.reason = state;
  }

  // The picture -------------------------------------------------------------------------------------------------------

  #fed() {
    const { video } = this.screen;
    if (this.wantsToPlay && video.paused && !video.ended) {
      video.play().catch(() => undefined);
    }
    this.#tick();
  }

  #tick() {
    if (!this.buffer || !this.screen) {
      return;
    }
    const { video } = this.screen;
    const range = this.buffer.rangeAt(video.currentTime);
    if (range === null) {
      this.#hop();
    } else {
      this.#flow();
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        this.#showPicture();
      }
    }
    this.buffer.trim();
    if (!video.seeking && range !== null) {
      this.position = this.#ticksOf(video.currentTime);
    }
    this.#tellPosition();
  }

  /** What was there has been sent: where nothing is, nothing was recorded, and the picture goes on after it. */
  #hop() {
    const { video } = this.screen;
    const next = this.buffer?.nextStart(video.currentTime) ?? null;
    if (next !== null) {
      video.currentTime = this.mode === "live" ? Math.max(next, (this.buffer?.end() ?? 0) - LIVE_BEHIND_S) : next + 0.001;
    } else if (this.isAtEnd) {
      this.screen.show("ended_window_end");
      this.screen.markPlaying(false);
    } else if (this.dataset.state !== "waiting") {
      this.screen.show("buffering");
    }
  }

  #showPicture() {
    if (!this.notice) {
      this.screen.uncover();
    }
    const { video } = this.screen;
    const isOver = this.isAtEnd && (this.buffer?.ahead() ?? 0) < 0.1;
    this.screen.show(isOver ? "ended_window_end" : video.paused ? "paused" : this.mode === "live" ? "live" : "playing");
    this.screen.markPlaying(!video.paused && !isOver);
  }

  /** Keep a live picture near the end, and a stalled one from piling up what is sent. */
  #flow() {
    const { video } = this.screen;
    const ahead = this.buffer?.ahead() ?? 0;
    if (this.mode === "live") {
      if (ahead > LIVE_BEHIND_MOST_S) {
        video.currentTime = (this.buffer?.end() ?? 0) - LIVE_BEHIND_S;
      }
      video.playbackRate = ahead > 2 * LIVE_BEHIND_S ? 1.1 : 1;
      return;
    }
    if (this.wantsToPlay && !this.isHeld && ahead > AHEAD_MOST_S) {
      this.isHeld = true;
      this.link?.say({ type: "pause" });
    } else if (this.wantsToPlay && this.isHeld && ahead < AHEAD_LEAST_S) {
      this.isHeld = false;
      this.link?.say({ type: "resume" });
    }
  }

  /**
   * Show words for a moment over the running picture.
   * @param {string} text
   * @param {string[]} [articles]
   */
  #notice(text, articles = []) {
    clearTimeout(this.notice);
    this.screen.cover(text, { articles });
    this.notice = setTimeout(() => {
      this.notice = undefined;
    }, NOTICE_MS);
  }

  #tellPosition() {
    const text = this.position > 0 ? (this.mode === "live" ? clockTime(this.position) : dateTime(this.position)) : "";
    if (this.screen.time.textContent !== text) {
      this.screen.time.textContent = text;
      this.dispatchEvent(new CustomEvent("mj-position", { detail: { at: this.position } }));
    }
  }

  /** @param {number} at */
  #secondsOf(at) {
    return (at - this.startTicks) / TICKS_PER_S;
  }

  /** @param {number} seconds */
  #ticksOf(seconds) {
    return Math.round(this.startTicks + seconds * TICKS_PER_S);
  }

  // The viewer's hands ------------------------------------------------------------------------------------------------

  #listen() {
    const { signal } = this.life;
    const { video, bar, reopen } = this.screen;
    reopen.addEventListener("click", () => this.#ask(), { signal });
    bar.addEventListener("click", (event) => this.#act(/** @type {HTMLElement} */ (event.target).dataset.act), { signal });
    this.screen.speed?.addEventListener("change", () => this.setSpeed(Number(this.screen.speed.value)), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    const measure = (/** @type {number} */ _now, /** @type {VideoFrameCallbackMetadata} */ frame) => {
      const step = frame.mediaTime - (this.lastMediaTime ?? frame.mediaTime);
      if (step > 0.005 && step < 0.5) {
        this.stepSeconds = step;
      }
      this.lastMediaTime = frame.mediaTime;
      this.dataset.pictures = String(Number(this.dataset.pictures ?? 0) + 1);
      video.requestVideoFrameCallback(measure);
    };
    video.requestVideoFrameCallback?.(measure);
  }

  /** @param {string | undefined} act */
  #act(act) {
    switch (act) {
      case "toggle":
        return this.wantsToPlay && !this.screen.video.paused ? this.pause() : this.play();
      case "step_back":
        return this.#step(-1);
      case "step_forward":
        return this.#step(1);
      case "fullscreen":
        return this.requestFullscreen?.().catch(() => undefined);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const acts = {
      " ": () => this.#act("toggle"),
      k: () => this.pause(),
      l: () => this.setSpeed(SPEEDS[Math.min(SPEEDS.indexOf(this.speed) + 1, SPEEDS.length - 1)]),
      j: () => this.setSpeed(SPEEDS[Math.max(SPEEDS.indexOf(this.speed) - 1, 0)]),
      ",": () => this.#step(-1),
      ".": () => this.#step(1),
      ArrowLeft: () => this.seek(Math.max(this.startTicks, this.position - SKIP_S * TICKS_PER_S)),
      ArrowRight: () => this.seek(Math.min(this.endTicks - 1, this.position + SKIP_S * TICKS_PER_S)),
    };
    const act = acts[/** @type {keyof typeof acts} */ (event.key)];
    if (this.mode === "history" && act && !(event.key === " " && event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      act();
    }
  }

  play() {
    this.wantsToPlay = true;
    if (this.isAtEnd && (this.buffer?.ahead() ?? 0) < 0.1) {
      this.seek(this.startTicks);
    }
    this.link?.say({ type: "resume" });
    this.screen.video.play().catch(() => undefined);
  }

  pause() {
    this.wantsToPlay = false;
    this.link?.say({ type: "pause" });
    this.screen.video.pause();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed;
    this.screen.video.playbackRate = speed;
    this.screen.speed.value = String(speed);
    this.link?.say({ type: "speed", speed });
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    this.pause();
    const { video } = this.screen;
    const wanted = video.currentTime + direction * this.stepSeconds;
    if (this.buffer?.rangeAt(wanted)) {
      video.currentTime = wanted;
    } else if (wanted >= 0) {
      this.seek(Math.min(this.endTicks - 1, Math.max(this.startTicks, this.#ticksOf(wanted))));
    }
  }
}
