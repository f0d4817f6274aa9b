/** Buttons and keys of a player of history: what a hand does becomes one of the player's own methods. */

import { SPEEDS } from "./screen.js";
import { TICKS_PER_S } from "./ticks.js";

const SKIP_S = 5;

/**
 * Listen until the signal. `player` is an <mj-player>.
 * @param {any} player
 * @param {import("./screen.js").Screen} screen
 * @param {AbortSignal} signal
 */
export function listen(player, screen, signal) {
  screen.reopen.addEventListener("click", () => player.reopen(), { signal });
  screen.speed?.addEventListener("change", () => player.setSpeed(Number(screen.speed?.value)), { signal });
  screen.bar.addEventListener("click", (event) => act(player, /** @type {HTMLElement} */ (event.target).dataset.act), { signal });
  player.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => key(player, event), { signal });
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
  const isTyping = event.target instanceof HTMLSelectElement || event.ctrlKey || event.altKey || event.metaKey;
  const isPressing = event.key === " " && event.target instanceof HTMLButtonElement;
  if (player.mode !== "history" || isTyping || isPressing) {
    return;
  }
  const place = SPEEDS.indexOf(player.speed);
  /** @type {Record<string, () => void>} */
  const acts = {
    " ": () => act(player, "toggle"),
    k: () => player.pause(),
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
