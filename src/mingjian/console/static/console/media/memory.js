/** What this browser remembers for one person: how a wall was left. No picture and no name, only ids. */

/**
 * Return what was remembered under a name, or null when there is nothing, or nothing that can be read.
 * @param {string | null} name
 */
export function recall(name) {
  try {
    return name ? JSON.parse(localStorage.getItem(`mj-wall:${name}`) ?? "null") : null;
  } catch {
    return null;
  }
}

/**
 * Remember something under a name. A browser that keeps nothing is no reason to stop.
 * @param {string | null} name
 * @param {unknown} kept
 */
export function remember(name, kept) {
  if (name) {
    try {
      localStorage.setItem(`mj-wall:${name}`, JSON.stringify(kept));
    } catch {
      // Private windows refuse; the wall works, it is only not remembered.
    }
  }
}
