import type { Lease, LeaseSpec } from '../../api/generated/types/coordination/v1.ts';
import type { ContainerImage, Node, NodeStatus } from '../../api/generated/types/core/v1.ts';
import { quantityMilliValue } from '../../api/quantity.ts';
import { type Client, ifFound, isReason } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import type { Log } from '../../client/log.ts';
import { leases, nodes } from '../../client/resources.ts';
import type { ImageStore } from '../../containers/simulated/image-store.ts';
import { type Clock, formatMicroTime } from '../../simulation/clock.ts';
import { type NodeDescription, newNode, nodeStatus } from './node-object.ts';

/** Keeps the node's object and lease alive, after `kubelet_node_status.go`. */
export interface NodeAgent {
  /** Makes the node known; tries until it is, or until `signal` aborts. */
  register(signal: AbortSignal): Promise<void>;
  /** Renews the lease and the status until `signal` aborts. */
  run(signal: AbortSignal): void;
}

export interface NodeAgentOptions {
  readonly description: NodeDescription;
  readonly client: Client;
  readonly clock: Clock;
  readonly images: ImageStore;
  readonly recorder: EventRecorder;
  readonly log: Log;
}

const leaseDurationSeconds = 40;
const leaseRenewTime = 10_000;
const statusCheckTime = 10_000;
const statusReportTime = 300_000;
const registerRetryTime = 1_000;
/** Upstream reports no more images than this, the largest first, and no more names of each. */
const maxImages = 50;
const maxNamesPerImage = 5;

/** The states that the kubelet reports of a node in good health, and the event that tells of each. */
const goodStates = [
  { type: 'MemoryPressure', status: 'False', event: 'NodeHasSufficientMemory' },
  { type: 'DiskPressure', status: 'False', event: 'NodeHasNoDiskPressure' },
  { type: 'PIDPressure', status: 'False', event: 'NodeHasSufficientPID' },
  { type: 'Ready', status: 'True', event: 'NodeReady' },
] as const;

export function createNodeAgent(options: NodeAgentOptions): NodeAgent {
  const { description, client, clock, images, recorder, log } = options;
  const { name } = description;
  const nodeClient = client.resource(nodes);
  const leaseClient = client.resource(leases);
  let node: Node | undefined;
  let lease: Lease | undefined;
  let reportedAt = 0;
  let isBorn = false;
  let wasUnschedulable = false;

  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    recorder.event({ apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name } }, type, reason, message);
  const tellState = (state: string) => tell('Normal', state, `Node ${name} status is now: ${state}`);

  const tellBirth = () => {
    if (isBorn) return;
    isBorn = true;
    tell('Normal', 'Starting', 'Starting kubelet.');
    for (const { type, event } of goodStates) if (type !== 'Ready') tellState(event);
    tell('Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
  };
  const tellChanges = (before: NodeStatus | undefined) => {
    const bootID = before?.nodeInfo?.bootID ?? '';
    if (bootID !== '' && bootID !== description.bootID) {
      tell('Warning', 'Rebooted', `Node ${name} has been rebooted, boot id: ${description.bootID}`);
    }
    for (const { type, status, event } of goodStates) {
      if (before?.conditions?.find((condition) => condition.type === type)?.status !== status) tellState(event);
    }
  };
  const tellSchedulable = ({ spec }: Node) => {
    const unschedulable = spec?.unschedulable === true;
    if (unschedulable !== wasUnschedulable) tellState(unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable');
    wasUnschedulable = unschedulable;
  };
  const create = async () => {
    node = await nodeClient.create(newNode(description, clock.now()));
    reportedAt = clock.now();
    tellBirth();
    tellState('NodeReady');
  };

  const currentImages = async (): Promise<ContainerImage[]> =>
    [...(await images.listImages())]
      .sort((left, right) => right.size - left.size || (left.id > right.id ? -1 : 1))
      .slice(0, maxImages)
      .map(({ repoDigests, repoTags, size }) => ({ names: [...repoDigests, ...repoTags].slice(0, maxNamesPerImage), sizeBytes: size }));

  const writeStatus = async (known: Node) => {
    const now = clock.now();
    const isDue = node === undefined || now - reportedAt >= statusReportTime;
    tellSchedulable(known);
    const status = nodeStatus(description, known.status, await currentImages(), now);
    node = known;
    if (!isDue && tellsTheSame(known.status, status)) return;
    const gone = Object.keys(known.status?.allocatable ?? {}).filter((resource) => status.allocatable?.[resource] === undefined);
    const allocatable = { ...status.allocatable, ...Object.fromEntries(gone.map((resource) => [resource, null])) };
    const body = JSON.parse(JSON.stringify({ status: { ...status, allocatable } }));
    node = await nodeClient.patch(name, undefined, { type: 'strategic', body }, 'status');
    reportedAt = now;
    tellChanges(known.status);
  };

  const refreshStatus = async () => {
    // Looked up every time: while the node could not be heard, others have said so in its status.
    const known = await ifFound(nodeClient.get(name));
    // A node that somebody has deleted makes itself known again when it starts anew.
    if (known !== undefined) await writeStatus(known);
  };

  const createLease = async (spec: LeaseSpec) => {
    // A lease belongs to its node: of one that somebody has deleted there is none until it starts anew.
    const owner = await ifFound(nodeClient.get(name));
    if (owner === undefined) return undefined;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid: owner.metadata?.uid ?? '' }];
    const metadata = { name, namespace: 'kube-node-lease', ownerReferences };
    return leaseClient.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
  };

  const renewLease = async () => {
    const spec = { holderIdentity: name, leaseDurationSeconds, renewTime: formatMicroTime(clock.now()) };
    lease ??= await ifFound(leaseClient.get(name, 'kube-node-lease'));
    try {
      lease = lease === undefined ? await createLease(spec) : await leaseClient.update({ ...lease, spec: { ...lease.spec, ...spec } });
    } catch (error) {
      if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) throw error;
      // Somebody else has written or deleted it, and it is read anew next time.
      lease = undefined;
    }
  };

  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (what === 'lease') lease = undefined;
      else node = undefined;
      log.warn(`node ${name}: ${what} was not written`, error);
    }
  };

  return {
    async register(signal) {
      while (!signal.aborted) {
        try {
          try {
            await create();
          } catch (error) {
            if (!isReason(error, 'AlreadyExists')) throw error;
            tellBirth();
            const known = await nodeClient.get(name);
            // What the node had pulled when it ran last is still on its disk.
            for (const { names } of known.status?.images ?? []) images.restore(names ?? []);
            await writeStatus(known);
          }
          return;
        } catch (error) {
          log.debug(`node ${name}: not registered yet: ${String(error)}`);
          await clock.sleep(registerRetryTime, signal);
        }
      }
    },
    run(signal) {
      void attempt('lease', renewLease);
      const cancels = [
        clock.every(leaseRenewTime, () => void attempt('lease', renewLease)),
        clock.every(statusCheckTime, () => void attempt('status', refreshStatus)),
      ];
      signal.addEventListener(
        'abort',
        () => {
          for (const cancel of cancels) cancel();
        },
        { once: true },
      );
    },
  };
}

/** Whether what the API has is right but for its age: states, images and resources; the rest of a node does not change while it runs. */
function tellsTheSame(known: NodeStatus | undefined, wanted: NodeStatus): boolean {
  const states = (wanted.conditions ?? []).every(
    ({ type, status }) => known?.conditions?.find((condition) => condition.type === type)?.status === status,
  );
  const resources = Object.keys({ ...known?.allocatable, ...wanted.allocatable });
  const same = resources.every((resource) => amount(known, resource) === amount(wanted, resource));
  return states && same && JSON.stringify((known?.images ?? []).map(imageOf)) === JSON.stringify((wanted.images ?? []).map(imageOf));
}

function amount(status: NodeStatus | undefined, resource: string): number | undefined {
  const quantity = status?.allocatable?.[resource];
  return quantity === undefined ? undefined : quantityMilliValue(String(quantity));
}

function imageOf({ names, sizeBytes }: ContainerImage) {
  return [names, sizeBytes];
}
