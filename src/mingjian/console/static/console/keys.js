/** Keyboard help everywhere: `?` or a button with data-opens shows what every key does, `/` goes to the search box. */

for (const opener of document.querySelectorAll("button[data-opens]")) {
  if (opener instanceof HTMLElement) {
    opener.hidden = false;
    opener.addEventListener("click", () => show(opener.dataset.opens ?? ""));
  }
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  const isTyping = target.closest("input, select, textarea, dialog") !== null;
  if (isTyping || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  if (event.key === "?") {
    event.preventDefault();
    show("keys");
  } else if (event.key === "/" && search()) {
    event.preventDefault();
  }
});

/** Show the page's own list, or the one every page has. @param {string} id */
function show(id) {
  const dialog = document.getElementById(id) ?? document.getElementById(`shell-${id}`);
  if (dialog instanceof HTMLDialogElement && !dialog.open) {
    dialog.showModal();
  }
}

/** Put the cursor into the search box that is on screen; on a phone the menu that holds it opens. */
function search() {
  const all = [...document.querySelectorAll("[role=search] input[type=search]")];
  // What the page itself offers comes before what stands above every page.
  const boxes = [...all.filter((box) => box.closest("main")), ...all.filter((box) => !box.closest("main"))];
  const seen = boxes.find((box) => box instanceof HTMLElement && box.offsetParent !== null);
  const box = seen ?? boxes[0];
  const menu = box?.closest("details");
  if (menu) {
    menu.open = true;
  }
  if (box instanceof HTMLElement) {
    box.focus();
  }
  return box !== undefined;
}
