import type { Condition } from '../../api/generated/types/meta/v1.ts';
import type { IPAddress, ServiceCIDR } from '../../api/generated/types/networking/v1.ts';
import { isAllocated } from '../../api/ip-address.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, nameOf } from '../../client/object-key.ts';
import { ipAddresses, serviceCidrs } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { networksOf, overlap, rangeHolds, rangesOf } from './networks.ts';

const name = 'service-cidr-controller';
const finalizer = 'networking.k8s.io/service-cidr-finalizer';

/** Until then a range that is to go stays, so that no server gives addresses of it any more. */
const deletionGrace = 10_000;

/** Says of ranges of service addresses that they are ready, and keeps those that go as long as services need them; after `pkg/controller/servicecidrs`. */
export function createServiceCidrsController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const ranges = informers.for(serviceCidrs);
  const addresses = informers.for(ipAddresses);
  const resource = client.resource(serviceCidrs);
  const recorder = recorderFor(context, name);
  const queue = queueFor(context, 'ipaddresses');

  const addOverlapping = (range: ServiceCIDR) => {
    queue.add(keyOf(range));
    for (const other of ranges.lister.list()) if (overlap(range, other)) queue.add(keyOf(other));
  };
  const addContaining = (address: IPAddress) => {
    if (!isAllocated(address)) return;
    for (const range of rangesOf(ranges.lister.list(), address)) queue.add(keyOf(range));
  };
  ranges.on({ added: addOverlapping, updated: (range) => queue.add(keyOf(range)), deleted: (range) => queue.add(keyOf(range)) });
  addresses.on({ added: addContaining, deleted: addContaining });

  const setReady = async (range: ServiceCIDR, condition: Omit<Condition, 'type' | 'lastTransitionTime'>) => {
    const current = range.status?.conditions?.find(({ type }) => type === 'Ready');
    if (current?.status === condition.status) return;
    await resource.patch(
      nameOf(range),
      undefined,
      {
        type: 'apply',
        fieldManager: name,
        force: true,
        body: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'ServiceCIDR',
          metadata: { name: nameOf(range) },
          status: { conditions: [{ type: 'Ready', ...condition, lastTransitionTime: formatTime(clock.now()) }] },
        },
      },
      'status',
    );
  };

  /** Whether every address of the range that is a service's is of another range, too. */
  const canGo = (range: ServiceCIDR): boolean => {
    const others = ranges.lister.list().filter((other) => nameOf(other) !== nameOf(range));
    if (networksOf(range).every((network) => others.some((other) => rangeHolds(other, network)))) return true;
    return !addresses.lister.list().some((address) => {
      if (!isAllocated(address)) return false;
      const [only, ...more] = rangesOf(ranges.lister.list(), address);
      return only !== undefined && more.length === 0 && nameOf(only) === nameOf(range);
    });
  };

  const end = async (range: ServiceCIDR) => {
    if (!canGo(range)) {
      const message = 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR';
      await setReady(range, { status: 'False', reason: 'Terminating', message });
      return;
    }
    const rest = Date.parse(range.metadata?.deletionTimestamp ?? '') + deletionGrace - clock.now();
    if (rest > 0) {
      queue.addAfter(keyOf(range), rest);
      return;
    }
    if (!range.metadata?.finalizers?.includes(finalizer)) return;
    const body = { metadata: { '$deleteFromPrimitiveList/finalizers': [finalizer] } };
    await resource.patch(nameOf(range), undefined, { type: 'strategic', body });
  };

  const reconcile = async (key: string) => {
    const range = ranges.lister.get('', key);
    if (range === undefined) return;
    if (range.metadata?.deletionTimestamp !== undefined) {
      await end(range);
      return;
    }
    if (!range.metadata?.finalizers?.includes(finalizer)) {
      await resource.patch(key, undefined, { type: 'strategic', body: { metadata: { finalizers: [finalizer] } } });
    }
    try {
      await setReady(range, { status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' });
    } catch (error) {
      if (!isReason(error, 'NotFound')) {
        recorder.event(range, 'Warning', 'KubernetesServiceCIDRError', 'The ServiceCIDR Status can not be set to Ready=True');
      }
      throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([ranges.synced(), addresses.synced()]);
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}
