/** What Go's `url.ParseQuery` does not take a pair with. */
const brokenPair = /;|%(?![\da-fA-F]{2})/;

/** The address of a request, with what Go reads of its query: pairs with a semicolon or a broken escape are left out. */
export function requestUrl(text: string): URL {
  const url = new URL(text);
  if (brokenPair.test(url.search)) {
    const pairs = url.search.slice(1).split('&');
    url.search = pairs.filter((pair) => !brokenPair.test(pair)).join('&');
  }
  return url;
}
