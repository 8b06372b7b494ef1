/**
 * Adds bytes `from` to `to`, whole pairs of words, to the two sums of SQLite's checksum of the frames of its
 * write-ahead log. Upstream: `walChecksumBytes`, with the words of a processor that is little-endian, as WebAssembly is.
 */
export function addToSums(sums: Uint32Array, bytes: DataView, from: number, to: number): void {
  let first = sums[0] ?? 0;
  let second = sums[1] ?? 0;
  for (let at = from; at < to; at += 8) {
    first = (first + bytes.getUint32(at, true) + second) | 0;
    second = (second + bytes.getUint32(at + 4, true) + first) | 0;
  }
  sums[0] = first;
  sums[1] = second;
}
