import { beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';
import { define, widgetDefinition, widgets } from './custom-resources/widgets.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await define(api, widgetDefinition());
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('the old path of watches is none of %s', async (method) => {
  const path = '/api/v1/watch/namespaces/default/configmaps';
  const sent = method === 'DELETE' ? undefined : { metadata: { name: 'made' } };
  const headers: Record<string, string> = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};
  for (const each of [path, `${path}/made`]) expect((await api.send(method, each, sent, headers)).code).toBe(405);
  expect((await api.send('GET', '/api/v1/namespaces/default/configmaps/made')).code).toBe(404);
});

test.each([
  ['/api/v1/watch', '/api/v1/watch'],
  ['/api/v1/proxy/?a=%3C&b', '/api/v1/proxy/?a=%3C&amp;b'],
  ['/apis/nope/v1/watch', '/apis/nope/v1/watch'],
])('%s ends where it had to say what it is about', async (path, told) => {
  const { code, body, headers } = await api.send('GET', path, undefined, {}, {});
  expect([code, headers.get('content-type')]).toEqual([500, 'text/plain; charset=utf-8']);
  expect(headers.get('audit-id')).not.toBeNull();
  expect(body).toBe(
    `Internal Server Error: "${told}": failed to create RequestInfo: unable to determine kind and namespace from url, ${told}\n`,
  );
});

test('the old path of proxies is told of to those who may not ask for it, and leads nowhere', async () => {
  const path = '/api/v1/proxy/nodes/n/metrics';
  const { code, body } = await api.send('GET', path, undefined, {}, { component: { name: 'eve', groups: [] } });
  expect([code, body.message]).toEqual([
    403,
    'nodes "n" is forbidden: User "eve" cannot proxy resource "nodes" in API group "" at the cluster scope',
  ]);
  expect((await api.send('GET', path)).code).toBe(404);
});

test('what is no UTF-8 in a path names nothing', async () => {
  const { code, body } = await api.send('GET', '/api/v1/namespaces/a%ffb');
  expect([code, body.message]).toEqual([404, 'namespaces "a\ufffdb" not found']);
});

test.each([
  ['limit=1;watch=1&labelSelector=a', 0],
  ['limit=%zz', 1],
  ['labelSelector=a&limit=1%', 0],
])('pairs that cannot be read are left out of the query %s', async (query, found) => {
  const { code, body } = await api.send('GET', `/api/v1/namespaces?${query}`);
  expect([code, body.items?.length]).toEqual([200, found]);
});

const page = '404 page not found\n';

test.each([
  '/nope',
  '/apis/nope',
  '/apis/nope/v1/things',
  '/healthz/nope',
  '/metrics/x',
  '/healthz/',
  '/readyz/ping/',
  '/livez/',
  '/metrics/',
  '//api/v1/pods',
])('%s is nobody’s', async (path) => {
  for (const method of ['GET', 'POST']) {
    const { code, body, headers } = await api.send(method, path, method === 'GET' ? undefined : {});
    expect([code, body]).toEqual([404, page]);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  }
});

test.each([
  '/api/v2',
  '/api/v1/nope',
  '/api/v1//pods',
  '/apis/apps/v2',
  '/apis/apps/v2/deployments',
  '/apis/apps/v1/nope',
  '/version/x',
  '/api/v1/namespaces/default/pods/x/nope',
  '/api/v1/namespaces/default/nodes',
])('%s is missed by an API handler, which says so in a Status', async (path) => {
  expect((await api.send('GET', path)).body).toMatchObject({
    kind: 'Status',
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
  });
});

const pods = '/api/v1/namespaces/default/pods';

test.each([
  ['HEAD', pods, 405],
  ['HEAD', '/api/v1/nodes', 405],
  ['HEAD', `${pods}/x/log`, 405],
  ['HEAD', `${pods}/x/exec`, 405],
  // There is no such pod: what is proxied is asked for by any method.
  ['HEAD', `${pods}/x/proxy`, 404],
  ['OPTIONS', `${pods}/x/proxy`, 404],
  ['PATCH', `${pods}/x/proxy`, 404],
  ['PATCH', `${pods}/x/exec`, 405],
  // What a method takes and gives is looked at only where there is such a method.
  ['PATCH', pods, 405],
  ['OPTIONS', pods, 405],
  ['HEAD', widgets, 200],
  ['HEAD', '/api', 405],
  ['HEAD', '/api/v1', 405],
  ['HEAD', '/apis/apps/v1', 405],
  ['HEAD', '/version', 405],
  ['POST', '/apis/apps/v1', 405],
  ['HEAD', '/apis', 200],
  ['POST', '/apis', 200],
  ['HEAD', '/apis/apps', 200],
  ['HEAD', '/apis/golden.test/v1', 200],
  ['HEAD', '/healthz', 200],
  ['POST', '/readyz', 200],
  ['HEAD', '/', 200],
])('%s %s is answered with %i, and never with what is allowed instead', async (method, path, code) => {
  const answer = await api.send(method, path);
  expect(answer.code).toBe(code);
  expect(answer.headers.get('allow')).toBeNull();
});

test('slashes at the end do not count', async () => {
  expect((await api.send('GET', '/api/v1/namespaces/')).body.kind).toBe('NamespaceList');
});

test('custom resources are missed in words of their own', async () => {
  expect((await api.send('GET', '/apis/golden.test/v9/namespaces/default/widgets')).body).toBe(page);
  expect((await api.send('GET', '/apis/golden.test/v1/widgets/w')).body).toBe(page);
  expect((await api.send('POST', '/apis/golden.test/v1/widgets', {})).body).toBe(page);
  expect((await api.send('GET', `${widgets}/w/nope`)).body).toMatchObject({ code: 404, message: 'widgets.golden.test "w" not found' });
  expect((await api.send('DELETE', `${widgets}/w/status`)).body).toMatchObject({
    code: 405,
    message: 'delete is not supported on resources of kind "widgets.golden.test"',
  });
});

test.each([
  [`${pods}/a%25b`, `"a%b": may not contain '%'`],
  ['/api/v1/nodes/%25', `"%": may not contain '%'`],
  [`${widgets}/a%25b`, `"a%b": may not contain '%'`],
  // As listeners write dots, which the URL would resolve.
  [`${pods}/%252e%252e`, `"..": may not be '..'`],
  [`${pods}/%252e/log`, `".": may not be '.'`],
])('%s is a name that nothing can have', async (path, why) => {
  const { code, body } = await api.send('GET', path);
  expect([code, body.message]).toEqual([400, `Name parameter invalid: ${why}`]);
});
