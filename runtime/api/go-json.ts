const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Go's `encoding/json` writes what has no type: fields by name, and nothing that HTML would read. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value).filter(isWritten).sort(byName).map(written).join(',')}}`;
  return goStructJson(value);
}

/** JSON as Go's `encoding/json` writes structs: fields in their own order, and nothing that HTML would read. */
export function goStructJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}

type Entry = readonly [name: string, value: unknown];

const isWritten = ([, value]: Entry): boolean => value !== undefined;
const byName = ([a]: Entry, [b]: Entry): number => (a < b ? -1 : 1);
const written = ([name, value]: Entry): string => `${goJson(name)}:${goJson(value)}`;
