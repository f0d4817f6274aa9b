/** Words for people: rendered and translated by the page into the JSON of #media-strings. None stand in code. */

/** @type {Record<string, any> | null} */
let strings = null;

function all() {
  if (strings === null) {
    const element = document.getElementById("media-strings");
    strings = element ? JSON.parse(element.textContent ?? "{}") : {};
  }
  return /** @type {Record<string, any>} */ (strings);
}

/**
 * Return the words of a key with {names} replaced. A key without words shows as itself, to be seen and mended.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function words(key, values = {}) {
  const text = String(all()[key] ?? key);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * Return the page's words for a refusal, or those the server sent.
 * @param {string} code
 * @param {string} message
 */
export function refusalWords(code, message) {
  return String(all().refusals?.[code] ?? message ?? code);
}

/**
 * Return the words for the cause of a gap.
 * @param {string} cause
 */
export function causeWords(cause) {
  return words(`cause_${cause}`);
}
