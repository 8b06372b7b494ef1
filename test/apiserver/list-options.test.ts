import { beforeAll, describe, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

const collection = '/api/v1/namespaces/default/configmaps';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  for (const name of ['a', 'b']) await api.send('POST', collection, { metadata: { name } });
});

const token = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const badToken = 'invalid continue token: continue key is not valid';
const invalid = (fields: string): string => `ListOptions.meta.k8s.io "" is invalid: ${fields}`;
const number = (of: string, why: string, go = 'ParseUint'): string => `strconv.${go}: parsing "${of}": ${why}`;

describe('a list is refused', () => {
  test.each<[string, number, string]>([
    ['limit=x', 400, number('x', 'invalid syntax', 'ParseInt')],
    ['limit=', 400, number('', 'invalid syntax', 'ParseInt')],
    ['limit=9223372036854775808', 400, number('9223372036854775808', 'value out of range', 'ParseInt')],
    ['resourceVersion=x', 400, `invalid resource version: resourceVersion: Invalid value: "x": ${number('x', 'invalid syntax')}`],
    [
      'resourceVersion=99999999999999999999',
      400,
      `invalid resource version: resourceVersion: Invalid value: "99999999999999999999": ${number('99999999999999999999', 'value out of range')}`,
    ],
    [
      'resourceVersionMatch=Exact',
      422,
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'),
    ],
    [
      'resourceVersionMatch=Exact&resourceVersion=0',
      422,
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    ],
    [
      'resourceVersionMatch=x&resourceVersion=1&sendInitialEvents=true',
      422,
      invalid(
        '[resourceVersionMatch: Unsupported value: "x": supported values: "Exact", "NotOlderThan", "", sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]',
      ),
    ],
    ['continue=!', 400, `${badToken}: illegal base64 data at input byte 0`],
    [`continue=${token('{')}`, 400, `${badToken}: unexpected end of JSON input`],
    [`continue=${token([])}`, 400, `${badToken}: json: cannot unmarshal array into Go value of type storage.continueToken`],
    [`continue=${token({ v: 1 })}`, 400, `${badToken}: json: cannot unmarshal number into Go struct field continueToken.v of type string`],
    [`continue=${token({ v: 'v2', rv: 1, start: 'a' })}`, 400, `${badToken}: server does not recognize this encoded version v2`],
    [
      `continue=${token({ v: 'meta.k8s.io/v1', start: 'a' })}`,
      400,
      `${badToken}: incorrect encoded start resourceVersion (version meta.k8s.io/v1)`,
    ],
    [`continue=${token({ v: 'meta.k8s.io/v1', rv: 1 })}`, 400, `${badToken}: encoded start key empty (version meta.k8s.io/v1)`],
    [`continue=${token({ v: 'meta.k8s.io/v1', rv: 1, start: '../secrets/x' })}`, 400, `${badToken}: ../secrets/x`],
    [
      `resourceVersion=x&continue=${token({ v: 'meta.k8s.io/v1', rv: 1, start: 'a' })}`,
      400,
      'specifying resource version is not allowed when using continue',
    ],
    ['labelSelector=a%20in%20b', 400, "unable to parse requirement: found 'b' expected: '('"],
    ['fieldSelector=x', 400, "invalid selector: 'x'; can't understand 'x'"],
    ['fieldSelector=spec.x%3D1', 400, '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ])('%s', async (query, code, message) => {
    expect((await api.send('GET', `${collection}?${query}`)).body).toMatchObject({ kind: 'Status', code, message });
  });
});

describe('a watch is refused', () => {
  const needs = 'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  const unsupported = 'resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"';
  test.each<[string, number, string]>([
    ['sendInitialEvents=false', 422, invalid(needs)],
    ['sendInitialEvents=true&resourceVersionMatch=Exact', 422, invalid(`[${needs}, ${unsupported}]`)],
    [
      'resourceVersionMatch=Exact&resourceVersion=1',
      422,
      invalid(
        `[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, ${unsupported}]`,
      ),
    ],
    [
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=x',
      422,
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided'),
    ],
    ['resourceVersion=x', 500, `resourceVersion: Invalid value: "x": ${number('x', 'invalid syntax')}`],
  ])('%s', async (query, code, message) => {
    expect((await api.send('GET', `${collection}?watch=1&${query}`)).body).toMatchObject({ kind: 'Status', code, message });
  });

  test('in YAML, which has no streams', async () => {
    const { code, body } = await api.send('GET', `${collection}?watch=1`, undefined, { accept: 'application/yaml' });
    expect(code).toBe(406);
    // The failure itself is in YAML.
    expect(body).toContain(
      'message: "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"\n',
    );
  });

  test('of one object by the old path, when a selector asks for another', async () => {
    const path = '/api/v1/watch/namespaces/default/configmaps/a?fieldSelector=metadata.name%3D';
    expect((await api.send('GET', `${path}b`)).body).toMatchObject({
      code: 400,
      message: "fieldSelector metadata.name doesn't match requested name",
    });
    const watch = await api.watch(`${path}a`);
    expect((await watch.next(1))[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    await watch.cancel();
  });
});

test.each(['', '&resourceVersion=0'])(
  'a watch without a revision (%s) tells when the first state is complete, to who takes bookmarks',
  async (query) => {
    const watch = await api.watch(`${collection}?watch=1&allowWatchBookmarks=true${query}`);
    const events = await watch.next(3);
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
    expect(events[2].object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    await watch.cancel();
  },
);

const oldPath = '/api/v1/watch/namespaces/default/configmaps';

test('a watch by the old path alone is given what there is, and not told when that is complete', async () => {
  const watch = await api.watch(`${oldPath}?allowWatchBookmarks=true`);
  const events = await watch.next(2);
  await api.send('PATCH', `${collection}/a`, { data: { k: 'v' } }, { 'content-type': 'application/merge-patch+json' });
  events.push(...(await watch.next(1)));
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'MODIFIED']);
  await watch.cancel();
});

test.each([
  ['sendInitialEvents=true', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
  [
    'resourceVersionMatch=NotOlderThan',
    'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  ],
])('and has the options of a list: %s', async (query, fields) => {
  expect((await api.send('GET', `${oldPath}?${query}`)).body).toMatchObject({ code: 422, message: invalid(fields) });
});

test('a watch by the old path that says so in its query, too, is one as any', async () => {
  const watch = await api.watch(`${oldPath}?watch=1&allowWatchBookmarks=true`);
  expect((await watch.next(3)).map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
  await watch.cancel();
});

test('a watch may be turned off in capital letters', async () => {
  expect((await api.send('GET', `${collection}?watch=False`)).body.kind).toBe('ConfigMapList');
});

test('one object is given without a page to follow, at any revision', async () => {
  const { body } = await api.send('GET', `${collection}?fieldSelector=metadata.name%3Da&limit=1`);
  expect(body.metadata).toEqual({ resourceVersion: String(api.store.revision) });
  expect(body.items).toHaveLength(1);
  const exact = await api.send('GET', `${collection}?fieldSelector=metadata.name%3Da&limit=1&resourceVersion=${api.store.revision}`);
  expect(exact.body.metadata.continue).toBeUndefined();
  const everywhere = await api.send('GET', '/api/v1/configmaps?fieldSelector=metadata.name%3Da&limit=1');
  expect(everywhere.body.metadata.continue).toBeDefined();
});
