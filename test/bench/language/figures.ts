import { setTimeout } from 'node:timers/promises';
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../../runtime/api/kinds/kind.ts';
import { percentile } from '../report.ts';
import { oursInstalled } from './contenders.ts';
import { manifestOf, script } from './manifests.ts';
import { type Contender, ServerProcess } from './server-process.ts';

/** What one round tells of a server, by figure, in milliseconds or MiB. */
export type Figures = ReadonlyMap<string, number>;

const folder = 'file:///workspace';

/** Who has opened a file looks at it before they type, which is time that a server may use; in milliseconds. */
const firstLook = 2000;

/** From spawning a server, which has been started before, to the problems of its first file. */
export async function firstDiagnostics(contender: Contender): Promise<Figures> {
  if (contender.hasStartedBefore?.() === false) {
    const before = await ServerProcess.start(contender, folder);
    await openAndCheck(before, 'first.yaml', manifestOf(50));
    while (!contender.hasStartedBefore()) await setTimeout(100);
    await before.end();
  }
  const began = performance.now();
  const server = await ServerProcess.start(contender, folder);
  await openAndCheck(server, 'first.yaml', manifestOf(50));
  const figures = new Map([
    ['first diagnostics after spawn', performance.now() - began],
    ['CPU until first diagnostics', server.cpu()],
  ]);
  await server.end();
  return figures;
}

/** The same of an extension that was installed a moment ago. */
export async function firstStart(): Promise<Figures> {
  const figures = await firstDiagnostics(oursInstalled);
  return new Map([...figures].map(([figure, value]) => [`${figure}, just installed`, value]));
}

/** Types the last keys of the script at the end of a file of so many lines, and asks after every key what an editor would ask. */
export async function typing(contender: Contender, lines: number, keys: number): Promise<Figures> {
  const server = await ServerProcess.start(contender, folder);
  const uri = await openAndCheck(server, `lines-${lines}.yaml`, manifestOf(lines, lines) + script.slice(0, script.length - keys));
  const where = `${lines.toLocaleString('en')} lines`;
  const times = { diagnostics: [] as number[], completion: [] as number[], hover: [] as number[] };
  await setTimeout(firstLook);
  const used = server.cpu();
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
  const figures = new Map([[`CPU of a key, ${where}`, (server.cpu() - used) / keys]]);
  for (const [name, values] of Object.entries(times)) {
    const sorted = values.toSorted((left, right) => left - right);
    const figure = name === 'diagnostics' ? 'diagnostics after a key' : name;
    figures.set(`${figure}, ${where}, p50`, percentile(sorted, 0.5));
    figures.set(`${figure}, ${where}, p95`, percentile(sorted, 0.95));
  }
  await server.end();
  return figures;
}

/** Memory once a document of every kind and a long file have been checked, and something was typed and completed. */
export async function memoryOfKinds(contender: Contender): Promise<Figures> {
  const server = await ServerProcess.start(contender, folder);
  await openAndCheck(server, 'long.yaml', manifestOf(10_000));
  const uri = await openAndCheck(
    server,
    'kinds.yaml',
    kinds.map((kind) => `apiVersion: ${apiVersionOf(kind)}\nkind: ${kind.kind}\nmetadata:\n  name: a\n`).join('---\n'),
  );
  const position = await server.type(uri, script);
  await server.diagnostics(uri);
  await server.complete(uri, position);
  await server.hover(uri, { line: position.line - 1, character: 8 });
  const figures = new Map([['memory with all kinds loaded', server.memory()]]);
  await server.end();
  return figures;
}

async function openAndCheck(server: ServerProcess, name: string, text: string): Promise<string> {
  const uri = `${folder}/${name}`;
  await server.open(uri, text);
  await server.diagnostics(uri);
  return uri;
}
