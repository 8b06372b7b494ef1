import type { Random } from '../../runtime/simulation/random.ts';

type Container = Record<string | number, unknown>;

/** A field of an object: where it is and what it is called there. */
interface Spot {
  readonly parent: Container | unknown[];
  readonly name: string | number;
  readonly path: string;
}

function spotsOf(value: unknown, path = ''): Spot[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, name) => [{ parent: value, name, path: `${path}[${name}]` }, ...spotsOf(item, `${path}[${name}]`)]);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [{ parent: value as Container, name, path: here }, ...spotsOf(item, here)];
  });
}

/** Values that come into fields by mistake: of other types, out of range, misspelt, empty. */
const strays: readonly unknown[] = [
  '',
  'Not_A Name',
  'x'.repeat(260),
  -1,
  0,
  70000,
  1.5,
  true,
  'true',
  '12',
  '10%',
  null,
  [],
  {},
  ['a'],
  { a: 'b' },
  '1Gi',
  '-5m',
];

/** Changes one field of an object at random: drops it, misspells its name, or gives it another value. Says what it did. */
export function mutations(object: object, random: Random): string | undefined {
  const spots = spotsOf(object).filter(
    ({ path }) => !['apiVersion', 'kind', 'metadata', 'metadata.name', 'metadata.namespace'].includes(path),
  );
  const spot = spots[Math.floor(random.next() * spots.length)];
  if (!spot) return undefined;
  const { parent, name, path } = spot;
  const fields = parent as Container;
  const choice = random.next();
  if (choice < 0.35) {
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete fields[name];
    return `without ${path}`;
  }
  if (choice < 0.5 && typeof name === 'string') {
    fields[`${name}x`] = fields[name];
    delete fields[name];
    return `with ${path}x`;
  }
  if (choice < 0.6 && Array.isArray(parent)) {
    parent.push(structuredClone(fields[name]));
    return `with ${path} twice`;
  }
  const stray = strays[Math.floor(random.next() * strays.length)];
  fields[name] = structuredClone(stray);
  return `with ${path}: ${JSON.stringify(stray)?.slice(0, 40)}`;
}
