import type { ClusterRoleBinding, RoleBinding, Subject } from '../generated/types/rbac/v1.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printer, type Printers, printer, wide } from './printer.ts';

function subjectsCell(binding: RoleBinding | ClusterRoleBinding, kind: string, text: (subject: Subject) => string): string {
  return (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(text)
    .join(', ');
}

// Roles themselves have no columns of their own upstream: they are listed with the time of their creation.
const bindingPrinter = (kind: string, inWords: string): Printer =>
  printer<RoleBinding | ClusterRoleBinding>(
    [
      nameColumn,
      column('Role', documented(`rbac.v1.${kind}`, 'roleRef')),
      ageColumn,
      wide('Users', `Users in the ${inWords}`),
      wide('Groups', `Groups in the ${inWords}`),
      wide('ServiceAccounts', `ServiceAccounts in the ${inWords}`),
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

export const rbacPrinters: Printers = {
  RoleBinding: bindingPrinter('RoleBinding', 'roleBinding'),
  ClusterRoleBinding: bindingPrinter('ClusterRoleBinding', 'clusterRoleBinding'),
};
