import type { Store } from '../../store/store.ts';
import type { EntryCache } from '../registry/entry-cache.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { type Authorizer, type Decision, union } from './authorizer.ts';
import { NodeAuthorizer } from './node.ts';
import { NodeGraph } from './node-graph.ts';
import { RbacAuthorizer } from './rbac.ts';
import { RbacIndex } from './rbac-index.ts';

const allow: Decision = { decision: 'allow' };
const none: Decision = { decision: 'none' };

/** The group `system:masters` may do everything, whatever roles there are. It holds `cluster-admin`, too, so its rules are told by that. */
const privilegedGroup: Authorizer = {
  authorize: ({ user }) => (user.groups.includes('system:masters') ? allow : none),
  rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }),
};

export interface BuiltinAuthorizers {
  /** Everything together, as `--authorization-mode=Node,RBAC`. */
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly index: RbacIndex;
}

/** The authorizers of a control plane as kubeadm sets it up. */
export function builtinAuthorizers(store: Store, resources: ResourceTable, reader: ObjectReader, cache: EntryCache): BuiltinAuthorizers {
  const index = new RbacIndex(store, resources);
  const rbac = new RbacAuthorizer(index);
  const pods = resources.findAnyVersion('', 'pods');
  const nodes = pods === undefined ? [] : [new NodeAuthorizer(new NodeGraph(store, pods, reader, cache))];
  return { authorizer: union([privilegedGroup, ...nodes, rbac]), rbac, index };
}
