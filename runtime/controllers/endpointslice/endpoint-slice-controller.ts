import { aggregate } from '../../api/aggregate.ts';
import type { Service } from '../../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { selectorFromLabels } from '../../api/selectors/labels.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, splitKey } from '../../client/object-key.ts';
import { nodes, pods, services } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { controllerReference } from '../common/owners.ts';
import { messageOf } from '../common/pod-control.ts';
import { followPods, headlessLabel, isHeadless, lastChangeAnnotation, selectsPods } from '../common/services.ts';
import { addressTypesOf, desiredEndpoints } from './desired-endpoints.ts';
import { createSliceWriter } from './slice-writer.ts';

const name = 'endpointslice-controller';
/** How long changes of pods are gathered, in milliseconds: a rollout changes many at once. */
const gatherTime = 50;

/** Keeps the EndpointSlices of services with selectors, after `pkg/controller/endpointslice` of Kubernetes. The mode of topology gives no hints. */
export function createEndpointSliceController(context: ControllerContext): Controller {
  const { informers, clock, log } = context;
  const serviceInformer = informers.for(services);
  const podInformer = informers.for(pods);
  const nodeInformer = informers.for(nodes);
  const writer = createSliceWriter(context, 'endpointslice-controller.k8s.io');
  const queue = queueFor(context, 'endpoint_slice', { baseDelay: 1000, maxDelay: 1_000_000 });
  const recorder = recorderFor(context, 'endpoint-slice-controller');

  const serviceChanged = (service: Service) => queue.add(keyOf(service));
  serviceInformer.on({ added: serviceChanged, updated: serviceChanged, deleted: serviceChanged });
  followPods(podInformer, serviceInformer, (service) => queue.addAfter(service, gatherTime));
  /** Slices of ours that somebody else changed or deleted are put right; our own writes find nothing to do. */
  const sliceChanged = (slice: EndpointSlice) => {
    const service = writer.serviceOf(slice);
    if (service !== undefined) queue.addAfter(service, gatherTime);
  };
  writer.informer.on({ updated: sliceChanged, deleted: sliceChanged });

  const reconcile = async (key: string) => {
    const { namespace, name: serviceName } = splitKey(key);
    const service = serviceInformer.lister.get(namespace, serviceName);
    // The slices of a deleted service go with it by their owner reference.
    if (service === undefined || !selectsPods(service)) return;
    if (writer.isStale(key)) {
      queue.addAfter(key, gatherTime);
      return;
    }
    const selected = podInformer.lister.list(namespace, selectorFromLabels(service.spec?.selector).matches);
    const { groups, skipped } = desiredEndpoints(service, selected, (node) => nodeInformer.lister.get('', node));
    const { [headlessLabel]: _, ...labels } = service.metadata?.labels ?? {};
    const frame = {
      owner: controllerReference(service, services),
      labels: isHeadless(service) ? { ...labels, [headlessLabel]: '' } : labels,
      annotations: { [lastChangeAnnotation]: formatTime(clock.now()) },
    };
    try {
      await writer.apply(key, frame, groups, addressTypesOf(service));
      if (skipped.length > 0) throw new Error(aggregate(skipped));
    } catch (error) {
      if (!isReason(error, 'Conflict')) {
        const message = `Error updating Endpoint Slices for Service ${key}: ${messageOf(error)}`;
        recorder.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
      }
      throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([serviceInformer.synced(), podInformer.synced(), nodeInformer.synced(), writer.informer.synced()]);
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}
