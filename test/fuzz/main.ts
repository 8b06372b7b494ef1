// Sends mutated requests for a while. usage: npm run fuzz [SECONDS] [SEED]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { judge, startTarget } from './judge.ts';
import { type FuzzRequest, requests } from './requests.ts';

const slow = 2000;
const maxGrowth = 256 * 1024 * 1024;

const [seconds = '60', seedText = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const folder = join(process.cwd(), 'test/fuzz/corpus');
const until = performance.now() + Number(seconds) * 1000;
const before = process.memoryUsage().rss;
let sent = 0;
let worst = 0;
let found = 0;

/** Keeps a request by which something was found, under the name of what it tries. */
function keep(name: string, request: FuzzRequest, why: string): void {
  found++;
  const file = `${name.replaceAll(' ', '-')}-${Math.abs(hash(JSON.stringify(request))).toString(36)}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify({ why: why.split('\n')[0], ...request }, null, 2)}\n`);
  process.stdout.write(`${name}: ${why}\n  kept as test/fuzz/corpus/${file}\n`);
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return value;
}

for (let seed = Number(seedText); performance.now() < until; seed++) {
  const target = await startTarget();
  for (const [name, request] of Object.entries(requests)) {
    const outcome = await fc.check(
      fc.asyncProperty(request, async (each) => {
        const start = performance.now();
        const complaint = await judge(target, each);
        const took = performance.now() - start;
        worst = Math.max(worst, took);
        sent++;
        if (complaint !== undefined) throw new Error(complaint);
        if (took > slow) throw new Error(`it took ${Math.round(took)} ms`);
      }),
      { seed, numRuns: 300, interruptAfterTimeLimit: Math.max(1, until - performance.now()), markInterruptAsFailure: false },
    );
    const [request_] = outcome.counterexample ?? [];
    if (request_ !== undefined) keep(name, request_, outcome.errorInstance instanceof Error ? outcome.errorInstance.message : 'failed');
  }
}
const grown = process.memoryUsage().rss - before;
if (grown > maxGrowth) {
  found++;
  process.stdout.write(`memory grew by ${Math.round(grown / 1024 / 1024)} MiB\n`);
}
process.stdout.write(`${sent} requests, the slowest took ${Math.round(worst)} ms, ${found} findings\n`);
process.exit(found > 0 ? 1 : 0);
