import type { Pod } from '../api/generated/types/core/v1.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import { createInformer } from '../client/informer.ts';
import type { Informers } from '../client/informers.ts';
import { type Log, silentLog } from '../client/log.ts';
import { pods, services } from '../client/resources.ts';
import type { ContainerRuntime } from '../containers/cri.ts';
import type { ImageStore } from '../containers/simulated/image-store.ts';
import type { Sockets } from '../network/sockets.ts';
import type { Clock } from '../simulation/clock.ts';
import type { VolumeObjects } from '../volumes/driver.ts';
import type { Disks } from '../volumes/plugins/local-volumes.ts';
import { createVolumeManager } from '../volumes/volume-manager.ts';
import { type AdmissionNode, admitPod, refuseResize } from './admission.ts';
import { Backoff } from './backoff.ts';
import { createImageManager } from './images/image-manager.ts';
import { createKubeletServer, type KubeletServer } from './kubelet-server.ts';
import { createNodeAgent } from './node/node-agent.ts';
import { allocatableOf, type NodeDescription, newNode } from './node/node-object.ts';
import { createOwnNode } from './node/own-node.ts';
import type { NodeContext } from './node-context.ts';
import { PodWorker } from './pods/pod-worker.ts';
import { byResizeOrder } from './resize-order.ts';
import { createStatusManager } from './status-manager.ts';

export interface KubeletOptions {
  readonly node: NodeDescription;
  readonly client: Client;
  readonly informers: Informers;
  readonly clock: Clock;
  /** Records as component `kubelet` on this node. */
  readonly recorder: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly images: ImageStore;
  readonly sockets: Sockets;
  /** What volumes and environments are made of. */
  readonly objects: VolumeObjects;
  /** The cluster's storage. */
  readonly storage: Disks;
  readonly log?: Log;
}

/** One virtual node. */
export interface Kubelet {
  readonly nodeName: string;
  readonly server: KubeletServer;
  /** Registers the node and runs its pods until `signal` aborts; resolves when the node is registered and knows its pods. */
  run(signal: AbortSignal): Promise<void>;
}

const firstCrashBackoff = 10_000;
const longestCrashBackoff = 300_000;
/** How often volumes that follow objects are brought up to date. */
const refreshTime = 60_000;
/** How often pods that wait for more are looked at, though nothing is known to have been freed. Upstream: `retryDelay`. */
const resizeRetryTime = 180_000;

export function createKubelet(options: KubeletOptions): Kubelet {
  const { node, client, informers, clock, recorder, runtime, images, sockets, objects, storage, log = silentLog } = options;
  const allocatable = allocatableOf(node.capacity);
  const workers = new Map<string, PodWorker>();
  const agent = createNodeAgent({ description: node, client, clock, images, recorder, log });
  const ownNode = createOwnNode({ name: node.name, client, clock, log });
  // A node may read its own pods alone, so this informer is not shared.
  const podInformer = createInformer({ client, clock, log, ref: pods, fieldSelector: `spec.nodeName=${node.name}` });
  const serviceInformer = informers.for(services);
  const context: NodeContext = {
    nodeName: node.name,
    nodeAddress: node.address,
    clock,
    client,
    log,
    recorder,
    runtime,
    imageService: images,
    images: createImageManager({ images, clock, recorder }),
    sockets,
    volumes: createVolumeManager({ objects, allocatable, storage }),
    statuses: createStatusManager({ client, clock, log }),
    environment: { configMap: objects.configMap, secret: objects.secret, services: () => serviceInformer.lister.list(), allocatable },
    crashBackoff: new Backoff(firstCrashBackoff, longestCrashBackoff),
    admit: (pod) => admitPod(pod, admissionNode(), podsBeside(pod)),
    refusesResize: (pod) => refuseResize(pod, admissionNode(), podsBeside(pod)),
    retryResizes() {
      const wanting = [...workers.values()].filter((worker) => worker.wantsResize);
      for (const worker of wanting.sort(byResizeOrder)) worker.resize();
    },
    fetchNode: ownNode.fetch,
  };

  const admissionNode = (): AdmissionNode => {
    const { metadata, status } = ownNode.latest() ?? newNode(node, clock.now());
    return { name: node.name, labels: metadata?.labels ?? {}, allocatable: { ...status?.allocatable, ...allocatable } };
  };
  const podsBeside = (pod: Pod) => {
    const others = [...workers.values()].filter((worker) => worker.isActive && worker.uid !== pod.metadata?.uid);
    return others.map((worker) => worker.allocatedPod);
  };
  const podAdded = (pod: Pod) => {
    const uid = pod.metadata?.uid ?? '';
    // Containers that ran here before had their images: the node's own list is cut off, and may be older than its newest pods.
    for (const { image, imageID } of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
      if (imageID !== '') images.restore([image]);
    }
    const worker = new PodWorker(pod, context, () => {
      if (workers.get(uid) === worker) workers.delete(uid);
    });
    workers.set(uid, worker);
    worker.wake();
  };
  const podUpdated = (pod: Pod, previous: Pod) => {
    const worker = workers.get(pod.metadata?.uid ?? '');
    if (worker === undefined) return;
    context.statuses.observe(pod);
    worker.update(pod, !sameButStatus(pod, previous));
  };
  const refreshVolumes = () => {
    for (const worker of workers.values()) {
      if (worker.isActive && context.volumes.follows(worker.pod)) void context.volumes.refresh(worker.pod);
    }
  };

  return {
    nodeName: node.name,
    server: createKubeletServer({
      runtime,
      clock,
      findPod(namespace, name) {
        for (const { pod, uid } of workers.values()) {
          if (pod.metadata?.namespace === namespace && pod.metadata.name === name) {
            return { ...pod, status: context.statuses.get(uid) ?? pod.status ?? {} };
          }
        }
        return undefined;
      },
    }),
    async run(signal) {
      await agent.register(signal);
      if (signal.aborted) return;
      agent.run(signal);
      serviceInformer.start(signal);
      await Promise.all([serviceInformer.synced(), ownNode.follow(signal)]);
      const stopEvents = runtime.onContainerEvent(({ podSandboxMetadata, containerEventType }) => {
        if (containerEventType === 'CONTAINER_STOPPED_EVENT') workers.get(podSandboxMetadata.uid)?.containerChanged();
      });
      const stopInformer = podInformer.on({
        added: podAdded,
        updated: podUpdated,
        deleted: (pod) => workers.get(pod.metadata?.uid ?? '')?.removed(),
      });
      const stopRefresh = clock.every(refreshTime, refreshVolumes);
      const stopResizes = clock.every(resizeRetryTime, context.retryResizes);
      signal.addEventListener(
        'abort',
        () => {
          stopEvents();
          stopInformer();
          stopRefresh();
          stopResizes();
          for (const worker of workers.values()) worker.stop();
          context.statuses.stop();
        },
        { once: true },
      );
      podInformer.start(signal);
      await podInformer.synced();
    },
  };
}

/** Whether only what the kubelet itself reports has changed: a change of the spec counts the generation up. */
function sameButStatus(pod: Pod, previous: Pod): boolean {
  return (
    pod.metadata?.generation === previous.metadata?.generation &&
    pod.metadata?.deletionTimestamp === previous.metadata?.deletionTimestamp &&
    pod.metadata?.deletionGracePeriodSeconds === previous.metadata?.deletionGracePeriodSeconds &&
    gateConditions(pod) === gateConditions(previous)
  );
}

function gateConditions({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  return gates.map(({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status ?? '').join();
}
