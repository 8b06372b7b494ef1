/**
 * The URI of a file, written as VS Code writes it: with more characters in hexadecimal than others have, `+` and `@` among them, and drives in small
 * letters. Written otherwise, a file that is open would be another one than the same on disk.
 *
 * @param uri one that is well-formed, `file:///C:/charts/a+b.yaml`
 */
export function asVSCodeWrites(uri: string): string {
  const [, root = '', path = ''] = /^(file:\/\/[^/]*\/)(.*)$/.exec(uri) ?? [];
  const names = path.split('/').map(decodeURIComponent);
  return root === ''
    ? uri
    : root + names.map((name, at) => escaped(at === 0 && /^[A-Z]:$/.test(name) ? name.toLowerCase() : name)).join('/');
}

/** The URI of what a path leads to, from the folder of another file on; undefined when it cannot lead anywhere. */
export function uriBeside(uri: string, path: string): string | undefined {
  // Half a surrogate pair is in no name.
  if (/\p{Surrogate}/u.test(path)) return undefined;
  const way = path.split(/[/\\]/).map(escaped).join('/');
  return URL.canParse(way, uri) ? new URL(way, uri).href : undefined;
}

/** A name with all but letters, digits and `-._~` in hexadecimal. */
function escaped(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
