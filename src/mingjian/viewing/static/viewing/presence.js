/**
 * Whether the operator is at the console. No hand for too long, the page hidden, or the right to see not renewed: the
 * picture goes at once, the session is paused, and only a hand on “go on” brings it back. <form data-presence> holds
 * what is needed: its action pauses, data-attend takes the word that a hand was felt, data-unattended-s is the limit.
 */

const LOOK_MS = 1000;
const ATTEND_EVERY_MS = 20_000;
const RETRY_MS = 2000;
const SETTLE_MS = 400;

const form = document.querySelector("form[data-presence]");
if (form instanceof HTMLFormElement) {
  watch(form);
}

/** @param {HTMLFormElement} form */
function watch(form) {
  const limit = Number(form.dataset.unattendedS) * 1000;
  let felt = performance.now();
  let told = felt;
  let isAway = false;

  for (const hand of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    document.addEventListener(hand, () => (felt = performance.now()), { passive: true });
  }
  // Going to another page hides this one too; then nothing is left to run this.
  document.addEventListener("visibilitychange", () => document.hidden && setTimeout(() => leave("hidden"), SETTLE_MS));
  const player = document.querySelector("mj-player");
  if (player) {
    // Stopped without a reason of its own: the lease was not renewed.
    new MutationObserver(() => isUnrenewed(player) && leave("line")).observe(player, { attributeFilter: ["data-state"] });
  }
  const looking = setInterval(() => {
    if (performance.now() - felt >= limit) {
      leave("idle");
    } else if (felt > told && performance.now() - told >= ATTEND_EVERY_MS) {
      told = performance.now();
      send(form.dataset.attend ?? "", form).catch(() => undefined);
    }
  }, LOOK_MS);

  /** @param {string} cause */
  async function leave(cause) {
    if (isAway) {
      return;
    }
    isAway = true;
    clearInterval(looking);
    const words = document.querySelector(`template[data-away="${cause}"]`);
    const place = document.querySelector(".watermarked");
    if (words instanceof HTMLTemplateElement && place) {
      place.replaceChildren(words.content.cloneNode(true));
    }
    document.querySelector("mj-timeline")?.remove();
    const given = form.querySelector("input[name=cause]");
    if (given instanceof HTMLInputElement) {
      given.value = cause;
    }
    while (!(await send(form.action, form).then((answer) => answer.status < 500, () => false))) {
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
    location.reload();
  }
}

/** @param {Element} player */
function isUnrenewed(player) {
  const { state, reason } = /** @type {HTMLElement} */ (player).dataset;
  return state === "stopped" && !reason;
}

/**
 * @param {string} address
 * @param {HTMLFormElement} form
 */
function send(address, form) {
  return fetch(address, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual", keepalive: true });
}
