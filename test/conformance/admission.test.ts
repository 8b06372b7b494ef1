import { expect } from 'vitest';
import { behaviour, pausePod, type Scope } from './support/behaviour.ts';
import { ask, call, eventually, type Json } from './support/cluster.ts';
import { group, hooks, map, merge, rules, untilRefused } from './support/hooks.ts';
import { patchOf, startWebhooks } from './support/webhook-server.ts';

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny pod and configmap creation',
  async (scope) => {
    const { configure, config, path } = await hooks(scope, {
      '/pods': () => ({ allowed: false, status: { message: 'the pod contains unwanted container name' } }),
      '/configmaps': ({ object }) => ({
        allowed: object.data?.webhook !== 'unwanted',
        status: { message: 'the configmap contains unwanted key and value' },
      }),
    });
    await configure(
      'validating',
      { rules: rules('pods', 'CREATE'), clientConfig: config('/pods') },
      { rules: rules('configmaps', 'CREATE', 'UPDATE'), clientConfig: config('/configmaps') },
    );
    const pod = await untilRefused(() => call('POST', `${path('pods')}?dryRun=All`, pausePod('unwanted')));
    expect(pod.message).toBe('admission webhook "hook-0.example.com" denied the request: the pod contains unwanted container name');
    expect((await call('POST', path('configmaps'), map('bad', { webhook: 'unwanted' }))).body).toMatchObject({
      code: 400,
      message: 'admission webhook "hook-1.example.com" denied the request: the configmap contains unwanted key and value',
    });
    await ask('POST', path('configmaps'), map('good'));
    expect((await call('PATCH', path('configmaps', 'good'), { data: { webhook: 'unwanted' } }, merge)).status).toBe(400);
  },
);

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny attaching pod', async (scope) => {
  const { configure, config, path } = await hooks(scope, {
    '/': () => ({ allowed: false, status: { message: 'attaching to pod is not allowed' } }),
  });
  await ask('POST', path('pods'), pausePod('target'));
  await configure('validating', { rules: rules('pods/attach', 'CONNECT'), clientConfig: config('/') });
  await eventually('attaching is refused', async () => {
    const { body } = await call('POST', `${path('pods', 'target')}/attach?stdout=true`, undefined, {
      Upgrade: 'SPDY/3.1',
      Connection: 'Upgrade',
    });
    return body?.message === 'admission webhook "hook-0.example.com" denied the request: attaching to pod is not allowed';
  });
});

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should unconditionally reject operations on fail closed webhook',
  async (scope) => {
    const { configure, namespace, path } = await hooks(scope, {});
    await configure('validating', {
      rules: rules('configmaps', 'CREATE'),
      clientConfig: { service: { namespace, name: 'nobody', path: '/' } },
      failurePolicy: 'Fail',
    });
    const body = await untilRefused(() => call('POST', `${path('configmaps')}?dryRun=All`, map('any')));
    expect(body).toMatchObject({
      code: 500,
      reason: 'InternalError',
      message: expect.stringContaining('failed calling webhook "hook-0.example.com"'),
    });
  },
);

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate configmap', async (scope) => {
  const stage = (from: string, to: string) => (request: Json) =>
    request.object.data?.[from] === 'yes' ? patchOf({ op: 'add', path: `/data/${to}`, value: 'yes' }) : { allowed: true };
  const { configure, config, path } = await hooks(scope, {
    '/1': stage('mutation-start', 'mutation-stage-1'),
    '/2': stage('mutation-stage-1', 'mutation-stage-2'),
  });
  const create = rules('configmaps', 'CREATE');
  await configure('mutating', { rules: create, clientConfig: config('/1') }, { rules: create, clientConfig: config('/2') });
  await eventually('both webhooks have mutated', async () => {
    const { data } = await ask('POST', `${path('configmaps')}?dryRun=All`, map('m', { 'mutation-start': 'yes' }));
    return data['mutation-stage-1'] === 'yes' && data['mutation-stage-2'] === 'yes';
  });
});

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate pod and apply defaults after mutation',
  async (scope) => {
    const container = { name: 'webhook-added-init-container', image: 'registry.k8s.io/pause:3.10.1' };
    const { configure, config, path } = await hooks(scope, {
      '/': () => patchOf({ op: 'add', path: '/spec/initContainers', value: [container] }),
    });
    await configure('mutating', { rules: rules('pods', 'CREATE'), clientConfig: config('/') });
    const pod = await eventually('the pod is mutated', async () => {
      const made = await ask('POST', `${path('pods')}?dryRun=All`, pausePod('mutated'));
      return made.spec.initContainers === undefined ? undefined : made;
    });
    expect(pod.spec.initContainers).toMatchObject([
      { ...container, terminationMessagePolicy: 'File', terminationMessagePath: '/dev/termination-log' },
    ]);
  },
);

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should not be able to mutate or prevent deletion of webhook configuration objects',
  async (scope) => {
    const { configure, config } = await hooks(scope, {
      '/deny': () => ({ allowed: false }),
      '/mutate': () => patchOf({ op: 'add', path: '/metadata/labels', value: { mutated: 'true' } }),
    });
    const own = [{ operations: ['*'], apiGroups: ['admissionregistration.k8s.io'], apiVersions: ['*'], resources: ['*'] }];
    await configure('validating', { rules: own, clientConfig: config('/deny'), namespaceSelector: {} });
    await configure('mutating', { rules: own, clientConfig: config('/mutate'), namespaceSelector: {} });
    const other = await configure('validating', { rules: rules('pods', 'CREATE'), clientConfig: config('/deny') });
    expect((await ask('GET', other)).metadata.labels).toBeUndefined();
    expect((await call('DELETE', other)).status).toBe(200);
  },
);

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should honor timeout', async (scope) => {
  const { configure, config, path } = await hooks(scope, {
    '/slow': async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000));
      return { allowed: true };
    },
  });
  const slow = { rules: rules('configmaps', 'CREATE'), clientConfig: config('/slow'), timeoutSeconds: 1 };
  const closed = await configure('validating', { ...slow, failurePolicy: 'Fail' });
  const body = await untilRefused(() => call('POST', `${path('configmaps')}?dryRun=All`, map('slow')));
  expect(body).toMatchObject({ code: 500, message: expect.stringMatching(/\/slow\?timeout=1s": context deadline exceeded/) });
  await ask('DELETE', closed);
  await configure('validating', { ...slow, failurePolicy: 'Ignore' });
  await ask('POST', `${path('configmaps')}?dryRun=All`, map('slow'));
});

behaviour(
  "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate everything except 'skip-me' configmaps",
  async (scope) => {
    const { configure, config, path } = await hooks(scope, { '/': () => patchOf({ op: 'add', path: '/data/mutated', value: 'yes' }) });
    const matchConditions = [{ name: 'skip-me', expression: "object.metadata.name != 'skip-me'" }];
    await configure('mutating', { rules: rules('configmaps', 'CREATE'), clientConfig: config('/'), matchConditions });
    const mutated = async (name: string) =>
      (await ask('POST', `${path('configmaps')}?dryRun=All`, map(name, { own: 'yes' }))).data.mutated === 'yes';
    await eventually('the webhook is in force', () => mutated('any'));
    expect(await mutated('skip-me')).toBe(false);
  },
);

behaviour(
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject mutating webhook configurations with invalid match conditions',
  async (scope) => {
    const { config } = await hooks(scope, {});
    const answer = await call('POST', `${group}/mutatingwebhookconfigurations`, {
      metadata: { name: scope.unique('bad') },
      webhooks: [
        {
          name: 'bad.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules: rules('configmaps', 'CREATE'),
          clientConfig: config('/'),
          matchConditions: [{ name: 'invalid', expression: '... [] bad expression' }],
        },
      ],
    });
    expect([answer.status, answer.body.message]).toEqual([422, expect.stringContaining('compilation failed')]);
  },
);

/** A policy and its binding, in force in a namespace of the behaviour's own. */
async function enforce(scope: Scope, spec: Json): Promise<string> {
  const namespace = await scope.namespace();
  const name = scope.unique('policy');
  const collections = [`${group}/mutatingadmissionpolicies`, `${group}/mutatingadmissionpolicybindings`] as const;
  for (const collection of collections) scope.finally(() => call('DELETE', `${collection}/${name}`));
  const resourceRules = [{ operations: ['CREATE', 'UPDATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] }];
  await ask('POST', collections[0], { metadata: { name }, spec: { matchConstraints: { resourceRules }, ...spec } });
  await ask('POST', collections[1], {
    metadata: { name },
    spec: {
      policyName: name,
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
    },
  });
  return `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`;
}

const deployment = (replicas: number) => ({
  metadata: { name: 'd' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'd' } },
    template: { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'a', image: 'nginx' }] } },
  },
});

behaviour('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a Deployment', async (scope) => {
  const path = await enforce(scope, {
    reinvocationPolicy: 'Never',
    variables: [{ name: 'double', expression: 'object.spec.replicas * 2' }],
    mutations: [
      { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{spec: Object.spec{replicas: variables.double}}' } },
      { patchType: 'JSONPatch', jsonPatch: { expression: '[JSONPatch{op: "add", path: "/metadata/labels", value: {"mutated": "true"}}]' } },
    ],
  });
  await eventually('the policy is in force', async () => {
    const { spec, metadata } = await ask('POST', path, deployment(3));
    return spec.replicas === 6 && metadata.labels?.mutated === 'true';
  });
});

/** A kind with two versions, between which a webhook of the tests converts: `hostPort` of v1 is `host` and `port` of v2. */
async function convertible(scope: Scope): Promise<{ path(version: string, name?: string): string; apiVersion(version: string): string }> {
  const namespace = await scope.namespace();
  const name = `${scope.unique('g')}.example.com`;
  const convert = (object: Json, apiVersion: string) => {
    const { hostPort, host, port, ...rest } = object;
    if (apiVersion.endsWith('/v1')) return { ...rest, apiVersion, hostPort: `${host}:${port}` };
    const [left, right] = hostPort.split(':');
    return { ...rest, apiVersion, host: left, port: right };
  };
  const { config } = await startWebhooks(scope, namespace, {
    '/convert': ({ objects, desiredAPIVersion }) => ({
      result: { status: 'Success' },
      convertedObjects: objects.map((object: Json) =>
        object.apiVersion === desiredAPIVersion ? object : convert(object, desiredAPIVersion),
      ),
    }),
  });
  const texts = (...names: string[]) => ({
    openAPIV3Schema: { type: 'object', properties: Object.fromEntries(names.map((each) => [each, { type: 'string' }])) },
  });
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  scope.finally(() => call('DELETE', `${definitions}/tests.${name}`));
  await ask('POST', definitions, {
    metadata: { name: `tests.${name}` },
    spec: {
      group: name,
      scope: 'Namespaced',
      names: { plural: 'tests', singular: 'test', kind: 'Test', listKind: 'TestList' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: texts('hostPort') },
        { name: 'v2', served: true, storage: false, schema: texts('host', 'port') },
      ],
      conversion: { strategy: 'Webhook', webhook: { clientConfig: config('/convert'), conversionReviewVersions: ['v1'] } },
    },
  });
  const path = (version: string, object = '') =>
    `/apis/${name}/${version}/namespaces/${namespace}/tests${object === '' ? '' : `/${object}`}`;
  await eventually('both versions are served', async () => {
    for (const version of ['v1', 'v2']) if ((await call('GET', path(version))).status !== 200) return false;
    return true;
  });
  return { path, apiVersion: (version) => `${name}/${version}` };
}

behaviour(
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert from CR v1 to CR v2',
  async (scope) => {
    const { path, apiVersion } = await convertible(scope);
    await ask('POST', path('v1'), { apiVersion: apiVersion('v1'), kind: 'Test', metadata: { name: 'a' }, hostPort: 'localhost:8080' });
    expect(await ask('GET', path('v2', 'a'))).toMatchObject({ apiVersion: apiVersion('v2'), host: 'localhost', port: '8080' });
  },
);

behaviour(
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert a non homogeneous list of CRs',
  async (scope) => {
    const { path, apiVersion } = await convertible(scope);
    await ask('POST', path('v1'), { apiVersion: apiVersion('v1'), kind: 'Test', metadata: { name: 'a' }, hostPort: 'localhost:1' });
    await ask('POST', path('v2'), { apiVersion: apiVersion('v2'), kind: 'Test', metadata: { name: 'b' }, host: 'localhost', port: '2' });
    expect((await ask('GET', path('v1'))).items).toMatchObject([{ hostPort: 'localhost:1' }, { hostPort: 'localhost:2' }]);
    expect((await ask('GET', path('v2'))).items).toMatchObject([{ port: '1' }, { port: '2' }]);
  },
);

behaviour(
  '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a Deployment with annotations',
  async (scope) => {
    const expression = 'Object{metadata: Object.metadata{annotations: {"mutated-by": "admission-policy"}}}';
    const mutations = [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }];
    const path = await enforce(scope, { reinvocationPolicy: 'Never', mutations });
    await eventually('the policy is in force', async () => {
      return (await ask('POST', path, deployment(2))).metadata.annotations?.['mutated-by'] === 'admission-policy';
    });
  },
);
