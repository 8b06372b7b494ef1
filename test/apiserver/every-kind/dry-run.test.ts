import { beforeAll, expect, test } from 'vitest';
import type { Api, Body } from '../api.ts';
import { apply, merge, merged, remove, startWhole, subjects } from './subjects.ts';

let api: Api;
beforeAll(async () => {
  api = await startWhole();
});

/** Upstream: `test/integration/dryrun`. */
test('dry runs answer as if, and change nothing, of every kind', async () => {
  for (const subject of await subjects(api)) {
    const { of, path, collection, object, kind } = subject;
    const annotated = (value: string) => ({ metadata: { annotations: { by: value } } });
    const answered = (value: string) => ({ code: 200, body: { kind, ...annotated(value) } });

    expect(await api.send('POST', `${collection}?dryRun=All`, object), of).toMatchObject({ code: 201, body: { kind } });
    expect((await api.send('GET', path)).code, of).toBe(404);
    expect(await api.send('POST', collection, object), of).toMatchObject({ code: 201, body: { kind } });
    const { body: before } = await api.send('GET', path);

    const put = await api.send('PUT', `${path}?dryRun=All`, merged(before, annotated('put')));
    expect(put, of).toMatchObject(answered('put'));
    expect(await api.send('PATCH', `${path}?dryRun=All`, annotated('patch'), merge), of).toMatchObject(answered('patch'));
    const configuration = merged({ apiVersion: object.apiVersion, kind, metadata: { name: object.metadata.name } }, annotated('apply'));
    const applied = await api.send('PATCH', `${path}?dryRun=All&fieldManager=m`, configuration, apply);
    expect(applied, of).toMatchObject(answered('apply'));
    if (subject.subresources.includes('scale')) {
      const scaled = await api.send('PATCH', `${path}/scale?dryRun=All`, { spec: { replicas: 10 } }, merge);
      expect(scaled, of).toMatchObject({ code: 200, body: { kind: 'Scale', spec: { replicas: 10 } } });
    }
    expect((await api.send('DELETE', `${path}?dryRun=All`)).code, of).toBe(200);
    if (subject.verbs.includes('deletecollection')) expect((await api.send('DELETE', `${collection}?dryRun=All`)).code, of).toBe(200);
    expect((await api.send('GET', path)).body, of).toEqual(before);
    expect(await remove(api, subject), of).toMatchObject({ code: 404 });
  }
}, 120_000);

test('what changes nothing writes nothing, and tables show every kind and its scale', async () => {
  for (const subject of await subjects(api)) {
    const { of, path, collection, object } = subject;
    expect((await api.send('POST', collection, object)).code, of).toBe(201);
    const { body: before } = await api.send('GET', path);
    for (const same of [await api.send('PUT', path, before), await api.send('PATCH', path, {}, merge)]) {
      expect(same, of).toMatchObject({ code: 200, body: { metadata: { resourceVersion: before.metadata.resourceVersion } } });
    }
    const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { body } = await api.send('GET', collection, undefined, table);
    expect(body, of).toMatchObject({ kind: 'Table' });
    expect(
      body.rows.map((row: Body) => row.object.metadata.name),
      of,
    ).toContain(object.metadata.name);
    if (subject.subresources.includes('scale')) {
      const scale = (await api.send('GET', `${path}/scale`, undefined, table)).body;
      expect(
        scale.columnDefinitions.map((column: Body) => column.name),
        of,
      ).toEqual(['Name', 'Desired', 'Available', 'Age']);
    }
    expect(await remove(api, subject), of).toMatchObject({ code: 404 });
  }
}, 120_000);
