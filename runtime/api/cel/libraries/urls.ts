import type { Environment } from '@marcbachmann/cel-js';

/** A URL as Go's `net/url.ParseRequestURI` reads it: with a scheme, or a path alone. */
class CelUrl {
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly query: URLSearchParams;

  constructor(text: string) {
    const relative = text.startsWith('/');
    if (!relative && !URL.canParse(text))
      throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
    const url = new URL(text, 'none://none');
    this.scheme = relative ? '' : url.protocol.slice(0, -1);
    // The platform drops ports that are usual for a scheme; the text still has them.
    const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text)?.[1] ?? '';
    this.host = relative ? '' : authority;
    const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(this.host);
    this.hostname = (parts?.[1] ?? '').replace(/^\[|\]$/g, '');
    this.port = parts?.[2] ?? '';
    this.path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i.test(text.split(/[?#]/)[0] ?? '') ? '' : url.pathname;
    this.query = url.searchParams;
  }

  get parameters(): Map<string, string[]> {
    return new Map([...new Set(this.query.keys())].map((key) => [key, this.query.getAll(key)]));
  }
}

function isUrl(text: string): boolean {
  try {
    new CelUrl(text);
    return true;
  } catch {
    return false;
  }
}

/** `k8s.io/apiserver/pkg/cel/library` urls. */
export function registerUrls(environment: Environment): void {
  const sync = { async: false };
  environment
    .registerType('kubernetes.URL', CelUrl)
    .registerFunction('url(string): kubernetes.URL', (text: string) => new CelUrl(text), sync)
    .registerFunction('isURL(string): bool', isUrl, sync)
    .registerFunction('kubernetes.URL.getScheme(): string', (url: CelUrl) => url.scheme, sync)
    .registerFunction('kubernetes.URL.getHost(): string', (url: CelUrl) => url.host, sync)
    .registerFunction('kubernetes.URL.getHostname(): string', (url: CelUrl) => url.hostname, sync)
    .registerFunction('kubernetes.URL.getPort(): string', (url: CelUrl) => url.port, sync)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', (url: CelUrl) => url.path, sync)
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', (url: CelUrl) => url.parameters, sync);
}
