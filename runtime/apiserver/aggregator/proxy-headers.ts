import type { HttpHeaders } from '../../api/http.ts';
import { withoutToken } from '../authentication/bearer-tokens.ts';
import { isRemoteUserHeader } from '../authentication/request-header.ts';
import type { User } from '../authentication/user.ts';

type Header = readonly [name: string, value: string];

/** Of one connection alone, after Go's `httputil.ReverseProxy`. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What is said about a request to the server that it is passed on to. */
export interface ProxyFacts {
  readonly user: User;
  /** The host and port of the request's new URL. */
  readonly host: string;
  readonly path: string;
  /** The address of who has sent it. */
  readonly from: string | undefined;
  /** What it is called in audit logs. */
  readonly auditId: string;
  /** Whether the connection is to be upgraded. */
  readonly isUpgrade: boolean;
  /** Whether the body is still coming: only the client knows then how long it is. */
  readonly hasStream: boolean;
}

/**
 * The headers of a request that is passed on: those of the client but for its credentials and what is of its own connection, then who it is, after
 * upstream's `NewAuthProxyRoundTripper`, and where it came from.
 */
export function requestHeaders(headers: HttpHeaders, facts: ProxyFacts): Header[] {
  const isOfConnection = connectionHeaders(headers.get('connection'));
  const kept = [...headers].filter(([name]) => {
    if (facts.isUpgrade && (name === 'connection' || name === 'upgrade')) return true;
    if (name === 'content-length') return facts.hasStream;
    return !isOfConnection(name) && !isReplaced(name);
  });
  const { host, path, from, auditId } = facts;
  const passedOn = kept.map(([name, value]): Header => [name, name === 'sec-websocket-protocol' ? withoutToken(value).join(',') : value]);
  const passed = headers.get('x-forwarded-for');
  return [
    ...passedOn,
    ['host', host],
    ...(from === undefined ? [] : [['x-forwarded-for', passed === null ? from : `${passed}, ${from}`] as const]),
    ['x-forwarded-uri', path],
    ['x-forwarded-host', host],
    ['x-forwarded-proto', 'https'],
    ...(auditId === '' ? [] : [['audit-id', auditId] as const]),
    ...userHeaders(facts.user),
  ];
}

/** Who a request is of. Upstream: `SetAuthProxyHeaders`. */
export function userHeaders({ name, uid = '', groups, extra = {} }: User): Header[] {
  return [
    ['x-remote-user', bytesOf(name)],
    ...(uid === '' ? [] : [['x-remote-uid', bytesOf(uid)] as const]),
    ...groups.map((group) => ['x-remote-group', bytesOf(group)] as const),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => [`x-remote-extra-${escapedKey(key.toLowerCase())}`, bytesOf(value)] as const),
    ),
  ];
}

/** The headers of an answer that are passed on to the client. */
export function answerHeaders(headers: Headers): Headers {
  const isOfConnection = connectionHeaders(headers.get('connection'));
  const passed = new Headers();
  for (const [name, value] of headers) if (!isOfConnection(name) && !isCors(name)) passed.append(name, value);
  return passed;
}

/** Told anew on the way, or the client's credentials. */
function isReplaced(name: string): boolean {
  if (name === 'host' || name === 'authorization' || name === 'expect' || name === 'audit-id') return true;
  return name.startsWith('x-forwarded-') ? isForwardedHeader(name) : name.startsWith('impersonate-') || isRemoteUserHeader(name);
}

const isForwardedHeader = (name: string) => /^x-forwarded-(?:for|uri|host|proto)$/.test(name);
const isCors = (name: string) => /^access-control-allow-(?:credentials|headers|methods|origin)$/.test(name);

function connectionHeaders(connection: string | null): (name: string) => boolean {
  const named = new Set(
    (connection ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
  return (name) => hopByHop.has(name) || named.has(name);
}

const encoder = new TextEncoder();

/** A text as header lines carry it: its bytes in UTF-8, each as one character. */
function bytesOf(text: string): string {
  return String.fromCharCode(...encoder.encode(text));
}

/** A key with what header names cannot hold in per cents. Upstream: `headerKeyEscape`. */
function escapedKey(key: string): string {
  return bytesOf(key).replace(/[^!#$&'*+\-.^_`|~0-9a-z]/gi, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
