import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startFuzzers } from './fuzzers.ts';

const corpus = join(import.meta.dirname, 'corpus');
const fuzzers = await startFuzzers();
afterAll(() => fuzzers.close());

describe('found once, never again', () => {
  test.each(
    readdirSync(corpus)
      .filter((file) => file.endsWith('.json'))
      .sort(),
  )('%s', async (file) => {
    expect(await fuzzers.again(JSON.parse(readFileSync(join(corpus, file), 'utf8')))).toBeUndefined();
  });
});

describe('whatever is sent, the answer is a proper one and the next request works', () => {
  test.each(fuzzers.all)('$name', async ({ run }) => {
    expect(await run({ seed: 36, numRuns: 60 })).toBeUndefined();
  });
});
