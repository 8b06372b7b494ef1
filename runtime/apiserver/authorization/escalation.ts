import type { PolicyRule, RoleRef } from '../../api/generated/types/rbac/v1.ts';
import { describeRules, missingRights, quoted } from '../../api/rbac/covers.ts';
import { rbacGroup } from '../../api/rbac/policy-rule.ts';
import { forbidden, notFound } from '../../api/status.ts';
import type { AdmissionPlugin, Attributes } from '../admission/admission.ts';
import type { User } from '../authentication/user.ts';
import { type ApiObject, jsonEqual } from '../registry/api-object.ts';
import type { AccessAttributes, Authorizer } from './authorizer.ts';
import type { RbacAuthorizer } from './rbac.ts';
import type { RbacIndex } from './rbac-index.ts';

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

export interface EscalationParts {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly index: RbacIndex;
}

/**
 * Nobody gives away what they do not have: a role may only be written with rules that its writer holds (or who may `escalate` it), and a
 * binding only to a role whose rules its writer holds (or who may `bind` it). Must be the last plugin that changes objects. Upstream: the
 * policybased storages of pkg/registry/rbac.
 */
export function rbacEscalation(parts: EscalationParts): AdmissionPlugin {
  return {
    name: 'RBACEscalation',
    async admit(attributes) {
      const { resource, object, oldObject, user } = attributes;
      if (resource.kind.group !== rbacGroup || object === undefined || user.groups.includes('system:masters')) return;
      if (oldObject !== undefined && changesOwnersOnly(object, oldObject)) return;
      const { plural } = resource.kind;
      if (plural === 'roles' || plural === 'clusterroles') await checkRole(parts, attributes, object);
      if (plural === 'rolebindings' || plural === 'clusterrolebindings') await checkBinding(parts, attributes, object);
    },
  };
}

async function checkRole(parts: EscalationParts, attributes: Attributes, object: ApiObject): Promise<void> {
  const { resource, oldObject, user, namespace, name } = attributes;
  if (await mayDo(parts, user, 'escalate', resource.kind.plural, namespace, name)) return;
  const { rules } = object as { rules?: readonly PolicyRule[] };
  const missing = missingFor(parts, user, namespace, rules ?? []);
  if (missing !== undefined) throw forbidden(resource.subject, name, missing);
  // An aggregated role grows by itself, to anything.
  const aggregates = object.aggregationRule !== undefined || oldObject?.aggregationRule !== undefined;
  if (aggregates && missingFor(parts, user, '', everything) !== undefined) {
    throw forbidden(resource.subject, name, 'must have cluster-admin privileges to use the aggregationRule');
  }
}

async function checkBinding(parts: EscalationParts, attributes: Attributes, object: ApiObject): Promise<void> {
  const { resource, user, namespace, name } = attributes;
  const { roleRef } = object as { roleRef?: Partial<RoleRef> };
  const role: RoleRef = { kind: roleRef?.kind ?? '', name: roleRef?.name ?? '' };
  const plural = role.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (await mayDo(parts, user, 'bind', plural, namespace, role.name)) return;
  // What no role can be, validation says.
  if ((role.kind !== 'ClusterRole' && role.kind !== 'Role') || role.name === '') return;
  const rules = parts.index.rulesOf(role, namespace);
  if (rules === undefined) throw notFound({ group: rbacGroup, resource: plural }, role.name);
  const missing = missingFor(parts, user, namespace, rules);
  if (missing !== undefined) throw forbidden(resource.subject, name, missing);
}

async function mayDo(parts: EscalationParts, user: User, verb: string, resource: string, namespace: string, name: string) {
  const question: AccessAttributes = {
    user,
    verb,
    isResource: true,
    path: '',
    group: rbacGroup,
    version: '*',
    resource,
    subresource: '',
    namespace,
    name,
  };
  return (await parts.authorizer.authorize(question)).decision === 'allow';
}

/** What a user lacks of rules, in upstream's words; undefined when nothing. */
function missingFor({ rbac }: EscalationParts, user: User, namespace: string, wanted: readonly PolicyRule[]): string | undefined {
  const { rules, failures } = rbac.heldRules(user, namespace);
  const missing = missingRights(rules, wanted);
  if (missing.length === 0) return undefined;
  const lines = describeRules(missing).join('\n');
  const unresolved = failures.length === 0 ? '' : `; resolution errors: [${failures.join(' ')}]`;
  const who = `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)})`;
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines}${unresolved}`;
}

/** The garbage collector, which holds no rules, must be able to take owners and finalizers away. */
function changesOwnersOnly(object: ApiObject, old: ApiObject): boolean {
  const strip = ({ metadata, ...rest }: ApiObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, resourceVersion: _version, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return jsonEqual(strip(object), strip(old));
}
