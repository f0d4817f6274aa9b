/** What stands around a timeline's drawing: the slider, buttons, legend, and the same in words. No behaviour. */

import { causesOf, gapWords, swatch, visible } from "./spans.js";
import { words } from "./strings.js";

// More gaps than these are not read by anybody one by one; zooming in shows them.
const LISTED = 40;

/** @typedef {import("./spans.js").Coverage} Coverage */

export class Frame {
  /**
   * @param {HTMLElement} host
   * @param {{drawing: SVGElement, isPlain: boolean}} options `isPlain`: no player, words at the cursor instead
   */
  constructor(host, { drawing, isPlain }) {
    this.isPlain = isPlain;
    const id = host.id || "mj-timeline";
    this.slider = element("div", "mj-timeline__slider");
    this.slider.tabIndex = 0;
    this.slider.setAttribute("role", "slider");
    this.slider.setAttribute("aria-label", host.getAttribute("aria-label") ?? words("timeline"));
    this.slider.setAttribute("aria-describedby", `${id}-help`);
    this.slider.append(drawing);
    this.tip = element("p", "mj-timeline__tip");
    this.tip.setAttribute("aria-hidden", "true");
    this.reading = element("p", "mj-timeline__reading");
    this.reading.setAttribute("role", "status");
    this.reading.hidden = !isPlain;
    this.legend = element("ul", "mj-timeline__legend");
    const help = element("p", "mj-timeline__help");
    help.textContent = words("timeline_help");
    help.id = `${id}-help`;
    const tools = element("div", "mj-timeline__tools");
    tools.append(button("in", words("zoom_in")), button("out", words("zoom_out")), this.legend, help);
    this.list = element("ul", "mj-timeline__gaps");
    const inside = [...host.children];
    this.table = element("details", "mj-timeline__table");
    const summary = document.createElement("summary");
    summary.textContent = words("gap_table");
    this.table.append(summary, ...inside);
    this.table.hidden = inside.length === 0;
    this.list.hidden = !this.table.hidden;
    host.removeAttribute("aria-label");
    host.replaceChildren(this.slider, this.tip, this.reading, tools, this.list, this.table);
  }

  /**
   * Say what the colours mean, for what there is of them.
   * @param {Coverage} coverage
   */
  explain(coverage) {
    const names = [
      "footage",
      "future",
      ...(this.isPlain ? [] : ["window"]),
      ...causesOf(coverage.gaps),
      ...(coverage.expired?.length ? ["expired"] : []),
      ...(coverage.holds?.length ? ["held"] : []),
      ...(coverage.segments?.length ? ["segment"] : []),
      ...(coverage.marks?.length ? ["bookmark"] : []),
    ];
    this.legend.replaceChildren(
      ...names.map((name) => {
        const item = document.createElement("li");
        const isCause = name.startsWith("cause_");
        const look = isCause ? `mj-timeline__gap mj-timeline__gap--${name.slice(6)}` : `mj-timeline__${name}`;
        item.append(swatch(look), words(name));
        return item;
      }),
    );
  }

  /**
   * Put the gaps that are seen into words, for those who do not see the drawing and those who print it.
   * @param {Coverage} coverage
   * @param {number[]} shown
   */
  tell(coverage, shown) {
    if (this.list.hidden) {
      return;
    }
    const seen = visible(coverage.gaps, shown);
    const items = seen.slice(0, LISTED).map((gap) => {
      const item = document.createElement("li");
      item.append(swatch(`mj-timeline__gap mj-timeline__gap--${gap.cause}`), gapWords(gap));
      return item;
    });
    if (seen.length > LISTED) {
      const rest = document.createElement("li");
      rest.textContent = words("gaps_more", { n: seen.length - LISTED });
      items.push(rest);
    }
    this.list.replaceChildren(...items);
  }

  /**
   * Show words beside the pointer, or none.
   * @param {string} text
   * @param {number} [x]
   */
  hint(text, x = 0) {
    this.tip.textContent = text;
    if (text !== "") {
      const most = this.slider.clientWidth - this.tip.offsetWidth;
      this.tip.style.setProperty("inset-inline-start", `${Math.max(0, Math.min(x, most))}px`);
    }
  }
}

/**
 * @param {string} tag
 * @param {string} name
 */
function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

/**
 * @param {string} zoom
 * @param {string} text
 */
function button(zoom, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "mj-timeline__button";
  made.dataset.zoom = zoom;
  made.textContent = text;
  return made;
}
