import type { Pod, Service } from '../../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { selectorFromLabels } from '../../api/selectors/labels.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { joinKey, keyOf, nameOf, namespaceOf, splitKey } from '../../client/object-key.ts';
import { endpointSlices, nodes, pods, services } from '../../client/resources.ts';
import { createWorkQueue } from '../../client/work-queue.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, recorderFor } from '../common/context.ts';
import { jsonEqual } from '../common/equality.ts';
import { controllerReference } from '../common/owners.ts';
import { messageOf } from '../common/pod-control.ts';
import { endpointChanged, headlessLabel, isHeadless, lastChangeAnnotation, selectsPods, servicesOf } from '../common/services.ts';
import { addressTypesOf, desiredEndpoints } from './desired-endpoints.ts';
import { planSlices } from './slice-plan.ts';

const name = 'endpointslice-controller';
export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';
/** How long changes of pods are gathered, in milliseconds: a rollout changes many at once. */
const gatherTime = 50;

/** Keeps the EndpointSlices of services with selectors, after `pkg/controller/endpointslice` of Kubernetes. Traffic hints are not given. */
export function createEndpointSliceController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const serviceInformer = informers.for(services);
  const podInformer = informers.for(pods);
  const nodeInformer = informers.for(nodes);
  const sliceInformer = informers.for(endpointSlices);
  sliceInformer.addIndex('service', (slice) => {
    const service = slice.metadata?.labels?.[serviceNameLabel];
    return service === undefined || !isOurs(slice) ? [] : [joinKey(namespaceOf(slice), service)];
  });
  const queue = createWorkQueue({ clock, baseDelay: 1000, maxDelay: 1_000_000 });
  const recorder = recorderFor(context, 'endpoint-slice-controller');
  const resource = client.resource(endpointSlices);

  serviceInformer.on({
    added: (service) => queue.add(keyOf(service)),
    updated: (service) => queue.add(keyOf(service)),
    deleted: (service) => queue.add(keyOf(service)),
  });
  const podChanged = (pod: Pod) => {
    for (const service of servicesOf(serviceInformer, pod)) queue.addAfter(keyOf(service), gatherTime);
  };
  podInformer.on({
    added: podChanged,
    updated(pod, previous) {
      const relabelled = !jsonEqual(pod.metadata?.labels, previous.metadata?.labels);
      if (relabelled) podChanged(previous);
      if (relabelled || endpointChanged(pod, previous)) podChanged(pod);
    },
    deleted: podChanged,
  });
  /** Slices of ours that somebody else changed or deleted are put right; our own writes find nothing to do. */
  const sliceChanged = (slice: EndpointSlice) => {
    const service = slice.metadata?.labels?.[serviceNameLabel];
    if (service !== undefined && isOurs(slice)) queue.addAfter(joinKey(namespaceOf(slice), service), gatherTime);
  };
  sliceInformer.on({ updated: sliceChanged, deleted: sliceChanged });

  /** Slices this controller wrote, by name and resource version or as deleted: the cache is behind while it does not show them. */
  const written = new Map<string, Map<string, number | 'deleted'>>();
  const isStale = (key: string, namespace: string) => {
    const marks = written.get(key);
    if (marks === undefined) return false;
    for (const [sliceName, mark] of marks) {
      const cached = sliceInformer.lister.get(namespace, sliceName);
      const shown = mark === 'deleted' ? cached === undefined : cached !== undefined && Number(cached.metadata?.resourceVersion) >= mark;
      if (shown) marks.delete(sliceName);
    }
    if (marks.size === 0) written.delete(key);
    return marks.size > 0;
  };
  const mark = (key: string, slice: EndpointSlice, deleted = false) => {
    const marks = written.get(key) ?? new Map<string, number | 'deleted'>();
    marks.set(nameOf(slice), deleted ? 'deleted' : Number(slice.metadata?.resourceVersion));
    written.set(key, marks);
  };

  const reconcile = async (key: string) => {
    const { namespace, name: serviceName } = splitKey(key);
    const service = serviceInformer.lister.get(namespace, serviceName);
    if (service === undefined || !selectsPods(service)) {
      // The slices of a deleted service go with it by their owner reference.
      written.delete(key);
      return;
    }
    if (isStale(key, namespace)) {
      queue.addAfter(key, gatherTime);
      return;
    }
    const selector = selectorFromLabels(service.spec?.selector);
    const selected = podInformer.lister.list(namespace, selector.matches);
    const desired = desiredEndpoints(service, selected, (node) => nodeInformer.lister.get('', node));
    const existing = sliceInformer.lister.byIndex('service', key).filter((slice) => slice.metadata?.deletionTimestamp === undefined);
    try {
      await apply(key, service, planSlices(desired, existing, addressTypesOf(service)), existing);
    } catch (error) {
      if (!isReason(error, 'Conflict')) {
        recorder.event(
          service,
          'Warning',
          'FailedToUpdateEndpointSlices',
          `Error updating Endpoint Slices for Service ${key}: ${messageOf(error)}`,
        );
      }
      throw error;
    }
  };

  const apply = async (key: string, service: Service, plan: ReturnType<typeof planSlices>, existing: readonly EndpointSlice[]) => {
    const labels = labelsFor(service);
    const annotations = { [lastChangeAnnotation]: formatTime(clock.now()) };
    for (const { group, endpoints } of plan.create) {
      const created = await resource.create({
        metadata: {
          generateName: `${nameOf(service)}-`,
          namespace: namespaceOf(service),
          labels,
          annotations,
          ownerReferences: [controllerReference(service, services)],
        },
        addressType: group.addressType,
        endpoints,
        ports: [...group.ports],
      });
      mark(key, created);
    }
    const changed = new Map(plan.update.map(({ slice, endpoints }) => [slice, endpoints]));
    for (const slice of existing) {
      const endpoints = changed.get(slice);
      if (plan.remove.includes(slice) || (endpoints === undefined && jsonEqual(slice.metadata?.labels, labels))) continue;
      const metadata = { ...slice.metadata, labels, annotations: { ...slice.metadata?.annotations, ...annotations } };
      mark(key, await resource.update({ ...slice, metadata, ...(endpoints === undefined ? {} : { endpoints }) }));
    }
    for (const slice of plan.remove) {
      try {
        await resource.delete(nameOf(slice), namespaceOf(slice));
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
      mark(key, slice, true);
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([serviceInformer.synced(), podInformer.synced(), nodeInformer.synced(), sliceInformer.synced()]);
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}

function isOurs(slice: EndpointSlice): boolean {
  return slice.metadata?.labels?.[managedByLabel] === manager;
}

function labelsFor(service: Service): Record<string, string> {
  const { [headlessLabel]: _, ...labels } = service.metadata?.labels ?? {};
  return {
    ...labels,
    [managedByLabel]: manager,
    [serviceNameLabel]: nameOf(service),
    ...(isHeadless(service) ? { [headlessLabel]: '' } : {}),
  };
}
