/**
 * `node .config/run.mjs test/golden/count.ts FOLDER`: plays answers recorded from another API server (FOLDER has `out/AREA/CASE.json` and, in `lib.mjs`, what
 * plays and compares them) against our API alone, and counts how many are the same, with the differences listed in `differences.md` as equal. Then tells
 * what differs without being listed, and what is listed without differing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startApiAlone } from './api-alone.ts';
import { listedDifferences } from './listed.ts';

interface Answer {
  readonly code: number;
}

interface RecordedCase {
  readonly id: string;
  readonly area: string;
  readonly env: string;
  readonly serial?: boolean;
  readonly steps: readonly { readonly response?: Answer; readonly setup?: boolean; readonly unstable?: boolean }[];
}

interface Player {
  client(options: { url: string; token: string; insecure: boolean }): unknown;
  runCase(
    request: unknown,
    played: RecordedCase,
  ): Promise<{ readonly out: readonly (Answer | null)[]; readonly errors: readonly string[] }>;
  pool<T>(items: readonly T[], size: number, run: (item: T) => Promise<void>): Promise<void>;
  compare(expected: Answer, got: Answer, ignored: readonly string[]): { code: boolean; error: boolean; body: boolean };
  /** The place of each difference, and in further lines what stands there. */
  diff(expected: Answer, got: Answer): readonly string[];
}

const folder = resolve(process.argv[2] ?? '.');
const player = (await import(pathToFileURL(join(folder, 'lib.mjs')).href)) as Player;
const areas = readdirSync(join(folder, 'out')).map((area) => join(folder, 'out', area));
const files = areas.flatMap((area) => readdirSync(area).map((file) => join(area, file)));
const cases = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as RecordedCase).filter(({ env }) => env === 'api');
const listed = listedDifferences(readFileSync(join('test', 'golden', 'differences.md'), 'utf8'));

const used = new Set<string>();
const unlisted: string[] = [];
const same = { code: 0, error: 0, body: 0 };
const counted = { code: 0, error: 0, body: 0 };
let steps = 0;

function isListed(id: string, difference: string): boolean {
  const place = difference.split('\n')[0] ?? '';
  const found = listed.filter((each) => each.covers(id, place));
  for (const each of found) used.add(`${each.place} ${id}`);
  return found.length > 0;
}

function judge(id: string, step: number, expected: Answer, got: Answer | null | undefined): void {
  steps++;
  if (!got) return void unlisted.push(`${id} ${step}: no answer`);
  const raw = player.compare(expected, got, []);
  const open = (raw.code ? player.diff(expected, got) : [`/code\n${expected.code} ${got.code}`]).filter((each) => !isListed(id, each));
  const ofFailure = open.filter((each) => /^\/body\/(message|reason|details)/.test(each));
  const code = raw.code || open.length === 0;
  const error = raw.error || (code && ofFailure.length === 0);
  const body = raw.body || open.length === 0;
  for (const [tally, result] of [[same, raw] as const, [counted, { code, error, body }] as const])
    for (const key of ['code', 'error', 'body'] as const) if (result[key]) tally[key]++;
  unlisted.push(...open.map((each) => `${id} ${step}: ${each.replaceAll('\n', ' | ').slice(0, 400)}`));
}

const request = player.client({ ...(await startApiAlone()), insecure: true });
async function play(each: RecordedCase): Promise<void> {
  const sent = { ...each, steps: each.steps.map(({ response: _response, unstable: _unstable, ...step }) => step) };
  const { out, errors } = await player.runCase(request, sent).catch((error: Error) => ({ out: [], errors: [error.message] }));
  const id = `${each.area}/${each.id}`;
  unlisted.push(...errors.map((error) => `${id}: ${error}`));
  for (const [index, { response, setup }] of each.steps.entries()) if (response && !setup) judge(id, index + 1, response, out[index]);
}
await player.pool(
  cases.filter(({ serial }) => !serial),
  4,
  play,
);
await player.pool(
  cases.filter(({ serial }) => serial),
  1,
  play,
);

for (const line of unlisted.sort()) console.log(`unlisted: ${line}`);
for (const { place, cases: ids } of listed)
  for (const id of ids) if (!used.has(`${place} ${id}`)) console.log(`listed, but the same: ${place} ${id}`);
const percent = (tally: typeof same) =>
  [tally.code, tally.error, tally.body].map((count) => `${((100 * count) / steps).toFixed(1)} %`).join(' / ');
console.log(
  `${steps} steps; same status / also reason, message and causes / also body: ${percent(counted)} with the listed differences, raw ${percent(same)}`,
);
process.exit(0);
