import { expect, test } from 'vitest';
import type { ApiServerOptions } from '../../../runtime/apiserver/api-server.ts';
import { parseAuditPolicy } from '../../../runtime/apiserver/audit/policy.ts';
import type { Sample } from '../../../runtime/apiserver/metrics/families.ts';
import type { WebhookTransport } from '../../../runtime/apiserver/webhooks/transport.ts';
import { type Api, startApi } from '../api.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

function start(options: Partial<ApiServerOptions> = {}): Promise<Api> {
  return startApi({
    metricsWriter: async (families) => ({
      contentType: 'application/json',
      text: JSON.stringify(families.flatMap((family) => family.samples())),
    }),
    ...options,
  });
}

/** What `/metrics` says under a name, with the values of labels in their order. */
async function told(api: Api, name: string): Promise<[string, number][]> {
  const samples: readonly Sample[] = (await api.send('GET', '/metrics')).body;
  return samples.filter((sample) => sample.name === name).map(({ labels, value }) => [Object.values(labels).join(' '), value]);
}

test('admission is timed as a whole and plugin by plugin', async () => {
  const api = await start();
  await api.send('DELETE', '/metrics');
  await api.send('POST', configMaps, { metadata: { name: 'a' } });
  await api.send('POST', '/api/v1/namespaces/none/configmaps', { metadata: { name: 'a' } });
  const step = 'apiserver_admission_step_admission_duration_seconds_count';
  expect(await told(api, step)).toEqual([
    ['admit CREATE false', 1],
    ['admit CREATE true', 1],
    ['validate CREATE false', 1],
  ]);
  const plugins = await told(api, 'apiserver_admission_controller_admission_duration_seconds_count');
  expect(plugins).toContainEqual(['NamespaceLifecycle admit CREATE false', 1]);
  expect(plugins).toContainEqual(['NamespaceLifecycle admit CREATE true', 1]);
  expect(plugins).toContainEqual(['ResourceQuota validate CREATE false', 1]);
});

test('webhooks are timed and counted by what comes of them, and their time is not the server’s own', async () => {
  const slow: WebhookTransport = {
    async fetch(sent) {
      const review = await sent.json();
      const path = new URL(sent.url).pathname;
      if (path === '/gone') return new Response('x', { status: 500 });
      await api.clock.sleep(3000);
      const answer = { uid: review.request.uid, allowed: path !== '/no', status: { code: 418 } };
      return Response.json({ apiVersion: review.apiVersion, kind: 'AdmissionReview', response: answer });
    },
  };
  const api: Api = await start({ webhooks: slow });
  const configure = (path: string, failurePolicy: string) =>
    api.send('POST', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      metadata: { name: path },
      webhooks: [
        {
          name: `${path}.example.com`,
          failurePolicy,
          clientConfig: { url: `https://127.0.0.1/${path}` },
          rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
  const make = async (name: string) => {
    const made = api.send('POST', configMaps, { metadata: { name } });
    await api.clock.advance(3000);
    return (await made).code;
  };
  await configure('yes', 'Fail');
  expect(await make('a')).toBe(201);
  expect(await told(api, 'apiserver_admission_webhook_admission_duration_seconds_sum')).toEqual([
    ['yes.example.com validating CREATE false', 3],
  ]);
  expect(await told(api, 'apiserver_request_duration_seconds_sum')).toContainEqual(['POST   v1 configmaps  resource apiserver', 3]);
  expect(await told(api, 'apiserver_request_sli_duration_seconds_sum')).toContainEqual(['POST  v1 configmaps  resource apiserver', 0]);
  await configure('gone', 'Ignore');
  expect(await make('b')).toBe(201);
  await configure('no', 'Fail');
  expect(await make('c')).toBe(418);
  expect(await told(api, 'apiserver_admission_webhook_fail_open_count')).toEqual([['gone.example.com validating', 2]]);
  expect(await told(api, 'apiserver_admission_webhook_rejection_count')).toEqual([['no.example.com validating CREATE no_error 418', 1]]);
  expect(await told(api, 'apiserver_admission_webhook_request_total')).toEqual([
    ['yes.example.com validating CREATE 200 false', 3],
    ['gone.example.com validating CREATE 500 false', 2],
    ['no.example.com validating CREATE 418 true', 1],
  ]);
});

const stranger = { certificate: { commonName: 'eve', organizations: [] } };

/** An API server that has room for one request of each sort, and whose authorizer does not answer until it is let. */
async function startStalled() {
  let isStalled = false;
  const authorize = () => (isStalled ? new Promise<never>(() => {}) : Promise.resolve({ decision: 'allow' as const }));
  const authorizer = { authorize, rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }) };
  const api = await start({ authorizer, inFlight: { readOnly: 1, mutating: 1 } });
  isStalled = true;
  const letAnswer = () => {
    isStalled = false;
  };
  return { api, letAnswer };
}

test('requests that are ended in self-defence are counted', async () => {
  const { api, letAnswer } = await startStalled();
  const first = api.send('GET', `${configMaps}?timeout=2s`, undefined, {}, stranger);
  expect((await api.send('GET', `${configMaps}/a`, undefined, {}, stranger)).code).toBe(429);
  await api.clock.advance(2000);
  expect((await first).code).toBe(504);
  letAnswer();
  expect(await told(api, 'apiserver_request_terminations_total')).toEqual([
    ['GET  v1 configmaps  resource apiserver 429', 1],
    ['LIST  v1 configmaps  namespace apiserver 504', 1],
  ]);
  expect(await told(api, 'apiserver_request_total')).toContainEqual(['GET   v1 configmaps  resource apiserver 429', 1]);
});

test('paths that clients make up are counted without their names, for there is no end to them', async () => {
  const { api, letAnswer } = await startStalled();
  const first = api.send('GET', '/version?timeout=2s', undefined, {}, stranger);
  for (const path of ['/made/up', '/livez/made-up', '/version', '/apis/made.up/v1/things/a']) {
    expect((await api.send('GET', path, undefined, {}, stranger)).code).toBe(429);
  }
  await api.clock.advance(2000);
  await first;
  letAnswer();
  await api.send('GET', '/livez/ping');
  await api.send('GET', '/livez');
  expect(await told(api, 'apiserver_request_terminations_total')).toEqual([
    ['GET      apiserver 429', 2],
    ['GET    /version  apiserver 429', 1],
    ['GET    /version  apiserver 504', 1],
  ]);
  expect((await told(api, 'apiserver_request_total')).filter(([labels]) => labels.includes('/'))).toEqual([['GET     /livez   200', 1]]);
});

test('who is let in and what is allowed is counted without naming anybody', async () => {
  const api = await start();
  await api.send('DELETE', '/metrics');
  await api.send('GET', configMaps, undefined, {}, { certificate: { commonName: 'eve@example.com', organizations: [] } });
  await api.send('GET', configMaps, undefined, { authorization: 'Bearer wrong' }, {});
  await api.send('GET', '/version');
  expect(await told(api, 'authentication_attempts')).toEqual([
    ['success', 3],
    ['error', 1],
  ]);
  expect(await told(api, 'authenticated_user_requests')).toEqual([
    ['admin', 3],
    ['email_id', 1],
  ]);
  expect(await told(api, 'authorization_attempts_total')).toContainEqual(['no-opinion', 1]);
  expect(await told(api, 'authentication_duration_seconds_count')).toContainEqual(['error', 1]);
});

test('objects are counted by resource, and by group and resource', async () => {
  const api = await start();
  await api.send('POST', '/apis/coordination.k8s.io/v1/namespaces/default/leases', { metadata: { name: 'a' } });
  expect(await told(api, 'apiserver_storage_objects')).toContainEqual(['leases.coordination.k8s.io', 1]);
  expect(await told(api, 'apiserver_resource_objects')).toContainEqual(['coordination.k8s.io leases', 1]);
  expect(await told(api, 'apiserver_resource_objects')).toContainEqual([' namespaces', 1]);
});

test('the audit log is counted by its events and by the levels of requests', async () => {
  const lines: string[] = [];
  const policy = parseAuditPolicy(`
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  - level: None
    nonResourceURLs: ['*']
  - level: Metadata
    omitStages: [RequestReceived]`);
  const api = await start({ audit: { policy, sink: (line) => lines.push(line) } });
  await api.send('GET', configMaps);
  expect(await told(api, 'apiserver_audit_event_total')).toEqual([['', lines.length]]);
  expect(lines).toHaveLength(2);
  expect(await told(api, 'apiserver_audit_level_total')).toEqual([
    ['Metadata', 2],
    ['None', 2],
  ]);
});

test('health checks are counted by how they came out', async () => {
  let why: string | undefined = 'broken';
  const api = await start({ healthChecks: [{ name: 'own', of: ['readyz'], check: () => why }] });
  await api.send('GET', '/readyz');
  why = undefined;
  await api.send('GET', '/readyz');
  const samples: readonly Sample[] = (await api.send('GET', '/metrics/slis')).body;
  const own = samples.filter(({ labels }) => labels.name === 'own');
  expect(own.map(({ name, labels, value }) => [name, labels.type, labels.status, value])).toEqual([
    ['kubernetes_healthcheck', 'readyz', undefined, 1],
    ['kubernetes_healthchecks_total', 'readyz', 'error', 1],
    ['kubernetes_healthchecks_total', 'readyz', 'success', 1],
  ]);
});

test('watches that begin with a list are timed until they have sent it', async () => {
  const api = await start();
  await api.send('POST', configMaps, { metadata: { name: 'a' } });
  const plain = await api.watch(`${configMaps}?watch=true`);
  await plain.next(1);
  const query = 'watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
  const listing = await api.watch(`${configMaps}?${query}`);
  const name = 'apiserver_watch_list_duration_seconds_count';
  expect(await told(api, name)).toEqual([]);
  await listing.next(2);
  await api.send('POST', configMaps, { metadata: { name: 'b' } });
  await listing.next(1);
  expect(await told(api, name)).toEqual([[' v1 configmaps namespace', 1]]);
  await plain.cancel();
  await listing.cancel();
});

test('changes in the store are counted by group and resource, custom ones as they come', async () => {
  const api = await start();
  await api.send('POST', configMaps, { metadata: { name: 'a' } });
  await api.send('PATCH', `${configMaps}/a`, { data: { a: 'b' } }, { 'content-type': 'application/merge-patch+json' });
  await api.send('DELETE', `${configMaps}/a`);
  await api.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  await api.clock.advance(1000);
  await api.send('POST', '/apis/example.com/v1/namespaces/default/widgets', {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w' },
  });
  const counted = await told(api, 'apiserver_storage_events_received_total');
  expect(counted).toContainEqual([' configmaps', 3]);
  expect(counted).toContainEqual(['example.com widgets', 1]);
});
