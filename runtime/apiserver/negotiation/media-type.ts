const token = "[!#$%&'*+.^_`|~\\w-]+";
const type = new RegExp(`^\\s*(${token}/${token})\\s*(?:;|$)`);
const parameter = new RegExp(`\\s*;\\s*(${token})=(?:${token}|"(?:[^"\\\\]|\\\\.)*")`, 'y');

/** The media type of a Content-Type header in small letters, without its parameters; `undefined` for what Go's `mime.ParseMediaType` does not take. */
export function mediaTypeIn(header: string): string | undefined {
  const name = type.exec(header)?.[1];
  if (name === undefined) return undefined;
  const names = new Set<string>();
  let at = header.indexOf(name) + name.length;
  for (;;) {
    parameter.lastIndex = at;
    const found = parameter.exec(header);
    if (found === null) break;
    const key = (found[1] ?? '').toLowerCase();
    if (names.has(key)) return undefined;
    names.add(key);
    at = parameter.lastIndex;
  }
  return /^\s*(?:;\s*)?$/.test(header.slice(at)) ? name.toLowerCase() : undefined;
}
