import type {
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  TypedLocalObjectReference,
  TypedObjectReference,
} from '../generated/types/core/v1.ts';
import { dns1123SubdomainProblems, qualifiedNameProblems } from '../names/index.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';
import { checkImmutable, checkOptionalOneOf, checkRequired, type Errors, reportInvalid, sortedEntries } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { structInGo } from './internal-structs.ts';
import { validateLabelSelector } from './label-selector.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
import { metadataPath } from './object-meta.ts';
import { Path } from './path.ts';
import { checkBasicQuantity, checkPositiveQuantity, checkResourceQuantity, isNativeName } from './resources.ts';
import { jsonDifference } from './unified-diff.ts';

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
/** Upstream shows the path of a field in place of what is in the field, and JSON sees nothing in it. */
const pathInGo = {};

export function validatePersistentVolumeClaim(claim: PersistentVolumeClaim, errors: Errors): void {
  validatePersistentVolumeClaimSpec(claim.spec, specPath, errors);
}

/** @param anyGroup Whether the group of a source may have any form, as in a claim that had one before. */
export function validatePersistentVolumeClaimSpec(
  spec: PersistentVolumeClaimSpec | undefined,
  path: Path,
  errors: Errors,
  anyGroup = false,
): void {
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
  if (dataSource !== undefined) validateDataSource(dataSource, anyGroup, path.child('dataSource'), errors);
  if (dataSourceRef !== undefined) validateDataSource(dataSourceRef, anyGroup, path.child('dataSourceRef'), errors);
  if (dataSource !== undefined && dataSourceRef !== undefined) {
    if ((dataSourceRef.namespace ?? '') !== '') {
      errors.push(invalid(path, pathInGo, 'may not be specified when dataSourceRef.namespace is specified'));
    } else if (!isSameSource(dataSource, dataSourceRef)) {
      errors.push(invalid(path, pathInGo, 'must match dataSourceRef'));
    }
  }
  const { volumeAttributesClassName = '' } = spec ?? {};
  if (volumeAttributesClassName !== '') {
    const at = path.child('volumeAttributesClassName');
    reportInvalid(nameIsDnsSubdomain(volumeAttributesClassName, false), volumeAttributesClassName, at, errors);
  }
}

function validateDataSource(source: TypedObjectReference, anyGroup: boolean, path: Path, errors: Errors): void {
  const { kind = '', namespace = '' } = source;
  // Null as it is stored.
  const apiGroup = source.apiGroup ?? '';
  checkRequired(source.name, path.child('name'), errors);
  checkRequired(kind, path.child('kind'), errors);
  if (apiGroup !== '') {
    if (!anyGroup) reportInvalid(dns1123SubdomainProblems(apiGroup), apiGroup, path.child('apiGroup'), errors);
  } else if (kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  if (namespace !== '') reportInvalid(nameIsDnsLabel(namespace, false), namespace, path.child('namespace'), errors);
}

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

function isSameSource(source: TypedLocalObjectReference, { apiGroup, kind, name }: TypedObjectReference): boolean {
  return (source.apiGroup ?? undefined) === (apiGroup ?? undefined) && source.kind === kind && source.name === name;
}

/** A claim stays as it was, except that it may be bound, and a bound one may grow. */
export function validatePersistentVolumeClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: Errors): void {
  const hadGroup = [old.spec?.dataSource, old.spec?.dataSourceRef].some((source) => (source?.apiGroup ?? undefined) !== undefined);
  validatePersistentVolumeClaimSpec(claim.spec, specPath, errors, hadGroup);
  const before: PersistentVolumeClaimSpec = { ...old.spec };
  const after: PersistentVolumeClaimSpec = { ...claim.spec };
  if ((before.volumeName ?? '') === '' && after.volumeName !== undefined) before.volumeName = after.volumeName;
  if (before.storageClassName === undefined) letClassBeNamed(claim, old, after, errors);
  else checkClassAnnotation(claim, old, errors);
  if (claim.status?.phase === 'Bound') {
    after.resources = { ...after.resources, requests: { ...after.resources?.requests, ...storageOf(before) } };
    delete after.volumeAttributesClassName;
    if (before.volumeAttributesClassName !== undefined) after.volumeAttributesClassName = before.volumeAttributesClassName;
  }
  if (!semanticEqual(before, after)) {
    const type = 'PersistentVolumeClaimSpec';
    const changes = jsonDifference(structInGo(type, before), structInGo(type, after));
    const detail = `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${changes}`;
    errors.push(forbidden(specPath, detail));
  }
  const size = parseQuantity(storageOf(claim.spec).storage ?? '0');
  const capacity = parseQuantity(old.status?.capacity?.storage ?? '0');
  if (compareQuantities(size, parseQuantity(storageOf(old.spec).storage ?? '0')) < 0 && compareQuantities(size, capacity) <= 0) {
    errors.push(forbidden(specPath.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'));
  }
  checkImmutable(claim.spec?.volumeMode, old.spec?.volumeMode, Path.of('volumeMode'), errors);
  // A class that was applied once can be replaced, not taken away.
  const attributes = claim.spec?.volumeAttributesClassName;
  const isApplied = old.status?.currentVolumeAttributesClassName !== undefined;
  if (isApplied && attributes !== old.spec?.volumeAttributesClassName && (attributes ?? '') === '') {
    const value = attributes === undefined ? 'nil' : 'empty string';
    const detail = `update to ${value} is forbidden when status.currentVolumeAttributesClassName is not nil`;
    errors.push(forbidden(specPath.child('volumeAttributesClassName'), detail));
  }
}

/** A claim without a class may get one, but not another than the older annotation says, which may then go. */
function letClassBeNamed(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, after: PersistentVolumeClaimSpec, errors: Errors): void {
  const annotated = old.metadata?.annotations?.[classAnnotation];
  const now = claim.metadata?.annotations?.[classAnnotation];
  const isUpgrade = annotated !== undefined && after.storageClassName === annotated && (now === undefined || now === annotated);
  if (!isUpgrade) checkClassAnnotation(claim, old, errors);
  if (annotated === undefined || after.storageClassName === annotated) delete after.storageClassName;
}

function checkClassAnnotation(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: Errors): void {
  const now = claim.metadata?.annotations?.[classAnnotation] ?? '';
  checkImmutable(now, old.metadata?.annotations?.[classAnnotation] ?? '', metadataPath.child('annotations', classAnnotation), errors);
}

function storageOf(spec: PersistentVolumeClaimSpec | undefined): Record<string, string | number> {
  const storage = spec?.resources?.requests?.storage;
  return storage === undefined ? {} : { storage };
}

const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
].sort();

export function validatePersistentVolumeClaimStatus({ spec, status }: PersistentVolumeClaim, errors: Errors): void {
  if ((spec?.accessModes?.length ?? 0) === 0) errors.push(required(Path.of('Spec', 'accessModes')));
  const statusPath = Path.of('status');
  for (const [name, amount] of sortedEntries(status?.capacity)) {
    checkBasicQuantity(amount, statusPath.child('capacity').key(name), errors);
  }
  const resizePath = statusPath.child('allocatedResourceStatuses');
  for (const [name, state] of sortedEntries(status?.allocatedResourceStatuses)) {
    checkClaimResource(name, resizePath, errors);
    if (!resizeStatuses.includes(state)) errors.push(notSupported(resizePath, name, resizeStatuses));
  }
  const allocatedPath = statusPath.child('allocatedResources');
  for (const [name, amount] of sortedEntries(status?.allocatedResources)) {
    if (!checkClaimResource(name, allocatedPath, errors)) continue;
    const at = allocatedPath.key(name);
    if (checkBasicQuantity(amount, at, errors)) checkResourceQuantity('storage', amount, at, errors);
  }
}

/** What a claim may be given: storage, and whatever is not Kubernetes' own. Gives whether the name holds. */
function checkClaimResource(name: string, path: Path, errors: Errors): boolean {
  const problems = qualifiedNameProblems(name);
  reportInvalid(problems, name, path, errors);
  if (problems.length > 0) return false;
  if (!isNativeName(name) || name === 'storage') return true;
  errors.push(notSupported(path, name, ['storage']));
  return false;
}
