import { beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from '../api.ts';

const prefix = 'base64url.bearer.authorization.k8s.io.';
const token = 'a-token-of-a-person?';
const encoded = Buffer.from(token).toString('base64url');
const socket = { upgrade: 'websocket', connection: 'keep-alive, Upgrade' };

let api: Api;
beforeAll(async () => {
  const authorizer = {
    authorize: async () => ({ decision: 'allow' as const }),
    rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }),
  };
  api = await startApi({ tokens: [{ token, user: { name: 'ada', groups: [] } }], authorizer });
});

/** Who a request with these headers is of, or the code of the refusal; and what it is warned of. */
async function whoIs(headers: Record<string, string>): Promise<readonly [string | number, string | null]> {
  const { code, body, headers: answered } = await api.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, headers, {});
  return [code === 201 ? body.status.userInfo.username : code, answered.get('warning')];
}

test.each<[string, string | number, string?]>([
  [`Bearer ${token}`, 'ada'],
  [`bEARER ${token}`, 'ada'],
  [`Bearer ${token} and more`, 'ada'],
  ['Bearer wrong', 401],
  ['Bearer', 'system:anonymous'],
  [`Basic ${encoded}`, 'system:anonymous'],
  [
    `Bearer  ${token}`,
    'system:anonymous',
    '299 - "the provided Authorization header contains extra space before the bearer token, and is ignored"',
  ],
])('Authorization: %s', async (authorization, name, warning) => {
  expect(await whoIs({ authorization })).toEqual([name, warning ?? null]);
});

test.each<[string, string | number, Record<string, string>?]>([
  [`v4.channel.k8s.io, ${prefix}${encoded}`, 'ada'],
  [`${prefix}${encoded},v4.channel.k8s.io`, 'ada'],
  [`${prefix}${encoded}`, 401],
  [`v4.channel.k8s.io, ${prefix}${encoded}, ${prefix}${encoded}`, 401],
  [`v4.channel.k8s.io, ${prefix}${Buffer.from('wrong').toString('base64url')}`, 401],
  [`v4.channel.k8s.io, ${prefix}a!b`, 401],
  [`v4.channel.k8s.io, ${prefix}_w`, 401],
  [`v4.channel.k8s.io, ${prefix}`, 'system:anonymous'],
  ['v4.channel.k8s.io', 'system:anonymous'],
  [`v4.channel.k8s.io, ${prefix}${encoded}`, 'system:anonymous', { upgrade: 'spdy/3.1' }],
  [`v4.channel.k8s.io, ${prefix}${encoded}`, 'system:anonymous', { connection: 'keep-alive' }],
  [`v4.channel.k8s.io, ${prefix}${encoded}`, 'ada', { authorization: 'Bearer wrong' }],
])('Sec-WebSocket-Protocol: %s', async (protocols, name, headers = {}) => {
  expect((await whoIs({ ...socket, 'sec-websocket-protocol': protocols, ...headers }))[0]).toBe(name);
});
