import type { ContainerImage, Node, NodeCondition, NodeStatus } from '../../api/generated/types/core/v1.ts';
import { quantityValue } from '../../api/quantity.ts';
import { formatTime } from '../../simulation/clock.ts';

export const kubeletVersion = 'v1.36.0';
/** Where the kubelet would listen for exec and logs. */
const kubeletPort = 10250;

export interface NodeCapacity {
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  readonly 'ephemeral-storage': string;
}

export interface NodeDescription {
  readonly name: string;
  readonly address: string;
  readonly podCIDR: string;
  readonly capacity: NodeCapacity;
  readonly labels: Readonly<Record<string, string>>;
  /** `kubeside://0.1.0` */
  readonly containerRuntimeVersion: string;
  /** Identities that stay with the node, and one of this start of it. */
  readonly machineID: string;
  readonly bootID: string;
}

/** Memory that is kept from pods, so that eviction has time to act: the default hard threshold. */
const memoryReserve = 100 * 1024 * 1024;

const hugepages = { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' };

/** What pods can have of a node. */
export function allocatableOf(capacity: NodeCapacity): NodeCapacity {
  return {
    ...capacity,
    memory: `${Math.floor((quantityValue(capacity.memory) - memoryReserve) / 1024)}Ki`,
    'ephemeral-storage': String(Math.floor(quantityValue(capacity['ephemeral-storage']) * 0.9)),
  };
}

/** A node as it registers itself. */
export function newNode(description: NodeDescription, now: number): Node {
  const { name, podCIDR, labels } = description;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...labels,
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0', 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: nodeStatus(description, undefined, [], now),
  };
}

/** What pods on the node may be changed into, by name. */
const declaredFeatures = ['InPlacePodLevelResourcesVerticalScaling'];

/** What the kubelet says of its node's status. @param old what the API has: times of conditions, and resources that others have given the node */
export function nodeStatus(
  description: NodeDescription,
  old: NodeStatus | undefined,
  images: readonly ContainerImage[],
  now: number,
): NodeStatus {
  const { address, name, capacity, containerRuntimeVersion, machineID, bootID } = description;
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    // Of what others have given the node, pods can have all.
    allocatable: { ...old?.capacity, ...allocatableOf(capacity), ...hugepages },
    capacity: { ...old?.capacity, ...capacity, ...hugepages },
    conditions: nodeConditions(old?.conditions ?? [], now),
    declaredFeatures: [...declaredFeatures],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    images: [...images],
    nodeInfo: {
      architecture: 'amd64',
      bootID,
      containerRuntimeVersion,
      kernelVersion: 'simulated',
      // Deprecated: the API wants the field, and the kubelet leaves it empty.
      kubeProxyVersion: '',
      kubeletVersion,
      machineID,
      operatingSystem: 'linux',
      osImage: 'Kubeside (simulated)',
      systemUUID: machineID,
    },
  };
}

function nodeConditions(old: readonly NodeCondition[], now: number): NodeCondition[] {
  const states = [
    { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
    { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
    { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
    { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  ];
  return states.map((state) => {
    const before = old.find(({ type }) => type === state.type);
    const since = before?.status === state.status ? before.lastTransitionTime : undefined;
    return { ...state, lastHeartbeatTime: formatTime(now), lastTransitionTime: since ?? formatTime(now) };
  });
}
