/**
 * <mj-together>: several cameras of one granted window in step, by one clock, one bar and one timeline. Attributes: cameras
 * (id of a json_script with [{id, name, building}]), media-url, leases-url, lease-id, start, end, at. Each camera has a
 * player, a line, a lease and a receipt of its own; what is common is only the clock. To a timeline it is a player: it
 * has `seek` and the events "mj-position" and "mj-coverage", the latter of the tile chosen last.
 */

import { Conductor } from "./conductor.js";
import { listen } from "./hands.js";
import { makeControls, markPlaying } from "./screen.js";
import { words } from "./strings.js";
import { TICKS_PER_S, dateTime, ticksOf } from "./ticks.js";

const TEND_MS = 80;
const STEP_S = 0.1;

export class Together extends HTMLElement {
  connectedCallback() {
    if (this.grid) {
      return;
    }
    this.mode = "history";
    this.startTicks = ticksOf(this, "start") ?? 0;
    this.endTicks = ticksOf(this, "end") ?? 0;
    this.conductor = new Conductor(((ticksOf(this, "at") ?? this.startTicks) - this.startTicks) / TICKS_PER_S);
    this.grid = document.createElement("div");
    this.grid.className = "mj-together__grid";
    const { buttons, speed } = makeControls();
    this.bar = document.createElement("div");
    this.bar.className = "mj-player__bar";
    this.time = document.createElement("time");
    this.time.className = "mj-player__time";
    this.bar.append(...buttons, this.time);
    this.screen = { bar: this.bar, speed };
    /** @type {import("./wall.js").Camera[]} */
    const cameras = JSON.parse(document.getElementById(this.getAttribute("cameras") ?? "")?.textContent ?? "[]");
    this.players = cameras.map((camera) => this.#player(camera));
    this.grid.append(...this.players);
    this.grid.dataset.count = String(this.players.length);
    this.replaceChildren(this.grid, this.bar);
    this.chosen = this.players[0];
    /** @type {Map<unknown, object>} */
    this.coverages = new Map();
    this.life = new AbortController();
    listen(this, this.screen, this.life.signal);
    this.#listen(this.life.signal);
    this.#choose(this.chosen);
    this.tending = setInterval(() => this.#tend(), TEND_MS);
  }

  disconnectedCallback() {
    this.life?.abort();
    clearInterval(this.tending);
    this.grid = undefined;
  }

  // What hands and timeline may ask -----------------------------------------------------------------------------------

  get position() {
    return Math.round(this.startTicks + this.conductor.seconds * TICKS_PER_S);
  }

  get isPlaying() {
    return this.conductor.wantsToPlay;
  }

  get speed() {
    return this.conductor.speed;
  }

  play() {
    if (this.position >= this.endTicks - TICKS_PER_S / 10) {
      this.seek(this.startTicks);
    }
    this.conductor.wantsToPlay = true;
    this.players.forEach((player) => player.play());
  }

  pause() {
    this.conductor.wantsToPlay = false;
    this.players.forEach((player) => player.pause());
    this.#tend();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.conductor.speed = speed;
    this.screen.speed.value = String(speed);
    this.players.forEach((player) => player.setSpeed(speed));
  }

  /**
   * Go to another instant, all of them. What lies outside the window the server refuses, once.
   * @param {number} at
   */
  seek(at) {
    if (at < this.startTicks || at >= this.endTicks) {
      this.chosen.seek(at);
      return;
    }
    this.conductor.moveTo((at - this.startTicks) / TICKS_PER_S);
    this.players.forEach((player) => player.seek(at));
    this.#tend();
  }

  /** @param {1 | -1} direction */
  step(direction) {
    this.pause();
    const length = (this.endTicks - this.startTicks) / TICKS_PER_S;
    this.conductor.moveTo(Math.min(length - STEP_S, Math.max(0, this.conductor.seconds + direction * STEP_S)));
    if (this.players.some((player) => player.follow(this.conductor.seconds, 1, false) === "starved")) {
      this.seek(this.position);
    }
    this.#tell();
  }

  // Keeping step ------------------------------------------------------------------------------------------------------

  #tend() {
    const now = performance.now();
    const { conductor } = this;
    const length = (this.endTicks - this.startTicks) / TICKS_PER_S;
    const seconds = Math.min(conductor.advance(now), length);
    conductor.seconds = seconds;
    if (seconds >= length && conductor.wantsToPlay) {
      this.pause();
      return;
    }
    const wasRunning = conductor.isRunning;
    const states = new Map(this.players.map((player) => [player, player.follow(seconds, conductor.speed, wasRunning)]));
    conductor.judge(now, states);
    this.dataset.state = conductor.isRunning ? "playing" : conductor.wantsToPlay ? "buffering" : "paused";
    markPlaying(this.bar, conductor.wantsToPlay);
    this.#tell();
  }

  #tell() {
    const text = dateTime(this.position);
    if (this.time.textContent !== text) {
      this.time.textContent = text;
      this.dispatchEvent(new CustomEvent("mj-position", { detail: { at: this.position } }));
    }
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    for (const player of this.players) {
      player.addEventListener("mj-coverage", (/** @type {CustomEvent} */ event) => {
        this.coverages.set(player, event.detail);
        if (player === this.chosen) {
          this.#choose(player);
        }
      }, { signal });
      player.addEventListener("mj-opened", (/** @type {CustomEvent} */ event) => {
        [this.startTicks, this.endTicks] = event.detail.window;
      }, { signal });
      player.addEventListener("focusin", () => this.#choose(player), { signal });
    }
  }

  /**
   * The timeline shows what there is of this camera.
   * @param {any} player
   */
  #choose(player) {
    this.chosen = player;
    this.players.forEach((one) => one.toggleAttribute("data-chosen", one === player));
    const coverage = this.coverages.get(player);
    if (coverage) {
      this.dispatchEvent(new CustomEvent("mj-coverage", { detail: coverage }));
    }
  }

  /**
   * @param {import("./wall.js").Camera} camera
   * @returns {any}
   */
  #player(camera) {
    const player = document.createElement("mj-player");
    const attributes = {
      "media-url": this.getAttribute("media-url") ?? "",
      "leases-url": this.getAttribute("leases-url") ?? "/leases",
      "lease-kind": "viewing",
      "lease-id": this.getAttribute("lease-id") ?? "",
      mode: "history",
      camera: camera.id,
      "camera-name": camera.name,
      start: this.getAttribute("start") ?? "0",
      end: this.getAttribute("end") ?? "0",
      at: this.getAttribute("at") ?? this.getAttribute("start") ?? "0",
      led: "",
      compact: "",
      title: words("choose_tile"),
    };
    for (const [name, value] of Object.entries(attributes)) {
      player.setAttribute(name, value);
    }
    return player;
  }
}
