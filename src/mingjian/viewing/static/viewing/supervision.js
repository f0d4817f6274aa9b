/**
 * The supervised console: <mj-watermark text="…"> lays operator, viewers, ticket and time over the picture, again and
 * again, and the clue form follows where the picture stands.
 */

const TILES = 8;
const TICK_MS = 1000;
const CIVIL = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: "Asia/Shanghai" });
const TICKS_PER_MS = 90;

class Watermark extends HTMLElement {
  connectedCallback() {
    this.replaceChildren(
      ...Array.from({ length: TILES }, () => {
        const tile = document.createElement("span");
        tile.className = "mj-watermark__tile";
        return tile;
      }),
    );
    this.show();
    this.showing = setInterval(() => this.show(), TICK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.showing);
  }

  show() {
    const text = `${this.getAttribute("text") ?? ""} ｜ ${CIVIL.format(new Date())}`;
    for (const tile of this.children) {
      tile.textContent = text;
    }
  }
}

customElements.define("mj-watermark", Watermark);

// Within the stage the watermark goes along when the picture fills the screen.
const mark = document.querySelector("mj-watermark");
const stage = document.querySelector("mj-player .mj-player__stage");
if (mark && stage) {
  stage.append(mark);
}

const form = document.querySelector("[data-clue-form]");
const at = form?.querySelector("input[name=at]");
document.querySelector("mj-player")?.addEventListener("mj-position", (event) => {
  const { at: position } = /** @type {CustomEvent} */ (event).detail;
  if (at instanceof HTMLInputElement && document.activeElement !== at && position > 0) {
    at.value = CIVIL.format(new Date(position / TICKS_PER_MS));
  }
});
