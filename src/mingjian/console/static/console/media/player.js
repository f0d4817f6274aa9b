/**
 * <mj-player>: one camera, live or within a granted window.
 *
 * Attributes: media-url, lease-kind (viewing | live), lease-id, camera, camera-name, mode (history | live), stream
 * (auto | main | sub), start, end, at, leases-url, compact, led (by an <mj-together>: no controls, no clock of its own). Events, all with ticks: "mj-opened" {window, receipt},
 * "mj-coverage", "mj-position" {at}, "mj-refused" {code, text}; "mj-control" when control dies (data-control) or is back.
 * `seek(ticks)` may be called from outside, by a timeline.
 */

import { listen } from "./hands.js";
import { leases } from "./lease.js";
import { MediaLink, decodable } from "./link.js";
import { Picture } from "./picture.js";
import { Screen } from "./screen.js";
import { causeWords, refusalWords, words } from "./strings.js";
import { TICKS_PER_S, clockTime, dateTime, ticksOf } from "./ticks.js";

const TEND_MS = 200;
const RETRY_MS = [500, 1000, 2000, 4000];
const NOTICE_MS = 4000;
// What ends a viewing for good; anything else is tried again as long as the console renews the lease.
const FINAL = new Set(["revoked", "moved", "bound", "failed", "disk_hangs"]);
// What may be otherwise with the next lease: while control is dead nothing opens, afterwards it does by itself.
const PASSING = new Set(["streaming.blackout", "streaming.no_receipt", "streaming.not_checked", "streaming.no_plan"]);

export class Player extends HTMLElement {
  connectedCallback() {
    if (this.screen) {
      return;
    }
    this.mode = this.getAttribute("mode") === "live" ? "live" : "history";
    this.startTicks = ticksOf(this, "start") ?? 0;
    this.endTicks = ticksOf(this, "end") ?? 0;
    this.position = ticksOf(this, "at") ?? this.startTicks;
    this.failures = 0;
    this.tabIndex = 0;
    this.screen = new Screen(this, { name: this.getAttribute("camera-name") ?? "", hasControls: this.mode === "history" && !this.isLed });
    this.picture = new Picture(this.screen.video, this.mode === "live");
    this.picture.isLed = this.isLed;
    this.picture.addEventListener("failed", () => this.#stop("decode_error", words("decode_error"), { canReopen: true }));
    this.picture.addEventListener("hold", () => this.link?.say({ type: "pause" }));
    this.picture.addEventListener("release", () => this.link?.say({ type: "resume" }));
    this.life = new AbortController();
    listen(this, this.screen, this.life.signal);
    if (decodable().length === 0) {
      this.#stop("unsupported", words("unsupported"), {});
      return;
    }
    this.tending = setInterval(() => this.#tend(), TEND_MS);
    this.reopen();
  }

  disconnectedCallback() {
    this.life?.abort();
    clearInterval(this.tending);
    clearTimeout(this.retry);
    clearTimeout(this.notice);
    this.retry = this.notice = undefined;
    this.release?.();
    this.release = undefined;
    this.#drop();
    this.screen = undefined;
  }

  // What hands and pages may ask --------------------------------------------------------------------------------------

  /** Ask for a lease, and open the camera with it. */
  reopen() {
    if (this.dataset.reason === "signed_out" || this.dataset.reason === "ended_revoked") {
      // The page itself says why: it leads to the sign-in and back, or names the article.
      location.reload();
      return;
    }
    delete this.dataset.reason;
    this.screen.show("connecting");
    this.screen.cover(words("connecting"));
    this.isFinal = false;
    this.release?.();
    const want =
      this.getAttribute("lease-kind") === "viewing"
        ? { kind: "viewing", id: this.getAttribute("lease-id") ?? "" }
        : { kind: "live", camera: this.getAttribute("camera") ?? "" };
    this.release = leases(this.getAttribute("leases-url") ?? "/leases").want(/** @type {any} */ (want), {
      token: (token) => this.#renew(token),
      refused: (code, message, articles) => this.#refuse(code, message, articles),
      signedOut: () => this.#stop("signed_out", words("signed_out"), { canReopen: true }),
    });
  }

  /**
   * Ask the server for another instant. What lies outside the window it refuses.
   * @param {number} at
   */
  seek(at) {
    if (this.mode === "history") {
      this.isJumping = this.isLed && at >= this.startTicks && at < this.endTicks;
      this.link?.say({ type: "seek", at: Math.round(at) });
    }
  }

  get isLed() {
    return this.hasAttribute("led");
  }

  /**
   * Be where a common clock says. A jump that the server has not answered yet is waited for; a stopped picture is not.
   * @param {number} seconds
   * @param {number} speed
   * @param {boolean} isRunning
   * @returns {import("./conductor.js").Readiness}
   */
  follow(seconds, speed, isRunning) {
    if (this.isFinal) {
      return "absent";
    }
    this.position = Math.round(this.startTicks + seconds * TICKS_PER_S);
    const readiness = this.isJumping || !this.picture.buffer ? "starved" : this.picture.follow(seconds, speed, isRunning);
    const isInHole = this.hole && this.hole[0] <= this.position && this.position < this.hole[1];
    return readiness === "starved" && isInHole ? "absent" : readiness;
  }

  get isPlaying() {
    return this.picture.wantsToPlay && !this.picture.isOver;
  }

  get speed() {
    return this.picture.speed;
  }

  play() {
    if (this.picture.isOver) {
      this.seek(this.startTicks);
    }
    this.picture.play();
    this.link?.say({ type: "resume" });
  }

  pause() {
    this.picture.pause();
    this.link?.say({ type: "pause" });
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.picture.setSpeed(speed);
    if (this.screen.speed) {
      this.screen.speed.value = String(speed);
    }
    this.link?.say({ type: "speed", speed });
  }

  /** @param {1 | -1} direction */
  step(direction) {
    this.pause();
    const missing = this.picture.step(direction);
    if (missing !== null) {
      this.seek(Math.min(this.endTicks - 1, Math.max(this.startTicks, missing)));
    }
  }

  // The line ----------------------------------------------------------------------------------------------------------

  /** @param {string} token */
  #renew(token) {
    if (this.link) {
      this.link.say({ type: "lease", token });
    } else if (!this.isFinal && this.retry === undefined) {
      this.#open(token);
    }
  }

  /** @param {string} token */
  #open(token) {
    const link = new MediaLink(this.getAttribute("media-url") ?? "", {
      token,
      camera: this.getAttribute("camera"),
      role: this.getAttribute("stream") ?? "auto",
      track: "video",
      mode: this.mode,
      at: this.mode === "history" ? Math.round(this.position) : null,
      speed: this.picture.speed,
      codecs: decodable(),
    });
    this.link = link;
    link.addEventListener("told", (event) => this.link === link && this.#hear(/** @type {CustomEvent} */ (event).detail));
    link.addEventListener("bytes", (event) => {
      if (this.link === link) {
        this.picture.take(/** @type {CustomEvent} */ (event).detail);
      }
    });
    link.addEventListener("lost", () => this.link === link && this.#lost());
  }

  #lost() {
    this.#drop();
    if (this.isFinal) {
      return;
    }
    this.screen.show("disconnected");
    this.screen.cover(words("disconnected"), { isBlank: true });
    const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.reopen();
    }, wait);
  }

  #drop() {
    const link = this.link;
    this.link = undefined;
    link?.close();
    this.picture?.close();
    if (this.hasAttribute("data-control")) {
      this.#control(false);
    }
  }

  // What the server tells ---------------------------------------------------------------------------------------------

  /** @param {any} message */
  #hear(message) {
    switch (message.type) {
      case "opened":
        return this.#opened(message);
      case "init":
        this.failures = 0;
        return this.picture.buffer?.begin(message.mime);
      case "seeked":
        this.position = message.at;
        this.isJumping = false;
        this.hole = undefined;
        this.picture.moveTo(message.at);
        return this.#tellPosition();
      case "control":
        return this.#control(message.state === "blackout");
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
    this.isJumping = false;
    this.hole = undefined;
    this.picture.open(this.startTicks);
    this.classList.toggle("is-transcoded", message.transcoded);
    this.screen.show("waiting");
    this.screen.cover(words("waiting"));
    if (!this.picture.wantsToPlay) {
      this.link?.say({ type: "pause" });
    }
    this.dispatchEvent(new CustomEvent("mj-opened", { detail: { window: message.window, receipt: message.receipt } }));
  }

  /**
   * Control is dead and the picture goes on, written down where it is served; or it is back.
   * @param {boolean} isDead
   */
  #control(isDead) {
    this.toggleAttribute("data-control", isDead);
    this.dispatchEvent(new Event("mj-control", { bubbles: true }));
  }

  /** @param {any} hole */
  #hole(hole) {
    const cause = causeWords(hole.cause);
    if (this.mode === "live") {
      this.isSilent = true;
      this.screen.show("waiting");
      this.screen.cover(words("hole_open", { from: clockTime(hole.from), cause }), { isBlank: true });
    } else if (this.isLed) {
      this.hole = [hole.from, hole.to ?? Infinity];
      this.holeWords = words("hole", { from: clockTime(hole.from), to: clockTime(hole.to), cause });
    } else {
      this.#notify(words("hole", { from: clockTime(hole.from), to: clockTime(hole.to), cause }));
    }
  }

  /** @param {any} message */
  #refused(message) {
    const text = refusalWords(message.code, message.message_zh);
    this.dispatchEvent(new CustomEvent("mj-refused", { detail: { code: message.code, text }, bubbles: true }));
    if (this.picture.buffer) {
      this.#notify(text, message.articles);
    } else if (this.mode === "live" && PASSING.has(message.code)) {
      this.#drop();
      this.screen.show("waiting");
      this.screen.cover(text, { isBlank: true });
    } else {
      this.#refuse(message.code, message.message_zh, message.articles);
    }
  }

  /** @param {string} reason */
  #ended(reason) {
    if (reason === "window_end" && this.mode === "history") {
      this.picture.finish();
    } else if (FINAL.has(reason)) {
      this.#stop(`ended_${reason}`, words(`ended_${reason}`), { canReopen: true });
    } else {
      // A lease that could not be renewed ends the picture at once; a fresh one opens it again. So it does where the
      // camera is recorded by its other stream now.
      this.#drop();
      this.screen.show(reason === "switched" ? "waiting" : "stopped");
      this.screen.cover(words(`ended_${reason}`), { isBlank: true });
    }
  }

  /**
   * @param {string} code
   * @param {string} message
   * @param {string[]} articles
   */
  #refuse(code, message, articles) {
    this.#stop("refused", words("refused", { message: refusalWords(code, message) }), { articles, canReopen: true });
  }

  /**
   * End for good: no picture, no retry, words in its place.
   * @param {string} reason
   * @param {string} text
   * @param {{articles?: string[], canReopen?: boolean}} options
   */
  #stop(reason, text, options) {
    this.isFinal = true;
    this.release?.();
    this.release = undefined;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.#drop();
    this.dataset.reason = reason;
    this.screen.show("stopped");
    this.screen.markPlaying(false);
    this.screen.cover(text, { ...options, isBlank: true });
  }

  // What is shown -----------------------------------------------------------------------------------------------------

  #tend() {
    if (!this.picture.buffer) {
      return;
    }
    const state = this.picture.tend();
    if (state === "showing") {
      this.#showPicture();
    } else if (state === "over") {
      this.screen.show("ended_window_end");
      this.screen.markPlaying(false);
    } else if (state === "absent") {
      this.screen.show("absent");
      this.screen.cover(this.holeWords ?? words("absent"), { isBlank: true });
    } else if (!this.isSilent) {
      this.screen.show("buffering");
    }
    this.dataset.pictures = String(this.picture.shown);
    this.#tellPosition();
  }

  #showPicture() {
    const { video } = this.screen;
    const isNew = this.picture.at !== this.position;
    if (!this.isLed) {
      this.position = this.picture.at;
    }
    if (this.isSilent && !isNew) {
      return;
    }
    this.isSilent = false;
    if (this.notice === undefined) {
      this.screen.uncover();
    }
    const isOnItsOwn = this.hasAttribute("data-control");
    this.screen.show(video.paused ? "paused" : this.mode === "live" ? "live" : "playing", isOnItsOwn ? "live_blackout" : "");
    this.screen.markPlaying(!video.paused);
  }

  /**
   * Show words for a moment over the running picture.
   * @param {string} text
   * @param {string[]} [articles]
   */
  #notify(text, articles = []) {
    clearTimeout(this.notice);
    this.screen.cover(text, { articles, isNotice: true });
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
}
