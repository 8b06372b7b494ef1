import type { HttpHeaders } from '../../api/http.ts';

/** The values of a header that may come several times: they reach the server as one, parted by commas. */
export function listedValues(value: string | null): string[] {
  return (value ?? '').split(/,\s*/).filter((part) => part !== '');
}

/** What the headers that begin with a prefix, in small letters, tell beyond a user's name and groups. */
export function extraValues(headers: HttpHeaders, prefix: string): Record<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const header of headers.keys()) {
    if (!header.startsWith(prefix)) continue;
    const key = decodedKey(header.slice(prefix.length));
    extra.set(key, [...(extra.get(key) ?? []), ...listedValues(headers.get(header))]);
  }
  return Object.fromEntries(extra);
}

/** Header names cannot hold everything that a key may, so clients escape it as in URLs. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
