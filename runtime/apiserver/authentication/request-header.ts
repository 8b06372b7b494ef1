import type { HttpHeaders } from '../../api/http.ts';
import type { Peer } from './peer.ts';
import type { User } from './user.ts';
import { extraValues, listedValues } from './user-headers.ts';

/** Who may say in headers whose request it is, after kubeadm's `--requestheader-allowed-names`. */
const allowedNames: ReadonlySet<string> = new Set(['front-proxy-client']);

const userHeader = 'x-remote-user';
const uidHeader = 'x-remote-uid';
const groupHeader = 'x-remote-group';
const extraPrefix = 'x-remote-extra-';

/** Whether a header, named in small letters, tells who a request is of. Such headers end at the server that they are for. */
export function isRemoteUserHeader(name: string): boolean {
  return name === userHeader || name === uidHeader || name === groupHeader || name.startsWith(extraPrefix);
}

/**
 * The user that a front proxy names; `undefined` when it names nobody, or is none that may. Upstream: `requestHeaderAuthRequestHandler`. Several
 * groups come as several headers, or in one, separated by commas.
 */
export function requestHeaderUser(headers: HttpHeaders, { frontProxy }: Peer): User | undefined {
  if (frontProxy === undefined || !allowedNames.has(frontProxy.commonName)) return undefined;
  const name = textOf(headers.get(userHeader) ?? '');
  if (name === '') return undefined;
  const uid = textOf(headers.get(uidHeader) ?? '');
  const extra = Object.entries(extraValues(headers, extraPrefix)).map(([key, values]) => [key, values.map(textOf)]);
  const groups = listedValues(headers.get(groupHeader)).map(textOf);
  return { name, groups, ...(uid !== '' && { uid }), ...(extra.length > 0 && { extra: Object.fromEntries(extra) }) };
}

/** Header lines are bytes, each handed over as one character; names of users are UTF-8. */
function textOf(value: string): string {
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}
