const slash = 0x2f;

/** A path without the slashes at its end. A regular expression would look at many slashes in its middle as often as there are of them. */
export function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path.charCodeAt(end - 1) === slash) end--;
  return path.slice(0, end);
}
