import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../../runtime/api/kinds/kind.ts';
import { temporaryFolder } from '../../support/cluster-process.ts';
import { median, percentile, report } from '../report.ts';
import { ours, yamlLanguageServer } from './contenders.ts';
import { manifestOf, script } from './manifests.ts';
import { type Contender, ServerProcess } from './server-process.ts';

const bench = 'language';
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const indexed = 2000;
/** All names are of one length: none has the letters of another one in it. */
const firstIndex = 10_000;
/** Files of so many lines, and how many keys are typed in each, the script's last: after each of them a slow server takes seconds. */
const typed = [
  { lines: 1000, keys: 80 },
  { lines: 10_000, keys: 40 },
] as const;

/** What one round tells of a server, by figure, in milliseconds or MiB. */
type Figures = Map<string, number>;

/**
 * Our server against yaml-language-server alone: the same files, the same keys, one after the other, each a process of its own behind stdio. A line
 * for each figure and server, and one for how many times ahead ours is.
 */
export async function benchLanguage(): Promise<void> {
  const contenders = process.env.BENCH_ALONE === '1' ? [ours] : [ours, await yamlLanguageServer()];
  const samples = new Map<string, Map<string, number[]>>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      for (const [figure, value] of await measure(contender)) {
        const byName = samples.get(figure) ?? new Map<string, number[]>();
        byName.set(contender.name, [...(byName.get(contender.name) ?? []), value]);
        samples.set(figure, byName);
      }
    }
  }
  for (const [figure, byName] of samples) {
    const unit = figure.startsWith('memory') ? 'MiB' : 'ms';
    for (const [name, values] of byName) report(bench, `${name}: ${figure}`, unit, values, name === ours.name ? goals[figure] : undefined);
    const theirs = byName.get('yaml-language-server');
    const own = byName.get(ours.name);
    if (own && theirs) report(bench, `times ahead: ${figure}`, 'x', [median(theirs) / median(own)], aheadOf(figure));
  }
  report(bench, `${ours.name}: ${indexed} files indexed`, 'ms', await each(() => timeToIndex()), '<= 4000');
}

const goals: Readonly<Record<string, string>> = {
  'first diagnostics after spawn': '<= 500',
  'diagnostics after a key, 1,000 lines, p95': '<= 15',
  'diagnostics after a key, 10,000 lines, p95': '<= 30',
  'completion, 1,000 lines, p95': '<= 12',
  'completion, 10,000 lines, p95': '<= 20',
  'memory with all kinds loaded': '<= 150',
};

function aheadOf(figure: string): string | undefined {
  return figure.startsWith('first diagnostics') || figure.includes('10,000 lines') ? '>= 10' : undefined;
}

async function each(work: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) values.push(await work());
  return values;
}

async function measure(contender: Contender): Promise<Figures> {
  const figures: Figures = new Map();
  const began = performance.now();
  const server = await ServerProcess.start(contender, 'file:///workspace');
  const first = 'file:///workspace/first.yaml';
  await server.open(first, manifestOf(50));
  await server.diagnostics(first);
  figures.set('first diagnostics after spawn', performance.now() - began);
  for (const { lines, keys } of typed) await typeInto(server, lines, keys, figures);
  const all = 'file:///workspace/kinds.yaml';
  await server.open(
    all,
    kinds.map((kind) => `apiVersion: ${apiVersionOf(kind)}\nkind: ${kind.kind}\nmetadata:\n  name: a\n`).join('---\n'),
  );
  await server.diagnostics(all);
  figures.set('memory with all kinds loaded', server.memory());
  await server.end();
  return figures;
}

/** Types the end of the script at the end of a file, and asks after every key what an editor would ask. */
async function typeInto(server: ServerProcess, lines: number, keys: number, figures: Figures): Promise<void> {
  const uri = `file:///workspace/lines-${lines}.yaml`;
  const where = `${lines.toLocaleString('en')} lines`;
  await server.open(uri, manifestOf(lines, lines) + script.slice(0, script.length - keys));
  await server.diagnostics(uri);
  const times = { diagnostics: [] as number[], completion: [] as number[], hover: [] as number[] };
  for (const key of script.slice(script.length - keys)) {
    const typed = performance.now();
    const position = await server.type(uri, key);
    await server.diagnostics(uri);
    const checked = performance.now();
    times.diagnostics.push(checked - typed);
    await server.complete(uri, position);
    const completed = performance.now();
    times.completion.push(completed - checked);
    await server.hover(uri, { line: position.line - 1, character: 8 });
    times.hover.push(performance.now() - completed);
  }
  for (const [name, values] of Object.entries(times)) {
    const sorted = values.toSorted((left, right) => left - right);
    const figure = name === 'diagnostics' ? 'diagnostics after a key' : name;
    figures.set(`${figure}, ${where}, p50`, percentile(sorted, 0.5));
    figures.set(`${figure}, ${where}, p95`, percentile(sorted, 0.95));
  }
}

/** From spawning our server in a folder of many files to the answers that name the last file of every folder in it. */
async function timeToIndex(): Promise<number> {
  const folder = temporaryFolder();
  const last = new Map<string, string>();
  for (let index = 0; index < indexed; index++) {
    const directory = join(folder.path, `app-${index % 50}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `web-${firstIndex + index}.yaml`), manifestOf(1, firstIndex + index));
    last.set(directory, '');
  }
  const names = [...last.keys()].map((directory) => basename(readdirSync(directory).at(-1) ?? '', '.yaml'));
  const began = performance.now();
  const server = await ServerProcess.start(ours, pathToFileURL(folder.path).href);
  for (const name of names) {
    const isThere = async () =>
      (await server.request<{ name: string }[]>('workspace/symbol', { query: `Deployment/${name}` })).some(
        (symbol) => symbol.name === `Deployment/${name}`,
      );
    while (!(await isThere())) await sleep(5);
  }
  const taken = performance.now() - began;
  await server.end();
  folder.remove();
  return taken;
}
