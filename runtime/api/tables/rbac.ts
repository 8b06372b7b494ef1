import type { ClusterRoleBinding, RoleBinding, Subject } from '../generated/types/rbac/v1.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer, wide } from './printer.ts';

function subjectsCell(binding: RoleBinding | ClusterRoleBinding, kind: string, text: (subject: Subject) => string): string {
  return (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(text)
    .join(', ');
}

// Roles themselves have no columns of their own upstream: they are listed with the time of their creation.
const bindingPrinter = printer<RoleBinding | ClusterRoleBinding>(
  [
    nameColumn,
    column('Role', documented('rbac.v1.RoleBinding', 'roleRef')),
    ageColumn,
    wide('Users', 'Users in the roleBinding'),
    wide('Groups', 'Groups in the roleBinding'),
    wide('ServiceAccounts', 'ServiceAccounts in the roleBinding'),
  ],
  (binding, now) => [
    nameOf(binding),
    `${binding.roleRef.kind}/${binding.roleRef.name}`,
    ageOf(binding, now),
    subjectsCell(binding, 'User', (subject) => subject.name),
    subjectsCell(binding, 'Group', (subject) => subject.name),
    subjectsCell(binding, 'ServiceAccount', ({ namespace, name }) => (namespace ? `${namespace}/${name}` : name)),
  ],
);

export const rbacPrinters: Printers = { RoleBinding: bindingPrinter, ClusterRoleBinding: bindingPrinter };
