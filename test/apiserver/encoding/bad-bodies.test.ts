import { beforeAll, expect, test } from 'vitest';
import { goText } from '../../../runtime/api/go-text.ts';
import { type Api, startApi } from '../api.ts';

const collection = '/api/v1/namespaces/default/configmaps';
const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const post = async (body: Uint8Array, headers?: Record<string, string>) =>
  (await api.send('POST', collection, body, headers ?? { 'content-type': 'application/json' })).body;

test.each<[string, Uint8Array, string]>([
  ['an empty body', bytes('k8s\0'), 'the object provided is unrecognized (must be of type ConfigMap): empty body (6b387300)'],
  [
    'a broken envelope',
    bytes('k8s\0', [8, 1]),
    'the object provided is unrecognized (must be of type ConfigMap): proto: wrong wireType = 0 for field TypeMeta (6b3873000801)',
  ],
  ['a broken object', bytes('k8s\0', [0x12, 2, 0x0a, 0x7f]), 'ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF'],
  [
    'a broken object of another kind',
    bytes('k8s\0', [0x0a, 0x0e, 0x0a, 2], 'v1', [0x12, 8], 'Endpoint', [0x12, 1, 0]),
    'Endpoint in version "v1" cannot be handled as a ConfigMap: no kind "Endpoint" is registered for version "v1" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
  ],
  [
    'a broken Secret',
    bytes('k8s\0', [0x0a, 0x0c, 0x0a, 2], 'v1', [0x12, 6], 'Secret', [0x12, 1, 0]),
    'Secret in version "v1" cannot be handled as a ConfigMap: proto: Secret: illegal tag 0 (wire type 0)',
  ],
])('protobuf: %s is refused as upstream words it, and the next request works', async (_, body, message) => {
  expect(await post(body, protobuf)).toMatchObject({ code: 400, reason: 'BadRequest', message });
  expect((await api.send('GET', '/readyz')).code).toBe(200);
});

test('an object in protobuf that does not say its kind is of the one that is expected', async () => {
  const body = bytes('k8s\0', [0x12, 10, 0x0a, 8, 0x0a, 6], 'unsaid');
  expect(await post(body, protobuf)).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'unsaid' } });
});

test('in JSON every byte that is no UTF-8 becomes a character that says so, and nothing else is lost', async () => {
  const made = await post(bytes('{"metadata":{"name":"latin"},"data":{"k":"a', [0xff, 0xe2, 0x82], 'b","l":"\u00e4"}}'));
  expect(made.data).toEqual({ k: 'a\ufffd\ufffd\ufffdb', l: '\u00e4' });
  expect((await api.send('GET', `${collection}/latin`)).body.data).toEqual(made.data);
  const merge = { 'content-type': 'application/merge-patch+json' };
  const patched = await api.send('PATCH', `${collection}/latin`, bytes('{"data":{"l":"', [0xc3, 0x28], '"}}'), merge);
  expect(patched.body.data).toEqual({ k: 'a\ufffd\ufffd\ufffdb', l: '\ufffd(' });
});

test.each<[string, readonly number[], string]>([
  ['a byte that begins nothing', [0x80, 0x61], '\ufffda'],
  ['a character that is cut', [0xf0, 0x9f, 0x98], '\ufffd\ufffd\ufffd'],
  ['one that is longer than it has to be', [0xc0, 0x80, 0xe0, 0x80, 0x80, 0xf0, 0x80, 0x80, 0x80], '\ufffd'.repeat(9)],
  ['half of a pair', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  ['one beyond the last', [0xf4, 0x90, 0x80, 0x80, 0xf8], '\ufffd'.repeat(5)],
  ['what is between them', [0xff, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff], '\ufffd\u00e4\u20ac\u{1f600}\ufffd'],
])('as Go reads text: %s', (_, sent, text) => {
  expect(goText(Uint8Array.from(sent))).toBe(text);
});
