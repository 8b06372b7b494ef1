import type { HttpRequest } from '../api/http.ts';

/** What Go's `url.ParseQuery` does not take a pair with. */
const brokenPair = /;|%(?![\da-fA-F]{2})/;

/** The address of a request, with what Go reads of its query: pairs with a semicolon or a broken escape are left out. */
export function requestUrl(request: Pick<HttpRequest, 'url' | 'address'>): URL {
  const url = request.address ?? new URL(request.url);
  if (brokenPair.test(url.search)) {
    const pairs = url.search.slice(1).split('&');
    url.search = pairs.filter((pair) => !brokenPair.test(pair)).join('&');
  }
  return url;
}
