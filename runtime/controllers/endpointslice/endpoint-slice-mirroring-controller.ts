import type { EndpointAddress, Endpoints, Service } from '../../api/generated/types/core/v1.ts';
import type { Endpoint, EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, splitKey } from '../../client/object-key.ts';
import { endpoints, services } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { controllerReference } from '../common/owners.ts';
import { lastChangeAnnotation } from '../common/services.ts';
import { type EndpointGroup, groupKey } from './desired-endpoints.ts';
import { createSliceWriter } from './slice-writer.ts';

const name = 'endpointslice-mirroring-controller';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
/** Most addresses taken from one subset. */
const maxAddresses = 1000;
const gatherTime = 50;

/** Keeps slices for Endpoints that people write by hand for services without selectors, after `pkg/controller/endpointslicemirroring` of Kubernetes. */
export function createEndpointSliceMirroringController(context: ControllerContext): Controller {
  const { informers, log } = context;
  const serviceInformer = informers.for(services);
  const endpointsInformer = informers.for(endpoints);
  const writer = createSliceWriter(context, 'endpointslicemirroring-controller.k8s.io');
  const queue = queueFor(context, 'endpoint_slice_mirroring', { baseDelay: 1000, maxDelay: 1_000_000 });

  const changed = (object: Endpoints | Service) => queue.add(keyOf(object));
  endpointsInformer.on({ added: changed, updated: changed, deleted: changed });
  serviceInformer.on({ added: changed, updated: changed, deleted: changed });
  const sliceChanged = (slice: EndpointSlice) => {
    const service = writer.serviceOf(slice);
    if (service !== undefined) queue.addAfter(service, gatherTime);
  };
  writer.informer.on({ updated: sliceChanged, deleted: sliceChanged });

  const reconcile = async (key: string) => {
    const { namespace, name: serviceName } = splitKey(key);
    const object = endpointsInformer.lister.get(namespace, serviceName);
    const service = serviceInformer.lister.get(namespace, serviceName);
    // Slices of Endpoints that are gone go with them by their owner reference.
    if (object === undefined) return;
    if (writer.isStale(key)) {
      queue.addAfter(key, gatherTime);
      return;
    }
    const mirrored = service !== undefined && service.spec?.selector === undefined && isMirrored(object);
    const { [lastChangeAnnotation]: _, [lastAppliedAnnotation]: __, ...annotations } = object.metadata?.annotations ?? {};
    const frame = { owner: controllerReference(object, endpoints), labels: object.metadata?.labels ?? {}, annotations, exact: true };
    await writer.apply(key, frame, mirrored ? groupsOf(object) : new Map(), []);
  };

  return {
    name,
    async run(signal) {
      await Promise.all([serviceInformer.synced(), endpointsInformer.synced(), writer.informer.synced()]);
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}

function isMirrored(object: Endpoints): boolean {
  const { labels, annotations } = object.metadata ?? {};
  return labels?.[skipLabel] !== 'true' && annotations?.[leaderAnnotation] === undefined;
}

function groupsOf(object: Endpoints): Map<string, EndpointGroup> {
  const groups = new Map<string, EndpointGroup>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of object.subsets ?? []) {
    const all = [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ];
    for (const { address, ready } of all.slice(0, maxAddresses)) {
      const addressType = address.ip.includes(':') ? 'IPv6' : 'IPv4';
      const named = ports.map((port) => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' }));
      const key = groupKey(addressType, named);
      const group = groups.get(key) ?? { addressType, ports: named, endpoints: [] };
      group.endpoints.push(endpointOf(address, ready));
      groups.set(key, group);
    }
  }
  return groups;
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}
