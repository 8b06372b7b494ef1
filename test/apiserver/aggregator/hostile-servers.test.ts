import { expect, test } from 'vitest';
import type { RemoteRequest, RemoteTransport } from '../../../runtime/apiserver/aggregator/transport.ts';
import { type Api, startApi } from '../api.ts';

const name = 'v1.a.io';
const service = { metadata: { name: 'far' }, spec: { type: 'ExternalName', externalName: 'localhost' } };
const apiService = {
  metadata: { name },
  spec: { group: 'a.io', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service: { namespace: 'default', name: 'far' } },
};
const status = { conditions: [{ type: 'Available', status: 'True' }] };

type Answer = (request: RemoteRequest) => Response;

/** A server behind an APIService that says whatever it likes. */
async function behind(answer: Answer): Promise<{ readonly api: Api; readonly asked: RemoteRequest[]; readonly upgrades: RemoteRequest[] }> {
  const asked: RemoteRequest[] = [];
  const upgrades: RemoteRequest[] = [];
  const remoteServers: RemoteTransport = {
    async send(request) {
      asked.push(request);
      return answer(request);
    },
    async upgrade(request) {
      upgrades.push(request);
      return answer(request);
    },
  };
  const api = await startApi({ remoteServers });
  expect((await api.send('POST', '/api/v1/namespaces/default/services', service)).code).toBe(201);
  const path = '/apis/apiregistration.k8s.io/v1/apiservices';
  const made = await api.send('POST', path, apiService);
  expect((await api.send('PUT', `${path}/${name}/status`, { ...made.body, status })).code).toBe(200);
  return { api, asked, upgrades };
}

/** A body without end; tells when nobody wants more. */
function endless(onCancel: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream(
    { pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)), cancel: onCancel },
    { highWaterMark: 0 },
  );
}

test('whether a server is there is told by its status, however much it has to say', async () => {
  let cancelled = 0;
  const { api } = await behind(() => new Response(endless(() => (cancelled += 1))));
  expect(await api.server.remoteServers.discoveryFailure(name)).toBeUndefined();
  expect(cancelled).toBe(5);
});

test('a list of ever so many resources is read in one go', async () => {
  const count = 60_000;
  const resources = Array.from({ length: count }, (_, index) => [
    { name: `r${index}`, namespaced: true, kind: 'R', verbs: ['get'] },
    { name: `r${index}/status`, namespaced: true, kind: 'S', verbs: ['get'] },
  ]).flat();
  const { api } = await behind(({ url }) => (url.endsWith('/apis') ? new Response('', { status: 404 }) : Response.json({ resources })));
  await api.server.remoteServers.refreshDiscovery(name);
  const { body } = await api.send('GET', '/apis', undefined, {
    accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  });
  const told = body.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'a.io').versions[0].resources;
  expect(told).toHaveLength(count);
  expect(told.at(-1)).toMatchObject({
    resource: `r${count - 1}`,
    responseKind: { kind: 'R' },
    subresources: [{ responseKind: { kind: 'S' } }],
  });
});

test('an endless refusal of an upgrade is cut off', async () => {
  let isCancelled = false;
  const { api } = await behind(
    () =>
      new Response(
        endless(() => (isCancelled = true)),
        { status: 403 },
      ),
  );
  const headers = { connection: 'keep-alive ,Upgrade', upgrade: 'websocket' };
  const { code, body } = await api.send('GET', '/apis/a.io/v1/things/a/connect', undefined, headers);
  expect([code, body.length, isCancelled]).toEqual([403, 64 * 1024, true]);
});

test('who names no protocol wants no upgrade', async () => {
  const { api, asked, upgrades } = await behind(() => new Response('fine'));
  expect((await api.send('GET', '/apis/a.io/v1/things/a', undefined, { connection: 'upgrade' })).body).toBe('fine');
  expect([upgrades.length, asked.length]).toEqual([0, 1]);
  expect(asked[0]?.headers.map(([header]) => header)).not.toContain('connection');
});

test('a document that is nested without end spoils nobody’s OpenAPI', async () => {
  const deep = `${'{"properties":{"a":'.repeat(5000)}{}${'}}'.repeat(5000)}`;
  const get = '{"responses":{"200":{"schema":{"$ref":"#/definitions/Deep"}}}}';
  const text = `{"swagger":"2.0","paths":{"/apis/a.io/v1/things":{"get":${get}}},"definitions":{"Deep":${deep}}}`;
  const { api } = await behind(
    ({ url }) => new Response(url.endsWith('/openapi/v2') ? text : '', { status: url.endsWith('/v2') ? 200 : 404 }),
  );
  await expect(api.server.remoteServers.refreshOpenApi(name)).rejects.toThrow('the document is nested too deeply');
  expect((await api.send('GET', '/openapi/v2')).code).toBe(200);
});
