import type { PolicyRule, RoleRef, Subject } from '../../api/generated/types/rbac/v1.ts';
import { eventRule, rbacGroup } from '../../api/rbac/policy-rule.ts';

/** What everyone who reports events needs. */
export const eventsRule: PolicyRule = eventRule('create update patch');

export const group = (name: string): Subject => ({ apiGroup: rbacGroup, kind: 'Group', name });
export const user = (name: string): Subject => ({ apiGroup: rbacGroup, kind: 'User', name });
/** A service account of the system. */
export const serviceAccount = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });

/** A binding that has the name of its role. */
export function bindingOf(
  { kind, name }: Omit<RoleRef, 'apiGroup'>,
  ...subjects: Subject[]
): { metadata: { name: string }; roleRef: RoleRef; subjects?: Subject[] } {
  return { metadata: { name }, roleRef: { apiGroup: rbacGroup, kind, name }, ...(subjects.length === 0 ? {} : { subjects }) };
}
