import { base64Bytes } from '../../api/base64.ts';
import type { HttpHeaders } from '../../api/http.ts';

/** The token that a request carries; `undefined` for none. `isMisplaced`: there is one in a place where it is not looked for. */
export function headerToken(headers: HttpHeaders): { readonly token?: string; readonly isMisplaced?: boolean } {
  const [scheme = '', token, ...rest] = (headers.get('authorization') ?? '').trim().split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === undefined) return {};
  return token === '' ? { isMisplaced: rest.length > 0 } : { token };
}

/** Upstream's `invalidTokenWithSpaceWarning`. */
export const misplacedTokenWarning = 'the provided Authorization header contains extra space before the bearer token, and is ignored';

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';
const strictText = new TextDecoder('utf-8', { fatal: true });

/**
 * Browsers can give a WebSocket no headers: its token comes as one of the subprotocols that are asked for. Gives it, `undefined` when there is none,
 * and null when it cannot be read or no other subprotocol is left to answer with. Follows upstream's `ProtocolAuthenticator`.
 */
export function socketToken(headers: HttpHeaders): string | undefined | null {
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return undefined;
  if (!/(?:^|,\s*)upgrade(?:$|\s*,)/i.test(headers.get('connection') ?? '')) return undefined;
  const asked = protocolsOf(headers.get('sec-websocket-protocol'));
  const [encoded, ...more] = asked.filter(isTokenProtocol).map((protocol) => protocol.slice(protocolPrefix.length));
  if (encoded === undefined || (encoded === '' && more.length === 0)) return undefined;
  if (more.length > 0 || asked.length === 1) return null;
  try {
    if (!/^[\w-]*$/.test(encoded)) return null;
    return strictText.decode(base64Bytes(encoded.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return null;
  }
}

/** The subprotocols of a header but for one that is a token. */
export function withoutToken(header: string | null | undefined): readonly string[] {
  return protocolsOf(header).filter((protocol) => !isTokenProtocol(protocol));
}

function protocolsOf(header: string | null | undefined): readonly string[] {
  return (header ?? '').split(',').map((part) => part.trim());
}

function isTokenProtocol(protocol: string): boolean {
  return protocol.startsWith(protocolPrefix);
}
