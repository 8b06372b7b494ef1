import type { ConfigMap, Namespace } from '../api/generated/types/core/v1.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../api/generated/types/flowcontrol/v1.ts';
import type { ServiceCIDR } from '../api/generated/types/networking/v1.ts';
import type { PriorityClass } from '../api/generated/types/scheduling/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Client, isReason, type ResourceRef } from '../client/client.ts';
import * as resources from '../client/resources.ts';
import { flowSchemas, priorityLevels } from './flow-control.ts';
import { ensureKubernetesService, type KubernetesServiceOptions } from './kubernetes-service.ts';
import { ensureBootstrapRoles } from './rbac/reconcile.ts';

/** Namespaces every cluster has. Upstream: the system-namespaces controller of kube-apiserver. */
const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Says since when secrets are told of the use of their tokens. Upstream: pkg/controlplane/controller/legacytokentracking. */
const tokenTracking = 'kube-apiserver-legacy-service-account-token-tracking';

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

export interface SystemObjectsOptions extends KubernetesServiceOptions {
  /** The network that services get their addresses from. */
  readonly serviceNetwork: string;
  /** RFC 3339. */
  readonly now: string;
}

/** Makes what kube-apiserver itself puts into a new cluster; what is there already is left as it is, but the endpoints are brought up to date. */
export async function ensureSystemObjects(options: SystemObjectsOptions): Promise<void> {
  const { client, serviceNetwork, now } = options;
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
    ensureKubernetesService(options),
    ensure<ConfigMap>(client, resources.configMaps, {
      metadata: { name: tokenTracking, namespace: 'kube-system' },
      data: { since: now.slice(0, 'YYYY-MM-DD'.length) },
    }),
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

async function ensure<T extends KubeObject>(client: Client, ref: ResourceRef<T>, object: T): Promise<void> {
  if (!(await exists(client, ref, object))) await client.resource(ref).create(object);
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
