import { jsonEqual } from '../api/equality.ts';
import type { Endpoints, Service } from '../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../api/generated/types/discovery/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Client, ifFound, type ResourceRef } from '../client/client.ts';
import type { Log } from '../client/log.ts';
import * as resources from '../client/resources.ts';
import type { Cancel, Clock } from '../simulation/clock.ts';

/** How often it is looked after. Upstream: `DefaultEndpointReconcilerInterval`. */
const interval = 10_000;

export interface KubernetesServiceOptions {
  /** Acts as the API server itself. */
  readonly client: Client;
  /** First address of the service network. */
  readonly serviceAddress: string;
  /** Where the API server is found inside the cluster. */
  readonly advertise: { readonly address: string; readonly port: number };
}

/**
 * Makes service `kubernetes` when it is missing, and brings its endpoints up to date; a service that is there stays as it is. After
 * `pkg/controlplane/controller/kubernetesservice` and `pkg/controlplane/reconcilers` of Kubernetes.
 */
export async function ensureKubernetesService({ client, serviceAddress, advertise }: KubernetesServiceOptions): Promise<void> {
  const service = kubernetesService(serviceAddress, advertise.port);
  // Looks before it writes: the service's address would be refused as taken before its name is.
  if ((await ifFound(client.resource(resources.services).get('kubernetes', 'default'))) === undefined)
    await client.resource(resources.services).create(service);
  await replace<Endpoints>(client, resources.endpoints, kubernetesEndpoints(advertise), ({ subsets }) => subsets);
  await replace<EndpointSlice>(client, resources.endpointSlices, kubernetesEndpointSlice(advertise), ({ endpoints, ports }) => [
    endpoints,
    ports,
  ]);
}

/** Does so every ten seconds; what fails is told to the log, and tried again the next time. */
export function keepKubernetesService(options: KubernetesServiceOptions, clock: Clock, log: Log): Cancel {
  return clock.every(interval, () => {
    ensureKubernetesService(options).catch((error: unknown) => log.error('unable to sync kubernetes service', error));
  });
}

async function replace<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: T,
  content: (object: T) => unknown,
): Promise<void> {
  const { name = '', namespace } = wanted.metadata ?? {};
  const found = await ifFound(client.resource(ref).get(name, namespace));
  if (found === undefined) await client.resource(ref).create(wanted);
  else if (!jsonEqual(found.metadata?.labels, wanted.metadata?.labels) || !jsonEqual(content(found), content(wanted)))
    await client.resource(ref).update(wanted);
}

function kubernetesService(clusterIP: string, targetPort: number): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort }],
    },
  };
}

function kubernetesEndpoints({ address, port }: KubernetesServiceOptions['advertise']): Endpoints {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  };
}

function kubernetesEndpointSlice({ address, port }: KubernetesServiceOptions['advertise']): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}
