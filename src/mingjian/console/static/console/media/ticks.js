/** Instants and spans: 90 kHz ticks since 1970 UTC, exact in a JavaScript number, shown in the campus's civil time. */

export const TICKS_PER_S = 90_000;
const ZONE = "Asia/Shanghai";

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {Intl.DateTimeFormat}
 */
function format(options) {
  const language = document.documentElement.lang || "zh-Hans";
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language, { ...options, timeZone: ZONE, hourCycle: "h23" });
  formats.set(key, known);
  return known;
}

/**
 * Return hours, minutes and seconds of an instant.
 * @param {number} ticks
 */
export function clockTime(ticks) {
  return format({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format((ticks / TICKS_PER_S) * 1000);
}

/**
 * Return date and time of an instant, written as on every other page.
 * @param {number} ticks
 */
export function dateTime(ticks) {
  const parts = format({ year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts((ticks / TICKS_PER_S) * 1000);
  const [year, month, day] = ["year", "month", "day"].map((type) => parts.find((part) => part.type === type)?.value);
  return `${year}-${month}-${day} ${clockTime(ticks)}`;
}

/**
 * Return hours and minutes of an instant.
 * @param {number} ticks
 */
export function shortTime(ticks) {
  return format({ hour: "2-digit", minute: "2-digit" }).format((ticks / TICKS_PER_S) * 1000);
}

/** Return this machine's idea of now; for drawing only, the server decides what is past. */
export function nowTicks() {
  return Math.round((Date.now() / 1000) * TICKS_PER_S);
}

/**
 * Return the whole number of an attribute, or null when it holds none.
 * @param {Element} element
 * @param {string} name
 */
export function ticksOf(element, name) {
  const text = element.getAttribute(name);
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
}
