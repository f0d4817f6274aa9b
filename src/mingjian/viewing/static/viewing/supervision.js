/**
 * The supervised console: marks are set where the picture stands and entered without leaving it; the clock of the
 * session runs; keys I, O and M. What is laid over the picture is in watermark.js, who is there in presence.js.
 */

import "./watermark.js";
import "./presence.js";

const CIVIL = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: "Asia/Shanghai" });
const TICKS_PER_MS = 90;
const TICK_MS = 1000;

class SessionClock extends HTMLElement {
  connectedCallback() {
    this.since = Date.parse(this.getAttribute("since") ?? "");
    this.until = Date.parse(this.getAttribute("until") ?? "");
    this.running = setInterval(() => this.show(), TICK_MS);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.running);
  }

  show() {
    const used = Math.max(0, Date.now() - this.since);
    this.textContent = `${this.getAttribute("label") ?? ""} ${spell(used)} / ${spell(this.until - this.since)}`;
    this.classList.toggle("is-near", this.until - Date.now() < 10 * 60_000);
  }
}

customElements.define("mj-session-clock", SessionClock);

/** @param {number} ms */
function spell(ms) {
  const s = Math.floor(ms / 1000);
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

// Where the picture stands -------------------------------------------------------------------------------------------

/** @type {any} */
const player = document.querySelector("mj-player");
let position = 0;

/** @param {string} selector */
function field(selector) {
  const found = document.querySelector(selector);
  return found instanceof HTMLInputElement ? found : null;
}

player?.addEventListener("mj-position", (/** @type {CustomEvent} */ event) => {
  position = event.detail.at;
  const at = field("[data-clue-form] input[name=at]");
  if (at && position > 0 && at.closest("form")?.contains(document.activeElement) === false) {
    at.value = stands();
  }
});

function stands() {
  return CIVIL.format(new Date(position / TICKS_PER_MS));
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  const isTyping = target.closest("input, select, textarea, dialog") !== null;
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey || position <= 0) {
    return;
  }
  const key = event.key.toLowerCase();
  const bound = key === "i" ? "start" : key === "o" ? "end" : "";
  const marked = bound ? field(`[data-segment-form] input[name=${bound}]`) : null;
  if (marked) {
    event.preventDefault();
    marked.value = stands();
  } else if (key === "m" && document.querySelector("[data-clue-form]")) {
    event.preventDefault();
    player?.pause();
    const at = field("[data-clue-form] input[name=at]");
    if (at) {
      at.value = stands();
    }
    field("[data-clue-form] input[name=note]")?.focus();
  }
});

// Marking without leaving the picture --------------------------------------------------------------------------------

// Before anybody else hears of it: the shell would wait for another page.
addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.hasAttribute("data-stay") || !player) {
    return;
  }
  event.preventDefault();
  enter(form).catch(() => form.submit());
}, { capture: true });

/**
 * Send the form and take over what the answer says anew. An answer without our parts (a refusal) is shown whole.
 * @param {HTMLFormElement} form
 */
async function enter(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const parts = [...document.querySelectorAll("[data-live]")];
  if (page.querySelector("[data-live]") === null) {
    document.querySelector("main")?.replaceChildren(...(page.querySelector("main")?.childNodes ?? []));
    return;
  }
  for (const part of parts) {
    const name = /** @type {HTMLElement} */ (part).dataset.live;
    const fresh = page.querySelector(`[data-live="${name}"]`);
    if (fresh) {
      part.replaceWith(document.adoptNode(fresh));
    }
  }
  // What the frame says was done; the place itself stays, so that it is read out.
  document.getElementById("said")?.replaceChildren(...(page.getElementById("said")?.childNodes ?? []));
  /** @type {any} */ (document.querySelector("mj-timeline"))?.reload?.();
}
