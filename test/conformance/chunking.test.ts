import { expect } from 'vitest';
import { behaviour, type Scope } from './support/behaviour.ts';
import { ask, call, eventually, type Json } from './support/cluster.ts';

const total = 40;
const nameOf = (index: number) => `template-${String(index).padStart(4, '0')}`;

/** Makes pod templates and gives the path of their collection. */
async function templates(scope: Scope): Promise<string> {
  const collection = `/api/v1/namespaces/${await scope.namespace()}/podtemplates`;
  const template = { spec: { containers: [{ name: 'test', image: 'test2' }] } };
  const make = (index: number) => ask('POST', collection, { metadata: { name: nameOf(index) }, template });
  await Promise.all(Array.from({ length: total }, (_, index) => make(index)));
  return collection;
}

/** Checks a page that begins at an index, and gives the index behind it. */
function checkPage(list: Json, first: number, limit: number): number {
  const behind = Math.min(first + limit, total);
  expect(list.items.map((item: Json) => item.metadata.name)).toEqual(Array.from({ length: behind - first }, (_, at) => nameOf(first + at)));
  const { continue: token, remainingItemCount } = list.metadata;
  expect([token !== undefined, remainingItemCount]).toEqual(behind < total ? [true, total - behind] : [false, undefined]);
  return behind;
}

/** Reads the pages behind a list, all at one version. */
async function readOn(collection: string, list: Json, from: number, limit: number): Promise<void> {
  let [token, found] = [list.metadata.continue, from];
  while (token !== undefined) {
    const page = await ask('GET', `${collection}?limit=${limit}&continue=${encodeURIComponent(token)}`);
    expect(page.metadata.resourceVersion).toBe(list.metadata.resourceVersion);
    found = checkPage(page, found, limit);
    token = page.metadata.continue;
  }
  expect(found).toBe(total);
}

behaviour('[sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls', async (scope) => {
  const collection = await templates(scope);
  for (const limit of [1, 17, total - 1, total, total + 1]) {
    const list = await ask('GET', `${collection}?limit=${limit}`);
    await readOn(collection, list, checkPage(list, 0, limit), limit);
  }
  expect((await ask('GET', collection)).items).toHaveLength(total);
});

behaviour(
  '[sig-api-machinery] Servers with support for API chunking should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent',
  async (scope) => {
    const collection = await templates(scope);
    const limit = total / 10;
    const first = await ask('GET', `${collection}?limit=${limit}`);
    const found = checkPage(first, 0, limit);
    const next = (token: string) => call('GET', `${collection}?limit=${limit}&continue=${encodeURIComponent(token)}`);
    const expired = await eventually(
      'the token expires',
      async () => {
        // A read every now and then is enough.
        await new Promise((done) => setTimeout(done, 5000));
        const { status, body } = await next(first.metadata.continue);
        return status === 200 ? undefined : body;
      },
      620,
    );
    expect(expired).toMatchObject({ code: 410, reason: 'Expired', metadata: { continue: expect.stringMatching(/./) } });
    const answer = await next(expired.metadata.continue);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
    await readOn(collection, answer.body, checkPage(answer.body, found, limit), limit);
  },
  660,
);
