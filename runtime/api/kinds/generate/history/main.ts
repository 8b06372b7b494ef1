/**
 * Makes `runtime/api/kinds/history.json`, the differences between the releases of Kubernetes, out of the Go types at their tags. It is run by
 * hand when a release is added, on bare clones: `node .config/run.mjs runtime/api/kinds/generate/history/main.ts FOLDER` with `FOLDER/api`,
 * `FOLDER/apimachinery` and `FOLDER/apiextensions-apiserver`.
 */
import { writeFileSync } from 'node:fs';
import type { Lifecycle } from '../../history.ts';
import { compare } from './compare.ts';
import { earlier } from './earlier.ts';
import { readLifecyclesOf, readRelease } from './release.ts';

const oldest = 30;
const newest = 36;
/** The first release whose sources tell lifecycles. */
const firstWithLifecycles = 19;

const [folder = '.'] = process.argv.slice(2);
const lifecycles = new Map<string, Lifecycle>(Object.entries(earlier));
let before: ReadonlySet<string> = new Set();
for (let minor = firstWithLifecycles; minor <= newest; minor++) {
  const told = readLifecyclesOf(folder, minor);
  for (const kind of before) if (!told.has(kind)) endAt(kind, minor);
  for (const [kind, lifecycle] of told) lifecycles.set(kind, { ...earlier[kind], ...lifecycle });
  before = new Set(told.keys());
}
const minors = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
const history = compare(new Map(minors.map((minor) => [`1.${minor}`, readRelease(folder, minor)])), lifecycles);
writeFileSync('runtime/api/kinds/history.json', `${JSON.stringify(history, undefined, 1)}\n`);

/** What went away with its types ended then, whatever had been planned. */
function endAt(kind: string, minor: number): void {
  const lifecycle = lifecycles.get(kind) ?? {};
  const planned = Number(lifecycle.removed?.split('.')[1] ?? minor);
  lifecycles.set(kind, { ...lifecycle, removed: `1.${Math.min(planned, minor)}` });
}
