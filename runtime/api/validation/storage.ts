import type { TopologySelectorTerm } from '../generated/types/core/v1.ts';
import type { CSIDriver, CSINode, StorageClass } from '../generated/types/storage/v1.ts';
import { byteLength, qualifiedNameProblems } from '../names/index.ts';
import { checkImmutable, checkOneOf, checkOptionalOneOf, checkQualifiedName, type Errors, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from './field-error.ts';
import { Path } from './path.ts';
import { checkCsiDriverName } from './volume-sources.ts';

/** `pkg/apis/storage/validation` */

const specPath = Path.of('spec');
const maxParameters = 512;
const maxParametersSize = 256 * 1024;

export function validateStorageClass(storageClass: StorageClass, errors: Errors): void {
  const { provisioner = '', parameters, reclaimPolicy, volumeBindingMode, allowedTopologies } = storageClass;
  if (provisioner === '') errors.push(required(Path.of('provisioner')));
  else reportInvalid(qualifiedNameProblems(provisioner.toLowerCase()), provisioner, Path.of('provisioner'), errors);
  validateParameters(parameters ?? {}, Path.of('parameters'), errors);
  checkOptionalOneOf(reclaimPolicy, ['Delete', 'Retain'], Path.of('reclaimPolicy'), errors);
  const modePath = Path.of('volumeBindingMode');
  if (volumeBindingMode === undefined) errors.push(required(modePath));
  else if (!['Immediate', 'WaitForFirstConsumer'].includes(volumeBindingMode)) {
    errors.push(notSupported(modePath, volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']));
  }
  validateTopologies(allowedTopologies ?? [], Path.of('allowedTopologies'), errors);
}

function validateParameters(parameters: Readonly<Record<string, string>>, path: Path, errors: Errors): void {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) {
    errors.push(tooLong(path, maxParameters));
    return;
  }
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') errors.push(invalid(path, key, 'field can not be empty.'));
    size += byteLength(key) + byteLength(value);
  }
  if (size > maxParametersSize) errors.push(tooLong(path, maxParametersSize));
}

function validateTopologies(terms: readonly TopologySelectorTerm[], path: Path, errors: Errors): void {
  for (const [index, term] of terms.entries()) {
    const at = path.index(index).child('matchLabelExpressions');
    const keys = new Set<string>();
    for (const [each, { key = '', values = [] }] of (term.matchLabelExpressions ?? []).entries()) {
      const valuesPath = at.index(each).child('values');
      if (values.length === 0) errors.push(required(valuesPath));
      for (const [valueIndex, value] of values.entries()) {
        if (values.indexOf(value) < valueIndex) errors.push(duplicate(valuesPath.index(valueIndex), value));
      }
      checkQualifiedName(key, at.index(each).child('key'), errors);
      if (keys.has(key)) errors.push(duplicate(at.index(each).child('key'), key));
      keys.add(key);
    }
    if (terms.slice(0, index).some((other) => semanticEqual(other, term)))
      errors.push(duplicate(path.index(index).child('matchLabelExpressions'), ''));
  }
}

export function validateStorageClassUpdate(storageClass: StorageClass, old: StorageClass, errors: Errors): void {
  if (!semanticEqual(storageClass.parameters, old.parameters)) {
    errors.push(forbidden(Path.of('parameters'), 'updates to parameters are forbidden.'));
  }
  if (storageClass.provisioner !== old.provisioner) {
    errors.push(forbidden(Path.of('provisioner'), 'updates to provisioner are forbidden.'));
  }
  if (storageClass.reclaimPolicy !== old.reclaimPolicy) {
    errors.push(forbidden(Path.of('reclaimPolicy'), 'updates to reclaimPolicy are forbidden.'));
  }
  checkImmutable(storageClass.volumeBindingMode, old.volumeBindingMode, Path.of('volumeBindingMode'), errors);
}

export function validateCsiDriver({ metadata, spec }: CSIDriver, errors: Errors): void {
  checkCsiDriverName(metadata?.name ?? '', Path.of('name'), errors);
  const { attachRequired, podInfoOnMount, storageCapacity, fsGroupPolicy, volumeLifecycleModes, requiresRepublish, seLinuxMount } =
    spec ?? {};
  for (const [field, value] of Object.entries({ attachRequired, podInfoOnMount, storageCapacity, requiresRepublish, seLinuxMount })) {
    if (value === undefined) errors.push(required(specPath.child(field)));
  }
  checkOneOf(fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType'], specPath.child('fsGroupPolicy'), errors);
  for (const mode of volumeLifecycleModes ?? []) {
    checkOptionalOneOf(mode, ['Ephemeral', 'Persistent'], specPath.child('volumeLifecycleModes'), errors);
  }
}

export function validateCsiDriverUpdate(driver: CSIDriver, old: CSIDriver, errors: Errors): void {
  validateCsiDriver(driver, errors);
  checkImmutable(driver.spec?.attachRequired, old.spec?.attachRequired, specPath.child('attachedRequired'), errors);
  checkImmutable(driver.spec?.volumeLifecycleModes, old.spec?.volumeLifecycleModes, specPath.child('volumeLifecycleModes'), errors);
}

export function validateCsiNode({ spec }: CSINode, errors: Errors): void {
  const names = new Set<string>();
  for (const [index, { name = '', nodeID = '' }] of (spec?.drivers ?? []).entries()) {
    const at = specPath.child('drivers').index(index);
    checkCsiDriverName(name, at.child('name'), errors);
    if (nodeID === '') errors.push(required(at.child('nodeID')));
    if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    names.add(name);
  }
}
