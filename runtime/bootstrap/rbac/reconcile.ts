import type { ClusterRole, PolicyRule, Role, RoleRef, Subject } from '../../api/generated/types/rbac/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import { missingRights } from '../../api/rbac/covers.ts';
import { rbacGroup } from '../../api/rbac/policy-rule.ts';
import { type Client, isReason, type ResourceRef } from '../../client/client.ts';
import * as resources from '../../client/resources.ts';
import { clusterRoleBindings, clusterRoles } from './cluster-roles.ts';
import { controllerRoleBindings, controllerRoles } from './controller-roles.ts';
import { namespaceRoleBindings, namespaceRoles } from './namespace-roles.ts';

const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const annotations = { [autoUpdate]: 'true' };

type BindingLike = KubeObject & { roleRef: RoleRef; subjects?: Subject[] };

/**
 * Brings the roles and bindings that every cluster has to at least what they should be: makes what is missing, and gives back labels,
 * rules and subjects that were taken away. What has been added stays, and so does everything that is annotated
 * `rbac.authorization.kubernetes.io/autoupdate: "false"`. The namespaces kube-system and kube-public must be there.
 * Upstream: the rbac/bootstrap-roles hook of kube-apiserver.
 */
export async function ensureBootstrapRoles(client: Client): Promise<void> {
  await Promise.all([
    reconcile(client, resources.clusterRoles, [...clusterRoles, ...controllerRoles], completeClusterRole),
    reconcile(client, resources.clusterRoleBindings, [...clusterRoleBindings, ...controllerRoleBindings], completeBinding),
    reconcile(client, resources.roles, namespaceRoles, completeRole),
    reconcile(client, resources.roleBindings, namespaceRoleBindings, completeBinding),
  ]);
}

/** `complete` gives what an object lacks; undefined: nothing. */
async function reconcile<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: readonly T[],
  complete: (present: T, wanted: T) => Partial<T> | 'replace' | undefined,
): Promise<void> {
  const resource = client.resource(ref);
  const keyOf = ({ metadata }: T) => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  const present = new Map((await resource.list()).items.map((object) => [keyOf(object), object]));
  await Promise.all(
    wanted.map(async (object) => {
      const full: T = {
        apiVersion: `${rbacGroup}/v1`,
        kind: ref.kind,
        ...object,
        metadata: { ...object.metadata, labels: { ...object.metadata?.labels, ...labels }, annotations },
      };
      const found = present.get(keyOf(object));
      if (found === undefined) return create(client, ref, full);
      if (found.metadata?.annotations?.[autoUpdate] === 'false') return;
      const lacking = complete(found, full);
      if (lacking === 'replace') {
        await resource.delete(found.metadata?.name ?? '', found.metadata?.namespace);
        return create(client, ref, full);
      }
      const metadata = completeMetadata(found, full);
      if (lacking !== undefined || metadata !== undefined) {
        await resource.update({ ...found, ...lacking, metadata: { ...found.metadata, ...metadata } });
      }
    }),
  );
}

async function create<T extends KubeObject>(client: Client, ref: ResourceRef<T>, object: T): Promise<void> {
  try {
    await client.resource(ref).create(object);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}

/** Labels and annotations with those that are missing; a value that somebody has changed stays. */
function completeMetadata(present: KubeObject, wanted: KubeObject) {
  const lacks = (held: Record<string, string> | undefined, all: Record<string, string> | undefined) =>
    Object.keys(all ?? {}).some((key) => held?.[key] === undefined);
  const [from, to] = [present.metadata, wanted.metadata];
  if (!lacks(from?.labels, to?.labels) && !lacks(from?.annotations, to?.annotations)) return undefined;
  return { labels: { ...to?.labels, ...from?.labels }, annotations: { ...to?.annotations, ...from?.annotations } };
}

/** An aggregated role gets its rules from the controller; only what it selects is looked at. */
function completeClusterRole(present: ClusterRole, wanted: ClusterRole): Partial<ClusterRole> | undefined {
  if (wanted.aggregationRule === undefined) return completeRole(present, wanted);
  const held = present.aggregationRule?.clusterRoleSelectors ?? [];
  const texts = new Set(held.map((selector) => JSON.stringify(selector)));
  const missing = (wanted.aggregationRule.clusterRoleSelectors ?? []).filter((selector) => !texts.has(JSON.stringify(selector)));
  return missing.length === 0 ? undefined : { aggregationRule: { clusterRoleSelectors: [...held, ...missing] } };
}

function completeRole(present: Role, wanted: Role): { rules: PolicyRule[] } | undefined {
  const held = present.rules ?? [];
  const missing = missingRights(held, wanted.rules ?? []);
  return missing.length === 0 ? undefined : { rules: [...held, ...missing] };
}

/** What a binding refers to cannot be changed, so one that refers to something else is made anew. */
function completeBinding(present: BindingLike, wanted: BindingLike): { subjects: Subject[] } | 'replace' | undefined {
  if (present.roleRef.kind !== wanted.roleRef.kind || present.roleRef.name !== wanted.roleRef.name) return 'replace';
  const held = present.subjects ?? [];
  const same = (a: Subject, b: Subject) => a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');
  const missing = (wanted.subjects ?? []).filter((subject) => !held.some((one) => same(one, subject)));
  return missing.length === 0 ? undefined : { subjects: [...held, ...missing] };
}
