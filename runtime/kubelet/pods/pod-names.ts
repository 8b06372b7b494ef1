import type { Container, Pod } from '../../api/generated/types/core/v1.ts';

/** `web-1_default(6c1f…)`, as the kubelet names a pod in its messages. */
export function formatPod(pod: Pod): string {
  return `${pod.metadata?.name ?? ''}_${pod.metadata?.namespace ?? ''}(${pod.metadata?.uid ?? ''})`;
}

/** Where a container stands in its pod, for events: `spec.containers{web}`. */
export function containerPath(pod: Pod, container: Container): string {
  const list = pod.spec?.initContainers?.some(({ name }) => name === container.name) === true ? 'initContainers' : 'containers';
  return `spec.${list}{${container.name}}`;
}

/** A sidecar: an init container that is kept running. */
export function isRestartableInit(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** Go's `%v` of a list of strings. */
export function formatList(names: readonly string[]): string {
  return `[${names.join(' ')}]`;
}
