import { expect, test } from 'vitest';
import { RecordHeaders } from '../../../runtime/api/http.ts';
import { answerHeaders, requestHeaders, userHeaders } from '../../../runtime/apiserver/aggregator/proxy-headers.ts';

const facts = {
  user: { name: 'jane', groups: [] },
  host: '10.96.0.9:443',
  path: '/apis/a.io/v1/things',
  from: undefined,
  auditId: '',
  isUpgrade: false,
  hasStream: false,
};
const own = [
  ['host', '10.96.0.9:443'],
  ['x-forwarded-uri', '/apis/a.io/v1/things'],
  ['x-forwarded-host', '10.96.0.9:443'],
  ['x-forwarded-proto', 'https'],
  ['x-remote-user', 'jane'],
];

test.each<[string, Record<string, string>, Partial<typeof facts>, (readonly string[])[]]>([
  ['what is said of the body', { 'content-type': 'text/plain', 'content-length': '3' }, {}, [['content-type', 'text/plain']]],
  ['how long a body is that is still coming', { 'content-length': '3' }, { hasStream: true }, [['content-length', '3']]],
  ['nothing of the connection', { connection: 'keep-alive, X-Mine', 'keep-alive': '5', te: 'trailers', 'x-mine': 'm' }, {}, []],
  ['no upgrade that is none', { upgrade: 'websocket' }, {}, []],
  [
    'an upgrade',
    { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'k' },
    { isUpgrade: true },
    [
      ['connection', 'Upgrade'],
      ['upgrade', 'websocket'],
      ['sec-websocket-key', 'k'],
    ],
  ],
  ['no credentials', { authorization: 'Bearer t', 'x-remote-group': 'g', 'x-remote-extra-a': 'b', 'impersonate-user': 'u' }, {}, []],
  ['nobody’s word for where it came from', { host: 'evil', 'x-forwarded-host': 'evil', 'x-forwarded-proto': 'http' }, {}, []],
  ['other forwarding headers', { 'x-forwarded-port': '1' }, {}, [['x-forwarded-port', '1']]],
])('a request that is passed on keeps %s', (_, headers, more, kept) => {
  expect(requestHeaders(new RecordHeaders(headers), { ...facts, ...more })).toEqual([...kept, ...own]);
});

test.each([
  [{ name: 'a', groups: [] }, [['x-remote-user', 'a']]],
  [{ name: 'é', uid: '', groups: [] }, [['x-remote-user', 'Ã©']]],
  [
    { name: 'a', uid: 'u', groups: ['g', 'h, i'], extra: { 'acme.com/Scope s': ['1', '2'], '100%': [] } },
    [
      ['x-remote-user', 'a'],
      ['x-remote-uid', 'u'],
      ['x-remote-group', 'g'],
      ['x-remote-group', 'h, i'],
      ['x-remote-extra-acme.com%2Fscope%20s', '1'],
      ['x-remote-extra-acme.com%2Fscope%20s', '2'],
    ],
  ],
])('%j is told as upstream tells it', (user, headers) => {
  expect(userHeaders(user)).toEqual(headers);
});

test('of an answer everything goes on but what is of its connection, and who may read it from elsewhere', () => {
  const headers = new Headers({
    connection: 'close',
    'transfer-encoding': 'chunked',
    'access-control-allow-origin': '*',
    'access-control-max-age': '5',
    'content-type': 'text/plain',
    warning: '299 - "old"',
  });
  expect([...answerHeaders(headers)]).toEqual([
    ['access-control-max-age', '5'],
    ['content-type', 'text/plain'],
    ['warning', '299 - "old"'],
  ]);
});
