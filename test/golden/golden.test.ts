import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Api, startApi } from '../apiserver/api.ts';
import { type Case, replay } from './replay.ts';

const folder = join(import.meta.dirname, 'cases');
let api: Api;

beforeAll(async () => {
  api = await startApi();
});

for (const file of readdirSync(folder).sort()) {
  const cases: Case[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  describe(file, () => {
    for (const each of cases) {
      test(each.title, async () => {
        const answers = await replay(api, each);
        for (const [index, { response }] of each.steps.entries()) if (response !== undefined) expect(answers[index]).toEqual(response);
      });
    }
  });
}
