import type { Endpoints, Namespace, Service } from '../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../api/generated/types/discovery/v1.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../api/generated/types/flowcontrol/v1.ts';
import type { ServiceCIDR } from '../api/generated/types/networking/v1.ts';
import type { PriorityClass } from '../api/generated/types/scheduling/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Client, isReason, type ResourceRef } from '../client/client.ts';
import * as resources from '../client/resources.ts';
import { flowSchemas, priorityLevels } from './flow-control.ts';
import { ensureBootstrapRoles } from './rbac/reconcile.ts';

/** Namespaces every cluster has. Upstream: the system-namespaces controller of kube-apiserver. */
const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Upstream: `SystemPriorityClasses` of pkg/apis/scheduling. */
const priorityClasses: readonly PriorityClass[] = [
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
];

export interface SystemObjectsOptions {
  /** Acts as the API server itself. */
  readonly client: Client;
  /** First address of the service network, that of service `kubernetes`. */
  readonly serviceAddress: string;
  /** The network that services get their addresses from. */
  readonly serviceNetwork: string;
  /** RFC 3339. */
  readonly now: string;
  /** Where the API server is found inside the cluster. */
  readonly advertise: { readonly address: string; readonly port: number };
}

/** Makes what kube-apiserver itself puts into a new cluster; what is there already is left as it is, but the endpoints are brought up to date. */
export async function ensureSystemObjects({ client, serviceAddress, serviceNetwork, advertise, now }: SystemObjectsOptions): Promise<void> {
  await Promise.all(
    namespaces.map((name) => ensure<Namespace>(client, resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  );
  await ensureServiceCidr(client, serviceNetwork, now);
  await Promise.all([
    ensureBootstrapRoles(client),
    ...priorityClasses.map((object) =>
      ensure<PriorityClass>(client, resources.priorityClasses, { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', ...object }),
    ),
    ...priorityLevels.map((object) => ensure<PriorityLevelConfiguration>(client, resources.priorityLevels, object)),
    ...flowSchemas.map((object) => ensure<FlowSchema>(client, resources.flowSchemas, object)),
    ensure<Service>(client, resources.services, kubernetesService(serviceAddress, advertise.port)),
    replace<Endpoints>(client, resources.endpoints, kubernetesEndpoints(advertise)),
    replace<EndpointSlice>(client, resources.endpointSlices, kubernetesEndpointSlice(advertise)),
  ]);
}

/** The network of the services as an object that is ready. Upstream: the default ServiceCIDR controller of kube-apiserver. */
async function ensureServiceCidr(client: Client, network: string, now: string): Promise<void> {
  const name = 'kubernetes';
  const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name } };
  await ensure<ServiceCIDR>(client, resources.serviceCidrs, { ...kind, spec: { cidrs: [network] } });
  const resource = client.resource(resources.serviceCidrs);
  const { status, spec, metadata } = await resource.get(name);
  const isOther = spec?.cidrs?.join() !== network || metadata?.deletionTimestamp !== undefined;
  if (isOther || status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status !== 'Unknown')) return;
  const message = 'Kubernetes default Service CIDR is ready';
  const conditions = [{ type: 'Ready', status: 'True', reason: '', message, lastTransitionTime: now }];
  const fieldManager = 'kubernetes-service-cidr-controller';
  await resource.patch(name, undefined, { type: 'apply', fieldManager, force: true, body: { ...kind, status: { conditions } } }, 'status');
}

/** Looks before it writes: the service's address would be refused as taken before its name is. */
async function ensure<T extends KubeObject>(client: Client, ref: ResourceRef<T>, object: T): Promise<void> {
  if (!(await exists(client, ref, object))) await client.resource(ref).create(object);
}

async function replace<T extends KubeObject>(client: Client, ref: ResourceRef<T>, object: T): Promise<void> {
  if (await exists(client, ref, object)) await client.resource(ref).update(object);
  else await client.resource(ref).create(object);
}

async function exists<T extends KubeObject>(client: Client, ref: ResourceRef<T>, { metadata }: T): Promise<boolean> {
  try {
    await client.resource(ref).get(metadata?.name ?? '', metadata?.namespace);
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
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

function kubernetesEndpoints({ address, port }: SystemObjectsOptions['advertise']): Endpoints {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  };
}

function kubernetesEndpointSlice({ address, port }: SystemObjectsOptions['advertise']): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}
