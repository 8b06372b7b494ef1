import type { Client } from '../client/client.ts';
import { createRecorder } from '../client/event-recorder.ts';
import type { Informers } from '../client/informers.ts';
import { type Log, silentLog } from '../client/log.ts';
import { createImageStore } from '../containers/simulated/image-store.ts';
import { createSimulatedRuntime } from '../containers/simulated/simulated-runtime.ts';
import { createPodNetwork } from '../network/pod-network.ts';
import { createSockets, type Sockets } from '../network/sockets.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { createDisks } from '../volumes/plugins/local-volumes.ts';
import { createNodeConnection } from './connection.ts';
import { createKubelet, type Kubelet } from './kubelet.ts';
import { KubeletError, type KubeletServer } from './kubelet-server.ts';
import type { NodeCapacity } from './node/node-object.ts';
import { createObjectSource } from './object-source.ts';

export const defaultCapacity: NodeCapacity = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' };
export const defaultNodeCount = 3;
/** A node's number is a part of its address and of its pods'. */
const maxNodes = 250;

export interface NodesOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How a kubelet reaches the API: as user `system:node:<name>` of group `system:nodes`. */
  readonly clientFor: (nodeName: string) => Client;
  readonly informers: Informers;
  readonly count?: number;
  readonly capacity?: Partial<NodeCapacity>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Factor on the times that images take to be pulled and to start; zero: no waiting. */
  readonly startupDelay?: number;
  readonly log?: Log;
}

/** The virtual nodes of a cluster. */
export interface VirtualNodes {
  readonly kubelets: readonly Kubelet[];
  /** The API server's way to the kubelets: logs, proxies to pods. */
  readonly connection: ReturnType<typeof createNodeConnection>;
  /** Who listens where on the pod network. */
  readonly sockets: Sockets;
  /** What the API server asks about the pods of a node. @throws KubeletError when there is no such node here */
  serverOf(nodeName: string): KubeletServer;
  /** Runs all nodes until `signal` aborts; resolves when all are registered and know their pods. */
  run(signal: AbortSignal): Promise<void>;
}

/** Makes nodes named `node-1`, `node-2` … whose pods have addresses of 10.244.1.0/24, 10.244.2.0/24 … */
export function createNodes(options: NodesOptions): VirtualNodes {
  const { clock, random, clientFor, informers, count = defaultNodeCount, labels = {}, startupDelay = 1, log = silentLog } = options;
  if (!Number.isInteger(count) || count < 0 || count > maxNodes) throw new Error(`a cluster can have 0 to ${maxNodes} nodes, not ${count}`);
  const sockets = createSockets();
  const storage = createDisks();
  const capacity = { ...defaultCapacity, ...options.capacity };

  // Every node has a signal of its own: the many listeners of many nodes on one would look like a leak.
  const endings = Array.from({ length: count }, () => new AbortController());
  const makeKubelet = (number: number, { signal }: AbortController): Kubelet => {
    const name = `node-${number}`;
    // 172.18.0.2 is the control plane.
    const address = `172.18.0.${number + 2}`;
    const podCIDR = `10.244.${number}.0/24`;
    const client = clientFor(name);
    const images = createImageStore({ clock, startupDelay });
    const runtime = createSimulatedRuntime({
      ...{ clock, random, images, sockets, startupDelay },
      network: createPodNetwork(podCIDR),
      nodeAddress: address,
    });
    const { runtimeName, runtimeVersion } = runtime.version();
    return createKubelet({
      node: {
        ...{ name, address, podCIDR, capacity, labels },
        containerRuntimeVersion: `${runtimeName}://${runtimeVersion}`,
        machineID: number.toString(16).padStart(32, '0'),
        bootID: random.uuid(),
      },
      ...{ client, informers, clock, runtime, images, sockets, storage, log },
      objects: createObjectSource(client, clock),
      recorder: createRecorder({ client, clock, random, component: 'kubelet', host: name, log, signal }),
    });
  };
  const kubelets = endings.map((ending, index) => makeKubelet(index + 1, ending));
  const serverOf = (nodeName: string): KubeletServer => {
    const kubelet = kubelets.find((each) => each.nodeName === nodeName);
    if (kubelet === undefined) throw new KubeletError(404, `nodes "${nodeName}" not found`);
    return kubelet.server;
  };
  return {
    kubelets,
    sockets,
    serverOf,
    connection: createNodeConnection({ serverOf, sockets }),
    async run(signal) {
      signal.addEventListener(
        'abort',
        () => {
          for (const ending of endings) ending.abort();
        },
        { once: true },
      );
      if (signal.aborted) return;
      await Promise.all(kubelets.map((kubelet, index) => kubelet.run(endings[index]?.signal ?? signal)));
    },
  };
}
