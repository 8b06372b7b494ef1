import { median, report } from '../report.ts';
import { ours, yamlLanguageServer } from './contenders.ts';
import { type Figures, firstDiagnostics, firstStart, memoryOfKinds, typing } from './figures.ts';
import type { Contender } from './server-process.ts';
import { indexing, openFiles, unknownFields } from './workspace-figures.ts';

const bench = 'language';
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

interface Part {
  readonly name: string;
  /** What other servers are not asked for. */
  readonly alone?: true;
  measure(contender: Contender): Promise<Figures>;
}

/** What is measured, each with processes of its own: `npm run bench language:index` measures one of them alone. */
const parts: readonly Part[] = [
  { name: 'start', measure: firstDiagnostics },
  { name: 'first-start', alone: true, measure: firstStart },
  { name: 'typing-1000', measure: (contender) => typing(contender, 1000, 80) },
  // The script's last keys: after each of them a slow server takes seconds.
  { name: 'typing-10000', measure: (contender) => typing(contender, 10_000, 40) },
  { name: 'kinds', measure: memoryOfKinds },
  { name: 'unknown-fields', alone: true, measure: unknownFields },
  { name: 'index', alone: true, measure: indexing },
  { name: 'open-files', alone: true, measure: openFiles },
];

/** The parts of this bench, by the names they are asked for with. */
export const languageParts: readonly string[] = parts.map(({ name }) => name);

/**
 * Our server against yaml-language-server alone: the same files, the same keys, one after the other, each a process of its own behind stdio. A line
 * for each figure and server, and one for how many times ahead ours is. `wanted` names the parts; undefined stands for all.
 */
export async function benchLanguage(wanted?: readonly string[]): Promise<void> {
  const contenders = process.env.BENCH_ALONE === '1' ? [ours] : [ours, await yamlLanguageServer()];
  for (const part of parts) {
    if (wanted && !wanted.includes(part.name)) continue;
    const samples = new Map<string, Map<string, number[]>>();
    for (let round = 0; round < rounds; round++) {
      for (const contender of part.alone ? [ours] : contenders) {
        for (const [figure, value] of await part.measure(contender)) {
          const byName = samples.get(figure) ?? new Map<string, number[]>();
          byName.set(contender.name, [...(byName.get(contender.name) ?? []), value]);
          samples.set(figure, byName);
        }
      }
    }
    for (const [figure, byName] of samples) reportFigure(figure, byName);
  }
}

function reportFigure(figure: string, byName: ReadonlyMap<string, readonly number[]>): void {
  const unit = figure.startsWith('memory') ? 'MiB' : 'ms';
  for (const [name, values] of byName) report(bench, `${name}: ${figure}`, unit, values, name === ours.name ? goals[figure] : undefined);
  const theirs = byName.get('yaml-language-server');
  const own = byName.get(ours.name);
  if (own && theirs) report(bench, `times ahead: ${figure}`, 'x', [median(theirs) / median(own)], aheadOf(figure));
}

const goals: Readonly<Record<string, string>> = {
  'first diagnostics after spawn': '<= 500',
  'diagnostics after a key, 1,000 lines, p95': '<= 15',
  'diagnostics after a key, 10,000 lines, p95': '<= 30',
  'completion, 1,000 lines, p95': '<= 12',
  'completion, 10,000 lines, p95': '<= 20',
  'memory with all kinds loaded': '<= 150',
  '2,000 files indexed': '<= 4000',
};

/** What is asked of the start, and of what a long file has to be looked through for; most of a hover's millisecond is the way there and back. */
function aheadOf(figure: string): string | undefined {
  const ofLongFile = figure.includes('10,000 lines') && (figure.startsWith('diagnostics') || figure.startsWith('completion'));
  return ofLongFile || figure.startsWith('first diagnostics') ? '>= 10' : undefined;
}
