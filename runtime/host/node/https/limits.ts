/** What a client may ask of the listener. Times are milliseconds. */
export interface Limits {
  /** For all header fields and the first line together. */
  readonly headerBytes: number;
  /** From the first byte of a request to the last of its header. */
  readonly headerTimeout: number;
  /** From the end of the header to the end of the body; upstream's `--request-timeout`. */
  readonly bodyTimeout: number;
  /** A client that takes nothing of its answer for so long is cut off. */
  readonly stallTimeout: number;
  /** What bodies of requests that are still coming in may take together. */
  readonly bodyBytes: number;
  /** What answers that wait for their readers may take together before those are cut off that take nothing. */
  readonly unreadBytes: number;
  /** And for how long they take nothing. */
  readonly unreadTimeout: number;
  /** An idle connection is closed after this. */
  readonly idleTimeout: number;
  /** At the end, requests that are being answered get so long to finish. */
  readonly endTimeout: number;
}

/** As upstream's server has them; what bodies and answers may take together holds memory down. */
export const usualLimits: Limits = {
  // Go reads a little beyond its `MaxHeaderBytes`.
  headerBytes: 1024 * 1024 + 4096,
  headerTimeout: 32_000,
  bodyTimeout: 60_000,
  stallTimeout: 60_000,
  bodyBytes: 192 * 1024 * 1024,
  unreadBytes: 192 * 1024 * 1024,
  unreadTimeout: 1000,
  idleTimeout: 90_000,
  endTimeout: 1000,
};
