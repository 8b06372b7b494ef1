import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CertificateAuthority } from '../../../runtime/bootstrap/certificates.ts';
import { createRealClock } from '../../../runtime/host/node/clock.ts';
import { createSystemRandom } from '../../../runtime/host/node/random.ts';
import type { Scope } from './behaviour.ts';
import { core, type Json } from './cluster.ts';

/** A webhook of the tests' own, on this machine and behind a service of the cluster. */
export interface WebhookServer {
  /** For `clientConfig`: the service, with the certificate of its authority. */
  config(path: string): Json;
}

/** What a webhook answers to the request of a review, by path. */
export type Replies = Readonly<Record<string, (request: Json) => Json | Promise<Json>>>;

/** Starts a server whose answers are wrapped into reviews, and a service `hooks` in a namespace that leads to it. It ends with the behaviour. */
export async function startWebhooks(scope: Scope, namespace: string, replies: Replies): Promise<WebhookServer> {
  const authority = await CertificateAuthority.create(createRealClock(), createSystemRandom());
  const { certificate, key } = await authority.issueServer({ commonName: 'hooks' }, [`hooks.${namespace}.svc`], []);
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { request: asked, ...review } = JSON.parse(Buffer.concat(chunks).toString());
    const reply = replies[new URL(request.url ?? '/', 'https://hooks').pathname];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...review, response: { uid: asked.uid, ...(await reply?.(asked)) } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.finally(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  await core.createNamespacedService({
    namespace,
    body: { metadata: { name: 'hooks' }, spec: { type: 'ExternalName', externalName: 'localhost' } },
  });
  const caBundle = btoa((await authority.keyPair()).certificate);
  return { config: (path) => ({ service: { namespace, name: 'hooks', port, path }, caBundle }) };
}

/** The answer of a mutating webhook. */
export function patchOf(...operations: Json[]): Json {
  return { allowed: true, patchType: 'JSONPatch', patch: btoa(JSON.stringify(operations)) };
}
