/** The frame's small helps: menus close, a form that takes long says so, a part that renews itself disturbs nobody. */

const SLOW_MS = 1000;

/* Menus: one at a time, closed by Escape or by a click beside them. */
const menus = () => [...document.querySelectorAll("details.menu")].filter((menu) => menu instanceof HTMLDetailsElement);

document.addEventListener("click", (event) => {
  for (const menu of menus()) {
    if (menu.open && event.target instanceof Node && !menu.contains(event.target)) {
      menu.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" ? menus().find((menu) => menu.open) : undefined;
  if (open) {
    open.open = false;
    open.querySelector("summary")?.focus();
  }
});

/* A form is sent once; when the answer takes longer than a second the page says that it is being worked on. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => tellWorking(), SLOW_MS);
});

/* Back to a page that the browser kept: its forms may be sent again. */
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    form.removeAttribute("data-sent");
  }
  const working = document.getElementById("working");
  if (working) {
    working.hidden = true;
  }
});

function tellWorking() {
  const working = document.getElementById("working");
  if (working) {
    working.textContent = working.dataset.words ?? "";
    working.hidden = false;
  }
}

/* A form that came back with errors: the summary takes the focus, so that it is read and seen first. */
const told = document.querySelector("main [role=alert]");
if (told instanceof HTMLElement) {
  told.tabIndex = -1;
  told.focus();
}

/* Parts that renew themselves (htmx). Where somebody is reading or typing, the part waits for its next turn. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  const isByItself = requestConfig?.triggeringEvent === undefined || requestConfig.triggeringEvent === null;
  const isInUse = target.contains(document.activeElement) || target.querySelector("details[open]") !== null;
  if (xhr.status === 200 && isByItself && isInUse && target !== document.body) {
    /** @type {CustomEvent} */ (event).detail.shouldSwap = false;
  }
});

/* Nobody is signed in any more: the page must not go on looking alive. */
document.addEventListener("htmx:responseError", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.xhr.status === 401) {
    location.reload();
  }
});

/* On paper nothing is folded away. */
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.folded, .mj-timeline__table")) {
    folded.setAttribute("open", "");
  }
});
