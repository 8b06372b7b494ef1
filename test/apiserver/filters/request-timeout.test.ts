import { expect, it } from 'vitest';
import { startApi } from '../api.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

it.each([
  ['5s', 200, undefined],
  ['-1.5h', 200, undefined],
  ['0', 200, undefined],
  ['', 200, undefined],
  ['abc', 400, 'invalid timeout specified in the request URL - time: invalid duration "abc"'],
  ['5', 400, 'invalid timeout specified in the request URL - time: missing unit in duration "5"'],
])('a timeout of %j is answered with %i', async (timeout, code, message) => {
  const api = await startApi();
  const answer = await api.send('GET', `${configMaps}?timeout=${timeout}`);
  expect([answer.code, answer.body.message]).toEqual([code, message]);
});

it('a watch has no use for it', async () => {
  const api = await startApi();
  const watch = await api.watch(`${configMaps}?watch=true&timeout=abc`);
  await watch.cancel();
});
