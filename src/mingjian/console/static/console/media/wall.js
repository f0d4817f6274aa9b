/**
 * <mj-wall>: cameras live, one, four or nine at a time. Attributes: cameras (id of a json_script with
 * [{id, name, building}]), media-url, leases-url, layout (1 | 4 | 9). The page's links with data-layout choose the layout,
 * as the keys 1 4 9 do; PageUp and PageDown turn the page.
 */

import { words } from "./strings.js";

const LAYOUTS = [1, 4, 9];

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
  }

  disconnectedCallback() {
    this.life?.abort();
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
    return Math.max(1, Math.ceil(this.cameras.length / this.layout));
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
    const shown = this.cameras.slice(this.page * this.layout, (this.page + 1) * this.layout);
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
    tile.dataset.key = `${camera.id} ${stream}`;
    return tile;
  }

  #emptyTile() {
    const tile = document.createElement("p");
    tile.className = "mj-wall__empty";
    tile.textContent = words("empty_tile");
    return tile;
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
  }

  /**
   * The page's own links work without script; with it, the pictures that stay need not begin anew.
   * @param {MouseEvent} event
   */
  #choose(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest("a[data-layout]");
    if (link !== null && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.#act(/** @type {HTMLElement} */ (link).dataset);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, select, textarea, [contenteditable]") || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (["1", "4", "9"].includes(event.key)) {
      this.#act(/** @type {any} */ ({ layout: event.key }));
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      this.#act(/** @type {any} */ ({ turn: event.key === "PageUp" ? "-1" : "1" }));
    }
  }
}

/**
 * Return building and name; a name that begins with its building already says both.
 * @param {Camera} camera
 */
function fullName({ building, name }) {
  return building && !name.startsWith(building) ? `${building} · ${name}` : name;
}
