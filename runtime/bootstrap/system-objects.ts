import type { Namespace } from '../api/generated/types/core/v1.ts';
import type { ServiceCIDR } from '../api/generated/types/networking/v1.ts';
import type { PriorityClass } from '../api/generated/types/scheduling/v1.ts';
import type { Client } from '../client/client.ts';
import type { Log } from '../client/log.ts';
import * as resources from '../client/resources.ts';
import { type Cancel, type Clock, formatTime } from '../simulation/clock.ts';
import { ensure } from './ensure.ts';
import { ensureFlowControl } from './flow-control-objects.ts';
import { ensureKubernetesService, type KubernetesServiceOptions } from './kubernetes-service.ts';
import { ensureBootstrapRoles } from './rbac/reconcile.ts';
import type { StartHook } from './start-hooks.ts';

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

/** How often namespaces and flow control are looked after. Upstream: the intervals of its system-namespaces controller and of its flow control. */
const interval = 60_000;
/** How often the network of the services is. */
const networkInterval = 10_000;

export interface SystemObjectsOptions extends KubernetesServiceOptions {
  /** The network that services get their addresses from. */
  readonly serviceNetwork: string;
  /** RFC 3339. */
  readonly now: string;
  /** Told which of the server's start hooks are done. */
  readonly finished?: (hook: StartHook) => void;
}

/** Makes what kube-apiserver itself puts into a new cluster; what is there already is left as it is, but the endpoints are brought up to date. */
export async function ensureSystemObjects(options: SystemObjectsOptions): Promise<void> {
  const { client, serviceNetwork, now, finished } = options;
  const run = async (hook: StartHook, work: Promise<unknown>) => {
    await work;
    finished?.(hook);
  };
  await run('start-system-namespaces-controller', ensureNamespaces(client));
  await run('start-kubernetes-service-cidr-controller', ensureServiceCidr(client, serviceNetwork, now));
  await Promise.all([
    run('rbac/bootstrap-roles', ensureBootstrapRoles(client)),
    run('scheduling/bootstrap-system-priority-classes', ensurePriorityClasses(client)),
    run('priority-and-fairness-config-producer', ensureFlowControl(client)),
    run('bootstrap-controller', ensureKubernetesService(options)),
  ]);
}

async function ensurePriorityClasses(client: Client): Promise<void> {
  const kind = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' };
  await Promise.all(priorityClasses.map((object) => ensure<PriorityClass>(client, resources.priorityClasses, { ...kind, ...object })));
}

/** Makes again what kube-apiserver does when somebody has deleted it; what fails is told to the log, and tried again the next time. */
export function keepSystemObjects(client: Client, serviceNetwork: string, clock: Clock, log: Log): Cancel {
  const failed = (what: string) => (error: unknown) => log.error(`unable to sync ${what}`, error);
  const cancels = [
    clock.every(interval, () => {
      ensureNamespaces(client).catch(failed('system namespaces'));
      ensureFlowControl(client).catch(failed('flow control'));
    }),
    clock.every(networkInterval, () => {
      ensureServiceCidr(client, serviceNetwork, formatTime(clock.now())).catch(failed('the default service CIDR'));
    }),
  ];
  return () => {
    for (const cancel of cancels) cancel();
  };
}

async function ensureNamespaces(client: Client): Promise<void> {
  const kind = { apiVersion: 'v1', kind: 'Namespace' };
  await Promise.all(namespaces.map((name) => ensure<Namespace>(client, resources.namespaces, { ...kind, metadata: { name } })));
}

/** The network of the services as an object that is ready. Upstream: the default ServiceCIDR controller of kube-apiserver. */
async function ensureServiceCidr(client: Client, network: string, now: string): Promise<void> {
  const name = 'kubernetes';
  const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name } };
  const wanted = { ...kind, spec: { cidrs: [network] } };
  const { status, spec, metadata } = await ensure<ServiceCIDR>(client, resources.serviceCidrs, wanted);
  const isOther = spec?.cidrs?.join() !== network || metadata?.deletionTimestamp !== undefined;
  if (isOther || status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status !== 'Unknown')) return;
  const message = 'Kubernetes default Service CIDR is ready';
  const conditions = [{ type: 'Ready', status: 'True', reason: '', message, lastTransitionTime: now }];
  const fieldManager = 'kubernetes-service-cidr-controller';
  const resource = client.resource(resources.serviceCidrs);
  await resource.patch(name, undefined, { type: 'apply', fieldManager, force: true, body: { ...kind, status: { conditions } } }, 'status');
}
