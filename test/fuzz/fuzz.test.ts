import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { judge, startTarget, type Target } from './judge.ts';
import { type FuzzRequest, requests } from './requests.ts';

const corpus = join(import.meta.dirname, 'corpus');
let target: Target;
beforeAll(async () => {
  target = await startTarget();
});

describe('found once, never again', () => {
  test.each(
    readdirSync(corpus)
      .filter((file) => file.endsWith('.json'))
      .sort(),
  )('%s', async (file) => {
    const request: FuzzRequest = JSON.parse(readFileSync(join(corpus, file), 'utf8'));
    expect(await judge(target, request)).toBeUndefined();
  });
});

describe('whatever is sent, the answer is a proper one and the next request works', () => {
  test.each(Object.entries(requests))('%s', async (_name, request) => {
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        expect(await judge(target, each)).toBeUndefined();
      }),
      { seed: 36, numRuns: 60, endOnFailure: true },
    );
  });
});
