/** What a player looks like: the picture, a veil with words over it, a row of controls. No behaviour. */

import { sign } from "./signs.js";
import { words } from "./strings.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];

export class Screen {
  /**
   * @param {HTMLElement} host
   * @param {{name: string, hasControls: boolean}} options
   */
  constructor(host, { name, hasControls }) {
    this.host = host;
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    this.video.className = "mj-player__picture";
    this.video.setAttribute("aria-label", name);
    this.veil = element("div", "mj-player__veil");
    this.veil.setAttribute("role", "status");
    this.message = element("p", "mj-player__message");
    this.articles = element("p", "mj-player__articles");
    this.reopen = button("reopen", words("reopen"));
    this.reopen.hidden = true;
    this.veil.append(this.message, this.articles, this.reopen);
    this.stage = element("div", "mj-player__stage");
    this.stage.append(this.video, this.veil);
    this.bar = element("div", "mj-player__bar");
    this.title = element("span", "mj-player__name");
    this.title.textContent = name;
    this.title.title = name;
    this.state = element("span", "mj-player__state");
    this.time = document.createElement("time");
    this.time.className = "mj-player__time";
    this.bar.append(this.title, this.state);
    if (hasControls) {
      const { buttons, speed } = makeControls();
      this.speed = speed;
      this.bar.append(...buttons);
    }
    this.bar.append(this.time, signButton("fullscreen", words("fullscreen")));
    host.replaceChildren(this.stage, this.bar);
  }

  /**
   * Show a state by its key: words beside a sign, and the same as a class for colour; `key` names other words for it.
   * @param {string} state
   * @param {string} [key]
   */
  show(state, key = "") {
    this.host.dataset.state = state;
    this.state.textContent = words(key || state);
  }

  /**
   * Cover the picture with words: all of it, or a strip below (`isNotice`); `isBlank` takes the picture away altogether.
   * @param {string} text
   * @param {{articles?: string[], isBlank?: boolean, isNotice?: boolean, canReopen?: boolean}} [options]
   */
  cover(text, { articles = [], isBlank = false, isNotice = false, canReopen = false } = {}) {
    this.veil.classList.toggle("is-notice", isNotice);
    this.message.textContent = text;
    this.articles.textContent = articles.length > 0 ? words("articles", { articles: articles.join("、") }) : "";
    this.reopen.hidden = !canReopen;
    this.veil.hidden = false;
    this.video.hidden = isBlank;
  }

  uncover() {
    this.veil.hidden = true;
    this.video.hidden = false;
  }

  /** @param {boolean} isPlaying */
  markPlaying(isPlaying) {
    markPlaying(this.bar, isPlaying);
  }
}

/**
 * Turn the button of a bar of controls to what it would do now.
 * @param {HTMLElement} bar
 * @param {boolean} isPlaying
 */
export function markPlaying(bar, isPlaying) {
  const toggle = bar.querySelector('[data-act="toggle"]');
  const next = isPlaying ? "pause" : "play";
  if (toggle instanceof HTMLElement && toggle.dataset.sign !== next) {
    mark(toggle, next, words(next));
  }
}

/** Return the buttons of playback, and among them the choice of speed. */
export function makeControls() {
  const speed = document.createElement("select");
  speed.className = "mj-player__speed";
  speed.dataset.act = "speed";
  speed.setAttribute("aria-label", words("speed"));
  speed.title = words("key_pictures_only");
  for (const value of SPEEDS) {
    speed.append(new Option(words("speed_value", { n: value }), String(value), value === 1, value === 1));
  }
  const toggle = signButton("toggle", "");
  mark(toggle, "pause", words("pause"));
  const steps = [signButton("step_back", words("step_back")), signButton("step_forward", words("step_forward"))];
  return { buttons: [steps[0], toggle, steps[1], speed], speed };
}

export { SPEEDS };

/**
 * @param {string} tag
 * @param {string} name
 */
function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

/**
 * @param {string} act
 * @param {string} text
 */
function button(act, text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "mj-player__button";
  made.dataset.act = act;
  made.textContent = text;
  return made;
}

/**
 * @param {string} act
 * @param {string} text
 */
function signButton(act, text) {
  const made = button(act, "");
  made.classList.add("mj-player__button--sign");
  mark(made, act, text);
  return made;
}

/**
 * Show a sign on a button; its words stay for those who hear the page and those who hover.
 * @param {HTMLElement} made
 * @param {string} name
 * @param {string} text
 */
function mark(made, name, text) {
  made.dataset.sign = name;
  made.setAttribute("aria-label", text);
  made.title = text;
  made.replaceChildren(sign(name));
}
