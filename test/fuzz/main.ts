// Sends mutated requests for a while. usage: npm run fuzz [SECONDS] [SEED]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Found, startFuzzers } from './fuzzers.ts';

const slow = 2000;
/** Bytes that rounds after the first may leave behind. Compiled code grows by about ten MiB within a minute, and then no more. */
const maxGrowth = 32 * 1024 * 1024;

const [seconds = '60', seedText = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const folder = join(process.cwd(), 'test/fuzz/corpus');
const until = performance.now() + Number(seconds) * 1000;
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
/** What was kept after the first round, which compiles and loads. */
let before: number | undefined;
let sent = 0;
let worst = 0;
let found = 0;

/** Keeps a case by which something was found, under the name of what it tries. */
function keep(name: string, { kept, why }: Found): void {
  found++;
  const file = `${name.replaceAll(' ', '-')}-${Math.abs(hash(JSON.stringify(kept))).toString(36)}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify({ why: why.split('\n')[0], ...kept }, null, 2)}\n`);
  process.stdout.write(`${name}: ${why}\n  kept as test/fuzz/corpus/${file}\n`);
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return value;
}

/** Bytes in use once all that nobody holds is gone. What the process has of the system says nothing: it keeps what it had at its busiest. */
function memoryInUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function onCase(took: number): void {
  worst = Math.max(worst, took);
  sent++;
  if (took > slow) throw new Error(`it took ${Math.round(took)} ms`);
}

for (let seed = Number(seedText); performance.now() < until; seed++) {
  const fuzzers = await startFuzzers();
  for (const { name, run } of fuzzers.all) {
    const result = await run({ seed, numRuns: 300, time: Math.max(1, until - performance.now()), onCase });
    if (result !== undefined) keep(name, result);
  }
  await fuzzers.close();
  before ??= memoryInUse();
}
const grown = memoryInUse() - (before ?? 0);
if (grown > maxGrowth) {
  found++;
  process.stdout.write(`memory grew by ${Math.round(grown / 1024 / 1024)} MiB\n`);
}
process.stdout.write(`${sent} requests, the slowest took ${Math.round(worst)} ms, ${found} findings\n`);
process.exit(found > 0 ? 1 : 0);
