/**
 * <mj-timeline>: footage, gaps by cause, the granted window and where the picture stands. Attributes: start, end (the
 * granted window), from, to (what to draw, else a little more than the window), for (id of an <mj-player>, else the
 * first of the page), coverage (id of a json_script with what the player would be told). A click or key asks the player
 * to go there; the server refuses what lies outside.
 */

import { causeWords, words } from "./strings.js";
import { TICKS_PER_S, clockTime, dateTime, nowTicks, shortTime, ticksOf } from "./ticks.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 56;
const LANE = { y: 20, height: 20 };
const ZOOM = 1.6;
const SHORTEST_SPAN = 10 * TICKS_PER_S;
const RULER_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const LABEL_PX = 76;
const SHORTEST_GROWING_SPAN = 120 * TICKS_PER_S;
const LEGEND = ["footage", "future", "window"];

/** @typedef {{start: number, end: number, cause: string, open: boolean}} Gap */

export class Timeline extends HTMLElement {
  connectedCallback() {
    if (this.drawing) {
      return;
    }
    this.start = ticksOf(this, "start") ?? 0;
    this.end = ticksOf(this, "end") ?? this.start + TICKS_PER_S;
    const margin = Math.round((this.end - this.start) * 0.05);
    this.whole = [ticksOf(this, "from") ?? this.start - margin, ticksOf(this, "to") ?? this.end + margin];
    this.view = this.#firstView();
    this.position = this.start;
    const known = document.getElementById(this.getAttribute("coverage") ?? "");
    /** @type {{footage: [number, number][], gaps: Gap[]}} */
    this.coverage = known ? JSON.parse(known.textContent ?? "{}") : { footage: [], gaps: [] };
    this.#build();
    this.life = new AbortController();
    this.#listen();
    this.watcher = new ResizeObserver(() => this.#draw());
    this.watcher.observe(this);
    this.#draw();
    this.#list();
  }

  disconnectedCallback() {
    this.life?.abort();
    this.watcher?.disconnect();
    this.drawing = undefined;
  }

  /** A window that is still being recorded opens on what there is, not on the hours to come. */
  #firstView() {
    const now = nowTicks();
    if (this.hasAttribute("from") || this.hasAttribute("to") || this.end <= now) {
      return [...this.whole];
    }
    const span = Math.max(SHORTEST_GROWING_SPAN, now - this.start);
    return [this.start - Math.round(span * 0.05), Math.min(this.whole[1], this.start + Math.round(span * 1.15))];
  }

  get player() {
    const id = this.getAttribute("for");
    return /** @type {any} */ (id ? document.getElementById(id) : document.querySelector("mj-player"));
  }

  #build() {
    this.drawing = document.createElementNS(SVG, "svg");
    this.drawing.setAttribute("class", "mj-timeline__drawing");
    this.drawing.setAttribute("height", String(HEIGHT));
    this.slider = document.createElement("div");
    this.slider.className = "mj-timeline__slider";
    this.slider.tabIndex = 0;
    this.slider.setAttribute("role", "slider");
    this.slider.setAttribute("aria-label", words("timeline"));
    this.slider.append(this.drawing);
    const help = document.createElement("p");
    help.className = "mj-timeline__help";
    help.textContent = words("timeline_help");
    help.id = `${this.id || "mj-timeline"}-help`;
    this.slider.setAttribute("aria-describedby", help.id);
    this.list = document.createElement("ul");
    this.list.className = "mj-timeline__gaps";
    const tools = document.createElement("div");
    tools.className = "mj-timeline__tools";
    tools.append(this.#button("in", words("zoom_in")), this.#button("out", words("zoom_out")), this.#legend(), help);
    this.replaceChildren(this.slider, tools, this.list);
  }

  #legend() {
    const legend = document.createElement("ul");
    legend.className = "mj-timeline__legend";
    for (const name of LEGEND) {
      const item = document.createElement("li");
      item.append(swatch(`mj-timeline__${name}`), words(name));
      legend.append(item);
    }
    return legend;
  }

  /**
   * @param {string} zoom
   * @param {string} text
   */
  #button(zoom, text) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "mj-timeline__button";
    made.dataset.zoom = zoom;
    made.textContent = text;
    return made;
  }

  #listen() {
    const { signal } = this.life;
    this.slider.addEventListener("click", (event) => this.#go(this.#ticksAt(event.offsetX)), { signal });
    this.slider.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.addEventListener("click", (event) => {
      const { zoom } = /** @type {HTMLElement} */ (event.target).dataset;
      if (zoom) {
        this.#zoom(zoom === "in" ? 1 / ZOOM : ZOOM, this.position);
      }
    }, { signal });
    this.slider.addEventListener("wheel", (event) => {
      if (event.ctrlKey) {
        event.preventDefault();
        this.#zoom(event.deltaY < 0 ? 1 / ZOOM : ZOOM, this.#ticksAt(event.offsetX));
      }
    }, { signal, passive: false });
    customElements.whenDefined("mj-player").then(() => {
      this.player?.addEventListener("mj-position", (/** @type {CustomEvent} */ event) => this.#moved(event.detail.at), { signal });
      this.player?.addEventListener("mj-coverage", (/** @type {CustomEvent} */ event) => {
        this.coverage = event.detail;
        this.#draw();
        this.#list();
      }, { signal });
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = Math.max(TICKS_PER_S, Math.round((this.view[1] - this.view[0]) / 60));
    const acts = {
      ArrowLeft: () => this.#go(Math.max(this.start, this.position - step)),
      ArrowRight: () => this.#go(Math.min(this.end - 1, this.position + step)),
      Home: () => this.#go(this.start),
      End: () => this.#go(Math.max(this.start, this.end - 5 * TICKS_PER_S)),
      "+": () => this.#zoom(1 / ZOOM, this.position),
      "=": () => this.#zoom(1 / ZOOM, this.position),
      "-": () => this.#zoom(ZOOM, this.position),
    };
    const act = acts[/** @type {keyof typeof acts} */ (event.key)];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  /** @param {number} at */
  #go(at) {
    this.player?.seek(at);
  }

  /** @param {number} at */
  #moved(at) {
    this.position = at;
    const [from, to] = this.view;
    if (at >= to && to < this.whole[1] && at <= this.end) {
      this.view = [at, at + (to - from)];
      this.#draw();
    } else {
      this.#drawCursor();
    }
  }

  /**
   * @param {number} factor
   * @param {number} around
   */
  #zoom(factor, around) {
    const [from, to] = this.view;
    const limit = this.whole[1] - this.whole[0];
    const span = Math.min(limit, Math.max(SHORTEST_SPAN, (to - from) * factor));
    const share = Math.min(1, Math.max(0, (around - from) / (to - from)));
    const first = Math.min(this.whole[1] - span, Math.max(this.whole[0], around - share * span));
    this.view = [Math.round(first), Math.round(first + span)];
    this.#draw();
  }

  // Drawing -----------------------------------------------------------------------------------------------------------

  #draw() {
    if (!this.drawing) {
      return;
    }
    this.drawing.setAttribute("width", String(this.#width));
    this.drawing.replaceChildren();
    this.#block("mj-timeline__lane", this.view[0], this.view[1]);
    for (const [start, end] of this.coverage.footage) {
      this.#block("mj-timeline__footage", start, end, words("footage"));
    }
    for (const gap of this.coverage.gaps) {
      const title = words("gap_span", { from: clockTime(gap.start), to: clockTime(gap.end), cause: causeWords(gap.cause) });
      this.#block(`mj-timeline__gap mj-timeline__gap--${gap.cause}`, gap.start, gap.end, title);
    }
    this.#block("mj-timeline__future", Math.max(this.start, nowTicks()), this.view[1]);
    this.#block("mj-timeline__closed", this.view[0], this.start);
    this.#block("mj-timeline__closed", this.end, this.view[1]);
    this.#block("mj-timeline__window", this.start, this.end, words("window"), { y: LANE.y - 4, height: 3 });
    this.#ruler();
    this.cursor = this.#shape("line", { class: "mj-timeline__cursor", y1: 12, y2: HEIGHT - 10 });
    this.#drawCursor();
  }

  #drawCursor() {
    const x = this.#x(this.position);
    this.cursor?.setAttribute("x1", String(x));
    this.cursor?.setAttribute("x2", String(x));
    this.slider.setAttribute("aria-valuemin", String(Math.round(this.start / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuemax", String(Math.round(this.end / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuenow", String(Math.round(this.position / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuetext", dateTime(this.position));
  }

  #ruler() {
    const perPixel = (this.view[1] - this.view[0]) / TICKS_PER_S / this.#width;
    const step = RULER_S.find((seconds) => seconds / perPixel >= LABEL_PX) ?? 86400;
    // The campus's day begins at a whole number of hours of UTC, so every ruler step divides it.
    for (let at = Math.ceil(this.view[0] / TICKS_PER_S / step) * step; at * TICKS_PER_S < this.view[1]; at += step) {
      const x = this.#x(at * TICKS_PER_S);
      this.#shape("line", { class: "mj-timeline__mark", x1: x, x2: x, y1: LANE.y + LANE.height, y2: LANE.y + LANE.height + 4 });
      const label = this.#shape("text", { class: "mj-timeline__label", x: x + 2, y: HEIGHT - 3 });
      label.textContent = step < 60 ? clockTime(at * TICKS_PER_S) : shortTime(at * TICKS_PER_S);
    }
  }

  /**
   * @param {string} name
   * @param {number} start
   * @param {number} end
   * @param {string} [title]
   * @param {{y: number, height: number}} [lane]
   */
  #block(name, start, end, title, lane = LANE) {
    const left = Math.max(0, this.#x(start));
    const right = Math.min(this.#width, this.#x(end));
    if (right <= left) {
      return;
    }
    const width = Math.max(1, right - left);
    const block = this.#shape("rect", { class: name, x: left, width, y: lane.y, height: lane.height });
    if (title) {
      const words = document.createElementNS(SVG, "title");
      words.textContent = title;
      block.append(words);
    }
  }

  /**
   * @param {string} kind
   * @param {Record<string, string | number>} attributes
   */
  #shape(kind, attributes) {
    const made = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, String(value));
    }
    this.drawing.append(made);
    return made;
  }

  /** The gaps in words, for those who do not see the drawing and those who print it. */
  #list() {
    const items = this.coverage.gaps.map((gap) => {
      const item = document.createElement("li");
      const text = words("gap_span", { from: clockTime(gap.start), to: clockTime(gap.end), cause: causeWords(gap.cause) });
      item.append(swatch(`mj-timeline__gap mj-timeline__gap--${gap.cause}`), text);
      return item;
    });
    this.list.replaceChildren(...items);
  }

  get #width() {
    return Math.max(1, this.slider.clientWidth);
  }

  /** @param {number} ticks */
  #x(ticks) {
    return ((ticks - this.view[0]) / (this.view[1] - this.view[0])) * this.#width;
  }

  /** @param {number} x */
  #ticksAt(x) {
    return Math.round(this.view[0] + (x / this.#width) * (this.view[1] - this.view[0]));
  }
}

/**
 * Return a small sample of what a class looks like on the drawing.
 * @param {string} name
 */
function swatch(name) {
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
