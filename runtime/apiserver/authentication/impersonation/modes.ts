import type { User } from '../user.ts';
import { nodeOf, serviceAccountOf } from './known-users.ts';
import { isOnlyNamed, type WantedUser } from './wanted-user.ts';

/** A way to act as somebody else that takes the right to do so for this very request. */
export interface ConstrainedMode {
  /** `impersonate:<name>` is the right to be somebody, `impersonate-on:<name>:<verb>` the right to do something as somebody. */
  readonly name: string;
  /** Whether this is the way to act as such a user. */
  readonly isFor: (wanted: WantedUser, requester: User) => boolean;
  /** Who may be one node may be any: whose node it is has been seen to. */
  readonly asAnyNode?: boolean;
}

const nodeNameKey = 'authentication.kubernetes.io/node-name';

/** The constrained modes in the order in which they are tried. Upstream: `allImpersonationModes`. */
export const constrainedModes: readonly ConstrainedMode[] = [
  { name: 'associated-node', isFor: (wanted, requester) => isOnlyNamed(wanted) && isOwnNode(wanted, requester), asAnyNode: true },
  { name: 'arbitrary-node', isFor: (wanted) => isOnlyNamed(wanted) && nodeOf(wanted.name) !== undefined },
  { name: 'serviceaccount', isFor: (wanted) => isOnlyNamed(wanted) && serviceAccountOf(wanted.name) !== undefined },
  { name: 'user-info', isFor: ({ name }) => nodeOf(name) === undefined && serviceAccountOf(name) === undefined },
];

/** Whether a service account asks for the node that its pod is on. */
function isOwnNode({ name }: WantedUser, requester: User): boolean {
  const node = nodeOf(name);
  if (node === undefined || serviceAccountOf(requester.name) === undefined) return false;
  const [own, ...more] = requester.extra?.[nodeNameKey] ?? [];
  return own === node && more.length === 0;
}
