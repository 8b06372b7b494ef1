import type { PersistentVolumeClaim, PersistentVolumeClaimSpec, TypedObjectReference } from '../generated/types/core/v1.ts';
import { dns1123SubdomainProblems } from '../names/index.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';
import { checkOptionalOneOf, checkRequired, type Errors, reportInvalid, sortedEntries } from './checks.ts';
import { describeChanges, semanticEqual } from './equality.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { validateLabelSelector } from './label-selector.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { checkPositiveQuantity, checkResourceQuantity } from './resources.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

/** Access modes of claims and volumes: known ones, and ReadWriteOncePod alone. */
export function validateAccessModes(modes: readonly string[] | undefined, path: Path, errors: Errors): void {
  for (const mode of modes ?? []) checkOptionalOneOf(mode, accessModes, path, errors);
  const known = (modes ?? []).filter((mode) => accessModes.includes(mode));
  if (known.includes('ReadWriteOncePod') && known.some((mode) => mode !== 'ReadWriteOncePod')) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
}

const specPath = Path.of('spec');

export function validatePersistentVolumeClaim(claim: PersistentVolumeClaim, errors: Errors): void {
  validatePersistentVolumeClaimSpec(claim.spec, specPath, errors);
}

export function validatePersistentVolumeClaimSpec(spec: PersistentVolumeClaimSpec | undefined, path: Path, errors: Errors): void {
  const { accessModes: modes, selector, resources, storageClassName, volumeMode, dataSource, dataSourceRef } = spec ?? {};
  if ((modes?.length ?? 0) === 0) errors.push(required(path.child('accessModes'), 'at least 1 access mode is required'));
  validateLabelSelector(selector, path.child('selector'), errors);
  validateAccessModes(modes, path.child('accessModes'), errors);
  const storage = resources?.requests?.storage;
  const storagePath = path.child('resources').key('storage');
  if (storage === undefined) errors.push(required(storagePath));
  else if (checkPositiveQuantity(storage, storagePath, errors)) checkResourceQuantity('storage', storage, storagePath, errors);
  if (storageClassName !== undefined && storageClassName !== '') {
    reportInvalid(nameIsDnsSubdomain(storageClassName, false), storageClassName, path.child('storageClassName'), errors);
  }
  checkOptionalOneOf(volumeMode, volumeModes, path.child('volumeMode'), errors);
  if (dataSource !== undefined) validateDataSource(dataSource, path.child('dataSource'), errors);
  if (dataSourceRef !== undefined) validateDataSource(dataSourceRef, path.child('dataSourceRef'), errors);
  const { volumeAttributesClassName = '' } = spec ?? {};
  if (volumeAttributesClassName !== '') {
    const at = path.child('volumeAttributesClassName');
    reportInvalid(nameIsDnsSubdomain(volumeAttributesClassName, false), volumeAttributesClassName, at, errors);
  }
  if (dataSource !== undefined && dataSourceRef !== undefined) {
    if ((dataSourceRef.namespace ?? '') !== '') {
      errors.push(invalid(path, path.child('dataSource').toString(), 'may not be specified when dataSourceRef.namespace is specified'));
    } else if (!semanticEqual(dataSource, { apiGroup: dataSourceRef.apiGroup, kind: dataSourceRef.kind, name: dataSourceRef.name })) {
      errors.push(invalid(path, path.child('dataSource').toString(), 'must match dataSourceRef'));
    }
  }
}

function validateDataSource(source: TypedObjectReference, path: Path, errors: Errors): void {
  const { kind = '', apiGroup = '', namespace = '' } = source;
  checkRequired(source.name, path.child('name'), errors);
  checkRequired(kind, path.child('kind'), errors);
  if (apiGroup !== '') reportInvalid(dns1123SubdomainProblems(apiGroup), apiGroup, path.child('apiGroup'), errors);
  else if (kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  if (namespace !== '') reportInvalid(nameIsDnsLabel(namespace, false), namespace, path.child('namespace'), errors);
}

/** A claim stays as it was, except that it may be bound, and a bound one may grow. */
export function validatePersistentVolumeClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: Errors): void {
  validatePersistentVolumeClaim(claim, errors);
  const before: PersistentVolumeClaimSpec = { ...old.spec };
  const after: PersistentVolumeClaimSpec = { ...claim.spec };
  if ((before.volumeName ?? '') === '' && after.volumeName !== undefined) before.volumeName = after.volumeName;
  if (before.storageClassName === undefined) delete after.storageClassName;
  if (claim.status?.phase === 'Bound') {
    after.resources = { ...after.resources, requests: { ...after.resources?.requests, ...storageOf(before) } };
    delete after.volumeAttributesClassName;
    delete before.volumeAttributesClassName;
  }
  if (!semanticEqual(before, after)) {
    const changes = describeChanges(before, after).join('\n');
    const detail = `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${changes}`;
    errors.push(forbidden(specPath, detail));
  }
  const sizes = [claim.spec, old.spec, { resources: { requests: claim.status?.capacity ?? {} } }].map((spec) =>
    parseQuantity(storageOf(spec ?? {}).storage ?? '0'),
  );
  const [size, oldSize, capacity] = sizes;
  if (size !== undefined && oldSize !== undefined && capacity !== undefined) {
    if (compareQuantities(size, oldSize) < 0 && compareQuantities(size, capacity) <= 0) {
      errors.push(forbidden(specPath.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'));
    }
  }
  if (claim.spec?.volumeMode !== old.spec?.volumeMode) {
    errors.push(invalid(Path.of('volumeMode'), claim.spec?.volumeMode, 'field is immutable'));
  }
  const attributes = claim.spec?.volumeAttributesClassName;
  if (old.spec?.volumeAttributesClassName !== undefined && attributes !== old.spec.volumeAttributesClassName) {
    const at = specPath.child('volumeAttributesClassName');
    if (attributes === undefined) errors.push(forbidden(at, 'update from non-nil value to nil is forbidden'));
    else if (attributes === '') errors.push(forbidden(at, 'update from non-nil value to an empty string is forbidden'));
  }
}

function storageOf(spec: PersistentVolumeClaimSpec): Record<string, string | number> {
  const storage = spec.resources?.requests?.storage;
  return storage === undefined ? {} : { storage };
}

export function validatePersistentVolumeClaimStatus(claim: PersistentVolumeClaim, errors: Errors): void {
  if ((claim.spec?.accessModes?.length ?? 0) === 0) errors.push(required(Path.of('Spec', 'accessModes')));
  for (const [name, amount] of sortedEntries(claim.status?.capacity)) {
    if (parseQuantity(amount).nanos < 0n) {
      errors.push(invalid(Path.of('status', 'capacity').key(name), Number(amount), 'must be a valid resource quantity'));
    }
  }
  for (const [name] of sortedEntries(claim.status?.allocatedResources)) {
    if (!name.includes('/') && name !== 'storage') errors.push(notSupported(Path.of('status', 'allocatedResources'), name, ['storage']));
  }
}
