import { expect } from 'vitest';
import { behaviour, type Scope } from './support/behaviour.ts';
import { ask, call, custom, eventually, extensions, type Json, mergePatch } from './support/cluster.ts';
import { define, object, preserving, spec } from './support/definitions.ts';
import { group as admission, hooks, map, merge, rules, untilRefused } from './support/hooks.ts';
import { patchOf, type Replies } from './support/webhook-server.ts';

/** A kind of the behaviour's own, and webhooks that are asked about its objects in the behaviour's namespace. */
async function customHooks(scope: Scope, schema: Json, replies: Replies) {
  const { configure, config, namespace } = await hooks(scope, replies);
  const { group, plural, version } = await define(scope, schema);
  const operations = ['CREATE', 'UPDATE', 'DELETE'];
  const ruled = (path: string) => ({
    rules: [{ operations, apiGroups: [group], apiVersions: ['*'], resources: [plural] }],
    clientConfig: config(path),
  });
  const path = (name = '', query = '') => `/apis/${group}/${version}/namespaces/${namespace}/${plural}${name && `/${name}`}${query}`;
  return { configure, ruled, group, plural, version, namespace, path };
}

const denied = (text: string) => expect.stringContaining(`denied the request: ${text}`);

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny custom resource creation, update and deletion',
  async (scope) => {
    const { configure, ruled, group, path } = await customHooks(scope, preserving, {
      '/': ({ operation, object: now, oldObject }: Json) => ({
        allowed: (operation === 'DELETE' ? oldObject : now).data?.webhook !== `deny-${operation}`,
        status: { message: 'the custom resource contains unwanted data' },
      }),
    });
    await configure('validating', ruled('/'));
    const body = (name: string, webhook: string) => object(group, name, { data: { webhook } });
    const text = 'the custom resource contains unwanted data';
    expect((await untilRefused(() => call('POST', path('', '?dryRun=All'), body('a', 'deny-CREATE')))).message).toEqual(denied(text));
    await ask('POST', path(), body('a', 'deny-DELETE'));
    const patch = (webhook: string) => call('PATCH', path('a'), { data: { webhook } }, merge);
    expect((await patch('deny-UPDATE')).body.message).toEqual(denied(text));
    expect((await call('DELETE', path('a'))).body.message).toEqual(denied(text));
    expect((await patch('fine')).status).toBe(200);
    expect((await call('DELETE', path('a'))).status).toBe(200);
  },
);

const stage = (from: string, to: string) => (request: Json) =>
  request.object?.data?.[from] === 'yes' ? patchOf({ op: 'add', path: `/data/${to}`, value: 'yes' }) : { allowed: true };
const stages: Replies = { '/1': stage('mutation-start', 'mutation-stage-1'), '/2': stage('mutation-stage-1', 'mutation-stage-2') };
const start = { data: { 'mutation-start': 'yes' } };

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource', async (scope) => {
  const { configure, ruled, group, path } = await customHooks(scope, preserving, stages);
  await configure('mutating', ruled('/1'), ruled('/2'));
  await eventually('both webhooks have mutated', async () => {
    const { data } = await ask('POST', path('', '?dryRun=All'), object(group, 'a', start));
    return data['mutation-stage-1'] === 'yes' && data['mutation-stage-2'] === 'yes';
  });
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource with pruning', async (scope) => {
  const texts = { 'mutation-start': { type: 'string' }, 'mutation-stage-1': { type: 'string' } };
  const schema = { properties: { data: { type: 'object', properties: texts } } };
  const { configure, ruled, group, path } = await customHooks(scope, schema, stages);
  await configure('mutating', ruled('/1'), ruled('/2'));
  const data = await eventually('the first webhook has mutated', async () => {
    const made = await ask('POST', path('', '?dryRun=All'), object(group, 'a', start));
    return made.data['mutation-stage-1'] === 'yes' ? made.data : undefined;
  });
  // What the second adds is not in the schema.
  expect(data).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes' });
});

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource with different stored version',
  async (scope) => {
    const { configure, ruled, group, plural, version, namespace, path } = await customHooks(scope, preserving, {
      '/': ({ object: now }: Json) => (now === null ? { allowed: true } : patchOf({ op: 'add', path: '/data/mutated', value: 'yes' })),
    });
    await configure('mutating', ruled('/'));
    await eventually('the webhook is in force', async () => {
      return (await ask('POST', path('', '?dryRun=All'), object(group, 'a', { data: {} }))).data.mutated === 'yes';
    });
    await custom.createNamespacedCustomObject({ group, plural, version, namespace, body: object(group, 'a', { data: {} }) });
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const versions = ['v1', 'v2'].map((name) => ({ name, served: true, storage: name === 'v2', schema }));
    await extensions.patchCustomResourceDefinition({ name: `${plural}.${group}`, body: { spec: { versions } } }, mergePatch);
    const newest = path('a').replace('/v1/', '/v2/');
    await eventually('the new version is served', async () => (await call('GET', newest)).status === 200);
    const patched = await ask('PATCH', path('a'), { data: { dummy: 'test' } }, merge);
    expect(patched.data).toEqual({ mutated: 'yes', dummy: 'test' });
    expect((await ask('GET', newest)).data).toEqual({ mutated: 'yes', dummy: 'test' });
  },
);

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should deny crd creation', async (scope) => {
  const { configure, config } = await hooks(scope, {
    '/': () => ({ allowed: false, status: { message: 'the crd contains unwanted label' } }),
  });
  const label = scope.unique('unwanted');
  await configure('validating', {
    rules: [{ operations: ['CREATE'], apiGroups: ['apiextensions.k8s.io'], apiVersions: ['*'], resources: ['customresourcedefinitions'] }],
    clientConfig: config('/'),
    namespaceSelector: {},
    objectSelector: { matchLabels: { unwanted: label } },
  });
  const group = `${scope.unique('g')}.example.com`;
  const schema = { openAPIV3Schema: { type: 'object', ...spec({}) } };
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `foos.${group}`, labels: { unwanted: label } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'foos', kind: 'Foo' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  const write = () => call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All', body);
  expect((await untilRefused(write)).message).toEqual(denied('the crd contains unwanted label'));
});

const create = rules('configmaps', 'CREATE');
const toAdd = () => patchOf({ op: 'add', path: '/data/mutated', value: 'yes' });
const toDeny = () => ({ allowed: false, status: { message: 'denied by the test' } });

/** Labels configurations, of which there are several. */
async function configured(scope: Scope, kind: 'mutating' | 'validating', count: number) {
  const { configure, config, path } = await hooks(scope, { '/': kind === 'mutating' ? toAdd : toDeny });
  const label = scope.unique('listed');
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const made = await configure(kind, { rules: create, clientConfig: config('/') });
    await ask('PATCH', made, { metadata: { labels: { label } } }, merge);
    names.push(made);
  }
  /** Whether a new object is changed, or refused. */
  const inForce = async () => {
    const answer = await call('POST', `${path('configmaps')}?dryRun=All`, map('any', { own: 'yes' }));
    return kind === 'mutating' ? answer.body.data?.mutated === 'yes' : answer.status === 400;
  };
  return { names, inForce, collection: `${admission}/${kind}webhookconfigurations?labelSelector=label=${label}` };
}

async function proveListing(scope: Scope, kind: 'mutating' | 'validating'): Promise<void> {
  const { inForce, collection } = await configured(scope, kind, 10);
  expect((await ask('GET', collection)).items).toHaveLength(10);
  await eventually('they are in force', inForce);
  await ask('DELETE', collection);
  expect((await ask('GET', collection)).items).toEqual([]);
  await eventually('they are in force no more', async () => !(await inForce()));
}

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing mutating webhooks should work', (scope) =>
  proveListing(scope, 'mutating'),
);
behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing validating webhooks should work', (scope) =>
  proveListing(scope, 'validating'),
);

async function proveChanges(scope: Scope, kind: 'mutating' | 'validating'): Promise<void> {
  const { inForce, names } = await configured(scope, kind, 1);
  const [name = ''] = names;
  await eventually('it is in force', inForce);
  const current = await ask('GET', name);
  current.webhooks[0].rules[0].operations = ['UPDATE'];
  await ask('PUT', name, current);
  await eventually('it is not asked about creations', async () => !(await inForce()));
  const path = '/webhooks/0/rules/0/operations';
  await ask('PATCH', name, [{ op: 'replace', path, value: ['CREATE'] }], { 'Content-Type': 'application/json-patch+json' });
  await eventually('it is asked again', inForce);
}

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a mutating webhook should work', (scope) =>
  proveChanges(scope, 'mutating'),
);
behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a validating webhook should work', (scope) =>
  proveChanges(scope, 'validating'),
);

async function proveConditions(scope: Scope, kind: 'mutating' | 'validating'): Promise<void> {
  const { names } = await configured(scope, kind, 1);
  const [name = ''] = names;
  const first = [{ name: 'expression-1', expression: "object.metadata.namespace == 'production'" }];
  const current = await ask('GET', name);
  const set = async (matchConditions: Json[]) => {
    const found = await ask('GET', name);
    found.webhooks[0].matchConditions = matchConditions;
    await ask('PUT', name, found);
    return (await ask('GET', name)).webhooks[0].matchConditions;
  };
  expect(current.webhooks[0].matchConditions).toBeUndefined();
  expect(await set(first)).toEqual(first);
  const second = [...first, { name: 'expression-2', expression: "object.metadata.name != 'x'" }];
  expect(await set(second)).toEqual(second);
}

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update mutating webhook configurations with match conditions',
  (scope) => proveConditions(scope, 'mutating'),
);
behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update validating webhook configurations with match conditions',
  (scope) => proveConditions(scope, 'validating'),
);

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject validating webhook configurations with invalid match conditions',
  async (scope) => {
    const { names } = await configured(scope, 'validating', 1);
    const found = await ask('GET', names[0] ?? '');
    found.webhooks[0].matchConditions = [{ name: 'invalid', expression: '... [] bad expression' }];
    const answer = await call('PUT', names[0] ?? '', found);
    expect([answer.status, answer.body.message]).toEqual([422, expect.stringContaining('compilation failed')]);
  },
);
