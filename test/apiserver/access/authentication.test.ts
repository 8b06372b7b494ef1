import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseAuditPolicy } from '../../../runtime/apiserver/audit/policy.ts';
import { createSigningKeys } from '../../../runtime/bootstrap/certificates.ts';
import { ServiceAccountTokens } from '../../../runtime/bootstrap/service-account-tokens.ts';
import { createSeededRandom } from '../../../runtime/simulation/seeded-random.ts';
import { createSteppedClock, type SteppedClock } from '../../../runtime/simulation/stepped-clock.ts';
import { settle } from '../../client/settle.ts';
import type { Body } from '../api.ts';
import { type AccessApi, startWithRoles } from './access.ts';

const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const accounts = '/api/v1/namespaces/default/serviceaccounts';
const now = Date.UTC(2026, 0, 1);

let api: AccessApi;
let tokens: ServiceAccountTokens;
let clock: SteppedClock;
let events: Body[];
const bearer = async (token: string) => (await api.send('POST', whoami, {}, { authorization: `Bearer ${token}` }, {})).body;
const review = async (token: string, audiences?: string[]) =>
  (await api.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } })).body.status;

beforeEach(async () => {
  clock = createSteppedClock(now, settle);
  tokens = new ServiceAccountTokens(await createSigningKeys(), clock, createSeededRandom(3));
  events = [];
  const policy = parseAuditPolicy('apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]');
  const audit = { policy, sink: (line: string) => events.push(JSON.parse(line)) };
  api = await startWithRoles({ clock, tokenVerifier: tokens, tokenIssuer: tokens, audit });
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
    expect((await review(token)).error).toMatch(/^\[invalid bearer token, service account UID \(.+\) does not match claim \(.+\)\]$/);
    expect(await bearer(await request())).toMatchObject({ kind: 'SelfSubjectReview' });
  });

  test.each([
    ['of nobody', () => 'nonsense', [], 'invalid bearer token'],
    [
      'for others',
      () => request({ audiences: ['vault'] }),
      [],
      '[invalid bearer token, token audiences ["vault"] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]]',
    ],
    [
      'of another key',
      async () => `${(await request()).slice(0, -8)}AAAAAAAA`,
      [],
      '[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]',
    ],
    [
      'of an account that is gone',
      async () => {
        const token = await request();
        await api.send('DELETE', `${accounts}/robot`);
        return token;
      },
      [],
      '[invalid bearer token, serviceaccounts "robot" not found]',
    ],
    [
      'that has expired',
      async () => {
        const token = await request();
        await clock.advance(3661_000);
        return token;
      },
      [],
      '[invalid bearer token, service account token has expired]',
    ],
  ])('says why it does not count: %s', async (_, make, audiences, error) => {
    await makeAccount();
    expect(await review(await make(), audiences)).toEqual({ user: {}, error });
  });

  test('of a pod tells the pod’s node, and is for no other account’s pods', async () => {
    await makeAccount();
    const node = (await api.send('POST', '/api/v1/nodes', { metadata: { name: 'node-1' } })).body;
    const spec = { nodeName: 'node-1', serviceAccountName: 'robot', containers: [{ name: 'c', image: 'c' }] };
    await api.send('POST', accounts, { metadata: { name: 'other' } });
    await api.send('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p' };
    const token = await request({ boundObjectRef });
    const { extra } = (await bearer(token)).status.userInfo;
    expect(extra).toMatchObject({
      'authentication.kubernetes.io/node-name': ['node-1'],
      'authentication.kubernetes.io/node-uid': [node.metadata.uid],
    });
    // The node is told, the token is not bound to it.
    await api.send('DELETE', '/api/v1/nodes/node-1');
    expect(await bearer(token)).toMatchObject({ kind: 'SelfSubjectReview' });
    const { 'kubernetes.io': claims } = decodeJwt(await request({ boundObjectRef }));
    expect(claims).toMatchObject({ pod: { name: 'p' }, node: { name: 'node-1' } });
    expect(claims).not.toHaveProperty('node.uid');
    const refused = async (account: string, body: object) => (await api.send('POST', `${accounts}/${account}/token`, body)).body;
    expect(await refused('other', { spec: { boundObjectRef } })).toMatchObject({
      code: 400,
      message: 'cannot bind token for serviceaccount "other" to pod running with different serviceaccount name.',
    });
    expect((await refused('robot', { spec: { boundObjectRef: { ...boundObjectRef, uid: 'x' } } })).message).toBe(
      'Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (x) does not match the UID in record. The object might have been deleted and then recreated',
    );
    const conflict = 'Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "robot": the UID in the token request (x)';
    const { metadata } = (await api.send('GET', `${accounts}/robot`)).body;
    expect((await refused('robot', { metadata: { uid: 'x' }, spec: {} })).message).toBe(
      `${conflict} does not match the UID of the service account (${metadata.uid})`,
    );
    const { kind: _, ...withoutVersion } = { ...boundObjectRef, apiVersion: undefined };
    expect((await refused('robot', { spec: { boundObjectRef: withoutVersion } })).message).toBe(
      'cannot bind token to object of type /, Kind=',
    );
    const labels = { a: 'b' };
    const told = await refused('robot', {
      metadata: { uid: metadata.uid, labels },
      spec: { boundObjectRef: { ...withoutVersion, kind: 'Pod' } },
    });
    expect(told.metadata).toMatchObject({ name: 'robot', uid: metadata.uid, labels });
    expect((await refused('robot', { metadata: { name: 'other' }, spec: {} })).message).toBe(
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    );
    expect(await refused('robot', { metadata: { namespace: 'other' }, spec: {} })).toMatchObject({
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    });
  });

  test('that a kubelet asks for is good for a year, and stale after an hour', async () => {
    await makeAccount();
    const spec = { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'c' }] };
    await api.send('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p' };
    const asked = (await api.send('POST', `${accounts}/robot/token`, { spec: { boundObjectRef, expirationSeconds: 3607 } })).body;
    const issued = Math.floor(clock.now() / 1000);
    expect(Date.parse(asked.status.expirationTimestamp) / 1000).toBe(issued + 3607);
    expect(decodeJwt(asked.status.token)).toMatchObject({
      exp: issued + 365 * 86_400,
      'kubernetes.io': { warnafter: issued + 3607 },
    });
    const stale = {
      'authentication.k8s.io/stale-token': 'subject: system:serviceaccount:default:robot, seconds after warning threshold: 393',
    };
    await bearer(asked.status.token);
    expect(events.at(-1).annotations).not.toMatchObject(stale);
    await clock.advance(4000_000);
    expect(await bearer(asked.status.token)).toMatchObject({ kind: 'SelfSubjectReview' });
    expect(events.at(-1).annotations).toMatchObject(stale);
    const other = (await api.send('POST', `${accounts}/robot/token`, { spec: { expirationSeconds: 3607 } })).body;
    expect(decodeJwt(other.status.token).exp).toBe(Math.floor(clock.now() / 1000) + 3607);
    expect(events.at(-1).annotations).toMatchObject({
      'authentication.kubernetes.io/issued-credential-id': `JTI=${decodeJwt(other.status.token).jti}`,
    });
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

describe('a token that a secret holds', () => {
  const secretPath = '/api/v1/namespaces/default/secrets';
  const account = '/api/v1/namespaces/default/serviceaccounts/robot';
  const labelled = async () => (await api.send('GET', `${secretPath}/t`)).body.metadata.labels;
  const invalidSince = 'kubernetes.io/legacy-token-invalid-since';
  const merge = { 'content-type': 'application/merge-patch+json' };
  let token: string;
  beforeEach(async () => {
    const { uid } = (await api.send('POST', accounts, { metadata: { name: 'robot' } })).body.metadata;
    token = await tokens.signForSecret({ namespace: 'default', serviceAccount: { name: 'robot', uid }, secret: 't' });
    const annotations = { 'kubernetes.io/service-account.name': 'robot' };
    const type = 'kubernetes.io/service-account-token';
    await api.send('POST', secretPath, { metadata: { name: 't', annotations }, type, stringData: { token } });
  });

  test('logs in for ever, and the secret says the day of its last use', async () => {
    expect(decodeJwt(token)).toEqual({
      iss: 'kubernetes/serviceaccount',
      sub: 'system:serviceaccount:default:robot',
      'kubernetes.io/serviceaccount/namespace': 'default',
      'kubernetes.io/serviceaccount/secret.name': 't',
      'kubernetes.io/serviceaccount/service-account.name': 'robot',
      'kubernetes.io/serviceaccount/service-account.uid': expect.any(String),
    });
    const { userInfo } = (await bearer(token)).status;
    expect(userInfo.groups).toEqual(['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated']);
    expect(userInfo).not.toHaveProperty('extra');
    expect(events.at(-1).annotations).toMatchObject({
      'authentication.k8s.io/legacy-token': 'system:serviceaccount:default:robot',
      'authentication.k8s.io/legacy-token-manual-secret': 't',
    });
    expect(await labelled()).toEqual({ 'kubernetes.io/legacy-token-last-used': '2026-01-01' });
    const { resourceVersion } = (await api.send('GET', `${secretPath}/t`)).body.metadata;
    await bearer(token);
    expect((await api.send('GET', `${secretPath}/t`)).body.metadata.resourceVersion).toBe(resourceVersion);
    await clock.advance(366 * 86_400_000);
    expect(await bearer(token)).toMatchObject({ kind: 'SelfSubjectReview' });
    expect(await labelled()).toEqual({ 'kubernetes.io/legacy-token-last-used': '2027-01-02' });
  });

  test('of an account that lists the secret is warned of', async () => {
    await api.send('PATCH', account, { secrets: [{ name: 't' }] }, merge);
    const { headers } = await api.send('POST', whoami, {}, { authorization: `Bearer ${token}` }, {});
    expect(headers.get('warning')).toContain(
      'Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-',
    );
    expect(events.at(-1).annotations).toMatchObject({ 'authentication.k8s.io/legacy-token-autogenerated-secret': 't' });
  });

  test.each([
    ['the secret is gone', () => api.send('DELETE', `${secretPath}/t`), 'Token has been invalidated'],
    [
      'the secret holds another',
      () => api.send('PATCH', `${secretPath}/t`, { stringData: { token: 'x' } }, merge),
      `Token does not match server's copy`,
    ],
    ['the account is gone', () => api.send('DELETE', account), 'serviceaccounts "robot" not found'],
    [
      'the secret is marked invalid',
      () => api.send('PATCH', `${secretPath}/t`, { metadata: { labels: { [invalidSince]: '2025-01-01' } } }, merge),
      `the token in secret default/t for service account default/robot has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${invalidSince}' label from the secret to temporarily allow use of this token`,
    ],
  ])('does not count when %s', async (_, change, problem) => {
    await change();
    expect(await bearer(token)).toMatchObject({ code: 401 });
    expect(await review(token)).toEqual({ user: {}, error: `[invalid bearer token, ${problem}]` });
  });

  test('does not count for others, nor for another account of the name', async () => {
    expect((await review(token, ['vault'])).error).toMatch(
      /token audiences \["https:.+"\] is invalid for the target audiences \["vault"\]/,
    );
    await api.send('DELETE', account);
    await api.send('POST', accounts, { metadata: { name: 'robot' } });
    expect((await review(token)).error).toMatch(/ServiceAccount UID \(.+\) does not match claim \(.+\)\]$/);
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
  expect((await api.send('GET', '/')).body.paths).toEqual(expect.arrayContaining(['/.well-known/openid-configuration', pathname]));
  expect((await api.send('GET', pathname, undefined, { accept: 'application/json' })).body).toMatchObject({
    code: 406,
    message: '406: Not Acceptable\n\nAvailable representations: application/jwk-set+json',
  });
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
