import { expect, it } from 'vitest';
import type { AdmissionPlugin } from '../../../runtime/apiserver/admission/admission.ts';
import { parseAuditPolicy } from '../../../runtime/apiserver/audit/policy.ts';
import { attributesOf } from '../../../runtime/apiserver/authorization/authorizer.ts';
import type { KubeletConnection } from '../../../runtime/apiserver/endpoints/subresources/connect.ts';
import { requestInfo } from '../../../runtime/apiserver/request-info.ts';
import { type PortSession, UpgradeAnswer } from '../../../runtime/apiserver/streams.ts';
import type { WebhookTransport } from '../../../runtime/apiserver/webhooks/transport.ts';
import { admin, type Body, startApi } from '../api.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

async function audited(rules: string) {
  const events: Body[] = [];
  const policy = parseAuditPolicy(`apiVersion: audit.k8s.io/v1\nkind: Policy\n${rules}`);
  const api = await startApi({ audit: { policy, sink: (line) => events.push(JSON.parse(line)) } });
  events.length = 0;
  return { api, events };
}

it('writes what the first rule that matches wants, and nothing without one', async () => {
  const { api, events } = await audited(`
omitStages: [RequestReceived]
rules:
- {level: None, verbs: [get], nonResourceURLs: ['/ready*', /version]}
- {level: RequestResponse, resources: [{group: '', resources: [configmaps]}], omitManagedFields: true}
- {level: Request, resources: [{group: '', resources: ['pods/*']}, {group: apps}]}
- {level: Metadata, namespaces: [default], users: [admin]}
`);
  const post = await api.send(
    'POST',
    configMaps,
    { metadata: { name: 'a' } },
    { 'user-agent': 'test/1' },
    { component: admin, address: '10.0.0.9' },
  );
  await api.send('GET', '/readyz');
  await api.send('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' }, stringData: { password: 'hidden' } });
  await api.send('GET', '/api/v1/nodes');
  await api.send('POST', '/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'x' } });
  expect(
    events.map(({ level, stage, verb, objectRef, responseStatus }) => [level, stage, verb, objectRef.resource, responseStatus.code]),
  ).toEqual([
    ['RequestResponse', 'ResponseComplete', 'create', 'configmaps', 201],
    ['Metadata', 'ResponseComplete', 'create', 'secrets', 201],
    ['Request', 'ResponseComplete', 'create', 'deployments', 422],
  ]);
  const [first, secret, refused] = events;
  expect(first).toMatchObject({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    requestURI: configMaps,
    user: { username: 'admin', groups: expect.arrayContaining(['system:masters']) },
    sourceIPs: ['10.0.0.9'],
    userAgent: 'test/1',
    objectRef: { resource: 'configmaps', namespace: 'default', name: 'a', apiVersion: 'v1' },
    requestObject: { metadata: { name: 'a' } },
    responseObject: { metadata: { name: 'a', uid: post.body.metadata.uid } },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  });
  expect(first.responseObject.metadata.managedFields).toBeUndefined();
  expect(post.headers.get('audit-id')).toBe(first.auditID);
  expect(JSON.stringify(secret)).not.toContain('hidden');
  expect(refused.responseStatus).toMatchObject({ status: 'Failure', reason: 'Invalid' });
});

it('writes the start and the end of a watch, whom somebody acts for, and who was refused', async () => {
  const { api, events } = await audited('omitManagedFields: true\nrules: [{level: Metadata, users: [admin]}]');
  const watch = await api.watch(`${configMaps}?watch=true`);
  expect(events.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseStarted']);
  await watch.cancel();
  expect(events.splice(0).map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
  const answer = await api.send('GET', configMaps, undefined, { 'impersonate-user': 'jane', 'audit-id': 'mine' });
  expect(answer.code).toBe(403);
  expect(events.at(-1)).toMatchObject({
    auditID: 'mine',
    user: { username: 'admin' },
    impersonatedUser: { username: 'jane' },
    authenticationMetadata: { impersonationConstraint: 'impersonate:user-info' },
    responseStatus: { code: 403, reason: 'Forbidden' },
    annotations: { 'authorization.k8s.io/decision': 'forbid' },
  });
});

it('writes one event of who is not let in, without knowing who it was', async () => {
  const { api, events } = await audited('rules: [{level: None, userGroups: ["system:authenticated"]}, {level: RequestResponse}]');
  const answer = await api.send('GET', configMaps, undefined, { authorization: 'Bearer nobody' }, { address: '10.0.0.9' });
  expect(answer.code).toBe(401);
  expect(events).toEqual([
    expect.objectContaining({
      auditID: answer.headers.get('audit-id'),
      stage: 'ResponseStarted',
      verb: 'list',
      user: {},
      sourceIPs: ['10.0.0.9'],
      objectRef: { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' },
      responseStatus: { metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
      responseObject: expect.objectContaining({ kind: 'Status', code: 401 }),
    }),
  ]);
});

it('writes by who asked, and that acting as another was refused', async () => {
  const { api, events } = await audited('rules: [{level: Metadata, users: [eve]}]');
  const eve = { certificate: { commonName: 'eve', organizations: [] } };
  expect((await api.send('GET', configMaps, undefined, { 'impersonate-user': 'jane' }, eve)).code).toBe(403);
  expect(events.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseComplete']);
  expect(events[1]).toMatchObject({ user: { username: 'eve' }, responseStatus: { code: 403, reason: 'Forbidden' } });
  expect(events[1]).not.toHaveProperty('impersonatedUser');
  expect(events[1]).not.toHaveProperty('annotations');
});

it('writes that the server failed as nobody foresaw', async () => {
  const events: Body[] = [];
  const broken: AdmissionPlugin = {
    name: 'Broken',
    validate: ({ object }) => {
      if (object?.kind !== 'ConfigMap') return;
      throw new TypeError('nothing there');
    },
  };
  const policy = parseAuditPolicy('apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Request, verbs: [create]}]');
  const logged: string[] = [];
  const audit = { policy, sink: (line: string) => events.push(JSON.parse(line)) };
  const api = await startApi({ audit, admission: [broken], log: (text) => logged.push(text) });
  events.length = 0;
  expect((await api.send('POST', configMaps, { metadata: { name: 'a' } })).code).toBe(500);
  expect(events.map(({ stage }) => stage)).toEqual(['RequestReceived', 'Panic']);
  expect(events[1]).toMatchObject({
    requestObject: { kind: 'ConfigMap', metadata: { name: 'a' } },
    responseStatus: { status: 'Failure', message: "APIServer panic'd: nothing there", reason: 'InternalError', code: 500 },
  });
  expect(logged.join()).toContain('nothing there');
});

it.each([
  ['made by the server', {}, undefined],
  ['the one that came', { 'audit-id': 'x'.repeat(100) }, 'x'.repeat(100)],
])('names every request in its answer, by an id %s', async (_, headers: Record<string, string>, id) => {
  const api = await startApi();
  const user = { certificate: { commonName: 'eve', organizations: [] } };
  for (const path of ['/version', '/nowhere', configMaps, '/api/v1/%ff']) {
    const given = (await api.send('GET', path, undefined, headers, user)).headers.get('audit-id');
    if (id === undefined) expect(given).toMatch(/^[0-9a-f-]{36}$/);
    else expect(given).toBe(id);
  }
  const refused = await api.send('GET', '/version', undefined, { ...headers, authorization: 'Bearer nobody' }, {});
  expect(refused).toMatchObject({ code: 401 });
  expect(refused.headers.get('audit-id')).toBeTruthy();
});

it('tells what was sent and answered in the words of the request', async () => {
  const { api, events } = await audited('omitStages: [RequestReceived]\nrules: [{level: RequestResponse}]');
  const agent = 'a'.repeat(1025);
  const forwarded = { 'x-forwarded-for': '1.2.3.4, nonsense', 'x-real-ip': '5.6.7.8', 'user-agent': agent };
  await api.send('POST', configMaps, { metadata: { name: 'a' } }, forwarded, { component: admin, address: '10.0.0.9' });
  const patch = [{ op: 'add', path: '/data', value: { k: 'v' } }];
  await api.send('PATCH', `${configMaps}/a`, patch, { 'content-type': 'application/json-patch+json' });
  await api.send('GET', `${configMaps}?fieldSelector=metadata.name%3Da`);
  await api.send('DELETE', `${configMaps}/a`, { propagationPolicy: 'Background' });
  await api.send('GET', '/apis');
  const [created, patched, listed, deleted, groups] = events;
  expect(created).toMatchObject({
    sourceIPs: ['1.2.3.4', '5.6.7.8', '10.0.0.9'],
    userAgent: `${'a'.repeat(1024)}...TRUNCATED`,
    requestObject: { kind: 'ConfigMap', metadata: { name: 'a' } },
  });
  expect(created.requestObject.metadata).not.toHaveProperty('uid');
  expect(patched.requestObject).toEqual(patch);
  expect(listed.objectRef).toMatchObject({ name: 'a' });
  expect(deleted).toMatchObject({
    requestObject: { propagationPolicy: 'Background' },
    responseStatus: { status: 'Success', details: { name: 'a' }, code: 200 },
  });
  expect(groups.responseObject.kind).toBe('APIGroupList');
});

it.each([
  [['pods', 'pods/log', 'pods/exec'], 'pods/*'],
  [['pods/log'], '*/log'],
  [['pods'], 'pods'],
  [['pods', 'pods/log', 'pods/exec'], '*'],
])('matches %j by the resource %s of any group', (expected, resource) => {
  const policy = parseAuditPolicy(
    `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata, resources: [{group: '*', resources: ['${resource}']}]}]`,
  );
  const wanted = ['pods', 'pods/log', 'pods/exec'].filter((path) => {
    const info = requestInfo('GET', new URL(`https://x/api/v1/namespaces/a/${path.replace('pods', 'pods/p')}`));
    return policy.ruleFor(attributesOf(admin, info)).level === 'Metadata';
  });
  expect(wanted).toEqual(expected);
});

it('carries what admission noted', async () => {
  const { api, events } = await audited('omitStages: [RequestReceived]\nrules: [{level: Metadata}]');
  const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'guarded', labels } });
  await api.send('POST', '/api/v1/namespaces/guarded/serviceaccounts', { metadata: { name: 'default' } });
  await api.send('POST', '/api/v1/namespaces/guarded/pods', { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  expect(events.at(-1).annotations).toMatchObject({ 'pod-security.kubernetes.io/enforce-policy': 'baseline:latest' });
});

it.each([
  ['apiVersion: v1\nkind: Policy', 'not a Policy of audit.k8s.io/v1'],
  ['apiVersion: audit.k8s.io/v1\nkind: Policy', 'the policy has no rules'],
  ['apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: All}]', 'rules[0].level: "All" is none of'],
  ['apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, nonResourceURLs: ["/a*b"]}]', "may have '*' at its end only"],
  ['apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, omitStages: [Later]}]', 'rules[0].omitStages: "Later" is none of'],
])('refuses a policy that says nothing sensible: %j', (text, message) => {
  expect(() => parseAuditPolicy(text)).toThrow(message);
});

it('tells of the pod security of a namespace, and of errors in it only where there are some', async () => {
  const { api, events } = await audited(`
omitStages: [RequestReceived]
rules: [{level: Metadata, verbs: [create], resources: [{group: '', resources: [pods]}]}]
`);
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const labelled = (labels: object) =>
    api.send('PATCH', '/api/v1/namespaces/default', { metadata: { labels } }, { 'content-type': 'application/merge-patch+json' });
  const pod = async (name: string) => {
    await api.send('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name },
      spec: { containers: [{ name: 'a', image: 'nginx' }] },
    });
    const entries = Object.entries(events.at(-1)?.annotations ?? {}).filter(([key]) => key.startsWith('pod-security.kubernetes.io/'));
    return Object.fromEntries(entries);
  };
  expect(await pod('open')).toEqual({ 'pod-security.kubernetes.io/enforce-policy': 'privileged:latest' });
  await labelled({ 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/audit': 'restricted' });
  expect(await pod('told')).toEqual({
    'pod-security.kubernetes.io/enforce-policy': 'baseline:latest',
    'pod-security.kubernetes.io/audit-violations': expect.stringMatching(/^would violate PodSecurity "restricted:latest": allowPrivilege/),
  });
});

it('tells of requests for what is deprecated', async () => {
  const { api, events } = await audited('omitStages: [RequestReceived]\nrules: [{level: Metadata, users: [admin]}]');
  await api.send('GET', configMaps);
  await api.send('GET', '/api/v1/namespaces/default/endpoints');
  expect(events.map(({ annotations }) => annotations['k8s.io/deprecated'])).toEqual([undefined, 'true']);
});

it.each(['Metadata', 'Request'])('tells at level %s what webhooks were asked, what they changed, and which failed', async (level) => {
  const events: Body[] = [];
  const policy = parseAuditPolicy(`
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: ${level}, resources: [{group: '', resources: [configmaps]}]}]
`);
  const operations = [{ value: '<b>', path: '/data/k', op: 'add' }];
  const webhooks: WebhookTransport = {
    async fetch(sent) {
      const path = new URL(sent.url).pathname;
      if (path === '/gone') throw new Error('EOF');
      const { uid } = (await sent.json()).request;
      const change = path === '/change' ? { patchType: 'JSONPatch', patch: btoa(JSON.stringify(operations)) } : {};
      const response = { uid, allowed: true, ...change, auditAnnotations: { ok: 'yes', 'not a name': 'no' } };
      return Response.json({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });
    },
  };
  const api = await startApi({ audit: { policy, sink: (line) => events.push(JSON.parse(line)) }, webhooks });
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
  const hook = (path: string, more: object = {}) => ({
    name: `${path}.example.com`,
    clientConfig: { url: `https://127.0.0.1/${path}` },
    ...{ rules, sideEffects: 'None', admissionReviewVersions: ['v1'], failurePolicy: 'Ignore', ...more },
  });
  const other = { rules: [{ ...rules[0], resources: ['pods'] }] };
  const configure = (kind: string, name: string, ...hooks: object[]) =>
    api.send('POST', `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`, { metadata: { name }, webhooks: hooks });
  await configure('mutating', 'm', hook('other', other), hook('look', { reinvocationPolicy: 'IfNeeded' }), hook('change'), hook('gone'));
  await configure('validating', 'v', hook('other', other), hook('gone'));
  expect((await api.send('POST', configMaps, { metadata: { name: 'a' }, data: { a: 'b' } })).code).toBe(201);
  const { 'authorization.k8s.io/decision': _, 'authorization.k8s.io/reason': _reason, ...annotations } = events.at(-1)?.annotations ?? {};
  expect(annotations).toEqual({
    'mutation.webhook.admission.k8s.io/round_0_index_1': '{"configuration":"m","webhook":"look.example.com","mutated":false}',
    'mutation.webhook.admission.k8s.io/round_0_index_2': '{"configuration":"m","webhook":"change.example.com","mutated":true}',
    'mutation.webhook.admission.k8s.io/round_0_index_3': '{"configuration":"m","webhook":"gone.example.com","mutated":false}',
    'mutation.webhook.admission.k8s.io/round_1_index_1': '{"configuration":"m","webhook":"look.example.com","mutated":false}',
    'failed-open.mutation.webhook.admission.k8s.io/round_0_index_3': 'gone.example.com',
    'failed-open.validating.webhook.admission.k8s.io/round_0_index_0': 'gone.example.com',
    'look.example.com/ok': 'yes',
    'change.example.com/ok': 'yes',
    ...(level === 'Request' && {
      'patch.webhook.admission.k8s.io/round_0_index_2':
        '{"configuration":"m","webhook":"change.example.com","patch":[{"op":"add","path":"/data/k","value":"\\u003cb\\u003e"}],"patchType":"JSONPatch"}',
    }),
  });
});

it('tells that a connection was handed over, when it is and when it ends', async () => {
  const events: Body[] = [];
  const policy = parseAuditPolicy(
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata, resources: [{resources: [pods/portforward]}]}]',
  );
  const session: PortSession = { kind: 'ports', dial: () => Promise.reject(new Error('nothing runs here')) };
  const kubelets: KubeletConnection = { connect: async () => new Response(), open: async () => session };
  const api = await startApi({ audit: { policy, sink: (line) => events.push(JSON.parse(line)) }, kubelets });
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await api.send('POST', '/api/v1/namespaces/default/pods', {
    metadata: { name: 'p' },
    spec: { nodeName: 'n', containers: [{ name: 'a', image: 'a' }] },
  });
  const forward = new Request('https://x/api/v1/namespaces/default/pods/p/portforward', {
    method: 'POST',
    headers: { upgrade: 'SPDY/3.1' },
  });
  const answer = await api.server.handle(forward, { component: admin });
  if (answer instanceof UpgradeAnswer) answer.onEnd();
  expect(events.map(({ stage, responseStatus }) => [stage, responseStatus?.code])).toEqual([
    ['RequestReceived', undefined],
    ['ResponseStarted', 101],
    ['ResponseComplete', 101],
  ]);
});
