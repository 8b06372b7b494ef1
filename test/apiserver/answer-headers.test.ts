import { beforeAll, expect, test } from 'vitest';
import { writePrometheus } from '../../runtime/host/node/prometheus.ts';
import { type Api, admin, startApi } from './api.ts';

let api: Api;
beforeAll(async () => {
  const jane = { name: 'jane', groups: ['system:authenticated'] };
  api = await startApi({
    metricsWriter: writePrometheus,
    tokens: [
      { token: 'jane', user: jane },
      { token: 'admin', user: admin },
    ],
  });
});

test.each([
  ['may not', '/api/v1/namespaces', { authorization: 'Bearer jane' }, 403, 'nosniff'],
  ['may not act as another', '/api/v1/namespaces', { authorization: 'Bearer jane', 'impersonate-user': 'joe' }, 403, 'nosniff'],
  ['is unknown', '/api/v1/namespaces', { authorization: 'Bearer nobody' }, 401, null],
  ['asks for what is not there', '/api/v1/namespaces/none', { authorization: 'Bearer admin' }, 404, null],
  ['asks for the health', '/readyz', { authorization: 'Bearer admin' }, 200, 'nosniff'],
  ['asks for metrics', '/metrics', { authorization: 'Bearer admin' }, 200, null],
  ['asks for OpenAPI', '/openapi/v3', { authorization: 'Bearer admin' }, 200, null],
])('browsers may guess and keep only what upstream lets them: who %s', async (_, path, headers: Record<string, string>, code, sniff) => {
  const answer = await api.send('GET', path, undefined, headers, {});
  const told = [answer.code, answer.headers.get('x-content-type-options'), answer.headers.get('cache-control')];
  expect(told).toEqual([code, sniff, 'no-cache, private']);
});
