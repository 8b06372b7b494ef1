import { expect, test } from 'vitest';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { StoredForm } from '../../runtime/apiserver/registry/stored-form.ts';
import { startApi } from './api.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const services = '/api/v1/namespaces/default/services';

test('metadata has the order of its struct, and the status comes last, whoever wrote the object', async () => {
  const api = await startApi();
  const created = await api.send('POST', configMaps, {
    data: {},
    metadata: { labels: { a: 'b' }, finalizers: ['a.b/c'], generateName: 'g-' },
  });
  const keys = [
    'name',
    'generateName',
    'namespace',
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'labels',
    'finalizers',
    'managedFields',
  ];
  expect(Object.keys(created.body.metadata)).toEqual(keys);
  const one = `${configMaps}/${created.body.metadata.name}`;
  const merge = { 'content-type': 'application/merge-patch+json' };
  const patched = await api.send('PATCH', one, { metadata: { annotations: { a: 'b' } } }, merge);
  expect(Object.keys(patched.body.metadata)).toEqual(keys.toSpliced(7, 0, 'annotations'));
  const applied = await api.send(
    'PATCH',
    `${services}/s?fieldManager=m`,
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } },
    {
      'content-type': 'application/apply-patch+yaml',
    },
  );
  expect(Object.keys(applied.body.metadata)).toEqual(['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'managedFields']);
  expect(Object.keys(applied.body)).toEqual(['kind', 'apiVersion', 'metadata', 'spec', 'status']);
  const [listed] = (await api.send('GET', configMaps)).body.items;
  expect(Object.keys(listed.metadata)).toEqual(Object.keys(patched.body.metadata));
  const watch = await api.watch(`${configMaps}?watch=1`);
  const [event] = await watch.next(1);
  expect(Object.keys(event.object.metadata)).toEqual(Object.keys(patched.body.metadata));
  await watch.cancel();
  const partial = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
  expect(Object.keys((await api.send('GET', one, undefined, partial)).body.metadata)).toEqual(Object.keys(patched.body.metadata));
});

test.each([
  ['{"name":"a","uid":"u"}', ['name', 'uid', 'resourceVersion']],
  ['{"name":"a\\"uid\\":\\"","namespace":"n","uid":"u","labels":{"uid":"x"}}', ['name', 'namespace', 'uid', 'resourceVersion', 'labels']],
  // As earlier releases have stored them.
  ['{"name":"a","labels":{"uid":"x"},"uid":"u"}', ['name', 'resourceVersion', 'labels', 'uid']],
  ['{"labels":{"name":"x"},"name":"a"}', ['resourceVersion', 'labels', 'name']],
])('the resourceVersion of %s is spliced in where it belongs', (metadata, keys) => {
  const kind = kinds.find((each) => each.kind === 'ConfigMap');
  if (kind === undefined) throw new Error('there are no ConfigMaps');
  const form = new StoredForm(kind);
  const value = new TextEncoder().encode(`{"kind":"ConfigMap","apiVersion":"v1","metadata":${metadata},"data":{}}`);
  const text = new TextDecoder().decode(form.served(value, 7, '[', ']'));
  const [served] = JSON.parse(text);
  expect(served).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { ...JSON.parse(metadata), resourceVersion: '7' }, data: {} });
  expect(Object.keys(served.metadata)).toEqual(keys);
  const list = form.servedList([{ key: 'k', value, revision: 7, createRevision: 7 }], false, '[', ']');
  const { kind: _kind, apiVersion: _apiVersion, ...item } = served;
  expect(new TextDecoder().decode(list)).toBe(JSON.stringify([item]));
  expect(JSON.parse(new TextDecoder().decode(form.served(value, 0, '', ''))).metadata).toEqual(JSON.parse(metadata));
});
