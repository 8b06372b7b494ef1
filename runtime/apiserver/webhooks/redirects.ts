/** A request to a webhook, from which others can be made. */
export interface Sent {
  readonly url: string;
  readonly options: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
  };
}

/** So many requests are made for one call. Go: `defaultCheckRedirect`. */
export const mostRequests = 10;

/**
 * The request that an answer asks for in place of the one that was sent; undefined for an answer that is one. What was posted is posted again for
 * 307 and 308, while 301, 302 and 303 lead to something that is read. Follows `redirectBehavior` of Go's net/http. Throws for a place that is none.
 */
export function redirected({ url, options }: Sent, { status, headers }: Response): Sent | undefined {
  const location = headers.get('location') ?? '';
  const isRepeated = status === 307 || status === 308;
  if (location === '' || !(isRepeated || (status >= 301 && status <= 303))) return undefined;
  if (!URL.canParse(location, url)) throw new Error(`failed to parse Location header ${JSON.stringify(location)}`);
  const next = new URL(location, url).href;
  if (isRepeated) return { url: next, options };
  const { body: _, ...rest } = options;
  return { url: next, options: { ...rest, method: 'GET' } };
}
