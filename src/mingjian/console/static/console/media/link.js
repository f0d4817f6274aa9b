/** The socket to the media port: one camera, opened with a grant, kept by its renewals. Speaks; shows nothing. */

const CODECS = { h264: 'video/mp4; codecs="avc1.64001f"', h265: 'video/mp4; codecs="hvc1.1.6.L93.B0"' };

/** Return the names of the codings this browser can show. */
export function decodable() {
  const source = globalThis.MediaSource ?? globalThis.ManagedMediaSource;
  return source ? Object.entries(CODECS).filter(([, type]) => source.isTypeSupported(type)).map(([name]) => name) : [];
}

/**
 * Events: "told" (detail: the server's message), "bytes" (detail: ArrayBuffer), "lost" when the line is gone.
 */
export class MediaLink extends EventTarget {
  /**
   * @param {string} url
   * @param {object} wish what to open, the token included
   */
  constructor(url, wish) {
    super();
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => this.say({ type: "open", ...wish }));
    this.socket.addEventListener("message", (event) => {
      const isText = typeof event.data === "string";
      const detail = isText ? JSON.parse(event.data) : event.data;
      this.dispatchEvent(new CustomEvent(isText ? "told" : "bytes", { detail }));
    });
    this.socket.addEventListener("close", () => this.dispatchEvent(new Event("lost")));
  }

  /** @param {object} message */
  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
    }
  }

  close() {
    this.say({ type: "close" });
    this.socket.close();
  }
}
