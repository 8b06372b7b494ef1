import { createApiServer } from '../../runtime/apiserver/api-server.ts';
import { inProcessTransport } from '../../runtime/apiserver/in-process.ts';
import { loadOrCreatePki } from '../../runtime/bootstrap/pki.ts';
import { ServiceAccountTokens } from '../../runtime/bootstrap/service-account-tokens.ts';
import { ensureSystemObjects } from '../../runtime/bootstrap/system-objects.ts';
import { createClient } from '../../runtime/client/http-client.ts';
import { serviceAddress } from '../../runtime/cluster.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import { listenHttps } from '../../runtime/host/node/https-listener.ts';
import { createSystemRandom } from '../../runtime/host/node/random.ts';
import { openMemoryStore } from '../../runtime/host/node/store/memory.ts';
import { formatTime } from '../../runtime/simulation/clock.ts';

/** What the answers were recorded from: an API server with what it keeps itself, without controllers, a scheduler and nodes. */
export async function startApiAlone(): Promise<{ readonly url: string; readonly token: string }> {
  const clock = createRealClock();
  const random = createSystemRandom();
  const files = new Map<string, string>();
  const pki = await loadOrCreatePki(
    {
      read: (name) => files.get(name),
      writeFolder: (folder, made) => {
        for (const [name, text] of made) files.set(`${folder}/${name}`, text);
      },
    },
    clock,
    random,
    serviceAddress,
  );
  const tokens = new ServiceAccountTokens(pki.serviceAccount, clock, random);
  const masters = { name: 'kubernetes-admin', groups: ['system:masters'] };
  const serviceNetwork = '10.96.0.0/16';
  const server = createApiServer({
    store: await openMemoryStore(),
    clock,
    random,
    tokens: [{ token: pki.adminToken, user: masters }],
    tokenVerifier: tokens,
    tokenIssuer: tokens,
    serviceCidr: serviceNetwork,
    log: (text) => console.error(text),
  });
  const client = createClient(inProcessTransport(server, masters));
  const advertise = { address: '172.18.0.2', port: 6443 };
  await ensureSystemObjects({ client, serviceAddress, serviceNetwork, advertise, now: formatTime(clock.now()) });
  const { port } = await listenHttps(server, {
    host: '127.0.0.1',
    port: 0,
    ...pki.apiserver,
    clientCa: pki.ca,
    frontProxyCa: pki.frontProxy.ca,
  });
  return { url: `https://127.0.0.1:${port}`, token: pki.adminToken };
}
