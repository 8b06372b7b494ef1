import type { HttpRequest, HttpResponse } from '../../api/http.ts';
import type { OpenApiDocument } from './document.ts';

/** Since when documents are what they are. */
export class DocumentDates {
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly etag: string; readonly since: number }>();

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since the epoch: when the document at a path was first served under this tag, one after another. */
  of(path: string, etag: string): number {
    const known = this.#known.get(path);
    if (known?.etag === etag) return known.since;
    const since = this.#now();
    this.#known.set(path, { etag, since });
    return since;
  }
}

/**
 * Serves a document under the conditions that the request states, but always the whole of it. Follows Go's `http.ServeContent`.
 *
 * @param since milliseconds since the epoch
 */
export function serveDocument(
  request: HttpRequest,
  document: OpenApiDocument,
  since: number,
  headers: Record<string, string>,
): HttpResponse {
  const common = { ...headers, ETag: document.etag, Vary: 'Accept' };
  const code = conditionFailed(request, document.etag, since);
  if (code === 304) return new Response(null, { status: code, headers: common });
  const typed = { ...common, 'Content-Type': document.contentType, 'Last-Modified': new Date(since).toUTCString() };
  if (code !== undefined) return new Response(null, { status: code, headers: typed });
  return new Response(request.method === 'HEAD' ? null : document.bytes, { headers: typed });
}

/** The code of an answer without the document. Upstream: `checkPreconditions`. */
function conditionFailed({ method, headers }: HttpRequest, etag: string, since: number): 304 | 412 | undefined {
  const ifMatch = headers.get('if-match');
  if (ifMatch !== null && ifMatch !== '') {
    if (!tagsOf(ifMatch).some((tag) => tag === '*' || tag === etag)) return 412;
  } else if (isLater(since, headers.get('if-unmodified-since'))) return 412;
  const isReading = method === 'GET' || method === 'HEAD';
  const ifNoneMatch = headers.get('if-none-match');
  if (ifNoneMatch !== null && ifNoneMatch !== '') {
    if (!tagsOf(ifNoneMatch).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)) return undefined;
    return isReading ? 304 : 412;
  }
  return isReading && isLater(since, headers.get('if-modified-since')) === false ? 304 : undefined;
}

function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}

/** Whether a time is later than a header says, in whole seconds; undefined where it says no time. */
function isLater(time: number, header: string | null): boolean | undefined {
  const said = Date.parse(header ?? '');
  return Number.isNaN(said) ? undefined : Math.floor(time / 1000) > Math.floor(said / 1000);
}
