/** Keyboard help: `?` or a button with data-opens shows the page's <dialog>, which says what every key does. */

for (const opener of document.querySelectorAll("button[data-opens]")) {
  if (opener instanceof HTMLElement) {
    opener.hidden = false;
    opener.addEventListener("click", () => show(opener.dataset.opens ?? ""));
  }
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  const isTyping = target.closest("input, select, textarea, dialog") !== null;
  if (event.key === "?" && !isTyping && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    show("keys");
  }
});

/** @param {string} id */
function show(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) {
    dialog.showModal();
  }
}
