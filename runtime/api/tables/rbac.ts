import type { ClusterRoleBinding, RoleBinding, Subject } from '../generated/types/rbac/v1.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printer, type Printers, printer, wide } from './printer.ts';

function subjectsCell(binding: RoleBinding | ClusterRoleBinding, kind: string, text: (subject: Subject) => string): string {
  return (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(text)
    .join(', ');
}

// Roles themselves have no columns of their own upstream: they are listed with the time of their creation.
// Upstream describes columns in the words of v1beta1, which did not say yet that a reference stays as it is.
const bindingPrinter = (referencing: string, inWords: string): Printer =>
  printer<RoleBinding | ClusterRoleBinding>(
    [
      nameColumn,
      column(
        'Role',
        `RoleRef can ${referencing} in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.`,
      ),
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
  RoleBinding: bindingPrinter('reference a Role in the current namespace or a ClusterRole', 'roleBinding'),
  ClusterRoleBinding: bindingPrinter('only reference a ClusterRole', 'clusterRoleBinding'),
};
