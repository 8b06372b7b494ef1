/** The eight states in which every view tells how something is. */
export type State = 'ready' | 'running' | 'creating' | 'pending' | 'failing' | 'terminating' | 'succeeded' | 'unknown';

/** What can be said of an object at a glance. */
export interface Condition {
  readonly state: State;
  /** In Kubernetes' own words where it has one: `CrashLoopBackOff`, `Insufficient memory`. */
  readonly reason?: string;
  /** The whole story, a sentence or two. */
  readonly message?: string;
}

const order: readonly State[] = ['failing', 'pending', 'unknown', 'creating', 'running', 'terminating', 'ready', 'succeeded'];

/** Sorts what needs a look before what does not. */
export function compareStates(a: State, b: State): number {
  return order.indexOf(a) - order.indexOf(b);
}
