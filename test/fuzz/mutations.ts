import fc from 'fast-check';

/** Values that decoders, validators and merges have stumbled over, here or elsewhere. */
const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e21,
  2 ** 53,
  -0.5,
  '',
  ' ',
  'a'.repeat(300),
  '\u0000',
  '\ud800',
  'ＡＢＣ',
  '../..',
  '<no value>',
  '1e1000000',
  '99999999999999999999Gi',
  '9999999h',
  '0001-01-01T00:00:00Z',
  '$(A)$(B)',
  '(a+)+$',
  [],
  {},
  [null],
  [[]],
  [{}, {}],
  { '': '' },
  { $patch: 'delete' },
  { $patch: 'nothing' },
  { $retainKeys: 1 },
];

const oddKeys: readonly string[] = [
  '',
  '.',
  'constructor',
  '__proto__',
  'toString',
  'a/b/c',
  'k'.repeat(400),
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  'metadata',
  'spec',
  'status',
  'finalizers',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'uid',
  'deletionTimestamp',
  'x-kubernetes-preserve-unknown-fields',
];

/** One change of a JSON value: where (as fractions, so that it fits any value) and to what. */
interface Change {
  readonly at: readonly number[];
  readonly what: 'drop' | 'replace' | 'repeat' | 'rename' | 'nest';
  readonly key: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.array(fc.nat(1000), { minLength: 1, maxLength: 7 }),
  what: fc.constantFrom('drop', 'replace', 'repeat', 'rename', 'nest'),
  key: fc.constantFrom(...oddKeys),
  value: fc.oneof(fc.constantFrom(...oddValues), fc.jsonValue({ maxDepth: 2 })),
});

/** A JSON value near one of the seeds: a few of its parts are gone, other than they were, or somewhere else. */
export function near(seeds: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 })).map(([seed, changes]) => changes.reduce(changed, seed));
}

function changed(value: unknown, { at, ...rest }: Change): unknown {
  const [first, ...further] = at;
  if (first === undefined || typeof value !== 'object' || value === null) return rest.what === 'nest' ? { [rest.key]: value } : rest.value;
  if (Array.isArray(value)) return changedList(value, first, further, rest);
  const keys = Object.keys(value);
  const key = keys[first % (keys.length + 1)];
  const own = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  const entries = keys.map((name): [string, unknown] => [name, own(name)]);
  if (key === undefined) return fromEntries([...entries, [rest.key, rest.value]]);
  if (further.length > 0)
    return fromEntries(entries.map(([name, old]) => [name, name === key ? changed(old, { at: further, ...rest }) : old]));
  if (rest.what === 'drop') return fromEntries(entries.filter(([name]) => name !== key));
  if (rest.what === 'rename') return fromEntries(entries.map(([name, old]) => [name === key ? rest.key : name, old]));
  return fromEntries(entries.map(([name, old]) => [name, name === key ? changed(old, { at: [], ...rest }) : old]));
}

function changedList(list: readonly unknown[], first: number, further: readonly number[], rest: Omit<Change, 'at'>): unknown {
  const index = first % (list.length + 1);
  if (index === list.length) return [...list, rest.value];
  if (rest.what === 'drop') return list.toSpliced(index, 1);
  if (rest.what === 'repeat') return list.toSpliced(index, 0, list[index]);
  return list.with(index, changed(list[index], { at: further, ...rest }));
}

/** `Object.fromEntries` makes `__proto__` a key like others, which an assignment does not. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries);
}

/** Bytes near a text: a piece is cut out, written twice, or overwritten. */
export function nearBytes(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({ at: fc.nat(), length: fc.nat(12), with: fc.uint8Array({ maxLength: 6 }) });
  return fc.tuple(bytes, fc.array(edit, { maxLength: 3 })).map(([start, edits]) => {
    let now = start;
    for (const { at, length, with: put } of edits) {
      const from = at % (now.length + 1);
      now = Uint8Array.from([...now.subarray(0, from), ...put, ...now.subarray(from + length)]);
    }
    return now;
  });
}

/** Text near one of the seeds. */
export function nearText(seeds: readonly string[]): fc.Arbitrary<string> {
  return nearBytes(fc.constantFrom(...seeds).map((seed) => new TextEncoder().encode(seed))).map((bytes) => new TextDecoder().decode(bytes));
}
