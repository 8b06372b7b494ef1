import type { ClusterRoleBinding, RoleBinding, RoleRef } from '../generated/types/rbac/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

const group = 'rbac.authorization.k8s.io';

/** `pkg/apis/rbac/v1` */
export const rbacDefaults: DefaultsByKind = {
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': defaultBinding,
  'rbac.authorization.k8s.io/v1/RoleBinding': defaultBinding,
};

function defaultBinding(binding: RoleBinding | ClusterRoleBinding): void {
  binding.roleRef ??= {} as RoleRef;
  const roleRef: Partial<RoleRef> = binding.roleRef;
  roleRef.apiGroup ||= group;
  for (const subject of binding.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= group;
  }
}
