import type { Node, NodeSpec, Pod, PodSpec } from '../../runtime/api/generated/types/core/v1.ts';
import { NodeInfo } from '../../runtime/scheduler/framework/node-info.ts';

let uid = 0;

/** A node of 4 CPU, 8Gi and 110 pods. */
export function node(
  name: string,
  { labels = {}, spec = {}, cpu = '4' }: { labels?: Record<string, string>; spec?: NodeSpec; cpu?: string } = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
  };
}

/** A pod of one container that asks for these resources. */
export function pod(name: string, requests: Record<string, string> = {}, spec: Partial<PodSpec> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${uid++}` },
    spec: { containers: [{ name: 'main', image: 'nginx', resources: { requests } }], schedulerName: 'default-scheduler', ...spec },
  };
}

/** The node with these pods on it. */
export function occupied(on: Node, ...pods: Pod[]): NodeInfo {
  const info = new NodeInfo(on);
  for (const each of pods) info.add(each);
  return info;
}
