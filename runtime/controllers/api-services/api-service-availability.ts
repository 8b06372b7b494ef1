import { jsonEqual } from '../../api/equality.ts';
import type { APIService, APIServiceCondition } from '../../api/generated/types/apiregistration/v1.ts';
import type { Service } from '../../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { runController, Unfulfilled } from '../../client/controller.ts';
import { keyOf, nameOf, namespaceOf } from '../../client/object-key.ts';
import { apiServices, endpointSlices, services } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import type { RemoteServers } from './remote-servers.ts';

const name = 'AvailabilityController';
const byService = 'service';
const serviceLabel = 'kubernetes.io/service-name';

type State = Pick<APIServiceCondition, 'status' | 'reason' | 'message'>;

const unavailable = (reason: string, message: string): State => ({ status: 'False', reason, message });
const passed: State = { status: 'True', reason: 'Passed', message: 'all checks passed' };
const local: State = { status: 'True', reason: 'Local', message: 'Local APIServices are always available' };

/** How often a server is asked anew whether it still answers, in milliseconds: it may go without any object changing. */
const recheckPeriod = 30_000;
/** The longest time until one that does not answer is asked again, in milliseconds. */
const longestDelay = 30_000;

/**
 * Says in the status of every APIService whether requests for its group version can be answered, after `kube-aggregator/pkg/controllers/status`:
 * those that this server answers itself always, others as long as their servers answer.
 */
export function createApiServiceAvailability(context: ControllerContext, servers: RemoteServers): Controller {
  const { client, informers, clock, log } = context;
  const registered = informers.for(apiServices);
  const allServices = informers.for(services);
  const slices = informers.for(endpointSlices);
  const localQueue = queueFor(context, 'LocalAvailabilityController');
  const remoteQueue = queueFor(context, 'RemoteAvailabilityController', { baseDelay: 5, maxDelay: longestDelay });

  registered.addIndex(byService, ({ spec }) => (spec?.service === undefined ? [] : [`${spec.service.namespace}/${spec.service.name}`]));
  slices.addIndex(byService, (slice) => [`${namespaceOf(slice)}/${serviceOf(slice)}`]);
  const changed = (apiService: APIService) => (apiService.spec?.service === undefined ? localQueue : remoteQueue).add(nameOf(apiService));
  const behind = (service: string) => registered.lister.byIndex(byService, service).forEach(changed);
  const serviceChanged = (service: Service) => behind(keyOf(service));
  const sliceChanged = (slice: EndpointSlice) => behind(`${namespaceOf(slice)}/${serviceOf(slice)}`);
  registered.on({ added: changed, updated: changed });
  allServices.on({ added: serviceChanged, updated: serviceChanged, deleted: serviceChanged });
  slices.on({ added: sliceChanged, updated: sliceChanged, deleted: sliceChanged });

  /** What the objects tell that a server needs to be found; nothing when it is to be asked itself. */
  const objectsState = ({ spec }: APIService): State | undefined => {
    if (spec?.service === undefined) return local;
    const { namespace = '', name: serviceName = '', port = 443 } = spec.service;
    const place = `service/${serviceName} in ${JSON.stringify(namespace)}`;
    const service = allServices.lister.get(namespace, serviceName);
    if (service === undefined) return unavailable('ServiceNotFound', `${place} is not present`);
    if (service.spec?.type === 'ClusterIP') {
      const found = service.spec.ports?.find((each) => each.port === port);
      if (found === undefined) return unavailable('ServicePortError', `${place} is not listening on port ${port}`);
      const ofService = slices.lister.byIndex(byService, `${namespace}/${serviceName}`);
      if (ofService.length === 0) return unavailable('EndpointsNotFound', `cannot find endpointslices for ${place}`);
      const { name: portName = '' } = found;
      if (!ofService.some((slice) => leadsTo(slice, portName))) {
        const message = `endpointslices for ${place} have no addresses with port name ${JSON.stringify(portName)}`;
        return unavailable('MissingEndpoints', message);
      }
    }
    return undefined;
  };

  const stateOf = async (apiService: APIService): Promise<State> => {
    const known = objectsState(apiService);
    if (known !== undefined) return known;
    const failure = await servers.discoveryFailure(nameOf(apiService));
    return failure === undefined ? passed : unavailable('FailedDiscoveryCheck', failure);
  };

  const reconcile = async (key: string) => {
    const apiService = registered.lister.get(undefined, key);
    if (apiService === undefined) return;
    const state = await stateOf(apiService);
    const conditions = withState(apiService.status?.conditions ?? [], state, formatTime(clock.now()));
    if (!jsonEqual(conditions, apiService.status?.conditions)) {
      await client.resource(apiServices).update({ ...apiService, status: { conditions } }, 'status');
      if (wasAvailable(apiService) && state.status !== 'True') servers.becameUnavailable(key, state.reason ?? 'UnknownReason');
    }
    // Nothing else would tell when it answers.
    if (state.reason === 'FailedDiscoveryCheck') throw new Unfulfilled(state.message);
  };

  const recheck = () => {
    for (const apiService of registered.lister.list()) if (apiService.spec?.service !== undefined) changed(apiService);
  };

  return {
    name,
    async run(signal) {
      await Promise.all([registered.synced(), allServices.synced(), slices.synced()]);
      const common = { name, workers: 5, reconcile, signal, log };
      const cancel = clock.every(recheckPeriod, recheck);
      await Promise.all([runController({ ...common, queue: localQueue }), runController({ ...common, queue: remoteQueue })]);
      cancel();
    },
  };
}

function wasAvailable({ status }: APIService): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True') ?? false;
}

/** The conditions, with the one that says whether it is available. Upstream: `SetAPIServiceCondition`. */
function withState(conditions: readonly APIServiceCondition[], state: State, now: string): APIServiceCondition[] {
  const type = 'Available';
  const before = conditions.find((each) => each.type === type);
  const lastTransitionTime = before?.status === state.status ? before.lastTransitionTime : now;
  const condition = { type, ...state, ...(lastTransitionTime !== undefined && { lastTransitionTime }) };
  return before === undefined ? [...conditions, condition] : conditions.map((each) => (each === before ? condition : each));
}

function serviceOf({ metadata }: EndpointSlice): string {
  return metadata?.labels?.[serviceLabel] ?? '';
}

/** Whether a slice has a ready endpoint and a port of the name. Lists without members are null. */
function leadsTo({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  const isReady = (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
  return isReady && (ports ?? []).some(({ name: named = '', port }) => named === portName && port !== undefined);
}
