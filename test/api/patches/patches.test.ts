import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import definitions from '../../../runtime/api/generated/definitions.json' with { type: 'json' };
import type { Definitions } from '../../../runtime/api/kinds/schema.ts';
import type { Json } from '../../../runtime/api/object.ts';
import { applyJsonPatch } from '../../../runtime/api/patches/json-patch.ts';
import type { JsonMap } from '../../../runtime/api/patches/json-tree.ts';
import { applyMergePatch } from '../../../runtime/api/patches/merge-patch.ts';
import { PatchError } from '../../../runtime/api/patches/patch-error.ts';
import { applyStrategicMergePatch } from '../../../runtime/api/patches/strategic-merge-patch.ts';

const schemaOf = (name: string) => (definitions as unknown as Definitions)[name];

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function errorOf(run: () => unknown): PatchError {
  try {
    run();
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('JSON patch', () => {
  const document = freeze({
    metadata: { labels: { a: '1' } },
    list: [1, 2, 3],
    other: { x: 1 },
  });

  it('that copies without end is refused before it has', () => {
    const doubling = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/metadata', path: `/metadata/k${index}` }));
    const { code, message } = errorOf(() => applyJsonPatch({ metadata: { a: 'x'.repeat(1000), '<': '\u00e9' } }, doubling));
    expect(code).toBe(422);
    expect(message).toMatch(/^Unable to complete the copy, the accumulated size increase of copy is 4\d{6}, exceeding the limit 3145728$/);
    const twice = [1, 2].map((key) => ({ op: 'copy', from: '/metadata', path: `/k${key}` }));
    const large = { metadata: { a: `<${'\u00e9'.repeat(786_425)}` } };
    expect(() => applyJsonPatch(large, twice)).not.toThrow();
    large.metadata.a += 'x';
    expect(errorOf(() => applyJsonPatch(large, twice)).message).toContain('is 3145730, exceeding');
  });

  it('of many operations on much is applied at once', () => {
    const much = Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${index}`, '']));
    const operations = Array.from({ length: 10_000 }, (_, index) => ({ op: 'add', path: `/data/n${index}`, value: '' }));
    expect(Object.keys((applyJsonPatch({ data: much }, operations) as { data: JsonMap }).data)).toHaveLength(100_000);
    expect(Object.keys(much)).toHaveLength(90_000);
  });

  it('does what its operations do one by one, and changes neither itself nor what it is applied to', () => {
    const path = fc.constantFrom(
      '/a',
      '/a/b',
      '/a/b/c',
      '/a/l',
      '/a/l/0',
      '/a/l/-',
      '/l',
      '/l/1',
      '/l/-',
      '/l/0/a',
      '/__proto__',
      '/a/__proto__',
    );
    const operation = fc.record(
      { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path, from: path, value: fc.jsonValue({ maxDepth: 2 }) },
      { requiredKeys: ['op', 'path', 'from'] },
    );
    const whole = freeze({ a: { b: { c: 1 }, l: [{ a: 1 }, 2] }, l: [{ a: { b: {} } }, [3]] });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (all) => {
        const operations = freeze(all) as Json[];
        const applied: Json[] = [];
        let current: Json = whole;
        for (const each of operations) {
          try {
            current = freeze(applyJsonPatch(current, [each]));
            applied.push(each);
          } catch (error) {
            if (!(error instanceof PatchError)) throw error;
          }
        }
        expect(JSON.stringify(applyJsonPatch(whole, applied))).toBe(JSON.stringify(current));
      }),
    );
  });

  it.each<[string, Json, unknown]>([
    ['adds at the end', [{ op: 'add', path: '/list/-', value: 4 }], { list: [1, 2, 3, 4] }],
    ['adds before an index', [{ op: 'add', path: '/list/1', value: 9 }], { list: [1, 9, 2, 3] }],
    ['counts negative indices from the end', [{ op: 'remove', path: '/list/-1' }], { list: [1, 2] }],
    ['decodes ~1 and ~0', [{ op: 'add', path: '/metadata/labels/a~1b~0', value: 'x' }], { metadata: { labels: { a: '1', 'a/b~': 'x' } } }],
    [
      'replaces a missing key of an object',
      [{ op: 'replace', path: '/metadata/labels/n', value: 'x' }],
      { metadata: { labels: { a: '1', n: 'x' } } },
    ],
    ['moves', [{ op: 'move', from: '/metadata/labels/a', path: '/metadata/labels/b' }], { metadata: { labels: { b: '1' } } }],
    ['copies', [{ op: 'copy', from: '/list/0', path: '/list/-' }], { list: [1, 2, 3, 1] }],
    [
      'tests without regard to key order, and against null for what is missing',
      [
        { op: 'test', path: '/other', value: { x: 1 } },
        { op: 'test', path: '/none', value: null },
      ],
      {},
    ],
  ])('%s', (_, operations, expected) => {
    expect(applyJsonPatch(document, operations)).toEqual({
      ...document,
      ...(expected as object),
    });
  });

  it('shares what it does not touch', () => {
    const result = applyJsonPatch(document, [{ op: 'add', path: '/metadata/labels/b', value: '2' }]) as typeof document;
    expect(result.other).toBe(document.other);
    expect(result.list).toBe(document.list);
  });

  it.each<[Json, number, string]>([
    [[{ op: 'add', path: '/foo/bar', value: 1 }], 422, 'add operation does not apply: doc is missing path: "/foo/bar": missing value'],
    [
      [{ op: 'remove', path: '/metadata/labels/none' }],
      422,
      "error in remove for path: '/metadata/labels/none': Unable to remove nonexistent key: none: missing value",
    ],
    [
      [{ op: 'remove', path: '/list/7' }],
      422,
      "error in remove for path: '/list/7': Unable to access invalid index: 7: invalid index referenced",
    ],
    [[{ op: 'replace', path: '/list/7', value: 1 }], 422, 'replace operation does not apply: doc is missing key: /list/7: missing value'],
    [[{ op: 'test', path: '/list/0', value: 2 }], 422, 'testing value /list/0 failed: test failed'],
    [[{ op: 'foo', path: '/x' }], 422, 'Unexpected kind: foo'],
    [{ op: 'add' }, 400, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
    [
      Array.from({ length: 10001 }, () => ({ op: 'test', path: '/none' })),
      413,
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    ],
  ])('refuses %j', (operations, code, message) => {
    expect(errorOf(() => applyJsonPatch(document, operations))).toMatchObject({
      code,
      message,
    });
  });

  it('treats __proto__ as a key like any other', () => {
    const result = applyJsonPatch({ data: {} }, [{ op: 'add', path: '/data/__proto__', value: { polluted: true } }]);
    expect(JSON.stringify(result)).toBe('{"data":{"__proto__":{"polluted":true}}}');
    expect(errorOf(() => applyJsonPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: true }])).code).toBe(422);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('merge patch', () => {
  // The examples of RFC 7386, appendix A.
  it.each<[Json, Json, Json]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (document, patch, expected) => {
    expect(applyMergePatch(freeze(document), freeze(patch))).toEqual(expected);
  });

  it('is idempotent, and gives back the document itself when nothing changes', () => {
    const json = fc.object({
      maxDepth: 3,
      values: [fc.integer(), fc.string(), fc.constant(null)],
    }) as fc.Arbitrary<JsonMap>;
    fc.assert(
      fc.property(json, json, (document, patch) => {
        const once = applyMergePatch(freeze(document), freeze(patch));
        expect(applyMergePatch(once, patch)).toEqual(once);
        expect(applyMergePatch(document, {})).toBe(document);
      }),
    );
  });

  it('never reaches a prototype', () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(JSON.stringify(applyMergePatch({}, patch))).toBe(JSON.stringify(patch));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('strategic merge patch', () => {
  const podSpec = freeze({
    containers: [
      {
        name: 'c1',
        image: 'img:1',
        args: ['a'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ports: [{ containerPort: 80 }, { containerPort: 443 }],
      },
      { name: 'c2', image: 'img:2' },
    ],
    tolerations: [{ key: 'k1', operator: 'Exists' }],
    nodeSelector: { a: 'b' },
  });
  const pod = freeze({
    metadata: { name: 'p', finalizers: ['x/1', 'x/2'], labels: { l: '1' } },
    spec: podSpec,
  });
  const patched = (patch: JsonMap) =>
    applyStrategicMergePatch(pod, freeze(patch), schemaOf, 'io.k8s.api.core.v1.Pod') as unknown as typeof pod;
  const names = (patch: JsonMap) => patched({ spec: patch }).spec.containers.map((container) => `${container.name}=${container.image}`);

  it('merges containers by name, keeps their order and shares the rest', () => {
    const result = patched({
      spec: { containers: [{ name: 'c1', image: 'img:9' }] },
    });
    expect(result.spec.containers[0]).toEqual({
      ...podSpec.containers[0],
      image: 'img:9',
    });
    expect(result.spec.containers[1]).toBe(podSpec.containers[1]);
    expect(result.metadata).toBe(pod.metadata);
  });

  it('puts new items where upstream does: behind the patched ones, before the rest of the list', () => {
    expect(names({ containers: [{ name: 'c3', image: 'img:3' }] })).toEqual(['c3=img:3', 'c1=img:1', 'c2=img:2']);
    expect(
      names({
        containers: [
          { name: 'c2', image: 'x' },
          { name: 'c3', image: 'y' },
        ],
      }),
    ).toEqual(['c1=img:1', 'c2=x', 'c3=y']);
  });

  it.each<[string, JsonMap, string[]]>([
    ['$patch: delete', { containers: [{ name: 'c1', $patch: 'delete' }] }, ['c2=img:2']],
    ['$patch: replace', { containers: [{ $patch: 'replace' }, { name: 'n', image: 'i' }] }, ['n=i']],
    ['$setElementOrder', { '$setElementOrder/containers': [{ name: 'c2' }, { name: 'c1' }] }, ['c2=img:2', 'c1=img:1']],
    [
      '$setElementOrder with items',
      {
        '$setElementOrder/containers': [{ name: 'c2' }],
        containers: [{ name: 'c2', image: 'x' }],
      },
      ['c1=img:1', 'c2=x'],
    ],
    [
      '$setElementOrder without a deletion',
      {
        '$setElementOrder/containers': [{ name: 'c1' }, { name: 'c3' }],
        containers: [{ name: 'c3', image: 'x' }],
      },
      ['c1=img:1', 'c3=x', 'c2=img:2'],
    ],
    [
      '$setElementOrder with a deletion, for which a new item counts as the last',
      {
        '$setElementOrder/containers': [{ name: 'c3' }],
        containers: [
          { name: 'c3', image: 'x' },
          { name: 'c1', $patch: 'delete' },
        ],
      },
      ['c2=img:2', 'c3=x'],
    ],
  ])('obeys %s in a list', (_, patch, expected) => {
    expect(names(patch)).toEqual(expected);
  });

  it('replaces lists without a merge strategy', () => {
    expect(patched({ spec: { tolerations: [{ key: 'k3' }] } }).spec.tolerations).toEqual([{ key: 'k3' }]);
  });

  it('merges, orders and deletes scalars of a set', () => {
    expect(patched({ metadata: { finalizers: ['x/3', 'x/1'] } }).metadata.finalizers).toEqual(['x/3', 'x/1', 'x/2']);
    expect(patched({ metadata: { '$deleteFromPrimitiveList/finalizers': ['x/1'] } }).metadata.finalizers).toEqual(['x/2']);
    expect(
      patched({
        metadata: {
          '$setElementOrder/finalizers': ['x/2', 'x/1', 'x/0'],
          finalizers: ['x/0'],
        },
      }).metadata.finalizers,
    ).toEqual(['x/2', 'x/1', 'x/0']);
  });

  it('obeys $patch and $retainKeys in a map', () => {
    expect(patched({ metadata: { labels: { $patch: 'replace', n: '2' } } }).metadata.labels).toEqual({ n: '2' });
    expect(patched({ metadata: { labels: { $patch: 'delete' } } }).metadata.labels).toEqual({});
    expect(patched({ metadata: { labels: { $retainKeys: ['n'], n: '2' } } }).metadata.labels).toEqual({ n: '2' });
  });

  it('drops nulls and directives where there is nothing yet', () => {
    const result = patched({
      spec: {
        securityContext: { runAsUser: null, runAsGroup: 1 },
        volumes: [{ name: 'v', $patch: 'delete' }],
      },
    });
    expect(result.spec).toMatchObject({
      securityContext: { runAsGroup: 1 },
      volumes: [],
    });
    expect(Object.keys((result.spec as unknown as { securityContext: object }).securityContext)).toEqual(['runAsGroup']);
  });

  it.each<[JsonMap, number, string]>([
    [{ containers: [{ image: 'x' }] }, 500, 'map: map[image:x] does not contain declared merge key: name'],
    [{ containers: [{ name: 'c1', $patch: 'foo' }] }, 500, 'unknown patch type: foo in map: map[$patch:foo name:c1]'],
    [
      {
        '$setElementOrder/containers': [{ name: 'c2' }],
        containers: [{ name: 'c1', image: 'img:9' }],
      },
      500,
      "The order in patch list:\n[map[image:img:9 name:c1]]\n doesn't match $setElementOrder list:\n[map[name:c2]]\n",
    ],
    [{ nodeSelector: { $retainKeys: ['x'], y: '1' } }, 400, 'invalid patch format of retainKeys'],
    [{ $deleteFromPrimitiveList: ['x'] }, 400, 'invalid patch format of primitive list'],
  ])('refuses %j', (patch, code, message) => {
    expect(errorOf(() => patched({ spec: patch }))).toMatchObject({
      code,
      message,
    });
  });
});
