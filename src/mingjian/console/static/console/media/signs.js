/** The signs on the player's buttons, drawn here so that no font has to have them. */

const SVG = "http://www.w3.org/2000/svg";

/** Paths in a square of 16. @type {Record<string, string>} */
const PATHS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step_back: "M12 3v10L5.5 8zM3 3h1.5v10H3z",
  step_forward: "M4 3v10l6.5-5zM11.5 3H13v10h-1.5z",
  fullscreen: "M2 2h5v1.5H3.5V7H2zM9 2h5v5h-1.5V3.5H9zM2 9h1.5v3.5H7V14H2zM12.5 9H14v5H9v-1.5h3.5z",
};

/**
 * Return the drawing of a sign; it takes the colour of the text around it.
 * @param {string} name
 */
export function sign(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "mj-sign");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  drawing.append(path);
  return drawing;
}
