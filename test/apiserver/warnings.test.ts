import { expect, test } from 'vitest';
import type { HttpHeaders } from '../../runtime/api/http.ts';
import { type Api, type Body, startApi } from './api.ts';

type Fields = Record<string, unknown>;

/** The texts of the warnings of an answer. */
function warningsIn(headers: HttpHeaders): string[] {
  const all = headers.get('warning') ?? '';
  return [...all.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

async function warned(api: Api, path: string, object: Fields): Promise<string[]> {
  const { code, body, headers } = await api.send('POST', path, object);
  expect(code, JSON.stringify(body)).toBe(201);
  return warningsIn(headers);
}

const core = '/api/v1';
const inDefault = `${core}/namespaces/default`;

function service(name: string, spec: Fields, annotations: Fields = {}): Fields {
  return { metadata: { name, annotations }, spec: { ports: [{ port: 80 }], ...spec } };
}

test('kinds that are deprecated, whatever is asked of them', async () => {
  const api = await startApi();
  const path = `${inDefault}/endpoints`;
  const warning = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';
  expect(await warned(api, path, { metadata: { name: 'e' } })).toContain(warning);
  for (const each of [path, `${path}/e`]) expect(warningsIn((await api.send('GET', each)).headers)).toEqual([warning]);
  expect(warningsIn((await api.send('GET', `${inDefault}/services`)).headers)).toEqual([]);
  const refused = await api.send('POST', '/api/v1/componentstatuses', { metadata: { name: 'c' } });
  expect([refused.code, warningsIn(refused.headers)], 'there is no such method to warn of').toEqual([405, []]);
});

test('services', async () => {
  const api = await startApi();
  const path = `${inDefault}/services`;
  expect(await warned(api, path, service('plain', {}))).toEqual([]);
  expect(await warned(api, path, service('external', { externalIPs: ['192.0.2.1'], trafficDistribution: 'PreferClose' }))).toEqual([
    'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
  ]);
  expect(await warned(api, path, service('headless', { clusterIP: 'None', sessionAffinity: 'ClientIP' }))).toEqual([
    'spec.SessionAffinity is ignored for headless services',
  ]);
  expect(await warned(api, path, service('named', { externalName: 'example.com' }))).toEqual([
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ]);
  const update = await api.send('PUT', `${path}/plain`, service('plain', {}, { 'service.kubernetes.io/topology-aware-hints': 'auto' }));
  expect(warningsIn(update.headers)).toEqual([
    'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
  ]);
});

test('what an Ingress, an account and a volume still do in the old way', async () => {
  const api = await startApi();
  const ingress = {
    metadata: { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'x' } },
    spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } },
  };
  expect(await warned(api, '/apis/networking.k8s.io/v1/namespaces/default/ingresses', ingress)).toEqual([
    `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
  ]);
  const account = { metadata: { name: 'a', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } } };
  expect(await warned(api, `${inDefault}/serviceaccounts`, account)).toEqual([
    'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
  ]);
  const expression = { key: 'beta.kubernetes.io/arch', operator: 'Exists' };
  const volume = {
    metadata: { name: 'v' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Recycle',
      rbd: { monitors: ['m'], image: 'i' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
    },
  };
  expect(await warned(api, `${core}/persistentvolumes`, volume)).toEqual([
    'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead',
    'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    'spec.rbd: deprecated in v1.28, non-functional in v1.31+',
  ]);
  const nodeTopology = { matchLabels: { [expression.key]: 'a' }, matchExpressions: [expression] };
  const capacity = { metadata: { name: 'c' }, storageClassName: 's', nodeTopology };
  expect(await warned(api, '/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities', capacity)).toEqual([
    'nodeTopology.matchLabels.beta.kubernetes.io/arch: deprecated since v1.14; use "kubernetes.io/arch" instead',
    'nodeTopology.matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead',
  ]);
});

test('a key pair that no server could use', async () => {
  const api = await startApi();
  const pem = (type: string): string => btoa(`-----BEGIN ${type}-----\nAAAA\n-----END ${type}-----\n`);
  const secret = (name: string, crt: string, key: string): Fields => ({
    metadata: { name },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': crt, 'tls.key': key },
  });
  const path = `${inDefault}/secrets`;
  expect(await warned(api, path, secret('a', btoa('x'), btoa('x')))).toEqual(['tls: failed to find any PEM data in certificate input']);
  expect(await warned(api, path, secret('b', pem('CERTIFICATE'), btoa('x')))).toEqual(['tls: failed to find any PEM data in key input']);
  expect(await warned(api, path, secret('c', pem('CERTIFICATE'), pem('EC PRIVATE KEY')))).toEqual([]);
});

test('a volume tells since when it is in its phase', async () => {
  const api = await startApi();
  const path = `${core}/persistentvolumes/v`;
  const spec = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } };
  const made = (await api.send('POST', `${core}/persistentvolumes`, { metadata: { name: 'v' }, spec })).body;
  const since = made.status.lastPhaseTransitionTime;
  expect(since).toBe(made.metadata.creationTimestamp);
  await api.clock.advance(60_000);
  const put = async (status: Fields): Promise<Body> =>
    (await api.send('PUT', `${path}/status`, { metadata: { name: 'v' }, spec, status })).body.status;
  expect((await put({ phase: 'Pending' })).lastPhaseTransitionTime).toBe(since);
  expect((await put({ phase: 'Available' })).lastPhaseTransitionTime).not.toBe(since);
});

test.each(['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'validatingadmissionpolicybindings'])(
  'names that files may have are told of: %s',
  async (plural) => {
    const api = await startApi();
    const path = `/apis/admissionregistration.k8s.io/v1/${plural}`;
    const spec = { policyName: 'p', validationActions: ['Deny'] };
    const body = { metadata: { name: 'x.static.k8s.io' }, ...(plural.endsWith('bindings') && { spec }) };
    const { code, headers } = await api.send('POST', path, body);
    expect([code, headers.get('warning')]).toEqual([
      201,
      '299 - "metadata.name: names ending with \\".static.k8s.io\\" are reserved for static manifest-based configurations and cannot be managed via the API"',
    ]);
  },
);

test('quotas that bound less than is asked for, and annotations that are new, are told of', async () => {
  const api = await startApi();
  const warned = async (method: string, path: string, body: object): Promise<string | null> =>
    (await api.send(method, `/api/v1/namespaces/default/${path}`, body)).headers.get('warning');
  const hard = { cpu: '2', 'limits.cpu': '1', 'requests.memory': '1Gi', 'limits.memory': '1Gi' };
  expect(await warned('POST', 'resourcequotas', { metadata: { name: 'q' }, spec: { hard } })).toBe(
    '299 - "ResourceQuota cpu (2) should be less than limits.cpu (1)"',
  );
  const account = (annotations: object): object => ({ metadata: { name: 'a', annotations } });
  const annotation = { 'kubernetes.io/enforce-mountable-secrets': 'true' };
  await warned('POST', 'serviceaccounts', account({}));
  expect(await warned('PUT', 'serviceaccounts/a', account(annotation))).toContain('deprecated in v1.32+');
  expect(await warned('PUT', 'serviceaccounts/a', account({ ...annotation, other: 'x' }))).toBeNull();
});
