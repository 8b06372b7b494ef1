import { jsonEqual } from '../../api/equality.ts';
import type { Endpoints } from '../../api/generated/types/core/v1.ts';
import { selectorFromLabels } from '../../api/selectors/labels.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, splitKey } from '../../client/object-key.ts';
import { endpoints, pods, services } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { messageOf } from '../common/pod-control.ts';
import { followPods, headlessLabel, isHeadless, lastChangeAnnotation, selectsPods } from '../common/services.ts';
import { subsetsOf, truncated } from './subsets.ts';

const name = 'endpoints-controller';
export const endpointsManagedByLabel = 'endpoints.kubernetes.io/managed-by';
const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';
/** How long changes of pods are gathered, in milliseconds. */
const gatherTime = 50;

/** Keeps the Endpoints of services with selectors, after `pkg/controller/endpoint` of Kubernetes. */
export function createEndpointsController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const serviceInformer = informers.for(services);
  const podInformer = informers.for(pods);
  const endpointsInformer = informers.for(endpoints);
  const queue = queueFor(context, 'endpoint');
  const recorder = recorderFor(context, 'endpoint-controller');
  const resource = client.resource(endpoints);

  serviceInformer.on({
    added: (service) => queue.add(keyOf(service)),
    updated: (service) => queue.add(keyOf(service)),
    deleted: (service) => queue.add(keyOf(service)),
  });
  followPods(podInformer, serviceInformer, (service) => queue.addAfter(service, gatherTime));
  endpointsInformer.on({ deleted: (object) => queue.add(keyOf(object)) });

  const reconcile = async (key: string) => {
    const { namespace, name: serviceName } = splitKey(key);
    const service = serviceInformer.lister.get(namespace, serviceName);
    const current = endpointsInformer.lister.get(namespace, serviceName);
    if (service === undefined) {
      if (current?.metadata?.labels?.[endpointsManagedByLabel] === undefined) return;
      try {
        await resource.delete(serviceName, namespace);
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
      return;
    }
    if (!selectsPods(service)) return;
    const all = subsetsOf(service, podInformer.lister.list(namespace, selectorFromLabels(service.spec?.selector).matches));
    const cut = truncated(all);
    const subsets = cut ?? all;
    const { [headlessLabel]: _, ...own } = service.metadata?.labels ?? {};
    const labels = { ...own, [endpointsManagedByLabel]: 'endpoint-controller', ...(isHeadless(service) ? { [headlessLabel]: '' } : {}) };
    const same =
      current !== undefined &&
      jsonEqual(current.subsets ?? [], subsets) &&
      jsonEqual(current.metadata?.labels ?? {}, labels) &&
      (current.metadata?.annotations?.[overCapacityAnnotation] !== undefined) === (cut !== undefined);
    if (same) return;
    const { [overCapacityAnnotation]: __, ...annotations } = current?.metadata?.annotations ?? {};
    annotations[lastChangeAnnotation] = formatTime(clock.now());
    if (cut !== undefined) annotations[overCapacityAnnotation] = 'truncated';
    const metadata = { ...current?.metadata, name: serviceName, namespace, labels, annotations };
    const wish: Endpoints = { ...current, metadata, subsets };
    try {
      if (current === undefined) await resource.create(wish);
      else await resource.update(wish);
    } catch (error) {
      if (current === undefined && isReason(error, 'Forbidden')) {
        // The namespace is going away, and the service with it.
        log.debug(`${name}: ${key}: ${error.message}`);
        return;
      }
      const doing = current === undefined ? 'create' : 'update';
      if (!isReason(error, 'Conflict') && !isReason(error, 'AlreadyExists')) {
        const reason = current === undefined ? 'FailedToCreateEndpoint' : 'FailedToUpdateEndpoint';
        recorder.event(wish, 'Warning', reason, `Failed to ${doing} endpoint ${key}: ${messageOf(error)}`);
      }
      throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([serviceInformer.synced(), podInformer.synced(), endpointsInformer.synced()]);
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}
