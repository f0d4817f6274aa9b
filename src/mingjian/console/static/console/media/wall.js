/**
 * <mj-wall>: cameras live, one, four, nine or sixteen at a time. Attributes: cameras (id of a json_script with
 * [{id, name, building}]), media-url, leases-url, states-url (what the recorder says of each), layout, first (a camera
 * that is to stand first), memory (a name under which this browser remembers layout and places). The page's links with
 * data-layout choose the layout, as the keys 1 4 9 6 do; PageUp and PageDown turn the page. Links with data-camera put
 * their camera on the chosen tile, by click, by Enter or dragged there; Delete empties it.
 */

import { recall, remember } from "./memory.js";
import { words } from "./strings.js";

const LAYOUTS = [1, 4, 9, 16];
/** @type {Record<string, number>} */
const KEYS = { 1: 1, 4: 4, 9: 9, 6: 16 };
const STATES_EVERY_MS = 5000;
// A page that renews itself is no person at work: such a request does not keep a session from running idle.
const RENEWS_ITSELF = { Accept: "application/json", "HX-Request": "true" };

/** @typedef {{id: string, name: string, building?: string}} Camera */

export class Wall extends HTMLElement {
  connectedCallback() {
    if (this.grid) {
      return;
    }
    const source = document.getElementById(this.getAttribute("cameras") ?? "");
    /** @type {Camera[]} */
    this.cameras = JSON.parse(source?.textContent ?? "[]");
    this.layout = LAYOUTS.includes(Number(this.getAttribute("layout"))) ? Number(this.getAttribute("layout")) : 4;
    this.page = 0;
    this.chosen = 0;
    /** @type {Record<string, {word: string, tone: string}>} */
    this.states = {};
    this.#restore();
    this.grid = document.createElement("div");
    this.grid.className = "mj-wall__grid";
    this.bar = document.createElement("div");
    this.bar.className = "mj-wall__bar";
    this.notice = document.createElement("p");
    this.notice.className = "note note-trouble mj-wall__notice";
    this.notice.setAttribute("role", "status");
    this.notice.hidden = true;
    this.replaceChildren(this.bar, this.notice, this.grid);
    this.#makeBar();
    this.#draw();
    this.life = new AbortController();
    const { signal } = this.life;
    this.bar.addEventListener("click", (event) => this.#act(/** @type {HTMLElement} */ (event.target).dataset), { signal });
    this.grid.addEventListener("mj-control", () => this.#tellControl(), { signal });
    document.addEventListener("click", (event) => this.#choose(event), { signal });
    window.addEventListener("beforeunload", (event) => this.isHeld && event.preventDefault(), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.grid.addEventListener("focusin", (event) => this.#pick(slotOf(event.target)), { signal });
    this.grid.addEventListener("dragover", (event) => event.preventDefault(), { signal });
    this.grid.addEventListener("drop", (event) => this.#drop(event), { signal });
    document.addEventListener("dragstart", (event) => {
      const link = /** @type {HTMLElement} */ (event.target).closest?.("a[data-camera]");
      event.dataTransfer?.setData("text/x-mj-camera", /** @type {HTMLElement} */ (link)?.dataset.camera ?? "");
    }, { signal });
    this.#askStates();
    this.clock = setInterval(() => this.#askStates(), STATES_EVERY_MS);
  }

  disconnectedCallback() {
    this.life?.abort();
    clearInterval(this.clock);
    this.grid = undefined;
  }

  /** Whether tiles go on without control: what is closed now cannot be opened again, so nothing is. */
  get isHeld() {
    return this.grid?.querySelector("mj-player[data-control]") != null;
  }

  #tellControl() {
    this.notice.hidden = !this.isHeld;
    this.notice.textContent = this.isHeld ? words("blackout") : "";
    this.toggleAttribute("data-held", this.isHeld);
  }

  get pages() {
    return Math.max(1, Math.ceil(this.order.length / this.layout));
  }

  /** Begin where this person left off on this machine; cameras that are gone leave their tiles empty. */
  #restore() {
    this.byId = new Map(this.cameras.map((camera) => [camera.id, camera]));
    const kept = recall(this.getAttribute("memory"));
    const order = Array.isArray(kept?.order) ? kept.order : null;
    /** @type {(string | null)[]} */
    this.order = order ? order.map((id) => (this.byId.has(id) ? id : null)) : this.cameras.map((camera) => camera.id);
    if (LAYOUTS.includes(kept?.layout) && !this.hasAttribute("asked")) {
      this.layout = kept.layout;
    }
    const first = this.getAttribute("first");
    if (first && this.byId.has(first)) {
      this.#place(first, 0);
    }
  }

  #remember() {
    remember(this.getAttribute("memory"), { layout: this.layout, order: this.order });
  }

  /**
   * Put a camera on a place of the order; where it stood before comes what stood there.
   * @param {string} id
   * @param {number} at
   */
  #place(id, at) {
    const before = this.order.indexOf(id);
    const there = this.order[at] ?? null;
    while (this.order.length <= at) {
      this.order.push(null);
    }
    this.order[at] = id;
    if (before >= 0 && before !== at) {
      this.order[before] = there;
    }
  }

  #makeBar() {
    this.position = document.createElement("span");
    this.position.className = "mj-wall__page";
    this.bar.append(
      this.#button({ turn: "-1" }, words("page_previous")),
      this.position,
      this.#button({ turn: "1" }, words("page_next")),
    );
  }

  /**
   * @param {Record<string, string>} data
   * @param {string} text
   */
  #button(data, text) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "mj-wall__button";
    Object.assign(made.dataset, data);
    made.textContent = text;
    return made;
  }

  /** Show the page's cameras; a tile that stays keeps playing. */
  #draw() {
    this.dataset.layout = String(this.layout);
    const first = this.page * this.layout;
    const shown = this.order.slice(first, first + this.layout).map((id) => this.byId.get(id ?? ""));
    const stream = this.layout === 1 ? "auto" : "sub";
    const known = new Map([...this.grid.children].map((tile) => [/** @type {HTMLElement} */ (tile).dataset.key, tile]));
    const tiles = Array.from({ length: this.layout }, (_, place) => {
      const camera = shown[place];
      return camera ? known.get(`${camera.id} ${stream}`) ?? this.#tile(camera, stream) : this.#emptyTile();
    });
    for (const tile of [...this.grid.children]) {
      if (!tiles.includes(tile)) {
        tile.remove();
      }
    }
    tiles.forEach((tile, place) => {
      if (this.grid.children[place] !== tile) {
        this.grid.insertBefore(tile, this.grid.children[place] ?? null);
      }
    });
    tiles.forEach((tile, place) => {
      /** @type {HTMLElement} */ (tile).dataset.slot = String(first + place);
    });
    this.chosen = Math.min(Math.max(this.chosen, first), first + this.layout - 1);
    this.#markChosen();
    this.#showStates();
    for (const link of document.querySelectorAll("a[data-layout]")) {
      const isShown = Number(/** @type {HTMLElement} */ (link).dataset.layout) === this.layout;
      link.toggleAttribute("aria-current", false);
      if (isShown) {
        link.setAttribute("aria-current", "true");
      }
    }
    this.bar.hidden = this.pages === 1;
    this.position.textContent = words("page_of", { n: this.page + 1, total: this.pages });
  }

  /**
   * @param {Camera} camera
   * @param {string} stream
   */
  #tile(camera, stream) {
    const tile = document.createElement("div");
    tile.className = "mj-wall__tile";
    tile.tabIndex = 0;
    tile.setAttribute("role", "group");
    tile.setAttribute("aria-label", fullName(camera));
    const state = document.createElement("span");
    state.className = "mj-wall__state";
    tile.append(this.#player(camera, stream), state);
    tile.dataset.key = `${camera.id} ${stream}`;
    tile.dataset.camera = camera.id;
    return tile;
  }

  /**
   * @param {Camera} camera
   * @param {string} stream
   */
  #player(camera, stream) {
    const tile = document.createElement("mj-player");
    const attributes = {
      "media-url": this.getAttribute("media-url") ?? "",
      "leases-url": this.getAttribute("leases-url") ?? "/leases",
      "lease-kind": "live",
      mode: "live",
      camera: camera.id,
      "camera-name": fullName(camera),
      stream,
      compact: "",
    };
    for (const [name, value] of Object.entries(attributes)) {
      tile.setAttribute(name, value);
    }
    return tile;
  }

  #emptyTile() {
    const tile = document.createElement("div");
    tile.className = "mj-wall__tile mj-wall__empty";
    tile.tabIndex = 0;
    tile.setAttribute("role", "group");
    tile.setAttribute("aria-label", words("empty_tile"));
    tile.textContent = words("empty_tile_help");
    return tile;
  }

  /** @param {number | null} slot */
  #pick(slot) {
    if (slot !== null) {
      this.chosen = slot;
      this.#markChosen();
    }
  }

  #markChosen() {
    for (const tile of this.grid.children) {
      tile.classList.toggle("is-chosen", Number(/** @type {HTMLElement} */ (tile).dataset.slot) === this.chosen);
    }
  }

  /** @param {string} id */
  #put(id) {
    if (this.byId.has(id)) {
      this.#place(id, this.chosen);
      this.#draw();
      this.#remember();
    }
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    this.#pick(slotOf(event.target));
    this.#put(event.dataTransfer?.getData("text/x-mj-camera") ?? "");
  }

  /** What the recorder says of each camera: a picture on the screen does not prove that it is being recorded. */
  async #askStates() {
    const address = this.getAttribute("states-url");
    if (!address || document.hidden) {
      return;
    }
    try {
      const answer = await fetch(address, { headers: RENEWS_ITSELF });
      this.states = answer.ok ? await answer.json() : {};
    } catch {
      this.states = {};
    }
    this.#showStates();
  }

  #showStates() {
    for (const tile of this.grid?.querySelectorAll("[data-camera]") ?? []) {
      const told = this.states[/** @type {HTMLElement} */ (tile).dataset.camera ?? ""];
      const badge = tile.querySelector(".mj-wall__state");
      if (badge) {
        badge.className = `mj-wall__state state state-${told?.tone ?? "quiet"}`;
        badge.textContent = told?.word ?? words("state_unknown");
        badge.setAttribute("title", badge.textContent);
      }
    }
  }

  /** @param {DOMStringMap} data */
  #act(data) {
    if (this.isHeld) {
      return;
    }
    if (data.layout) {
      const first = this.page * this.layout;
      this.layout = Number(data.layout);
      this.page = Math.floor(first / this.layout);
    } else if (data.turn) {
      this.page = (this.page + Number(data.turn) + this.pages) % this.pages;
    } else {
      return;
    }
    this.#draw();
    this.#remember();
  }

  /**
   * The page's own links work without script; with it, the pictures that stay need not begin anew.
   * @param {MouseEvent} event
   */
  #choose(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest("a[data-layout], a[data-camera]");
    if (link !== null && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const { camera } = /** @type {HTMLElement} */ (link).dataset;
      if (camera) {
        this.#put(camera);
      } else {
        this.#act(/** @type {HTMLElement} */ (link).dataset);
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, select, textarea, [contenteditable]") || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key in KEYS) {
      this.#act(/** @type {any} */ ({ layout: String(KEYS[event.key]) }));
    } else if (event.key === "Delete" && slotOf(target) !== null) {
      this.order[this.chosen] = null;
      this.#draw();
      this.#remember();
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      this.#act(/** @type {any} */ ({ turn: event.key === "PageUp" ? "-1" : "1" }));
    }
  }
}

/**
 * Return the number of the tile that an event happened in, or null.
 * @param {EventTarget | null} target
 */
function slotOf(target) {
  const tile = /** @type {HTMLElement | null} */ (target)?.closest?.(".mj-wall__tile");
  return tile ? Number(/** @type {HTMLElement} */ (tile).dataset.slot) : null;
}

/**
 * Return building and name; a name that begins with its building already says both.
 * @param {Camera} camera
 */
function fullName({ building, name }) {
  return building && !name.startsWith(building) ? `${building} · ${name}` : name;
}
