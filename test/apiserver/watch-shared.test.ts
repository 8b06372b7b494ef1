import { expect, test } from 'vitest';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import { WatchStream } from '../../runtime/apiserver/watch/watch-stream.ts';
import { admin, startApi } from './api.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

test.each([
  'application/json',
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'application/json;as=Table;g=meta.k8s.io;v=v1',
  'application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'application/vnd.kubernetes.protobuf',
])('watchers that see an event alike in %s are given the same bytes', async (accept) => {
  const api = await startApi();
  const transport = inProcessTransport(api.server, admin);
  const watchers = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const { body } = await transport(new Request(`https://kubernetes.default${configMaps}?watch=1`, { headers: { accept } }));
      if (body === null) throw new Error('a watch without a body');
      return body.getReader();
    }),
  );
  for (const name of ['one', 'two']) {
    await api.send('POST', configMaps, { metadata: { name } });
    const [first, ...others] = await Promise.all(watchers.map((watcher) => watcher.read()));
    expect(new TextDecoder().decode(first?.value)).toContain(name);
    for (const other of others) expect(other.value).toBe(first?.value);
  }
});

test('a table tells the age of an object as it is when it is told', async () => {
  const api = await startApi();
  const headers = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };
  const from = api.store.revision;
  await api.send('POST', configMaps, { metadata: { name: 'one' } });
  const ages: string[] = [];
  for (let times = 0; times < 2; times++) {
    const watch = await api.watch(`${configMaps}?watch=1&resourceVersion=${from}`, headers);
    const [event] = await watch.next(1);
    ages.push(event?.object.rows[0].cells[2]);
    await api.clock.advance(60_000);
  }
  expect(ages).toEqual(['0s', '60s']);
});

test('a reader far behind is given what waits for it in parts', async () => {
  const stream = new WatchStream([], { onClose: () => {}, onSent: () => {}, failure: () => new Uint8Array(0), unit: 'chunk' });
  const [small, large] = [new Uint8Array(10_000), new Uint8Array(400_000)];
  const frames = [small, small, large, large, ...Array.from({ length: 10 }, () => small)];
  for (const frame of frames) stream.push(frame);
  stream.end();
  const sizes: number[] = [];
  for await (const chunk of stream.body) sizes.push(chunk.length);
  expect(sizes).toEqual([20_000, 400_000, 400_000, 60_000, 40_000]);
});
