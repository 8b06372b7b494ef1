import type { Node, Pod, Service } from '../../api/generated/types/core/v1.ts';
import type { Endpoint, EndpointHints, EndpointPort } from '../../api/generated/types/discovery/v1.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { isPodReady, isPodTerminating } from '../common/pods.ts';
import { hasEndpoint, hostnameUnder, isHeadless, targetPort, zoneOf } from '../common/services.ts';

/** The older of the two counts when a service has both. */
const topologyAnnotations = ['service.kubernetes.io/topology-aware-hints', 'service.kubernetes.io/topology-mode'];

export type AddressType = 'IPv4' | 'IPv6';

/** Endpoints that share address family and ports, and so may share a slice. */
export interface EndpointGroup {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** The same text for groups that may share a slice. */
export function groupKey(addressType: string, ports: readonly EndpointPort[]): string {
  const texts = ports.map(({ name = '', protocol = 'TCP', port, appProtocol }) => JSON.stringify([name, protocol, port, appProtocol]));
  return `${addressType} ${texts.sort().join(' ')}`;
}

/** The address families a service is served under. */
export function addressTypesOf(service: Service): AddressType[] {
  const families = service.spec?.ipFamilies ?? [];
  if (families.length > 0) return families.filter((family) => family === 'IPv4' || family === 'IPv6');
  return (service.spec?.clusterIP ?? '').includes(':') ? ['IPv6'] : ['IPv4'];
}

/** What a service's slices should hold in all, by {@link groupKey}, and why pods were left out. */
export interface DesiredEndpoints {
  readonly groups: Map<string, EndpointGroup>;
  /** To be tried again later: their nodes may come yet. */
  readonly skipped: readonly string[];
}

/** Pods of nodes that do not exist are left out, unless their service publishes what is not ready, too. */
export function desiredEndpoints(service: Service, pods: readonly Pod[], nodeOf: (name: string) => Node | undefined): DesiredEndpoints {
  const groups = new Map<string, EndpointGroup>();
  const skipped: string[] = [];
  for (const pod of pods) {
    if (!hasEndpoint(pod, true)) continue;
    const { nodeName = '' } = pod.spec ?? {};
    const node = nodeOf(nodeName);
    if (node === undefined && service.spec?.publishNotReadyAddresses !== true) {
      skipped.push(`skipping Pod ${nameOf(pod)} for Service ${namespaceOf(service)}/${nameOf(service)}: Node ${nodeName} Not Found`);
      continue;
    }
    const ports = portsFor(service, pod);
    for (const addressType of addressTypesOf(service)) {
      const addresses = addressesOf(pod, addressType);
      if (addresses.length === 0) continue;
      const key = groupKey(addressType, ports);
      const group = groups.get(key) ?? { addressType, ports, endpoints: [] };
      group.endpoints.push(endpointOf(service, pod, addresses, node));
      groups.set(key, group);
    }
  }
  return { groups, skipped };
}

function addressesOf(pod: Pod, addressType: AddressType): string[] {
  const all = pod.status?.podIPs?.map(({ ip }) => ip) ?? [pod.status?.podIP ?? ''];
  return all.filter((address) => address !== '' && address.includes(':') === (addressType === 'IPv6'));
}

function portsFor(service: Service, pod: Pod): EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const port of service.spec?.ports ?? []) {
    const number = targetPort(pod, port);
    if (number === undefined) continue;
    ports.push({
      name: port.name ?? '',
      protocol: port.protocol ?? 'TCP',
      port: number,
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    });
  }
  return ports;
}

function endpointOf(service: Service, pod: Pod, addresses: string[], node: Node | undefined): Endpoint {
  const serving = isPodReady(pod);
  const terminating = isPodTerminating(pod);
  const zone = zoneOf(node);
  const hostname = hostnameUnder(service, pod);
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const hints = ready ? hintsOf(service, zone, pod.spec?.nodeName) : undefined;
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname === undefined || !isHeadless(service) ? {} : { hostname }),
    ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    ...(zone === undefined ? {} : { zone }),
    ...(hints === undefined ? {} : { hints }),
  };
}

/** Who should go to an endpoint that is ready first, by what its service prefers; the mode of topology, when it is on, has the word instead. */
function hintsOf({ metadata, spec }: Service, zone: string | undefined, nodeName: string | undefined): EndpointHints | undefined {
  const { trafficDistribution } = spec ?? {};
  const mode = topologyAnnotations.map((key) => metadata?.annotations?.[key]).find((value) => value !== undefined);
  if (trafficDistribution === undefined || mode === 'Auto' || mode === 'auto') return undefined;
  const forZones = zone === undefined ? {} : { forZones: [{ name: zone }] };
  const forNodes = nodeName === undefined || trafficDistribution !== 'PreferSameNode' ? {} : { forNodes: [{ name: nodeName }] };
  const hints = { ...forZones, ...forNodes };
  return Object.keys(hints).length === 0 ? undefined : hints;
}
