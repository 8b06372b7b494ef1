import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from '../generated/types/rbac/v1.ts';
import { pathSegmentNameProblems } from '../names/index.ts';
import { type Errors, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { invalid, notSupported, required } from './field-error.ts';
import { inGo, roleRefType } from './internal-types.ts';
import { validateLabelSelector } from './label-selector.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';

/** `pkg/apis/rbac/validation` */

const group = 'rbac.authorization.k8s.io';
const roleRefPath = Path.of('roleRef');

export function validateRole({ rules }: Role, errors: Errors): void {
  for (const [index, rule] of (rules ?? []).entries()) validateRule(rule, true, Path.of('rules').index(index), errors);
}

export function validateClusterRole({ rules, aggregationRule }: ClusterRole, errors: Errors): void {
  for (const [index, rule] of (rules ?? []).entries()) validateRule(rule, false, Path.of('rules').index(index), errors);
  if (aggregationRule === undefined) return;
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  const at = Path.of('aggregationRule', 'clusterRoleSelectors');
  if (selectors.length === 0) errors.push(required(at, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  for (const [index, selector] of selectors.entries()) validateLabelSelector(selector, at.index(index), errors);
}

function validateRule(rule: PolicyRule, namespaced: boolean, path: Path, errors: Errors): void {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0) errors.push(required(path.child('verbs'), 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const at = path.child('nonResourceURLs');
    if (namespaced) errors.push(invalid(at, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      errors.push(invalid(at, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'));
    }
    return;
  }
  if (apiGroups.length === 0) errors.push(required(path.child('apiGroups'), 'resource rules must supply at least one api group'));
  if (resources.length === 0) errors.push(required(path.child('resources'), 'resource rules must supply at least one resource'));
}

export function validateRoleBinding(binding: RoleBinding, errors: Errors): void {
  validateBinding(binding, ['Role', 'ClusterRole'], true, errors);
}

export function validateClusterRoleBinding(binding: ClusterRoleBinding, errors: Errors): void {
  validateBinding(binding, ['ClusterRole'], false, errors);
}

function validateBinding(binding: RoleBinding | ClusterRoleBinding, kinds: readonly string[], namespaced: boolean, errors: Errors): void {
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {};
  if (apiGroup !== group) errors.push(notSupported(roleRefPath.child('apiGroup'), apiGroup, [group]));
  if (!kinds.includes(kind)) errors.push(notSupported(roleRefPath.child('kind'), kind, kinds));
  if (name === '') errors.push(required(roleRefPath.child('name')));
  else reportInvalid(pathSegmentNameProblems(name), name, roleRefPath.child('name'), errors);
  for (const [index, subject] of (binding.subjects ?? []).entries()) {
    validateSubject(subject, namespaced, Path.of('subjects').index(index), errors);
  }
}

function validateSubject(
  { kind = '', name = '', apiGroup = '', namespace = '' }: Subject,
  namespaced: boolean,
  path: Path,
  errors: Errors,
): void {
  if (name === '') errors.push(required(path.child('name')));
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') reportInvalid(nameIsDnsSubdomain(name, false), name, path.child('name'), errors);
      if (apiGroup !== '') errors.push(notSupported(path.child('apiGroup'), apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(path.child('namespace')));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== group) errors.push(notSupported(path.child('apiGroup'), apiGroup, [group]));
      break;
    default:
      errors.push(notSupported(path.child('kind'), kind, ['ServiceAccount', 'User', 'Group']));
  }
}

export function validateRoleBindingUpdate(binding: RoleBinding, old: RoleBinding, errors: Errors): void {
  validateRoleBinding(binding, errors);
  checkRoleRef(binding, old, errors);
}

export function validateClusterRoleBindingUpdate(binding: ClusterRoleBinding, old: ClusterRoleBinding, errors: Errors): void {
  validateClusterRoleBinding(binding, errors);
  checkRoleRef(binding, old, errors);
}

function checkRoleRef(binding: RoleBinding | ClusterRoleBinding, old: RoleBinding | ClusterRoleBinding, errors: Errors): void {
  if (!semanticEqual(binding.roleRef, old.roleRef))
    errors.push(invalid(roleRefPath, inGo(roleRefType, binding.roleRef), 'cannot change roleRef'));
}
