import { jsonEqual } from '../../api/equality.ts';
import type { ClusterRole, PolicyRule } from '../../api/generated/types/rbac/v1.ts';
import type { Json } from '../../api/object.ts';
import { selectorFromLabelSelector } from '../../api/selectors/labels.ts';
import { runController } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { clusterRoles } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

const name = 'clusterrole-aggregation-controller';

/** Fills ClusterRoles that have an aggregationRule with the rules of those it selects, after `pkg/controller/clusterroleaggregation` of Kubernetes. */
export function createClusterRoleAggregationController(context: ControllerContext): Controller {
  const { client, informers, log } = context;
  const informer = informers.for(clusterRoles);
  const resource = client.resource(clusterRoles);
  const queue = queueFor(context, 'ClusterRoleAggregator');

  // Any role may be selected by any other, before the change or after it.
  const changed = () => {
    for (const role of informer.lister.list()) if (role.aggregationRule !== undefined) queue.add(nameOf(role));
  };
  informer.on({ added: changed, updated: changed, deleted: changed });

  const reconcile = async (key: string) => {
    const role = informer.lister.get(undefined, key);
    if (role?.aggregationRule === undefined) return;
    const rules = aggregatedRules(role, informer.lister.list());
    if (jsonEqual(role.rules ?? [], rules)) return;
    const body = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: key }, rules } as unknown as Json;
    await resource.patch(key, undefined, { type: 'apply', body, fieldManager: name, force: true });
  };

  return {
    name,
    async run(signal) {
      await informer.synced();
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}

/** The rules of all roles that a role selects, each once, by the roles' names; its own do not count. */
function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const labelSelector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = selectorFromLabelSelector(labelSelector);
    const selected = all.filter((other) => nameOf(other) !== nameOf(role) && selector.matches(other.metadata?.labels ?? {}));
    selected.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    for (const rule of selected.flatMap((other) => other.rules ?? [])) {
      if (!rules.some((known) => jsonEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
