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

test.each([
  ['GET', '/api/v1/namespaces/default', '', '}\n'],
  ['GET', '/api/v1/namespaces', '', ']}\n'],
  ['GET', '/api/v1/namespaces', 'application/json;as=Table;v=v1;g=meta.k8s.io', ']}\n'],
  ['GET', '/api/v1/namespaces', 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', ']}\n'],
  ['GET', '/api/v1/namespaces/none', '', '}\n'],
  ['GET', '/apis', '', ']}\n'],
  ['GET', '/api/v1/namespaces/default?pretty=true', '', '\n}'],
  ['GET', '/version', '', '\n}'],
])('JSON ends with its line, as Go’s encoder writes it, but when it is indented: %s %s %s', async (method, path, accept, end) => {
  const headers = { authorization: 'Bearer admin', ...(accept !== '' && { accept }) };
  const answer = await api.server.handle(new Request(`https://localhost${path}`, { method, headers }), {});
  const text = await answer.text();
  expect(text.slice(-end.length)).toBe(end);
});
