import type { CSIDriver, CSINode, CSINodeDriver, CSIStorageCapacity, TokenRequest } from '../generated/types/storage/v1.ts';
import { byteLength } from '../names/index.ts';
import { canonicalQuantity, parseQuantity } from '../quantity.ts';
import {
  checkImmutable,
  checkImmutableText,
  checkNonNegative,
  checkOptionalOneOf,
  checkQualifiedName,
  type Errors,
  negativeMessage,
  reportInvalid,
} from './checks.ts';
import { duplicate, invalid, notSupported, required } from './field-error.ts';
import { csiNodeDriverType, selectorInGo } from './internal-types.ts';
import { validateLabelSelector } from './label-selector.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { checkCsiDriverName } from './volume-sources.ts';

/** CSI's kinds of `pkg/apis/storage/validation`. */

const specPath = Path.of('spec');
const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;
const maxNodeId = 256;
const minUpdatePeriod = 10;

export function validateCsiDriver({ spec }: CSIDriver, errors: Errors): void {
  const { attachRequired, podInfoOnMount, storageCapacity, fsGroupPolicy, volumeLifecycleModes, seLinuxMount } = spec ?? {};
  // The first path is upstream's.
  for (const [field, value] of Object.entries({ attachedRequired: attachRequired, podInfoOnMount, storageCapacity })) {
    if (value === undefined) errors.push(required(specPath.child(field)));
  }
  checkOptionalOneOf(fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType'], specPath.child('fsGroupPolicy'), errors);
  validateTokenRequests(spec?.tokenRequests ?? [], specPath.child('tokenRequests'), errors);
  for (const mode of volumeLifecycleModes ?? []) {
    if (mode === 'Persistent' || mode === 'Ephemeral') continue;
    errors.push(notSupported(specPath.child('volumeLifecycleModes'), mode, ['Persistent', 'Ephemeral']));
  }
  if (seLinuxMount === undefined) errors.push(required(specPath.child('seLinuxMount')));
  const period = spec?.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < minUpdatePeriod) {
    const at = specPath.child('nodeAllocatableUpdatePeriodSeconds');
    errors.push(invalid(at, period, `must be greater than or equal to ${minUpdatePeriod} seconds`));
  }
  const inSecrets = spec?.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && (spec?.tokenRequests ?? []).length === 0) {
    const detail = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    errors.push(invalid(specPath.child('serviceAccountTokenInSecrets'), inSecrets, detail));
  }
}

function validateTokenRequests(requests: readonly TokenRequest[], path: Path, errors: Errors): void {
  const audiences = new Set<string>();
  for (const [index, { audience = '', expirationSeconds: seconds }] of requests.entries()) {
    const at = path.index(index);
    if (audiences.has(audience)) {
      errors.push(duplicate(at.child('audience'), audience));
      continue;
    }
    audiences.add(audience);
    if (seconds === undefined) continue;
    const secondsPath = at.child('expirationSeconds');
    if (seconds < minTokenSeconds) errors.push(invalid(secondsPath, seconds, 'may not specify a duration less than 10 minutes'));
    if (seconds > maxTokenSeconds) errors.push(invalid(secondsPath, seconds, 'may not specify a duration larger than 2^32 seconds'));
  }
}

export function validateCsiDriverUpdate(driver: CSIDriver, old: CSIDriver, errors: Errors): void {
  validateCsiDriver(driver, errors);
  checkImmutable(driver.spec?.attachRequired, old.spec?.attachRequired, specPath.child('attachedRequired'), errors);
  checkImmutable(driver.spec?.volumeLifecycleModes, old.spec?.volumeLifecycleModes, specPath.child('volumeLifecycleModes'), errors);
}

export function validateCsiNode({ spec }: CSINode, errors: Errors): void {
  const names = new Set<string>();
  for (const [index, driver] of (spec?.drivers ?? []).entries())
    validateNodeDriver(driver, names, specPath.child('drivers').index(index), errors);
}

function validateNodeDriver(driver: CSINodeDriver, names: Set<string>, path: Path, errors: Errors): void {
  const { name = '', nodeID = '', allocatable, topologyKeys = [] } = driver;
  checkCsiDriverName(name, path.child('name'), errors);
  if (nodeID === '') errors.push(required(path.child('nodeID')));
  if (byteLength(nodeID) > maxNodeId) errors.push(invalid(path.child('nodeID'), nodeID, `must be ${maxNodeId} characters or less`));
  checkNonNegative(allocatable?.count, path.child('allocatable', 'count'), errors);
  if (names.has(name)) errors.push(duplicate(path.child('name'), name));
  names.add(name);
  const keys = new Set<string>();
  for (const key of topologyKeys) {
    if (key === '') errors.push(required(path));
    if (keys.has(key)) errors.push(duplicate(path, key));
    keys.add(key);
    checkQualifiedName(key, path, errors);
  }
}

/** A driver that stays on a node stays as it is, but for how many volumes it takes. */
export function validateCsiNodeUpdate(node: CSINode, old: CSINode, errors: Errors): void {
  validateCsiNode(node, errors);
  for (const { allocatable: _before, ...before } of old.spec?.drivers ?? []) {
    for (const { allocatable: _now, ...now } of node.spec?.drivers ?? []) {
      if (now.name === before.name) checkImmutable(now, before, specPath.child('drivers'), errors, csiNodeDriverType);
    }
  }
}

export function validateCsiStorageCapacity(capacity: CSIStorageCapacity, errors: Errors): void {
  const { nodeTopology, storageClassName = '', capacity: amount } = capacity;
  validateLabelSelector(nodeTopology, Path.of('nodeTopology'), errors);
  reportInvalid(nameIsDnsSubdomain(storageClassName, false), storageClassName, Path.of('storageClassName'), errors);
  if (amount !== undefined && parseQuantity(amount).nanos < 0n) {
    errors.push(invalid(Path.of('capacity'), canonicalQuantity(amount), negativeMessage));
  }
}

export function validateCsiStorageCapacityUpdate(capacity: CSIStorageCapacity, old: CSIStorageCapacity, errors: Errors): void {
  checkImmutable(capacity.nodeTopology, old.nodeTopology, Path.of('nodeTopology'), errors, selectorInGo);
  checkImmutableText(capacity.storageClassName, old.storageClassName, Path.of('storageClassName'), errors);
}
