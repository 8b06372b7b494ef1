import { parse } from 'yaml';
import type { HttpResponse } from '../../runtime/api/http.ts';
import { decodeProtobuf } from '../../runtime/apiserver/encoding/decode-protobuf.ts';
import { protobufType } from '../../runtime/apiserver/negotiation/routes.ts';
import { type Api, admin, startApi } from '../apiserver/api.ts';
import { define, widgetDefinition } from '../apiserver/custom-resources/widgets.ts';
import { settle } from '../client/settle.ts';
import { type FuzzRequest, standing } from './requests.ts';

/** Upstream, too, answers some faults with a bare text and 500. */
const bareTexts =
  /^(resourceVersion|metadata\.resourceVersion|failed to create typed|failed to (create|get|update|merge|convert)|strconv\.|cannot merge lists|unknown patch type|list element types|map: |expected a |merging lists cannot yet|delete patch type with no merge key|unable to find|duplicate nodePort: |\.|invalid |couldn't get|no |spec|\[?target\.)/;
/** What upstream itself calls an internal error. */
const internalErrors = /^Internal error occurred: the spec replicas field /;

/** A server that remembers what it could not answer for. */
export interface Target {
  readonly api: Api;
  /** What the server itself calls its own failures. */
  readonly failures: string[];
}

/** A server with one object of some kinds. */
export async function startTarget(): Promise<Target> {
  const failures: string[] = [];
  const api = await startApi({ log: (text) => failures.push(text) });
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await define(api, widgetDefinition());
  for (const [collection, body] of standing) await api.send('POST', collection, body);
  return { api, failures };
}

/** Sends a request. Gives what is wrong with the answer, or with the server after it; `undefined` when all is well. */
export async function judge({ api, failures }: Target, { method, path, headers, body }: FuzzRequest): Promise<string | undefined> {
  let request: Request;
  try {
    const init = { method, headers, ...(body !== undefined && { body: Buffer.from(body, 'base64') }) };
    request = new Request(new URL(path, 'https://kubernetes.default'), init);
  } catch {
    return undefined; // No client can send it either.
  }
  const response = await api.server.handle(request, { component: admin });
  const bytes = await bytesOf(response);
  await settle();
  const own = failures.splice(0);
  if (own.length > 0) return `the server failed: ${own[0]}`;
  const complaint = complaintOf(method, response, bytes);
  if (complaint !== undefined) return complaint;
  const { code } = await api.send('GET', '/readyz');
  return code === 200 ? undefined : `the server is not ready afterwards: ${code}`;
}

/** The whole answer; of one that streams, what is there at once. */
async function bytesOf(response: HttpResponse): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  while (reader !== undefined) {
    const part = await Promise.race([reader.read(), settle().then(() => undefined)]);
    if (part === undefined || part.done) break;
    parts.push(part.value);
  }
  await reader?.cancel();
  return Buffer.concat(parts);
}

function complaintOf(method: string, { status, headers }: HttpResponse, bytes: Uint8Array): string | undefined {
  const type = headers.get('content-type') ?? '';
  const inProtobuf = type === protobufType && method !== 'HEAD' ? decodeProtobuf(bytes).object : undefined;
  if (status < 400) return undefined;
  const text = new TextDecoder().decode(bytes);
  // 503: there is nothing behind a proxy.
  if (method === 'HEAD') return status < 500 || status === 503 ? undefined : `HEAD answers ${status}`;
  if (status === 404 && text === '404 page not found\n') return undefined;
  if (inProtobuf === undefined && !/^application\/(?:json|yaml)/.test(type)) return `${status} without JSON: ${text.slice(0, 200)}`;
  const body = inProtobuf ?? (type.startsWith('application/yaml') ? parse(text) : JSON.parse(text));
  if (body.kind !== 'Status' || body.code !== status || typeof body.message !== 'string' || body.message === '') {
    return `${status} without a proper Status: ${text.slice(0, 200)}`;
  }
  if (status === 500 && (body.reason ?? '') === '' && !bareTexts.test(body.message)) return `500 without a reason: ${body.message}`;
  return status === 500 && body.reason === 'InternalError' && !internalErrors.test(body.message)
    ? `an internal error: ${body.message}`
    : undefined;
}
