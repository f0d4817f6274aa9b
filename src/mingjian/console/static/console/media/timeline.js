/**
 * <mj-timeline>: footage, gaps by cause, holds, marks, the granted window and where the picture stands. Attributes:
 * start, end (the granted window), from, to (what to draw, else a little more than the window), for (id of an
 * <mj-player>, else the first of the page), coverage (id of a json_script with what the player would be told; it may
 * also carry expired, holds and marks). A click or key asks the player to go there; the server refuses what lies
 * outside. `plain`: there is no player, and the words below say what is at the cursor. What stands inside the element
 * is read without script, and kept below the drawing with it.
 */

import { CIVIL_OFFSET_S, causesOf, gapWords, joined, rulerWords, swatch } from "./spans.js";
import { words } from "./strings.js";
import { TICKS_PER_S, dateTime, nowTicks, ticksOf } from "./ticks.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 56;
const LANE = { y: 20, height: 20 };
const ZOOM = 1.6;
const SHORTEST_SPAN = 10 * TICKS_PER_S;
const RULER_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000];
const LABEL_PX = 76;
const SHORTEST_GROWING_SPAN = 120 * TICKS_PER_S;
const LEGEND = ["footage", "future", "window"];

const PAN = 0.8;

/** @typedef {import("./spans.js").Gap} Gap */
/** @typedef {{footage: [number, number][], gaps: Gap[], expired?: [number, number][], holds?: [number, number][], marks?: {at: number, text: string}[]}} Coverage */

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
    /** @type {Coverage} */
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
    if (this.hasAttribute("plain")) {
      return null;
    }
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
    this.reading = document.createElement("p");
    this.reading.className = "mj-timeline__reading";
    this.reading.setAttribute("role", "status");
    this.reading.hidden = !this.hasAttribute("plain");
    const inside = [...this.children];
    this.table = document.createElement("details");
    this.table.className = "mj-timeline__table";
    const summary = document.createElement("summary");
    summary.textContent = words("gap_table");
    this.table.append(summary, ...inside);
    this.table.hidden = inside.length === 0;
    this.list.hidden = !this.table.hidden;
    this.replaceChildren(this.slider, this.reading, tools, this.list, this.table);
  }

  #legend() {
    const legend = document.createElement("ul");
    legend.className = "mj-timeline__legend";
    const extra = [
      ...(this.coverage.expired?.length ? ["expired"] : []),
      ...(this.coverage.holds?.length ? ["held"] : []),
      ...(this.coverage.marks?.length ? ["bookmark"] : []),
    ];
    const usual = this.hasAttribute("plain") ? ["footage", "future"] : LEGEND;
    for (const name of [...usual, ...causesOf(this.coverage.gaps), ...extra]) {
      const item = document.createElement("li");
      const isCause = name.startsWith("cause_");
      const look = isCause ? `mj-timeline__gap mj-timeline__gap--${name.slice(6)}` : `mj-timeline__${name}`;
      item.append(swatch(look), words(name));
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
    const act = acts[/** @type {keyof typeof acts} */ (event.key)];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  /** @param {number} at */
  #go(at) {
    if (this.hasAttribute("plain")) {
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
    const gaps = this.coverage.gaps.filter((gap) => (direction > 0 ? gap.start > this.position : gap.start < this.position));
    const next = direction > 0 ? gaps[0] : gaps[gaps.length - 1];
    if (next) {
      this.#go(next.start);
    }
  }

  /** @param {number} share */
  #pan(share) {
    const [from, to] = this.view;
    const by = Math.round((to - from) * share);
    const first = Math.min(this.whole[1] - (to - from), Math.max(this.whole[0], from + by));
    this.view = [first, first + (to - from)];
    this.#draw();
  }

  /** @param {number} at */
  #moved(at) {
    this.position = at;
    const [from, to] = this.view;
    if ((at >= to && to < this.whole[1] && at <= this.end) || at < from) {
      const first = Math.max(this.whole[0], Math.min(at, this.whole[1] - (to - from)));
      this.view = [first, first + (to - from)];
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
    const perPixel = (this.view[1] - this.view[0]) / this.#width;
    for (const [start, end] of joined(this.coverage.footage, this.view, perPixel)) {
      this.#block("mj-timeline__footage", start, end, words("footage"));
    }
    for (const [start, end] of joined(this.coverage.expired ?? [], this.view, perPixel)) {
      this.#block("mj-timeline__expired", start, end, words("expired"));
    }
    this.#gaps(perPixel);
    for (const [start, end] of joined(this.coverage.holds ?? [], this.view, perPixel)) {
      this.#block("mj-timeline__held", start, end, words("held"), { y: LANE.y + LANE.height - 4, height: 4 });
    }
    this.#block("mj-timeline__future", Math.max(this.start, nowTicks()), this.view[1]);
    this.#block("mj-timeline__closed", this.view[0], this.start);
    this.#block("mj-timeline__closed", this.end, this.view[1]);
    this.#block("mj-timeline__window", this.start, this.end, words("window"), { y: LANE.y - 4, height: 3 });
    this.#ruler();
    this.#marks();
    this.cursor = this.#shape("line", { class: "mj-timeline__cursor", y1: 12, y2: HEIGHT - 10 });
    this.#drawCursor();
  }

  /**
   * Gaps narrower than a pixel are drawn once per pixel: ninety days of a failing camera are thousands.
   * @param {number} perPixel
   */
  #gaps(perPixel) {
    let drawnTo = -Infinity;
    for (const gap of this.coverage.gaps) {
      if (gap.end <= this.view[0] || gap.start >= this.view[1] || gap.end - drawnTo < perPixel) {
        continue;
      }
      drawnTo = Math.max(gap.end, gap.start + perPixel);
      this.#block(`mj-timeline__gap mj-timeline__gap--${gap.cause}`, gap.start, gap.end, gapWords(gap));
    }
  }

  #marks() {
    for (const { at, text } of this.coverage.marks ?? []) {
      if (at >= this.view[0] && at < this.view[1]) {
        const x = this.#x(at);
        const mark = this.#shape("path", { class: "mj-timeline__bookmark", d: `M${x} ${LANE.y - 4}l-5 -10h10z` });
        const title = document.createElementNS(SVG, "title");
        title.textContent = `${dateTime(at)} ${text}`;
        mark.append(title);
      }
    }
  }

  /** Say what is at the cursor: a gap and its cause, footage, or nothing yet. */
  #read() {
    const at = this.position;
    const gap = this.coverage.gaps.find((one) => one.start <= at && at < one.end);
    const has = (/** @type {[number, number][]} */ spans) => spans.some(([start, end]) => start <= at && at < end);
    const mark = (this.coverage.marks ?? []).find((one) => Math.abs(one.at - at) < TICKS_PER_S);
    const said = [
      gap ? gapWords(gap) : has(this.coverage.footage) ? words("footage") : has(this.coverage.expired ?? []) ? words("expired") : words("future"),
      ...(has(this.coverage.holds ?? []) ? [words("held")] : []),
      ...(mark ? [mark.text] : []),
    ];
    return `${dateTime(at)} · ${said.join(" · ")}`;
  }

  #drawCursor() {
    const x = this.#x(this.position);
    this.cursor?.setAttribute("x1", String(x));
    this.cursor?.setAttribute("x2", String(x));
    this.slider.setAttribute("aria-valuemin", String(Math.round(this.start / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuemax", String(Math.round(this.end / TICKS_PER_S)));
    this.slider.setAttribute("aria-valuenow", String(Math.round(this.position / TICKS_PER_S)));
    const said = this.#read();
    this.slider.setAttribute("aria-valuetext", said);
    if (this.hasAttribute("plain")) {
      this.reading.textContent = said;
    }
  }

  #ruler() {
    const perPixel = (this.view[1] - this.view[0]) / TICKS_PER_S / this.#width;
    const step = RULER_S.find((seconds) => seconds / perPixel >= LABEL_PX) ?? 86400 * 7;
    // Steps are counted from the campus's midnight.
    const first = Math.ceil((this.view[0] / TICKS_PER_S + CIVIL_OFFSET_S) / step) * step - CIVIL_OFFSET_S;
    for (let at = first; at * TICKS_PER_S < this.view[1]; at += step) {
      const x = this.#x(at * TICKS_PER_S);
      this.#shape("line", { class: "mj-timeline__mark", x1: x, x2: x, y1: LANE.y + LANE.height, y2: LANE.y + LANE.height + 4 });
      const label = this.#shape("text", { class: "mj-timeline__label", x: x + 2, y: HEIGHT - 3 });
      label.textContent = rulerWords(at * TICKS_PER_S, step);
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
      item.append(swatch(`mj-timeline__gap mj-timeline__gap--${gap.cause}`), gapWords(gap));
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
