import { beforeEach, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

test('a Deployment has a new generation when its annotations change, but not through its status', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  const deployment = (annotations: object, more: object = {}): object => ({ metadata: { name: 'd', annotations }, spec, ...more });
  expect((await api.send('POST', path, deployment({}))).body.metadata.generation).toBe(1);
  expect((await api.send('PUT', `${path}/d`, deployment({ a: '1' }))).body.metadata.generation).toBe(2);
  expect((await api.send('PUT', `${path}/d/status`, deployment({ a: '2' }))).body.metadata.generation).toBe(2);
  expect((await api.send('PUT', `${path}/d`, deployment({ a: '2' }))).body.metadata.generation).toBe(2);
});

const pods = '/api/v1/namespaces/default/pods';

test('the labels that keys of a new pod name are written into its selectors', async () => {
  const podAffinityTerm = { topologyKey: 't', labelSelector: {}, matchLabelKeys: ['a'], mismatchLabelKeys: ['b'] };
  const constraint = { maxSkew: 1, topologyKey: 't', whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['a', 'missing'] };
  const { code, body } = await api.send('POST', pods, {
    metadata: { name: 'p', labels: { a: '1', b: '2' } },
    spec: {
      containers: [{ name: 'c', image: 'i' }],
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] } },
      topologySpreadConstraints: [{ ...constraint, labelSelector: { matchLabels: { c: '3' } } }],
    },
  });
  expect([code, body.message]).toEqual([201, undefined]);
  const one = { key: 'a', operator: 'In', values: ['1'] };
  expect(body).toMatchObject({
    spec: {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { podAffinityTerm: { labelSelector: { matchExpressions: [one, { key: 'b', operator: 'NotIn', values: ['2'] }] } } },
          ],
        },
      },
      topologySpreadConstraints: [{ labelSelector: { matchLabels: { c: '3' }, matchExpressions: [one] } }],
    },
  });
});

test('a status that leaves out when it was observed keeps what was said before', async () => {
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  await api.send('POST', pods, pod);
  const status = (observed: object): object => ({ ...observed, conditions: [{ type: 'Ready', status: 'False', ...observed }] });
  await api.send('PUT', `${pods}/p/status`, { ...pod, status: status({ observedGeneration: 1 }) });
  const { code, body } = await api.send('PUT', `${pods}/p/status`, { ...pod, status: status({}) });
  expect([code, body]).toMatchObject([200, { status: { observedGeneration: 1, conditions: [{ observedGeneration: 1 }] } }]);
});
