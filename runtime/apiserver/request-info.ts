import { isTrue } from '../api/http.ts';
import { badRequest } from '../api/status.ts';
import { withoutTrailingSlashes } from '../api/trailing-slashes.ts';

/** What a request is about, read from its method and path alone. Follows upstream's `RequestInfoFactory`. */
export interface RequestInfo {
  /** The decoded path without a slash at its end. */
  readonly path: string;
  /** `get`, `list`, `watch`, `create` … for resources; the method in lower case for other paths. */
  readonly verb: string;
  readonly isResource: boolean;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Empty when the request is not about one namespace. */
  readonly namespace: string;
  /** The plural; empty when the path ends at the version. */
  readonly resource: string;
  readonly subresource: string;
  /** Empty for a collection. */
  readonly name: string;
  /** What comes after the subresource, for `proxy`. */
  readonly rest: string;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
/** Verbs that stand in the path, before the resource. There is nothing under `proxy` any more but what is told to those who may not ask for it. */
const pathVerbs: ReadonlySet<string> = new Set(['proxy', 'watch']);
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

/** Of a path that ends where it had to say what it is about. */
export class NothingAsked extends Error {
  readonly url: URL;
  constructor(url: URL) {
    super(`failed to create RequestInfo: unable to determine kind and namespace from url, ${url.pathname}${url.search}`);
    this.url = url;
  }
}

/**
 * Reads method, path and query. Throws a 400 for a path that is no valid encoding.
 * @throws {NothingAsked} for a path that ends at `watch` or `proxy`
 */
export function requestInfo(method: string, url: URL): RequestInfo {
  const path = decode(url.pathname);
  const trimmed = withoutTrailingSlashes(path);
  const parts = trimmed.replace(/^\/+/, '').split('/');
  const other = { path: path === '/' ? path : trimmed, verb: method.toLowerCase(), isResource: false };
  const nothing = { group: '', version: '', namespace: '', resource: '', subresource: '', name: '', rest: '' };

  const [root, ...after] = parts;
  if (root !== 'api' && root !== 'apis') return { ...other, ...nothing };
  const group = root === 'apis' ? (after.shift() ?? '') : '';
  const version = after.shift() ?? '';
  if (after.length === 0) return { ...other, ...nothing, group, version };

  let verb = verbs[method] ?? '';
  // By the old paths whatever is asked is a watch, with any method.
  const isOldPath = pathVerbs.has(after[0] ?? '');
  if (isOldPath) {
    if (after.length < 2) throw new NothingAsked(url);
    verb = after.shift() ?? '';
  }
  let namespace = '';
  if (after[0] === 'namespaces' && after.length > 1) {
    namespace = after[1] ?? '';
    if (after.length > 2 && !namespaceSubresources.has(after[2] ?? '')) after.splice(0, 2);
  }
  const [resource = '', name = '', part = '', ...rest] = after;
  const subresource = verb === 'proxy' ? '' : part;
  if (resource === 'namespaces') namespace = name;
  if (name === '' && verb === 'get') verb = isTrue(url.searchParams.get('watch')) ? 'watch' : 'list';
  else if (name === '' && verb === 'delete') verb = 'deletecollection';
  return { path: other.path, verb, isResource: true, group, version, namespace, resource, subresource, name, rest: rest.join('/') };
}

/** A URL cannot hold `.` and `..` as segments: listeners encode their dots twice. */
const encodedDots = /(?<=\/)(?:%2e){1,2}(?=\/|$)/g;

function decode(pathname: string): string {
  if (!pathname.includes('%')) return pathname;
  if (/%(?![\da-f]{2})/i.test(pathname)) throw badRequest(`invalid URL escape in ${JSON.stringify(pathname)}`);
  return decoded(pathname).replace(encodedDots, decodeURIComponent);
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that are no UTF-8 become replacement characters, so that nothing is found by them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    const bytesOf = (escapes: string) => Uint8Array.from(escapes.slice(1).split('%'), (digits) => Number.parseInt(digits, 16));
    return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => decoder.decode(bytesOf(escapes)));
  }
}
