import { expect, test } from 'vitest';
import { decodedEvent } from '../../runtime/api/decoded.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { readLines } from '../../runtime/client/lines.ts';
import { readWatchEvent } from '../../runtime/client/watch-events.ts';
import { admin, type Body, startApi } from './api.ts';

const changes: readonly { readonly collection: string; readonly object: Body; readonly patch: Body }[] = [
  {
    collection: '/api/v1/namespaces/default/configmaps',
    object: { metadata: { name: 'one', labels: { a: 'b' }, finalizers: ['example.com/wait'] }, data: { k: 'v', l: 'é\u2028' } },
    patch: { data: { k: null, m: '2' } },
  },
  {
    collection: '/apis/apps/v1/namespaces/default/deployments',
    object: {
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    },
    patch: { spec: { replicas: 3 } },
  },
  {
    collection: '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers',
    object: {
      metadata: { name: 'h' },
      spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' } },
    },
    patch: { spec: { maxReplicas: 5 } },
  },
];

test('a watch within the process is handed what its lines say, at every change', async () => {
  const api = await startApi();
  const transport = inProcessTransport(api.server, admin);
  let handedOver = 0;
  for (const { collection, object, patch } of changes) {
    const lines: Uint8Array[] = [];
    const stop = new AbortController();
    const watch = await transport(new Request(`https://kubernetes.default${collection}?watch=true&resourceVersion=${api.store.revision}`));
    const one = `${collection}/${object.metadata.name}`;
    expect((await api.send('POST', collection, object)).code, collection).toBe(201);
    await api.send('PATCH', one, patch, { 'content-type': 'application/merge-patch+json' });
    await api.send('DELETE', one);
    await api.send('PATCH', one, { metadata: { finalizers: null } }, { 'content-type': 'application/merge-patch+json' });
    if (watch.body === null) throw new Error('a watch without a body');
    for await (const line of readLines(watch.body, stop.signal)) {
      if (typeof line === 'string') throw new Error('a line within the process comes as its bytes');
      lines.push(line);
      if (new TextDecoder().decode(line).startsWith('{"type":"DELETED"')) stop.abort();
    }
    expect(lines.length, collection).toBeGreaterThanOrEqual(3);
    for (const line of lines) {
      if (decodedEvent(line) !== undefined) handedOver++;
      expect(JSON.parse(JSON.stringify(readWatchEvent(line))), collection).toEqual(readWatchEvent(new TextDecoder().decode(line)));
    }
  }
  expect(handedOver).toBeGreaterThanOrEqual(6);
});

test('what a component does with an object it was handed does not reach what the API holds', async () => {
  const api = await startApi();
  const client = createClient(inProcessTransport(api.server, admin));
  const maps = client.resource<Body>({ group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true });
  const stop = new AbortController();
  const events = maps.watch({ namespace: 'default', resourceVersion: String(api.store.revision) }, stop.signal);
  const next = events[Symbol.asyncIterator]().next();
  await api.send('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'one' } });
  const { value } = await next;
  value.object.metadata.name = 'another';
  value.object.metadata.resourceVersion = '1';
  const { body } = await api.send('GET', '/api/v1/namespaces/default/configmaps/one');
  expect(body.metadata).toMatchObject({ name: 'one', resourceVersion: String(api.store.revision) });
  stop.abort();
});
