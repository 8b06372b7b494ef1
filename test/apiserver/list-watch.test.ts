import { beforeEach, describe, expect, test } from 'vitest';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { groupVersionPath } from '../../runtime/api/kinds/kind.ts';
import { settle } from '../client/settle.ts';
import { type Api, type Body, startApi } from './api.ts';

const collection = '/api/v1/namespaces/default/configmaps';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const names = (list: Body): string[] => list.items.map(({ metadata }: Body) => metadata.name);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

async function make(name: string, labels: Record<string, string> = {}): Promise<Body> {
  return (await api.send('POST', collection, { metadata: { name, labels }, data: { k: name } })).body;
}

async function label(name: string, labels: Record<string, string | null>): Promise<Body> {
  const patch = { metadata: { labels } };
  return (await api.send('PATCH', `${collection}/${name}`, patch, { 'content-type': 'application/merge-patch+json' })).body;
}

describe('list', () => {
  test('gives items without type meta, in the order of names, at the newest revision', async () => {
    await make('b');
    await make('a');
    const { body } = await api.send('GET', collection);
    expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: String(api.store.revision) } });
    expect(names(body)).toEqual(['a', 'b']);
    expect(Object.keys(body.items[0])).toEqual(['metadata', 'data']);
    expect(names((await api.send('GET', '/api/v1/configmaps')).body)).toEqual(['a', 'b']);
  });

  test('pages are of one revision, whatever is written between them', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await make(name);
    const first = (await api.send('GET', `${collection}?limit=2`)).body;
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(3);
    await api.send('DELETE', `${collection}/c`);
    await make('bb');
    const next = (page: Body) => api.send('GET', `${collection}?limit=2&continue=${page.metadata.continue}`);
    const second = (await next(first)).body;
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const third = (await next(second)).body;
    expect(names(third)).toEqual(['e']);
    expect(third.metadata.continue).toBeUndefined();
    await api.store.compact(api.store.revision);
    const expired = (await next(first)).body;
    expect(expired).toMatchObject({ code: 410, reason: 'Expired' });
    expect(names((await next(expired)).body)).toEqual(['bb', 'd']);
  });

  test('selects by labels and fields, and pages count what is selected', async () => {
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) await make(name, { odd: String(index % 2 === 1) });
    const list = async (query: string) => (await api.send('GET', `${collection}?${query}`)).body;
    expect(names(await list('labelSelector=odd%3Dtrue'))).toEqual(['b', 'd']);
    expect(names(await list('labelSelector=odd%20notin%20(true)'))).toEqual(['a', 'c']);
    expect(names(await list('fieldSelector=metadata.name%3Dc'))).toEqual(['c']);
    const page = await list('labelSelector=odd%3Dtrue&limit=1');
    expect(names(page)).toEqual(['b']);
    expect(page.metadata.remainingItemCount).toBeUndefined();
    expect(names(await list(`labelSelector=odd%3Dtrue&limit=1&continue=${page.metadata.continue}`))).toEqual(['d']);
    expect((await list('fieldSelector=data.k%3Da')).message).toBe(
      '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect((await api.send('GET', '/api/v1/pods?fieldSelector=spec.foo%3Da')).body.message).toBe('field label not supported: spec.foo');
  });

  test('resourceVersion: any, not older, exact, too large', async () => {
    const { metadata } = await make('a');
    await make('b');
    const list = async (query: string) => (await api.send('GET', `${collection}?${query}`)).body;
    expect(names(await list('resourceVersion=0'))).toEqual(['a', 'b']);
    expect(names(await list(`resourceVersion=${metadata.resourceVersion}`))).toEqual(['a', 'b']);
    const exact = await list(`resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`);
    expect(names(exact)).toEqual(['a']);
    expect(exact.metadata.resourceVersion).toBe(metadata.resourceVersion);
    expect(await list('resourceVersion=100000')).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    });
    expect((await list('resourceVersionMatch=Exact')).code).toBe(422);
  });

  test('as Table and as PartialObjectMetadataList', async () => {
    await make('a');
    const shown = await api.send('GET', collection, undefined, { accept: `${table},application/json` });
    expect(shown.body).toMatchObject({
      kind: 'Table',
      rows: [{ cells: ['a', 1, '0s'], object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } }],
    });
    const partial = await api.send('GET', collection, undefined, {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    expect(partial.body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }],
    });
    expect(
      (await api.send('GET', collection, undefined, { accept: 'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io' })).code,
    ).toBe(406);
  });
});

describe('watch', () => {
  const types = (events: Body[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`);

  test('without a revision replays what stands there, then tells what happens, with the revision of each event', async () => {
    await make('a');
    const watch = await api.watch(`${collection}?watch=true`);
    expect(types(await watch.next(1))).toEqual(['ADDED a']);
    await make('b');
    await label('a', { x: 'y' });
    await api.send('DELETE', `${collection}/b`);
    const events = await watch.next(3);
    expect(types(events)).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b']);
    const revisions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(revisions).toEqual([api.store.revision - 2, api.store.revision - 1, api.store.revision]);
    await watch.cancel();
  });

  test('from a revision tells only what came after it', async () => {
    const { metadata } = await make('a');
    await make('b');
    const watch = await api.watch(`${collection}?watch=1&resourceVersion=${metadata.resourceVersion}`);
    expect(types(await watch.next(1))).toEqual(['ADDED b']);
    await watch.cancel();
  });

  test('objects enter and leave a selector', async () => {
    await make('a');
    const watch = await api.watch(`${collection}?watch=1&labelSelector=x%3Dy`);
    await label('a', { x: 'y' });
    await label('a', { z: '1' });
    await label('a', { x: null });
    await api.send('DELETE', `${collection}/a`);
    await make('b', { x: 'y' });
    const events = await watch.next(4);
    expect(types(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b']);
    expect(events[2].object.metadata.labels).toEqual({ x: 'y', z: '1' });
    await watch.cancel();
  });

  test('initial events end with a bookmark; later bookmarks come by the clock, only when asked for', async () => {
    await make('a');
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=150';
    const watch = await api.watch(`${collection}?${query}&allowWatchBookmarks=true`);
    const [added, bookmark] = await watch.next(2);
    expect(added.type).toBe('ADDED');
    expect(bookmark).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: String(api.store.revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    const silent = await api.watch(`${collection}?${query}`);
    await api.clock.advance(150_000);
    expect((await watch.rest()).map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK', 'BOOKMARK']);
    expect((await silent.rest()).map(({ type }) => type)).toEqual(['ADDED']);
  });

  test('a revision that is compacted ends in an ERROR event', async () => {
    await make('a');
    await make('b');
    await api.store.compact(api.store.revision);
    const watch = await api.watch(`${collection}?watch=1&resourceVersion=1`);
    const events = await watch.rest();
    expect(events).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
  });

  test('a reader that does not read is cut off, and the others are not', async () => {
    const response = await api.server.handle(new Request(`https://kubernetes${collection}?watch=1`), {
      component: { name: 'admin', groups: ['system:masters'] },
    });
    const big = 'x'.repeat(900_000);
    for (let index = 0; index < 20; index++) await api.send('POST', collection, { metadata: { name: `m${index}` }, data: { big } });
    await settle();
    await expect(response.body?.getReader().read()).rejects.toThrow('the watch was not read');
    expect((await api.send('GET', `${collection}/m0`)).code).toBe(200);
  });

  test('every kind has a bookmark as a row of a Table', async () => {
    const whole = await startApi({ runtimeConfig: ['api/all'] });
    const query =
      'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name=none';
    for (const kind of kinds.filter(({ verbs }) => verbs.includes('watch'))) {
      const watch = await whole.watch(`${groupVersionPath(kind)}/${kind.plural}?${query}`, { accept: table });
      expect(await watch.next(1), kind.kind).toMatchObject([{ type: 'BOOKMARK', object: { kind: 'Table', rows: [{}] } }]);
      await watch.cancel();
    }
  });

  test("ends with an error where an object cannot be shown, which is nobody else's concern", async () => {
    const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests?watch=1';
    const store = (name: string) => {
      const value = { kind: 'CertificateSigningRequest', apiVersion: 'certificates.k8s.io/v1', metadata: { name } };
      const key = `/registry/certificatesigningrequests/${name}`;
      return api.store.commit([{ key, value: new TextEncoder().encode(JSON.stringify(value)) }]);
    };
    const failure = {
      type: 'ERROR',
      object: { code: 500, message: expect.stringMatching(/unable to decode an event from the watch stream: .*signerName/) },
    };
    const [shown, plain] = [await api.watch(path, { accept: table }), await api.watch(path)];
    await store('bad');
    expect(await shown.rest()).toMatchObject([failure]);
    expect(await plain.next(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'bad' } } }]);
    expect(await (await api.watch(path, { accept: table })).rest()).toMatchObject([failure]);
  });

  test('as Table has its columns in what is read first, whatever has come meanwhile', async () => {
    await make('a');
    await make('b');
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await api.watch(`${collection}?${query}`, { accept: table });
    await label('a', { x: 'y' });
    const events = await watch.next(4);
    expect(events.map(({ type, object }) => `${type} ${object.columnDefinitions?.length ?? 0}`)).toEqual([
      'ADDED 3',
      'ADDED 0',
      'BOOKMARK 0',
      'MODIFIED 0',
    ]);
    await watch.cancel();
  });

  test('as Table, with the columns in the first event alone', async () => {
    await make('a');
    await make('b');
    const watch = await api.watch(`${collection}?watch=1`, { accept: table });
    const [first, second] = await watch.next(2);
    expect(first.object.columnDefinitions).toHaveLength(3);
    expect(second.object).toMatchObject({ columnDefinitions: null, rows: [{ cells: ['b', 1, '0s'] }] });
    await watch.cancel();
  });
});

test('what there will be at a revision yet to come is not told', async () => {
  const initial = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const watch = await api.watch(`/api/v1/configmaps?watch=1&resourceVersion=9999999&${initial}`);
  const [event, ...others] = await watch.rest();
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: 'ERROR',
    object: { code: 504, reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
  });
});
