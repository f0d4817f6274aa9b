/**
 * The page's one socket to the console, over which the right to see is renewed every two seconds.
 * Every player says what it wants; wants for live cameras are asked as one, because a duty grant names the whole wall.
 */

const RETRY_MS = [250, 500, 1000, 2000];
/** How often a hand at the page is told: the server ends sessions in which nobody is seen. */
const ACTIVE_EVERY_MS = 30_000;

/**
 * @typedef {{kind: "viewing", id: string} | {kind: "live", camera: string}} Want
 * @typedef {{token: (token: string) => void, refused: (code: string, message: string, articles: string[]) => void}} Holder
 */

class LeaseSocket {
  /** @param {URL} url */
  constructor(url) {
    this.url = url;
    /** @type {Map<Holder, Want>} */
    this.holders = new Map();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    this.isAsking = false;
    this.isActive = false;
    this.activeToldMs = -ACTIVE_EVERY_MS;
    for (const hand of ["pointerdown", "keydown"]) {
      document.addEventListener(hand, () => this.#noteHand(), { passive: true });
    }
  }

  #noteHand() {
    if (performance.now() - this.activeToldMs >= ACTIVE_EVERY_MS && this.holders.size > 0) {
      this.activeToldMs = performance.now();
      this.isActive = true;
      this.#ask();
    }
  }

  /**
   * Ask for leases until the returned function is called.
   * @param {Want} want
   * @param {Holder} holder
   */
  want(want, holder) {
    this.holders.set(holder, want);
    this.#connect();
    this.#ask();
    return () => {
      this.holders.delete(holder);
      if (this.holders.size === 0) {
        this.socket?.close();
      } else {
        this.#ask();
      }
    };
  }

  #connect() {
    if (this.socket !== null || this.holders.size === 0) {
      return;
    }
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.failures = 0;
      this.#ask();
    });
    socket.addEventListener("message", (event) => this.#answer(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      this.socket = null;
      const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
      setTimeout(() => this.#connect(), wait);
    });
  }

  /** Send the whole list once per turn, however many players came or left in it. */
  #ask() {
    if (this.isAsking) {
      return;
    }
    this.isAsking = true;
    queueMicrotask(() => {
      this.isAsking = false;
      if (this.socket?.readyState === WebSocket.OPEN) {
        this.socket.send(JSON.stringify({ want: this.#wants(), active: this.isActive }));
        this.isActive = false;
      }
    });
  }

  #wants() {
    /** @type {Map<string, object>} */
    const wants = new Map();
    /** @type {Set<string>} */
    const cameras = new Set();
    for (const want of this.holders.values()) {
      if (want.kind === "live") {
        cameras.add(want.camera);
        wants.set(nameOf(want), { for: nameOf(want), kind: "live", cameras: [...cameras].sort() });
      } else {
        wants.set(nameOf(want), { for: nameOf(want), kind: "viewing", id: want.id });
      }
    }
    return [...wants.values()];
  }

  /** @param {{lease?: {for: string, token: string}, refused?: {for: string, code: string, message: string, articles: string[]}}} message */
  #answer(message) {
    const named = message.lease ?? message.refused;
    if (named === undefined) {
      return;
    }
    for (const [holder, want] of [...this.holders]) {
      if (nameOf(want) !== named.for) {
        continue;
      }
      if (message.lease) {
        holder.token(message.lease.token);
      } else if (message.refused) {
        holder.refused(message.refused.code, message.refused.message, message.refused.articles ?? []);
      }
    }
  }
}

/** @param {Want} want */
function nameOf(want) {
  return want.kind === "live" ? "live" : `viewing:${want.id}`;
}

/** @type {Map<string, LeaseSocket>} */
const sockets = new Map();

/**
 * Return the page's lease socket.
 * @param {string} path
 */
export function leases(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const known = sockets.get(url.href) ?? new LeaseSocket(url);
  sockets.set(url.href, known);
  return known;
}
