import type { Duplex } from 'node:stream';
import { BytesRequest, RecordHeaders } from '../../../api/http.ts';
import type { Peer } from '../../../apiserver/authentication/peer.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import { type ParserError, refuseSocket } from './refusals.ts';

const requestHead = /^([!#$%&'*+.^_`|~\w-]+) (\/\S*) HTTP\/1\.[01]\r\n((?:[^\r\n]+\r\n)*)\r\n/;

/**
 * Answers a request whose method Node's parser does not know, such as `FOO`: whether there is one is for the API server to say. The connection
 * ends with the answer. Gives whether it was such a request, and is whole.
 */
export function answerUnknownMethod(server: ApiServer, peerOf: () => Peer, error: ParserError, socket: Duplex): boolean {
  if (error.code !== 'HPE_INVALID_METHOD') return false;
  const [, method, target, fields = ''] = requestHead.exec(error.rawPacket?.toString('latin1') ?? '') ?? [];
  if (method === undefined || target === undefined) return false;
  const headers: Record<string, string> = {};
  for (const line of fields.split('\r\n')) {
    const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] ??= value;
  }
  // There is an answer and no more.
  delete headers.upgrade;
  const url = `https://${headers.host ?? 'localhost'}${target}`;
  if (!URL.canParse(url)) return false;
  server
    .handle(new BytesRequest(method, new URL(url).href, new RecordHeaders(headers)), peerOf())
    .then((answer) => refuseSocket(socket, answer))
    .catch(() => socket.destroy());
  return true;
}
