import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { core, eventually } from './cluster.ts';

/** A small image with a shell. */
export const shellImage = 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1';

/** A container that runs a script in a shell. */
export function shell(script: string, more: Partial<V1Container> = {}): V1Container {
  return { name: 'main', image: shellImage, command: ['sh', '-c', script], ...more };
}

/** Runs containers to their end in a pod that is not started again, and gives the pod. */
export async function runToEnd(namespace: string, name: string, spec: V1PodSpec): Promise<V1Pod> {
  await core.createNamespacedPod({ namespace, body: { metadata: { name }, spec: { restartPolicy: 'Never', ...spec } } });
  return await eventually(`pod ${name} has ended`, async () => {
    const pod = await core.readNamespacedPod({ namespace, name });
    return ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '') ? pod : undefined;
  });
}

/** What a container prints that is run to its end, line by line. */
export async function output(namespace: string, name: string, container: V1Container, more: Partial<V1PodSpec> = {}): Promise<string[]> {
  await runToEnd(namespace, name, { containers: [container], ...more });
  const text = await core.readNamespacedPodLog({ namespace, name });
  return text.trimEnd().split('\n');
}
