/**
 * <mj-timeline>: footage, gaps by cause, holds, marks, the granted window and where the picture stands. Attributes:
 * start, end (the granted window), from, to (what to draw, else a little more than the window), for (id of an
 * <mj-player>, else the first of the page), coverage (id of a json_script with what the player would be told; it may
 * also carry expired, holds, marks, and segments, the parts marked for showing). A click or key asks the
 * player to go there; the server refuses what lies outside. `plain`: there is no player, and the words below say what
 * is at the cursor. What stands inside the element is read without script, and kept below the drawing with it.
 */

import { gapWords, spanAt } from "./spans.js";
import { words } from "./strings.js";
import { TICKS_PER_S, dateTime, ticksOf } from "./ticks.js";
import { Drawing } from "./timeline_drawing.js";
import { Frame } from "./timeline_frame.js";
import { firstView } from "./timeline_view.js";

const ZOOM = 1.6;
const PAN = 0.8;
const STEPS = 60;

/** @typedef {import("./spans.js").Coverage} Coverage */

export class Timeline extends HTMLElement {
  connectedCallback() {
    if (this.frame) {
      return;
    }
    this.start = ticksOf(this, "start") ?? 0;
    this.end = ticksOf(this, "end") ?? this.start + TICKS_PER_S;
    this.view = firstView({ start: this.start, end: this.end, from: ticksOf(this, "from"), to: ticksOf(this, "to") });
    this.position = this.start;
    /** @type {Coverage} */
    this.coverage = { footage: [], gaps: [] };
    this.isPlain = this.hasAttribute("plain");
    this.drawing = new Drawing();
    this.frame = new Frame(this, { drawing: this.drawing.svg, isPlain: this.isPlain });
    this.slider = this.frame.slider;
    this.life = new AbortController();
    this.#listen();
    // The observer tells the width when the page is laid out: asking for it would lay out the page for each timeline.
    this.watcher = new ResizeObserver(([{ contentRect }]) => {
      this.view.width = Math.max(1, contentRect.width);
      this.draw();
    });
    this.watcher.observe(this.slider);
    this.reload();
  }

  disconnectedCallback() {
    this.life?.abort();
    this.watcher?.disconnect();
    this.frame = undefined;
  }

  get player() {
    if (this.isPlain) {
      return null;
    }
    const id = this.getAttribute("for");
    return /** @type {any} */ (id ? document.getElementById(id) : document.querySelector("mj-player"));
  }

  /** Read what the page says of the window, now or anew. */
  reload() {
    const known = document.getElementById(this.getAttribute("coverage") ?? "");
    this.#show(JSON.parse(known?.textContent ?? "{}"));
  }

  /** Draw what is seen, as wide as there is room; before that is known, nothing. */
  draw() {
    if (!this.frame || this.view.width === 0) {
      return;
    }
    this.drawing.draw({ view: this.view, coverage: this.coverage, window: [this.start, this.end] });
    this.frame.tell(this.coverage, this.view.shown);
    this.#tellPosition();
  }

  /**
   * Take what is known of the window; what the player is not told, such as holds and marks, stays.
   * @param {Partial<Coverage>} coverage
   */
  #show(coverage) {
    this.coverage = { ...this.coverage, ...coverage };
    this.frame?.explain(this.coverage);
    this.draw();
  }

  #listen() {
    const { signal } = this.life;
    this.slider.addEventListener("click", (event) => this.#go(this.#pointed(event)), { signal });
    this.slider.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.slider.addEventListener("pointermove", (event) => {
      this.frame?.hint(this.#wordsAt(this.#pointed(event)), event.clientX - this.slider.getBoundingClientRect().left);
    }, { signal });
    this.slider.addEventListener("pointerleave", () => this.frame?.hint(""), { signal });
    this.addEventListener("click", (event) => {
      const { zoom } = /** @type {HTMLElement} */ (event.target).dataset;
      if (zoom) {
        this.#zoom(zoom === "in" ? 1 / ZOOM : ZOOM, this.position);
      }
    }, { signal });
    this.slider.addEventListener("wheel", (event) => {
      if (event.ctrlKey) {
        event.preventDefault();
        this.#zoom(event.deltaY < 0 ? 1 / ZOOM : ZOOM, this.#pointed(event));
      }
    }, { signal, passive: false });
    customElements.whenDefined("mj-player").then(() => {
      this.player?.addEventListener("mj-position", (/** @type {CustomEvent} */ event) => this.#moved(event.detail.at), { signal });
      this.player?.addEventListener("mj-coverage", (/** @type {CustomEvent} */ event) => {
        this.#show({ footage: event.detail.footage, gaps: event.detail.gaps });
      }, { signal });
    });
  }

  /** @param {MouseEvent} event */
  #pointed(event) {
    return this.view.ticksAt(event.clientX - this.slider.getBoundingClientRect().left);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const [from, to] = this.view.shown;
    const step = Math.max(TICKS_PER_S, Math.round((to - from) / STEPS));
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => this.#go(Math.max(this.start, this.position - step)),
      ArrowRight: () => this.#go(Math.min(this.end - 1, this.position + step)),
      PageUp: () => this.#pan(-PAN),
      PageDown: () => this.#pan(PAN),
      "[": () => this.#toGap(-1),
      "]": () => this.#toGap(1),
      Home: () => this.#go(this.start),
      End: () => this.#go(Math.max(this.start, this.end - 5 * TICKS_PER_S)),
      "+": () => this.#zoom(1 / ZOOM, this.position),
      "=": () => this.#zoom(1 / ZOOM, this.position),
      "-": () => this.#zoom(ZOOM, this.position),
    };
    if (Object.hasOwn(acts, event.key)) {
      event.preventDefault();
      acts[event.key]();
    }
  }

  /** @param {number} at */
  #go(at) {
    if (this.isPlain) {
      this.#moved(Math.min(this.end - 1, Math.max(this.start, at)));
    } else {
      this.player?.seek(at);
    }
  }

  /**
   * Go to the gap before or after the cursor.
   * @param {number} direction
   */
  #toGap(direction) {
    const { gaps } = this.coverage;
    const next =
      direction > 0
        ? gaps.find((gap) => gap.start > this.position)
        : gaps.findLast((gap) => gap.start < this.position);
    if (next) {
      this.#go(next.start);
    }
  }

  /** @param {number} share */
  #pan(share) {
    this.view.pan(share);
    this.draw();
  }

  /**
   * @param {number} factor
   * @param {number} around
   */
  #zoom(factor, around) {
    this.view.zoom(factor, around);
    this.draw();
  }

  /** @param {number} at */
  #moved(at) {
    this.position = at;
    if (this.view.reveal(at)) {
      this.draw();
    } else {
      this.#tellPosition();
    }
  }

  #tellPosition() {
    this.drawing.placeCursor(this.position);
    const said = this.#wordsAt(this.position);
    this.slider.setAttribute("aria-valuemin", String(Math.round(this.start / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuemax", String(Math.round(this.end / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuenow", String(Math.round(this.position / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuetext", said);
    if (this.isPlain && this.frame) {
      this.frame.reading.textContent = said;
    }
  }

  /**
   * Say what is at an instant: a gap and its cause, footage, or nothing yet; whether it is held, and a mark there.
   * @param {number} at
   */
  #wordsAt(at) {
    const { footage, gaps, expired = [], holds = [], segments = [], marks = [] } = this.coverage;
    const gap = spanAt(gaps, at);
    const near = Math.max(TICKS_PER_S, 4 * this.view.perPixel);
    const mark = marks.find((one) => Math.abs(one.at - at) <= near);
    const found = spanAt(footage, at) ? words("footage") : spanAt(expired, at) ? words("expired") : words("future");
    const said = [
      gap ? gapWords(gap) : found,
      ...(spanAt(holds, at) ? [words("held")] : []),
      ...(spanAt(segments, at) ? [words("segment")] : []),
      ...(mark ? [`${words("bookmark")} ${mark.text}`.trim()] : []),
    ];
    return `${dateTime(at)} · ${said.join(" · ")}`;
  }
}
