import { expect, test } from 'vitest';
import type { WebhookTransport } from '../../../runtime/apiserver/webhooks/transport.ts';
import type { Body } from '../api.ts';
import { startAdmission } from './admission.ts';

interface Call {
  readonly url: string;
  readonly authorities: string | undefined;
  readonly request: Body;
}

type Reply = (request: Body) => object | Response | Promise<Response>;

/** A server whose webhooks answer by the path they are called at. */
async function start(replies: Record<string, Reply>) {
  const calls: Call[] = [];
  const transport: WebhookTransport = {
    async fetch(sent, authorities) {
      const review = await sent.json();
      calls.push({ url: sent.url, authorities, request: review.request });
      const reply = replies[new URL(sent.url).pathname];
      if (reply === undefined) throw new Error('dial tcp 127.0.0.1:443: connect: connection refused');
      const answer = await reply(review.request);
      if (answer instanceof Response) return answer;
      const response = { uid: review.request.uid, allowed: true, ...answer };
      return Response.json({ apiVersion: review.apiVersion, kind: 'AdmissionReview', response });
    },
  };
  const admission = await startAdmission({ webhooks: transport });
  const configure = (
    kind: 'mutating' | 'validating',
    name: string,
    ...webhooks: { name: string; path?: string; [field: string]: unknown }[]
  ) =>
    admission.api.send('POST', `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`, {
      metadata: { name },
      webhooks: webhooks.map(({ path = '/', ...webhook }) => ({
        clientConfig: { url: `https://127.0.0.1${path}`, caBundle: btoa('PEM') },
        rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...webhook,
      })),
    });
  const map = (name: string, more: object = {}) => admission.create('configmaps', { metadata: { name }, ...more });
  return { ...admission, calls, configure, map };
}

const patch = (...operations: object[]) => ({ patchType: 'JSONPatch', patch: btoa(JSON.stringify(operations)) });

test('a webhook is told of the write and may refuse it in its own words', async () => {
  const { calls, configure, map } = await start({
    '/': ({ name }) => ({
      ...(name === 'bad' ? { allowed: false, status: { message: 'no bad names', code: 418, reason: 'Teapot' } } : {}),
      ...(name === 'mute' ? { allowed: false } : {}),
      warnings: ['mind the gap'],
    }),
  });
  await configure('validating', 'v', { name: 'judge.example.com' });
  const made = await map('good', { data: { a: 'b' } });
  expect([made.code, made.headers.get('warning')]).toEqual([201, '299 - "mind the gap"']);
  expect(calls[0]).toMatchObject({
    url: 'https://127.0.0.1/?timeout=10s',
    authorities: 'PEM',
    request: {
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestResource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'good',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
      object: { kind: 'ConfigMap', data: { a: 'b' } },
      oldObject: null,
      dryRun: false,
    },
  });
  expect((await map('bad')).body).toMatchObject({
    code: 418,
    reason: 'Teapot',
    message: 'admission webhook "judge.example.com" denied the request: no bad names',
  });
  expect((await map('mute')).body).toMatchObject({
    code: 400,
    message: 'admission webhook "judge.example.com" denied the request without explanation',
  });
});

test('patches are applied in turn, and webhooks before are asked again when they want to be', async () => {
  const { calls, configure, map } = await start({
    '/first': ({ object }) => patch({ op: 'add', path: '/data/first', value: String(Object.keys(object.data).length) }),
    '/second': () => patch({ op: 'add', path: '/metadata/labels', value: { second: 'yes' } }),
  });
  await configure(
    'mutating',
    'm',
    { name: 'first.example.com', path: '/first', reinvocationPolicy: 'IfNeeded' },
    { name: 'second.example.com', path: '/second' },
  );
  const { body } = await map('c', { data: { a: 'b' } });
  expect(body).toMatchObject({ metadata: { name: 'c', labels: { second: 'yes' } }, data: { a: 'b', first: '2' } });
  expect(calls.map(({ url }) => new URL(url).pathname)).toEqual(['/first', '/second', '/first']);
});

test('a patch is read as other JSON is', async () => {
  const replies = { '/': () => ({ patchType: 'JSONPatch', patch: btoa(text) }) };
  let text = '[{"op":"add","path":"/data/__proto__","value":"x"},{"op":"add","path":"/data/d","value":"y","value":"z"}]';
  const { api, configure, map } = await start(replies);
  await configure('mutating', 'm', { name: 'm.example.com', failurePolicy: 'Ignore' });
  const { body } = await map('a', { data: { a: 'b' } });
  expect(Object.entries(body.data)).toEqual([
    ['a', 'b'],
    ['__proto__', 'x'],
    ['d', 'z'],
  ]);
  text = 'null';
  expect((await map('b')).code).toBe(201);
  for (const [bad, why] of [
    ['[{', 'unexpected end of JSON input'],
    ['{}', 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
  ] as const) {
    text = bad;
    expect((await map(`ignored-${why.length}`)).code).toBe(201);
    await configure('mutating', 'n', { name: 'n.example.com' });
    expect((await map('c')).body).toMatchObject({
      code: 500,
      message: `Internal error occurred: failed calling webhook "n.example.com": received undecodable patch in webhook response: ${why}`,
    });
    await api.send('DELETE', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/n');
  }
});

test('a patch in no base64 is a failure of the webhook', async () => {
  const { configure, map } = await start({ '/': () => ({ patchType: 'JSONPatch', patch: '!!' }) });
  await configure('mutating', 'm', { name: 'm.example.com' });
  expect((await map('a')).body.message).toBe(
    'Internal error occurred: failed calling webhook "m.example.com": failed to call webhook: illegal base64 data at input byte 0',
  );
});

test('plugins of the server itself look again at what a webhook has changed', async () => {
  const container = { name: 'sidecar', image: 'proxy' };
  const { configure, create, pod } = await start({ '/': () => patch({ op: 'add', path: '/spec/containers/-', value: container }) });
  await create('limitranges', { metadata: { name: 'l' }, spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } });
  const rules = [{ operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['*'], resources: ['pods'] }];
  await configure('mutating', 'm', { name: 'inject.example.com', rules });
  const { body } = await pod('p');
  expect(body.spec.containers[1]).toMatchObject({ name: 'sidecar', imagePullPolicy: 'Always', resources: { limits: { cpu: '1' } } });
});

test.each<[string, Reply | undefined, string]>([
  [
    'no connection',
    undefined,
    'failed to call webhook: Post "https://127.0.0.1/?timeout=10s": dial tcp 127.0.0.1:443: connect: connection refused',
  ],
  [
    'too many calls',
    () => new Response('slow down', { status: 429 }),
    'failed to call webhook: the server has received too many requests and has asked us to try again later',
  ],
  ['a refusal', () => new Response('not you', { status: 403 }), 'failed to call webhook: not you'],
  [
    'an error',
    () => new Response('oh', { status: 500 }),
    'failed to call webhook: an error on the server ("oh") has prevented the request from succeeding',
  ],
  [
    'an error that is no text',
    () => Response.json({ error: 'oh' }, { status: 500 }),
    'failed to call webhook: an error on the server ("unknown") has prevented the request from succeeding',
  ],
  [
    'a line',
    () => new Response('all is well'),
    String.raw`failed to call webhook: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`,
  ],
  [
    'broken JSON',
    () => new Response('{"response": {'),
    "failed to call webhook: couldn't get version/kind; json parse error: unexpected end of JSON input",
  ],
  [
    'an empty body',
    () => new Response('', { headers: { 'content-type': 'application/json' } }),
    'failed to call webhook: 0-length response with status code: 200 and content type: application/json',
  ],
  ['no page', () => new Response('', { status: 404 }), 'failed to call webhook: the server could not find the requested resource'],
  ['nothing', () => Response.json({}), 'received invalid webhook response: webhook response was absent'],
  [
    'a patch',
    () => patch({ op: 'remove', path: '/data' }),
    'received invalid webhook response: validating webhook may not return response.patch',
  ],
])('%s is a failure, which the failure policy may pass over', async (_, reply, why) => {
  const { configure, map } = await start(reply === undefined ? {} : { '/': reply });
  await configure('validating', 'v', { name: 'judge.example.com', failurePolicy: 'Ignore' });
  expect((await map('a')).code).toBe(201);
  await configure('validating', 'w', { name: 'strict.example.com' });
  expect((await map('b')).body).toMatchObject({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: failed calling webhook "strict.example.com": ${why}`,
  });
});

test('who does not answer in time has failed', async () => {
  const { api, configure, map } = await start({ '/': () => new Promise<Response>(() => {}) });
  await configure('validating', 'v', { name: 'slow.example.com', timeoutSeconds: 3 });
  const made = map('a');
  await api.clock.advance(3000);
  expect((await made).body.message).toBe(
    'Internal error occurred: failed calling webhook "slow.example.com": failed to call webhook: Post "https://127.0.0.1/?timeout=3s": context deadline exceeded',
  );
});

test.each(['Fail', 'Ignore'])(
  'past the timeout of the request nothing is written any more, with failurePolicy %s',
  async (failurePolicy) => {
    const { api, calls, configure, create, get } = await start({ '/': () => new Promise<Response>(() => {}) });
    await configure('validating', 'v', { name: 'slow.example.com', failurePolicy });
    const made = create('configmaps', { metadata: { name: 'a' } }, '?timeout=1500ms');
    await api.clock.advance(1500);
    expect((await made).body).toMatchObject({
      code: 504,
      reason: 'Timeout',
      message: 'Timeout: request did not complete within requested timeout - context deadline exceeded',
    });
    expect(calls[0]?.url).toBe('https://127.0.0.1/?timeout=2s');
    await api.clock.advance(60_000);
    expect((await get('configmaps', 'a')).code).toBe(404);
  },
);

test('rules and selectors decide what a webhook is asked about', async () => {
  const { api, calls, configure, create, map, merge } = await start({ '/': () => ({}) });
  const names = () => calls.splice(0).map(({ request }) => `${request.operation} ${request.resource.version} ${request.name}`);
  await configure('validating', 'v', {
    name: 'some.example.com',
    objectSelector: { matchLabels: { watched: 'yes' } },
    namespaceSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] },
  });
  await map('plain');
  await create('configmaps', { metadata: { name: 'seen', labels: { watched: 'yes' } } });
  await merge('configmaps', 'seen', { metadata: { labels: { watched: null } } });
  await create('secrets', { metadata: { name: 'other', labels: { watched: 'yes' } } });
  expect(names()).toEqual(['CREATE v1 seen', 'UPDATE v1 seen']);
  await api.send(
    'PATCH',
    '/api/v1/namespaces/default',
    { metadata: { labels: { free: 'yes' } } },
    { 'content-type': 'application/merge-patch+json' },
  );
  await create('configmaps', { metadata: { name: 'free', labels: { watched: 'yes' } } });
  expect(names()).toEqual([]);
  const rules = [{ operations: ['CREATE'], apiGroups: ['autoscaling'], apiVersions: ['v1'], resources: ['*'] }];
  await configure('validating', 'w', { name: 'old.example.com', rules });
  await configure('validating', 'x', { name: 'exact.example.com', rules, matchPolicy: 'Exact' });
  const scaler = {
    metadata: { name: 'h' },
    spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  };
  await api.send('POST', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', scaler);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.request).toMatchObject({ requestKind: { version: 'v2' }, object: { apiVersion: 'autoscaling/v1' } });
});

test('match conditions decide what a webhook is asked about', async () => {
  const { calls, configure, map } = await start({ '/': () => ({}) });
  const conditions = (expression: string) => ({ matchConditions: [{ name: 'c', expression }] });
  await configure('validating', 'v', { name: 'a.example.com', ...conditions('request.userInfo.username == "admin" && has(object.data)') });
  expect((await map('without')).code).toBe(201);
  expect(calls).toHaveLength(0);
  await map('with', { data: { a: 'b' } });
  expect(calls).toHaveLength(1);
  expect((await configure('validating', 'w', { name: 'w.example.com', ...conditions('object.x ||') })).body.details.causes).toMatchObject([
    { field: 'webhooks[0].matchConditions[0].expression', message: expect.stringContaining('compilation failed: ERROR: <input>:1:') },
  ]);
  await configure('mutating', 'm', { name: 'lenient.example.com', failurePolicy: 'Ignore', ...conditions('object.data.x == "y"') });
  expect((await map('lenient', { data: { a: 'b' } })).code).toBe(201);
  await configure('mutating', 'n', { name: 'strict.example.com', ...conditions('object.data.x == "y"') });
  expect((await map('strict', { data: { a: 'b' } })).body).toMatchObject({
    code: 403,
    message: `configmaps "strict" is forbidden: expression 'object.data.x == "y"' resulted in error: no such key: x`,
  });
});

test('dry runs go to webhooks without side effects alone; services fail honestly', async () => {
  const { configure, create } = await start({ '/': () => ({}) });
  await configure('validating', 'v', { name: 'effects.example.com', sideEffects: 'NoneOnDryRun' });
  expect((await create('configmaps', { metadata: { name: 'a' } }, '?dryRun=All')).code).toBe(201);
  const other = await start({});
  await other.configure('validating', 'v', { name: 's.example.com', clientConfig: { service: { name: 's', namespace: 'n', path: '/x' } } });
  expect((await other.map('c')).body.message).toBe(
    'Internal error occurred: failed calling webhook "s.example.com": failed to call webhook: Post "https://s.n.svc:443/x?timeout=10s": service "s" not found',
  );
});

test('a webhook that leads elsewhere is followed as Go does', async () => {
  const asked: string[] = [];
  const leadingTo = (status: number, location: string) => new Response(null, { status, headers: { location } });
  const transport: WebhookTransport = {
    async fetch(sent) {
      const { pathname, search } = new URL(sent.url);
      asked.push(`${sent.method} ${pathname}${search}`);
      const code = /^\/(\d+)$/.exec(pathname)?.[1];
      if (code !== undefined) return leadingTo(Number(code), '/end');
      if (pathname === '/round') return leadingTo(308, '/round');
      if (pathname === '/nowhere') return new Response('', { status: 302 });
      if (pathname === '/away') return leadingTo(307, 'https://127.0.0.2/lost');
      if (pathname === '/lost') throw new Error('EOF');
      const text = await sent.text();
      const uid = text === '' ? '' : JSON.parse(text).request.uid;
      return Response.json({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } });
    },
  };
  const { api, create } = await startAdmission({ webhooks: transport });
  const told = async (path: string) => {
    const rules = [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
    const webhook = { name: 'w.example.com', clientConfig: { url: `https://127.0.0.1${path}` }, rules };
    const configurations = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    const webhooks = [{ ...webhook, sideEffects: 'None', admissionReviewVersions: ['v1'] }];
    await api.send('POST', configurations, { metadata: { name: 'v' }, webhooks });
    asked.length = 0;
    const { message = 'made' } = (await create('configmaps', { metadata: { generateName: 'c' } })).body;
    await api.send('DELETE', `${configurations}/v`);
    return message.replace('Internal error occurred: failed calling webhook "w.example.com": ', '');
  };
  for (const code of [307, 308]) {
    expect(await told(`/${code}`)).toBe('made');
    expect(asked).toEqual([`POST /${code}?timeout=10s`, 'POST /end']);
  }
  for (const code of [301, 302, 303]) {
    // Nothing is posted, so that the webhook cannot know what it is asked about.
    expect(await told(`/${code}`)).toMatch(/^received invalid webhook response: expected response.uid=".*", got ""$/);
    expect(asked).toEqual([`POST /${code}?timeout=10s`, 'GET /end']);
  }
  expect(await told('/304')).toBe(
    'failed to call webhook: the server responded with the status code 304 but did not return more information',
  );
  expect(await told('/nowhere')).toMatch(/the status code 302 but did not return more information$/);
  expect(await told('/round')).toBe('failed to call webhook: Post "https://127.0.0.1/round": stopped after 10 redirects');
  expect(asked).toHaveLength(10);
  expect(await told('/away')).toBe('failed to call webhook: Post "https://127.0.0.2/lost": EOF');
});
