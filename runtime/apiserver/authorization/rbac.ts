import type { PolicyRule, Subject } from '../../api/generated/types/rbac/v1.ts';
import { ruleAllows } from '../../api/rbac/policy-rule.ts';
import type { User } from '../authentication/user.ts';
import type { AccessAttributes, Authorizer, Decision, UserRules } from './authorizer.ts';
import type { Binding, Grant, RbacIndex } from './rbac-index.ts';

/** Decides by roles and their bindings, without waiting. Upstream: plugin/pkg/auth/authorizer/rbac. */
export class RbacAuthorizer implements Authorizer {
  readonly #index: RbacIndex;

  constructor(index: RbacIndex) {
    this.#index = index;
  }

  authorize(attributes: AccessAttributes): Decision {
    const failures = new Set<string>();
    for (const grant of this.#index.grantsOf(attributes.user, attributes.namespace)) {
      if (grant.rules === undefined) failures.add(roleNotFound(grant.binding));
      else if (grant.rules.some((rule) => ruleAllows(rule, attributes))) {
        return { decision: 'allow', reason: `RBAC: allowed by ${describe(grant)}` };
      }
    }
    return { decision: 'none', ...(failures.size === 0 ? {} : { reason: `RBAC: ${aggregate([...failures])}` }) };
  }

  /** All rules that a user holds in a namespace (empty: over the cluster), and the roles that bindings name but that do not exist. */
  heldRules(user: User, namespace: string): { readonly rules: readonly PolicyRule[]; readonly failures: readonly string[] } {
    const rules: PolicyRule[] = [];
    const failures = new Set<string>();
    for (const grant of this.#index.grantsOf(user, namespace)) {
      if (grant.rules === undefined) failures.add(roleNotFound(grant.binding));
      else rules.push(...grant.rules);
    }
    return { rules, failures: [...failures] };
  }

  rulesFor(user: User, namespace: string): UserRules {
    const { rules, failures } = this.heldRules(user, namespace);
    return {
      resourceRules: rules
        .filter(({ resources = [] }) => resources.length > 0)
        .map(({ verbs, apiGroups = [], resources = [], resourceNames = [] }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames.length > 0 && { resourceNames }),
        })),
      nonResourceRules: rules
        .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs = [] }) => ({ verbs, nonResourceURLs })),
      ...(failures.length > 0 && { evaluationError: aggregate(failures) }),
    };
  }
}

/** A lister's error: it names the kind in the singular. */
function roleNotFound({ roleRef }: Binding): string {
  return `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(roleRef.name)} not found`;
}

/** Errors as upstream's `Aggregate` tells them: one bare, several in brackets. */
function aggregate(errors: readonly string[]): string {
  return errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`;
}

function describe({ binding, subject }: Grant): string {
  const { name, namespace, roleRef } = binding;
  const bound = namespace === '' ? `ClusterRoleBinding ${JSON.stringify(name)}` : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)}`;
  return `${bound} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${describeSubject(subject, namespace)}`;
}

function describeSubject({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  return `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${namespace || bindingNamespace}` : name)}`;
}
