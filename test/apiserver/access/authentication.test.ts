import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSigningKeys } from '../../../runtime/bootstrap/certificates.ts';
import { ServiceAccountTokens } from '../../../runtime/bootstrap/service-account-tokens.ts';
import { createSeededRandom } from '../../../runtime/simulation/seeded-random.ts';
import { createSteppedClock, type SteppedClock } from '../../../runtime/simulation/stepped-clock.ts';
import { settle } from '../../client/settle.ts';
import { type AccessApi, startWithRoles } from './access.ts';

const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const accounts = '/api/v1/namespaces/default/serviceaccounts';
const now = Date.UTC(2026, 0, 1);

let api: AccessApi;
let clock: SteppedClock;
const bearer = async (token: string) => (await api.send('POST', whoami, {}, { authorization: `Bearer ${token}` }, {})).body;
const review = async (token: string, audiences?: string[]) =>
  (await api.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } })).body.status;

beforeEach(async () => {
  clock = createSteppedClock(now, settle);
  const tokens = new ServiceAccountTokens(await createSigningKeys(), clock, createSeededRandom(3));
  api = await startWithRoles({ clock, tokenVerifier: tokens, tokenIssuer: tokens });
});

describe('a token of a service account', () => {
  const request = async (spec: object = {}) => (await api.send('POST', `${accounts}/robot/token`, { spec })).body.status.token as string;
  const makeAccount = async () => (await api.send('POST', accounts, { metadata: { name: 'robot' } })).body;

  test('is good until it expires, for its audiences', async () => {
    const { metadata } = await makeAccount();
    const token = await request();
    expect((await bearer(token)).status.userInfo).toMatchObject({
      username: 'system:serviceaccount:default:robot',
      uid: metadata.uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    });
    const other = await request({ audiences: ['vault'] });
    expect(await bearer(other)).toMatchObject({ code: 401, reason: 'Unauthorized' });
    expect(await review(other, ['vault', 'x'])).toMatchObject({ authenticated: true, audiences: ['vault'] });
    await clock.advance(3659_000);
    expect(await bearer(token)).toMatchObject({ kind: 'SelfSubjectReview' });
    await clock.advance(2_000);
    expect(await bearer(token)).toMatchObject({ code: 401 });
  });

  test('dies with its account, and does not come back with a new one of that name', async () => {
    await makeAccount();
    const token = await request();
    expect(await review(token)).toMatchObject({ authenticated: true });
    await api.send('DELETE', `${accounts}/robot`);
    expect(await bearer(token)).toMatchObject({ code: 401 });
    await makeAccount();
    expect(await bearer(token)).toMatchObject({ code: 401 });
    expect(await review(token)).toEqual({ user: {}, error: 'invalid bearer token' });
    expect(await bearer(await request())).toMatchObject({ kind: 'SelfSubjectReview' });
  });

  test('dies with the pod it is bound to, a minute after its deletion began', async () => {
    await makeAccount();
    const pod = {
      metadata: { name: 'p', finalizers: ['example.com/hold'] },
      spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'c' }] },
    };
    const { metadata } = (await api.send('POST', '/api/v1/namespaces/default/pods', pod)).body;
    const token = await request({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: metadata.uid } });
    expect((await bearer(token)).status.userInfo.extra).toMatchObject({
      'authentication.kubernetes.io/pod-name': ['p'],
      'authentication.kubernetes.io/pod-uid': [metadata.uid],
    });
    await api.send('DELETE', '/api/v1/namespaces/default/pods/p', { gracePeriodSeconds: 0 });
    await clock.advance(30_000);
    expect(await bearer(token)).toMatchObject({ kind: 'SelfSubjectReview' });
    await clock.advance(40_000);
    expect(await bearer(token)).toMatchObject({ code: 401 });
  });
});

test('others can check tokens by the issuer’s own word', async () => {
  await api.send('POST', accounts, { metadata: { name: 'robot' } });
  const { token } = (await api.send('POST', `${accounts}/robot/token`, { spec: {} })).body.status;
  const account = 'system:serviceaccount:default:robot@system:serviceaccounts';
  const configuration = (await api.as(account, 'GET', '/.well-known/openid-configuration')).body;
  expect(configuration).toMatchObject({
    issuer: 'https://kubernetes.default.svc.cluster.local',
    id_token_signing_alg_values_supported: ['ES256'],
  });
  const { pathname } = new URL(configuration.jwks_uri);
  const keys = JSON.parse((await api.as(account, 'GET', pathname)).body);
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
    issuer: configuration.issuer,
    currentDate: new Date(now),
  });
  expect(payload.sub).toBe('system:serviceaccount:default:robot');
  expect(protectedHeader.kid).toBe(keys.keys[0].kid);
  expect((await api.as('eve', 'GET', pathname)).code).toBe(403);
});

describe('a bootstrap token', () => {
  const make = (changes: Record<string, string> = {}, type = 'bootstrap.kubernetes.io/token') => {
    const data = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true', ...changes };
    return api.send('POST', '/api/v1/namespaces/kube-system/secrets', {
      metadata: { name: 'bootstrap-token-abcdef' },
      type,
      stringData: data,
    });
  };

  test('is of its bootstrapper, in its groups, until it expires', async () => {
    await make({ 'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token', expiration: '2026-01-01T01:00:00Z' });
    expect((await bearer('abcdef.0123456789abcdef')).status.userInfo).toEqual({
      username: 'system:bootstrap:abcdef',
      groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token', 'system:authenticated'],
    });
    expect(await bearer('abcdef.0123456789abcdeX')).toMatchObject({ code: 401 });
    expect(await bearer('abcdef.0123456789abcdee')).toMatchObject({ code: 401 });
    await clock.advance(3600_000);
    expect(await bearer('abcdef.0123456789abcdef')).toMatchObject({ code: 401 });
  });

  test.each([
    [{ 'usage-bootstrap-authentication': 'false' }],
    [{ 'auth-extra-groups': 'system:masters' }],
    [{ 'token-id': 'fedcba' }],
    [{ expiration: 'tomorrow' }],
    [{}, 'Opaque'],
  ])('is refused with %j %s', async (changes: Record<string, string>, type?: string) => {
    await make(changes, type);
    expect(await bearer('abcdef.0123456789abcdef')).toMatchObject({ code: 401 });
  });
});
