import type { StorageVersionMigration } from '../generated/types/storagemigration/v1beta1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../names/index.ts';
import { checkImmutableText, type Errors, immutableMessage } from './checks.ts';
import { validateConditions } from './conditions.ts';
import { invalid } from './field-error.ts';
import { Path } from './path.ts';

/** `pkg/apis/storagemigration/validation` */

const resourcePath = Path.of('spec', 'resource');
const statusPath = Path.of('status');
const resourceVersionForm = /^[1-9]\d*$/;

export function validateStorageVersionMigration({ spec }: StorageVersionMigration, errors: Errors): void {
  const { group = '', resource = '' } = spec?.resource ?? {};
  reportAsOne(dns1035LabelProblems(resource), resource, resourcePath.child('resource'), errors);
  if (group !== '') reportAsOne(dns1123SubdomainProblems(group), group, resourcePath.child('group'), errors);
}

function reportAsOne(problems: readonly string[], value: string, path: Path, errors: Errors): void {
  if (problems.length > 0) errors.push(invalid(path, value, problems.join(',')));
}

export function validateStorageVersionMigrationUpdate(
  migration: StorageVersionMigration,
  old: StorageVersionMigration,
  errors: Errors,
): void {
  validateStorageVersionMigration(migration, errors);
  checkImmutableText(migration.spec?.resource.group, old.spec?.resource.group, Path.of('group'), errors);
  checkImmutableText(migration.spec?.resource.resource, old.spec?.resource.resource, Path.of('resource'), errors);
}

export function validateStorageVersionMigrationStatus(
  migration: StorageVersionMigration,
  old: StorageVersionMigration,
  errors: Errors,
): void {
  const { resourceVersion = '', conditions } = migration.status ?? {};
  const versionPath = statusPath.child('resourceVersion');
  if (!resourceVersionForm.test(resourceVersion)) {
    errors.push(invalid(versionPath, resourceVersion, `resource version is not well formed: ${resourceVersion}`));
  }
  const path = statusPath.child('conditions');
  validateConditions(conditions, path, errors);
  const oldVersion = old.status?.resourceVersion ?? '';
  if (oldVersion !== '' && oldVersion !== resourceVersion) errors.push(invalid(versionPath, resourceVersion, immutableMessage));
  const [succeeded, failed, running] = ['Succeeded', 'Failed', 'Running'].map((type) => isTrue(migration, type));
  const told: [unknown, string][] = [
    [succeeded && failed, 'Both success and failed conditions cannot be true at the same time'],
    [succeeded && running, 'Running condition cannot be true when success condition is true'],
    [failed && running, 'Running condition cannot be true when failed condition is true'],
    [isTrue(old, 'Succeeded') && !succeeded, 'Success condition cannot be set to false once it is true'],
    [isTrue(old, 'Failed') && !failed, 'Failed condition cannot be set to false once it is true'],
  ];
  for (const [isWrong, detail] of told) if (isWrong) errors.push(invalid(path, conditions, detail));
}

function isTrue({ status }: StorageVersionMigration, type: string): boolean {
  return status?.conditions?.find((condition) => condition.type === type)?.status === 'True';
}
