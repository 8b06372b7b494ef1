import { notAcceptable } from '../../api/status.ts';
import type { RequestInfo } from '../request-info.ts';

/** The media type of objects in protobuf, and of their watches. */
export const protobufType = 'application/vnd.kubernetes.protobuf';
export const protobufStream = `${protobufType};stream=watch`;

/** What objects and documents are written in, in upstream's order. */
export const mediaTypes: readonly string[] = ['application/json', 'application/yaml', protobufType];
const streamed = ['application/json;stream=watch', protobufStream];
const listed = [...mediaTypes, ...streamed];
const logged = ['text/plain', ...mediaTypes];
const connecting: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** Whether a subresource is a connection, whose bodies are the business of those whom it connects. */
export function isConnection(subresource: string): boolean {
  return connecting.has(subresource);
}

/** Whether what is asked for can become a connection of a protocol, in small letters. What comes over time comes as messages as well. */
export function isUpgradable({ verb, subresource }: RequestInfo, protocol: string): boolean {
  return isConnection(subresource) || (protocol === 'websocket' && (verb === 'watch' || subresource === 'log'));
}

/**
 * Throws 406 unless an Accept header names one of the media types that a path is served in, in full and in their letters, or any. Follows upstream's
 * router, which stands before built-in kinds and most documents and knows neither `application/*` nor parameters; what gets past is negotiated then.
 */
export function checkRouted(accept: string | null, produced: readonly string[]): void {
  if (accept === null || accept === '') return;
  // What nearly everyone sends need not be taken apart.
  if (produced.includes(accept)) return;
  const names = accept.split(',').map((clause) => clause.split(';')[0]?.trim() ?? '');
  if (!names.some((name) => name === '*/*' || produced.includes(name))) throw notAcceptable(produced);
}

/** The media types in which the path of a built-in kind is served; `undefined` where it does not matter. */
export function producedAt({ verb, subresource }: RequestInfo): readonly string[] | undefined {
  if (isConnection(subresource)) return undefined;
  if (subresource === 'log') return logged;
  return verb === 'list' || verb === 'watch' ? listed : mediaTypes;
}
