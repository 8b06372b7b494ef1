import type { Container, EphemeralContainer, PodSpec } from '../generated/types/core/v1.ts';
import type { ObjectMeta } from '../generated/types/meta/v1.ts';

/** Why a check does not let a pod pass: in few words, and in detail. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** What a check looks at: a pod, or the template of one. */
export interface PodLike {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}

export type CheckPod = (pod: PodLike) => Violation | undefined;

/** One rule of the Pod Security Standards, as it was from some minor version of Kubernetes 1 on. */
export interface Check {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  readonly versions: readonly {
    readonly since: number;
    readonly check: CheckPod;
    /** Checks of level `baseline` that need not be asked when this one is. */
    readonly overrides?: readonly string[];
  }[];
}

type AnyContainer = Container | EphemeralContainer;

/** All containers of a pod, in the order in which checks name them. */
export function containersOf({ spec }: PodLike): readonly AnyContainer[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** `"a", "b"` */
export function quoteAll(items: Iterable<string>): string {
  return [...items].map((item) => `"${item}"`).join(', ');
}

/** The same, each once and sorted. */
export function quoteSorted(items: Iterable<string>): string {
  return quoteAll([...new Set(items)].sort());
}

/** One word or the other, by number. */
export function plural(one: string, many: string, count: number): string {
  return count === 1 ? one : many;
}

/** `container "a"`, `containers "a", "b"` */
export function named(containers: readonly AnyContainer[]): string {
  return `${plural('container', 'containers', containers.length)} ${quoteAll(containers.map(({ name }) => name))}`;
}

/** `pod and container "a"`: who has set something. Empty when nobody has. */
export function setters(pod: boolean, containers: readonly AnyContainer[]): string {
  return [...(pod ? ['pod'] : []), ...(containers.length === 0 ? [] : [named(containers)])].join(' and ');
}

/** Whether the pod's users are not those of its node. */
export function hasOwnUsers({ spec }: PodLike): boolean {
  return spec.hostUsers === false;
}

/** The check for all pods but those for Windows, which cannot set what it asks for. */
export function notOnWindows(check: CheckPod): CheckPod {
  return (pod) => (pod.spec.os?.name === 'windows' ? undefined : check(pod));
}

/** The check for all pods but those with users of their own. */
export function notWithOwnUsers(check: CheckPod): CheckPod {
  return (pod) => (hasOwnUsers(pod) ? undefined : check(pod));
}
