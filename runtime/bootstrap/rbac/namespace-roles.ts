import type { PolicyRule, Role, RoleBinding, Subject } from '../../api/generated/types/rbac/v1.ts';
import { resourceRule } from '../../api/rbac/policy-rule.ts';
import { bindingOf, eventsRule, serviceAccount, user } from './parts.ts';

const system = 'kube-system';
const read = 'get list watch';

const role = (namespace: string, name: string, ...rules: PolicyRule[]): Role => ({ metadata: { name, namespace }, rules });

function bind(namespace: string, name: string, subjects: Subject[], as = name): RoleBinding {
  const binding = bindingOf({ kind: 'Role', name }, ...subjects);
  return { ...binding, metadata: { name: as, namespace } };
}

const leaderRole = (component: string): Role =>
  role(
    system,
    `system::leader-locking-${component}`,
    resourceRule('get watch list create update', 'coordination.k8s.io', 'leases'),
    resourceRule('get watch list create update', 'coordination.k8s.io', 'leasecandidates'),
  );

const leaderBinding = (component: string, ...accounts: string[]): RoleBinding =>
  bind(system, `system::leader-locking-${component}`, [user(`system:${component}`), ...[component, ...accounts].map(serviceAccount)]);

/** Roles inside the system's own namespaces. Upstream: bootstrappolicy/namespace_policy.go. */
export const namespaceRoles: readonly Role[] = [
  role(system, 'extension-apiserver-authentication-reader', resourceRule(read, '', 'configmaps', 'extension-apiserver-authentication')),
  role(system, 'system:controller:bootstrap-signer', resourceRule(read, '', 'secrets')),
  role(system, 'system:controller:cloud-provider', resourceRule('create get list watch', '', 'configmaps')),
  role(system, 'system:controller:token-cleaner', resourceRule('get list watch delete', '', 'secrets'), eventsRule),
  leaderRole('kube-controller-manager'),
  leaderRole('kube-scheduler'),
  role(
    'kube-public',
    'system:controller:bootstrap-signer',
    resourceRule(read, '', 'configmaps'),
    resourceRule('update', '', 'configmaps', 'cluster-info'),
    eventsRule,
  ),
];

export const namespaceRoleBindings: readonly RoleBinding[] = [
  bind(
    system,
    'extension-apiserver-authentication-reader',
    [user('system:kube-controller-manager'), user('system:kube-scheduler')],
    'system::extension-apiserver-authentication-reader',
  ),
  leaderBinding('kube-controller-manager', 'leader-election-controller'),
  leaderBinding('kube-scheduler'),
  bind(system, 'system:controller:bootstrap-signer', [serviceAccount('bootstrap-signer')]),
  bind(system, 'system:controller:cloud-provider', [serviceAccount('cloud-provider')]),
  bind(system, 'system:controller:token-cleaner', [serviceAccount('token-cleaner')]),
  bind('kube-public', 'system:controller:bootstrap-signer', [serviceAccount('bootstrap-signer')]),
];
