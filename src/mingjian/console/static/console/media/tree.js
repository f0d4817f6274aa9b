/** <mj-tree>: a tree of places as links; the search box inside it hides what does not fit as one types. */

export class Tree extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("input[type=search]");
    this.box?.closest("[hidden]")?.removeAttribute("hidden");
    this.life = new AbortController();
    this.box?.addEventListener("input", () => this.#filter(), { signal: this.life.signal });
    this.box?.addEventListener("keydown", (event) => {
      if (/** @type {KeyboardEvent} */ (event).key === "Enter") {
        event.preventDefault();
        /** @type {HTMLElement | null} */ (this.querySelector("li:not([hidden]) > a[data-camera]"))?.focus();
      }
    }, { signal: this.life.signal });
  }

  disconnectedCallback() {
    this.life?.abort();
  }

  #filter() {
    const asked = (this.box?.value ?? "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const link of this.querySelectorAll("a[data-camera]")) {
      const text = (/** @type {HTMLElement} */ (link).dataset.words ?? link.textContent ?? "").toLocaleLowerCase();
      link.closest("li")?.toggleAttribute("hidden", !asked.every((word) => text.includes(word)));
    }
    for (const branch of [...this.querySelectorAll("details")].reverse()) {
      const hasAny = branch.querySelector("li:not([hidden]) > a[data-camera]") !== null;
      branch.hidden = !hasAny;
      if (asked.length > 0) {
        branch.open = hasAny;
      }
    }
  }
}
