import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from '../../api/generated/types/core/v1.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { isPodReady } from '../common/pods.ts';
import { hasEndpoint, hostnameUnder, isHeadless, targetPort } from '../common/services.ts';

/** Most addresses an Endpoints object holds. */
export const maxAddresses = 1000;

/** The subsets of a service's Endpoints: addresses grouped by the ports they have in common, in the canonical order of upstream's RepackSubsets. */
export function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const groups = new Map<string, { ports: EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }>();
  const tolerate = service.spec?.publishNotReadyAddresses === true;
  for (const pod of pods) {
    if (!hasEndpoint(pod, tolerate)) continue;
    const ports = portsFor(service, pod);
    if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, ready: [], notReady: [] };
    const list = tolerate || isPodReady(pod) ? group.ready : group.notReady;
    list.push(addressOf(service, pod));
    groups.set(key, group);
  }
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { ports, ready, notReady }]) => ({
      ...(ready.length === 0 ? {} : { addresses: ready.sort(byAddress) }),
      ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.sort(byAddress) }),
      ...(ports.length === 0 ? {} : { ports }),
    }));
}

/** Cuts subsets down to {@link maxAddresses}, ready addresses first. Gives undefined when they fit. */
export function truncated(subsets: readonly EndpointSubset[]): EndpointSubset[] | undefined {
  const count = (list: 'addresses' | 'notReadyAddresses') => subsets.reduce((sum, subset) => sum + (subset[list]?.length ?? 0), 0);
  if (count('addresses') + count('notReadyAddresses') <= maxAddresses) return undefined;
  let room = maxAddresses;
  const take = (list: EndpointAddress[] | undefined) => {
    const taken = list?.slice(0, room) ?? [];
    room -= taken.length;
    return taken;
  };
  const ready = subsets.map((subset) => take(subset.addresses));
  const notReady = subsets.map((subset) => take(subset.notReadyAddresses));
  return subsets
    .map(({ ports }, index) => {
      const addresses = ready[index] ?? [];
      const notReadyAddresses = notReady[index] ?? [];
      return {
        ...(addresses.length === 0 ? {} : { addresses }),
        ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
        ...(ports === undefined ? {} : { ports }),
      };
    })
    .filter(({ addresses, notReadyAddresses }) => addresses !== undefined || notReadyAddresses !== undefined);
}

function portsFor(service: Service, pod: Pod): EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const { name, protocol, appProtocol, ...port } of service.spec?.ports ?? []) {
    const number = targetPort(pod, { ...port, ...(protocol === undefined ? {} : { protocol }) });
    if (number === undefined) continue;
    ports.push({
      ...(name === undefined || name === '' ? {} : { name }),
      port: number,
      protocol: protocol ?? 'TCP',
      ...(appProtocol === undefined ? {} : { appProtocol }),
    });
  }
  return ports.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

function addressOf(service: Service, pod: Pod): EndpointAddress {
  const hostname = hostnameUnder(service, pod);
  const ipv6 = service.spec?.ipFamilies?.[0] === 'IPv6';
  const ip = pod.status?.podIPs?.find((address) => address.ip.includes(':') === ipv6)?.ip ?? pod.status?.podIP ?? '';
  return {
    ip,
    ...(hostname === undefined || !isHeadless(service) ? {} : { hostname }),
    ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
  };
}

function byAddress(left: EndpointAddress, right: EndpointAddress): number {
  return left.ip < right.ip ? -1 : left.ip > right.ip ? 1 : 0;
}
