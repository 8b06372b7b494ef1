import { expect } from 'vitest';
import { behaviour, pausePod, ready, type Scope } from './support/behaviour.ts';
import { call, core, eventually } from './support/cluster.ts';

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** A pod that answers every request on port 80, and a service before it. */
async function server(scope: Scope, portName?: string): Promise<string> {
  const namespace = await scope.namespace();
  const container = {
    name: 'agnhost',
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.56',
    args: ['porter'],
    env: [{ name: 'SERVE_PORT_80', value: 'foo' }],
    ports: [{ name: 'dest1', containerPort: 80 }],
  };
  await core.createNamespacedPod({ namespace, body: pausePod('agnhost', { app: 'agnhost' }, { containers: [container] }) });
  await ready(namespace, 'agnhost');
  const spec = { selector: { app: 'agnhost' }, ports: [{ port: 80, targetPort: 'dest1', ...(portName && { name: portName }) }] };
  await core.createNamespacedService({ namespace, body: { metadata: { name: 'test-service' }, spec } });
  return `/api/v1/namespaces/${namespace}`;
}

/** What reads is led on to the path with a slash at its end, where the proxied path is empty. */
async function answersAll(base: string, path: string, toRead = 200): Promise<void> {
  await eventually(`${path} is reached`, async () => (await call('POST', `${base}${path}`)).status === 200);
  for (const method of methods) {
    const expected = method === 'GET' || method === 'HEAD' ? toRead : 200;
    expect([method, (await call(method, `${base}${path}`)).status]).toEqual([method, expected]);
  }
}

behaviour('[sig-network] Proxy version v1 A set of valid responses are returned for both pod and service Proxy', async (scope) => {
  const base = await server(scope);
  await answersAll(base, '/pods/agnhost/proxy?method=any', 301);
  await answersAll(base, '/services/test-service/proxy?method=any', 301);
});

behaviour('[sig-network] Proxy version v1 A set of valid responses are returned for both pod and service ProxyWithPath', async (scope) => {
  const base = await server(scope);
  await answersAll(base, '/pods/agnhost/proxy/some/path/with/HTTP');
  await answersAll(base, '/services/test-service/proxy/some/path/with/HTTP');
});

behaviour('[sig-network] Proxy version v1 should proxy through a service and a pod', async (scope) => {
  const base = await server(scope, 'portname1');
  const paths = [
    '/services/test-service:portname1/proxy/',
    '/services/http:test-service:portname1/proxy/',
    '/services/test-service:80/proxy/',
    '/pods/agnhost:80/proxy/',
    '/pods/http:agnhost:80/proxy/',
  ];
  for (const path of paths) await eventually(`${path} is reached`, async () => (await call('GET', `${base}${path}`)).status === 200);
  expect((await call('GET', `${base}/services/nobody/proxy/`)).status).toBe(404);
});
