import { expect, it } from 'vitest';
import { parseAuditPolicy } from '../../../runtime/apiserver/audit/policy.ts';
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
    objectRef: { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' },
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
  const { api, events } = await audited('rules: [{level: Metadata}]');
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
    responseStatus: { code: 403, reason: 'Forbidden' },
    annotations: { 'authorization.k8s.io/decision': 'forbid' },
  });
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
