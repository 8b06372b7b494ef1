import type {
  Counter,
  CounterSet,
  Device,
  DeviceAttribute,
  DeviceCounterConsumption,
  ResourcePool,
  ResourceSlice,
  ResourceSliceSpec,
} from '../../generated/types/resource/v1.ts';
import type { DeviceTaintRule } from '../../generated/types/resource/v1beta2.ts';
import { byteLength } from '../../names/index.ts';
import {
  checkDnsLabel,
  checkImmutable,
  checkImmutableText,
  type Errors,
  notPositiveMessage,
  reportInvalid,
  sortedEntries,
} from '../checks.ts';
import { validateConditions } from '../conditions.ts';
import { semanticEqual } from '../equality.ts';
import { invalid, required, tooLong, tooMany } from '../field-error.ts';
import { deviceAttributeType, inGo, nodeSelectorTermType } from '../internal-types.ts';
import { checkItems, checkUniqueItems } from '../lists.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import { Path } from '../path.ts';
import { validateNodeSelector } from '../pod/node-selectors.ts';
import { validateDeviceCapacity } from './capacity.ts';
import { checkDriverName, checkPoolName, checkQualifiedDeviceName, shortened } from './names.ts';
import { validateBindingConditions, validateDeviceTaint } from './taints.ts';

/** Devices that drivers offer, of `pkg/apis/resource/validation`. */

const specPath = Path.of('spec');
const maxDevices = 128;
const maxAdvancedDevices = 64;
const maxCounterSets = 8;
const maxCounters = 32;
const maxConsumptions = 2;
const maxTaints = 16;
const maxFeatures = 32;
const maxAttributeValues = 48;
const maxValue = 64;
const maxFeatureKey = 63 + 1 + 32;
const maxRuleConditions = 8;

export function validateResourceSlice({ spec }: ResourceSlice, errors: Errors): void {
  validateSpec(spec ?? ({} as ResourceSliceSpec), undefined, errors);
}

export function validateResourceSliceUpdate({ spec }: ResourceSlice, old: ResourceSlice, errors: Errors): void {
  validateSpec(spec ?? ({} as ResourceSliceSpec), old.spec, errors);
}

function validateSpec(spec: ResourceSliceSpec, old: ResourceSliceSpec | undefined, errors: Errors): void {
  const { driver = '', pool, devices, sharedCounters, perDeviceNodeSelection } = spec;
  checkDriverName(driver, specPath.child('driver'), errors);
  validatePool(pool ?? ({} as ResourcePool), errors);
  if (old !== undefined) {
    checkImmutableText(pool?.name, old.pool?.name, specPath.child('pool', 'name'), errors);
    checkImmutableText(driver, old.driver, specPath.child('driver'), errors);
    checkImmutable(spec.nodeName, old.nodeName, specPath.child('nodeName'), errors);
  }
  validatePlace(spec, errors);
  if (sharedCounters !== undefined && devices !== undefined) {
    errors.push(invalid(specPath, '', 'only one of `sharedCounters` or `devices` is allowed'));
  }
  const before = new Map((old?.devices ?? []).map((device) => [device.name, device]));
  checkUniqueItems(devices ?? [], deviceLimit(devices ?? []), specPath.child('devices'), errors, nameOf, (device, path) => {
    validateDevice(device, before.get(device.name), perDeviceNodeSelection === true, path, errors);
  });
  checkUniqueItems(sharedCounters ?? [], maxCounterSets, specPath.child('sharedCounters'), errors, nameOf, validateCounterSet);
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** Features that make a device costly to look at leave room for fewer of them. */
function deviceLimit(devices: readonly Device[]): number {
  const isAdvanced = devices.some(
    ({ taints = [], consumesCounters = [], attributes }) =>
      taints.length > 0 || consumesCounters.length > 0 || Object.values(attributes ?? {}).some(hasList),
  );
  return isAdvanced ? maxAdvancedDevices : maxDevices;
}

function hasList({ bools, ints, strings, versions }: DeviceAttribute): boolean {
  return [bools, ints, strings, versions].some((list) => list !== undefined);
}

function validatePool({ name = '', resourceSliceCount = 0, generation = 0 }: ResourcePool, errors: Errors): void {
  const path = specPath.child('pool');
  checkPoolName(name, path.child('name'), errors);
  if (resourceSliceCount <= 0) errors.push(invalid(path.child('resourceSliceCount'), resourceSliceCount, notPositiveMessage));
  if (generation < 0) errors.push(invalid(path.child('generation'), generation, 'must be greater than or equal to zero'));
}

function validatePlace(spec: ResourceSliceSpec, errors: Errors): void {
  const { nodeName, nodeSelector } = spec;
  const set: string[] = [];
  if (nodeName !== undefined) {
    if (nodeName === '') errors.push(invalid(specPath.child('nodeName'), nodeName, 'must be either unset or set to a non-empty string'));
    else {
      set.push('`nodeName`');
      reportInvalid(nameIsDnsSubdomain(nodeName, false), nodeName, specPath.child('nodeName'), errors);
    }
  }
  if (nodeSelector !== undefined) {
    const at = specPath.child('nodeSelector');
    set.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, at, errors);
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1)
      errors.push(
        invalid(
          at.child('nodeSelectorTerms'),
          terms.length === 0 ? null : inGo(nodeSelectorTermType, terms),
          'must have exactly one node selector term',
        ),
      );
  }
  for (const field of ['allNodes', 'perDeviceNodeSelection'] as const) {
    if (spec[field] === true) set.push(`\`${field}\``);
    else if (spec[field] === false) errors.push(invalid(specPath.child(field), false, 'must be either unset or set to true'));
  }
  const detail = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (set.length === 0) errors.push(required(specPath, detail));
  if (set.length > 1) errors.push(invalid(specPath, `{${set.join(', ')}}`, `${detail}, but multiple fields are set`));
}

function validateDevice(device: Device, old: Device | undefined, placesItself: boolean, path: Path, errors: Errors): void {
  const { attributes = {}, capacity = {}, taints = [], consumesCounters = [] } = device;
  checkDnsLabel(device.name ?? '', path.child('name'), errors);
  const features = Object.keys(attributes).length + Object.keys(capacity).length;
  if (features > maxFeatures) {
    errors.push(invalid(path, features, `the total number of attributes and capacities must not exceed ${maxFeatures}`));
  }
  const values = Object.values(attributes).reduce((sum, attribute) => sum + valuesIn(attribute), 0);
  if (values > maxAttributeValues) {
    errors.push(invalid(path, values, `the total number of attribute values must not exceed ${maxAttributeValues}`));
  }
  for (const [name, attribute] of sortedEntries(attributes)) {
    const at = path.child('attributes');
    checkQualifiedDeviceName(name, at, errors);
    validateAttribute(attribute, at.key(shortened(name, maxFeatureKey)), errors);
  }
  validateCapacities(device, path.child('capacity'), errors);
  if (!semanticEqual(old?.taints, taints)) {
    checkItems(taints, maxTaints, path.child('taints'), errors, (taint, at) => validateDeviceTaint(taint, undefined, at, errors));
  }
  const counters = path.child('consumesCounters');
  checkUniqueItems(consumesCounters, maxConsumptions, counters, errors, ({ counterSet }) => counterSet, validateConsumption);
  validateDevicePlace(device, placesItself, path, errors);
  validateBindingConditions(device, path, errors);
}

function validateCapacities({ capacity, allowMultipleAllocations }: Device, path: Path, errors: Errors): void {
  for (const [name, each] of sortedEntries(capacity)) {
    checkQualifiedDeviceName(name, path, errors);
    validateDeviceCapacity(each, allowMultipleAllocations === true, path.key(shortened(name, maxFeatureKey)), errors);
  }
}

function valuesIn({ bools = [], ints = [], strings = [], versions = [] }: DeviceAttribute): number {
  return Math.max(1, bools.length + ints.length + strings.length + versions.length);
}

function validateDevicePlace(device: Device, placesItself: boolean, path: Path, errors: Errors): void {
  const { nodeName, nodeSelector, allNodes } = device;
  if (!placesItself) {
    if (nodeName === undefined && nodeSelector === undefined && allNodes === undefined) return;
    const detail =
      '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
    errors.push(invalid(path, null, detail));
    return;
  }
  const set: string[] = [];
  if (nodeName !== undefined) {
    if (nodeName === '') errors.push(invalid(path.child('nodeName'), nodeName, 'must not be empty'));
    else {
      set.push('`nodeName`');
      reportInvalid(nameIsDnsSubdomain(nodeName, false), nodeName, path.child('nodeName'), errors);
    }
  }
  if (nodeSelector !== undefined) {
    set.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, path.child('nodeSelector'), errors);
  }
  if (allNodes === true) set.push('`allNodes`');
  else if (allNodes === false) errors.push(invalid(path.child('allNodes'), allNodes, 'must be either unset or set to true'));
  const detail =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (set.length === 0) errors.push(required(path, detail));
  if (set.length > 1) errors.push(invalid(path, `{${set.join(', ')}}`, detail));
}

const number = '(0|[1-9]\\d*)';
const early = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const version = new RegExp(`^${number}\\.${number}\\.${number}(-${early}(\\.${early})*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$`);

function checkText(text: string, path: Path, errors: Errors): void {
  if (byteLength(text) > maxValue) errors.push(tooLong(path, maxValue));
}

function checkVersion(text: string, path: Path, errors: Errors): void {
  if (!version.test(text)) errors.push(invalid(path, text, 'must be a string compatible with semver.org spec 2.0.0'));
  checkText(text, path, errors);
}

function validateAttribute(attribute: DeviceAttribute, path: Path, errors: Errors): void {
  const { bool, int, string: text, version: release } = attribute;
  let count = [bool, int, text, release].filter((value) => value !== undefined).length;
  if (text !== undefined) checkText(text, path.child('string'), errors);
  if (release !== undefined) checkVersion(release, path.child('version'), errors);
  for (const field of ['bools', 'ints', 'strings', 'versions'] as const) {
    const list = attribute[field];
    if (list === undefined) continue;
    count++;
    if (list.length === 0) errors.push(invalid(path.child(field), list, 'must not be empty if specified'));
  }
  for (const [index, item] of (attribute.strings ?? []).entries()) checkText(item, path.child('strings').index(index), errors);
  for (const [index, item] of (attribute.versions ?? []).entries()) checkVersion(item, path.child('versions').index(index), errors);
  if (count !== 1)
    errors.push(invalid(path, count === 0 ? '' : inGo(deviceAttributeType, attribute), 'exactly one value must be specified'));
}

function validateCounters(counters: Readonly<Record<string, Counter>> | undefined, path: Path, errors: Errors): void {
  const names = Object.keys(counters ?? {}).sort();
  if (names.length === 0) errors.push(required(path));
  else if (names.length > maxCounters) errors.push(tooMany(path, names.length, maxCounters));
  else for (const name of names) checkDnsLabel(name, path, errors);
}

function checkCounterSetName(name: string, path: Path, errors: Errors): void {
  if (name === '') errors.push(required(path));
  else checkDnsLabel(name, path, errors);
}

function validateCounterSet({ name = '', counters }: CounterSet, path: Path, errors: Errors): void {
  checkCounterSetName(name, path.child('name'), errors);
  validateCounters(counters, path.child('counters'), errors);
}

function validateConsumption({ counterSet = '', counters }: DeviceCounterConsumption, path: Path, errors: Errors): void {
  checkCounterSetName(counterSet, path.child('counterSet'), errors);
  validateCounters(counters, path.child('counters'), errors);
}

export function validateDeviceTaintRule(rule: DeviceTaintRule, errors: Errors): void {
  validateDeviceTaintRuleUpdate(rule, undefined, errors);
}

export function validateDeviceTaintRuleUpdate({ spec }: DeviceTaintRule, old: DeviceTaintRule | undefined, errors: Errors): void {
  const { driver, pool, device } = spec?.deviceSelector ?? {};
  const path = specPath.child('deviceSelector');
  if (driver !== undefined) checkDriverName(driver, path.child('driver'), errors);
  if (pool !== undefined) checkPoolName(pool, path.child('pool'), errors);
  if (device !== undefined) checkDnsLabel(device, path.child('device'), errors);
  const taint = spec?.taint ?? { key: '', effect: '' };
  validateDeviceTaint(taint, old?.spec?.taint?.effect, specPath.child('taint'), errors);
}

export function validateDeviceTaintRuleStatus({ status }: DeviceTaintRule, _old: unknown, errors: Errors): void {
  const conditions = status?.conditions ?? [];
  const path = Path.of('status', 'conditions');
  validateConditions(conditions, path, errors);
  if (conditions.length > maxRuleConditions) errors.push(tooMany(path, conditions.length, maxRuleConditions));
}
