import { expect, it } from 'vitest';
import { type Api, startApi } from '../api.ts';

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

const finished = 'Timeout: request did not complete within requested timeout - context deadline exceeded';
const allotted = 'Timeout: request did not complete within the allotted timeout';

/** A server that does not come to decide who may do what. */
async function stalling() {
  let isStalled = false;
  const decide = () => (isStalled ? new Promise<never>(() => {}) : Promise.resolve({ decision: 'allow' as const }));
  const api = await startApi({ authorizer: { authorize: decide, rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }) } });
  isStalled = true;
  return api;
}

async function answeredAfter(api: Api, seconds: number, ...request: Parameters<Api['send']>) {
  let answer: Awaited<ReturnType<Api['send']>> | undefined;
  api.send(...request).then((given) => {
    answer = given;
  });
  await api.clock.advance(seconds * 1000 - 1);
  expect(answer).toBeUndefined();
  await api.clock.advance(1);
  return answer;
}

it.each([
  ['GET', `${configMaps}?timeout=3s`, 3, allotted],
  ['GET', configMaps, 60, allotted],
  ['GET', `${configMaps}/a?timeout=2h`, 60, allotted],
  ['GET', '/version?timeout=-1s', 60, allotted],
  ['POST', `${configMaps}?timeout=0s`, 34, finished],
  ['PUT', `${configMaps}/a?timeout=50s`, 34, finished],
  ['DELETE', `${configMaps}/a?timeout=1.5s`, 1.5, finished],
  ['DELETE', configMaps, 60, finished],
])('%s %s is answered after %d s', async (method, path, seconds, message) => {
  const answer = await answeredAfter(await stalling(), seconds, method, path);
  expect(answer?.code).toBe(504);
  expect(answer?.body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Timeout',
    details: {},
    code: 504,
  });
});
