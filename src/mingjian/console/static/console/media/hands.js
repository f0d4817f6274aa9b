/**
 * Buttons and keys of a player of history: what a hand does becomes one of the player's own methods. The keys work
 * anywhere on the page, so that nobody has to click into the picture first; what else wants a key comes before.
 */

import { SPEEDS } from "./screen.js";
import { TICKS_PER_S } from "./ticks.js";

const SKIP_S = 5;

/**
 * Listen until the signal. `player` is an <mj-player> or an <mj-together>; one that is led has no keys of its own.
 * @param {any} player
 * @param {{bar: HTMLElement, speed?: HTMLSelectElement, reopen?: HTMLElement}} screen
 * @param {AbortSignal} signal
 */
export function listen(player, screen, signal) {
  screen.reopen?.addEventListener("click", () => reopen(player), { signal });
  screen.speed?.addEventListener("change", () => player.setSpeed(Number(screen.speed?.value)), { signal });
  screen.bar.addEventListener("click", (event) => {
    const pressed = /** @type {Element} */ (event.target).closest("[data-act]");
    act(player, /** @type {HTMLElement | null} */ (pressed)?.dataset.act);
  }, { signal });
  if (!player.isLed) {
    document.addEventListener("keydown", (event) => key(player, event), { signal });
  }
}

/**
 * What stopped one picture of a wall stopped them all: one press brings them back.
 * @param {any} player
 */
function reopen(player) {
  const stopped = player.mode === "live" ? document.querySelectorAll('mj-player[mode="live"][data-state="stopped"]') : [player];
  stopped.forEach((/** @type {any} */ one) => one.reopen());
}

/**
 * @param {any} player
 * @param {string | undefined} name
 */
function act(player, name) {
  switch (name) {
    case "toggle":
      return player.isPlaying ? player.pause() : player.play();
    case "step_back":
      return player.step(-1);
    case "step_forward":
      return player.step(1);
    case "fullscreen":
      return player.requestFullscreen?.().catch(() => undefined);
  }
}

/**
 * @param {any} player
 * @param {KeyboardEvent} event
 */
function key(player, event) {
  const target = /** @type {Element} */ (event.target);
  const isTyping = target.closest("input, select, textarea, dialog") !== null || event.ctrlKey || event.altKey || event.metaKey;
  const isPressing = event.key === " " && target.closest("button, summary") !== null;
  if (player.mode !== "history" || event.defaultPrevented || isTyping || isPressing) {
    return;
  }
  const place = SPEEDS.indexOf(player.speed);
  /** @type {Record<string, () => void>} */
  const acts = {
    " ": () => act(player, "toggle"),
    k: () => act(player, "toggle"),
    l: () => player.setSpeed(SPEEDS[Math.min(place + 1, SPEEDS.length - 1)]),
    j: () => player.setSpeed(SPEEDS[Math.max(place - 1, 0)]),
    ",": () => player.step(-1),
    ".": () => player.step(1),
    ArrowLeft: () => player.seek(Math.max(player.startTicks, player.position - SKIP_S * TICKS_PER_S)),
    ArrowRight: () => player.seek(Math.min(player.endTicks - 1, player.position + SKIP_S * TICKS_PER_S)),
  };
  if (event.key in acts) {
    event.preventDefault();
    acts[event.key]();
  }
}
