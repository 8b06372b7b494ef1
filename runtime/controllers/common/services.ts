import { jsonEqual } from '../../api/equality.ts';
import type { Node, Pod, Service, ServicePort } from '../../api/generated/types/core/v1.ts';
import { selectorFromLabels } from '../../api/selectors/labels.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf, nameOf, namespaceOf } from '../../client/object-key.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from './pods.ts';

export const headlessLabel = 'service.kubernetes.io/headless';
export const lastChangeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Whether a service's endpoints are to be made from pods at all. */
export function selectsPods(service: Service): boolean {
  const { selector, type } = service.spec ?? {};
  return selector !== undefined && Object.keys(selector).length > 0 && type !== 'ExternalName';
}

/** Whether pods are reached by their own addresses, there being no address of the service. */
export function isHeadless(service: Service): boolean {
  const address = service.spec?.clusterIP ?? '';
  return address === '' || address === 'None';
}

/** Tells of every service whose endpoints a change of pods may touch, by key. */
export function followPods(pods: Informer<Pod>, services: Informer<Service>, touched: (service: string) => void): void {
  const changed = (pod: Pod) => {
    for (const service of servicesOf(services, pod)) touched(keyOf(service));
  };
  pods.on({
    added: changed,
    updated(pod, previous) {
      const relabelled = !jsonEqual(pod.metadata?.labels, previous.metadata?.labels);
      if (relabelled) changed(previous);
      if (relabelled || endpointChanged(pod, previous)) changed(pod);
    },
    deleted: changed,
  });
}

/** The services of a pod's namespace that select it. */
function servicesOf(services: Informer<Service>, pod: Pod): Service[] {
  return services.lister
    .list(namespaceOf(pod))
    .filter((service) => selectsPods(service) && selectorFromLabels(service.spec?.selector).matches(pod.metadata?.labels));
}

/** Whether a pod can be among a service's endpoints: it has an address and has not ended. */
export function hasEndpoint(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod) || (pod.status?.podIP ?? '') === '') return false;
  return includeTerminating || !isPodTerminating(pod);
}

/** Whether anything of a pod changed that its endpoints show. */
function endpointChanged(pod: Pod, previous: Pod): boolean {
  const addresses = (of: Pod) => of.status?.podIPs?.map(({ ip }) => ip).join() ?? of.status?.podIP;
  return (
    isPodReady(pod) !== isPodReady(previous) ||
    isPodTerminating(pod) !== isPodTerminating(previous) ||
    isPodTerminal(pod) !== isPodTerminal(previous) ||
    addresses(pod) !== addresses(previous) ||
    pod.spec?.nodeName !== previous.spec?.nodeName ||
    pod.spec?.hostname !== previous.spec?.hostname ||
    pod.spec?.subdomain !== previous.spec?.subdomain
  );
}

/** The number a service's port leads to on a pod; undefined when the pod has no port of the name asked for. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  const sidecars = pod.spec?.initContainers?.filter((container) => container.restartPolicy === 'Always') ?? [];
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    for (const candidate of container.ports ?? []) {
      if (candidate.name === target && (candidate.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return candidate.containerPort;
    }
  }
  return undefined;
}

/** The host name a pod has under a headless service, if it has one. */
export function hostnameUnder(service: Service, pod: Pod): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {};
  return hostname !== undefined && hostname !== '' && subdomain === nameOf(service) ? hostname : undefined;
}

export function zoneOf(node: Node | undefined): string | undefined {
  return node?.metadata?.labels?.['topology.kubernetes.io/zone'];
}
