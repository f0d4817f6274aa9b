/** <mj-watermark text="…"> lays operator, viewers, ticket and running time over the picture, again and again. */

const TILES = 8;
const TICK_MS = 1000;
const CIVIL = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: "Asia/Shanghai" });

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
