import { validateDeviceExpression } from '../../cel/device.ts';
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClaim,
  DeviceClass,
  DeviceClassConfiguration,
  DeviceConstraint,
  DeviceRequest,
  DeviceRequestAllocationResult,
  DeviceSelector,
  DeviceSubRequest,
  ExactDeviceRequest,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceClaimStatus,
  ResourceClaimTemplate,
} from '../../generated/types/resource/v1.ts';
import { byteLength, interfaceAddressProblem } from '../../names/index.ts';
import { checkDnsLabel, checkDnsSubdomain, checkImmutable, checkRequired, type Errors, notPositiveMessage } from '../checks.ts';
import { validateConditions } from '../conditions.ts';
import { semanticEqual } from '../equality.ts';
import { forbidden, invalid, notSupported, required, tooLong, tooMany } from '../field-error.ts';
import { allocationResultType, resourceClaimSpecInGo, resourceClaimTemplateSpecInGo } from '../internal-types.ts';
import { checkItems, checkUniqueItems } from '../lists.ts';
import { validateTemplateMeta } from '../object-meta.ts';
import { Path } from '../path.ts';
import { validateNodeSelector } from '../pod/node-selectors.ts';
import { isExtendedName } from '../resources.ts';
import { checkDriverName, checkFullDeviceName, checkPoolName, checkUid } from './names.ts';
import { validateBindingConditions, validateDeviceTolerations } from './taints.ts';

/** Claims for devices and classes of them, of `pkg/apis/resource/validation`. */

const specPath = Path.of('spec');
const statusPath = Path.of('status');
const maxRequests = 32;
const maxConstraints = 32;
const maxConfigurations = 32;
const maxSelectors = 32;
const maxAlternatives = 8;
const maxReserved = 256;
const maxResults = 32;
const maxExpression = 10 * 1024;
const maxParameters = 10 * 1024;
const maxConditions = 8;
const maxIps = 16;
const unlimited = Number.POSITIVE_INFINITY;

/** Names of a claim's requests, each with those of its alternatives. */
type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

function namesOf({ requests }: DeviceClaim): RequestNames {
  // Null in what is stored, which the spec is taken from when a status is written.
  return new Map((requests ?? []).map(({ name, firstAvailable = [] }) => [name, new Set(firstAvailable.map((each) => each.name))]));
}

export function validateResourceClaim({ spec }: ResourceClaim, errors: Errors): void {
  validateDeviceClaim(spec?.devices ?? {}, specPath.child('devices'), errors);
}

export function validateResourceClaimUpdate(claim: ResourceClaim, old: ResourceClaim, errors: Errors): void {
  checkImmutable(claim.spec, old.spec, specPath, errors, resourceClaimSpecInGo);
}

export function validateResourceClaimTemplate({ spec }: ResourceClaimTemplate, errors: Errors): void {
  validateTemplateMeta(spec?.metadata, specPath.child('metadata'), errors);
  validateDeviceClaim(spec?.spec?.devices ?? {}, specPath.child('spec', 'devices'), errors);
}

export function validateResourceClaimTemplateUpdate(template: ResourceClaimTemplate, old: ResourceClaimTemplate, errors: Errors): void {
  validateResourceClaimTemplate(template, errors);
  checkImmutable(template.spec, old.spec, specPath, errors, resourceClaimTemplateSpecInGo);
}

function validateDeviceClaim(claim: DeviceClaim, path: Path, errors: Errors): void {
  const { requests = [], constraints = [], config = [] } = claim;
  const names = namesOf(claim);
  checkUniqueItems(requests, maxRequests, path.child('requests'), errors, ({ name }) => name, validateRequest);
  checkItems(constraints, maxConstraints, path.child('constraints'), errors, (constraint, at) => {
    validateConstraint(constraint, names, at, errors);
  });
  checkItems(config, maxConfigurations, path.child('config'), errors, (configuration, at) => {
    validateRequestReferences(configuration.requests, names, at, errors);
    validateConfiguration(configuration, false, at, errors);
  });
}

function validateRequest({ name = '', exactly, firstAvailable = [] }: DeviceRequest, path: Path, errors: Errors): void {
  checkDnsLabel(name, path.child('name'), errors);
  const detail = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly === undefined && firstAvailable.length === 0) errors.push(required(path, detail));
  else if (exactly !== undefined && firstAvailable.length > 0) {
    errors.push(invalid(path, null, `${detail}, but multiple fields are set`));
  } else if (exactly !== undefined) validateWanted(exactly, path.child('exactly'), errors);
  else {
    checkUniqueItems(firstAvailable, maxAlternatives, path.child('firstAvailable'), errors, (each) => each.name, validateAlternative);
  }
}

function validateAlternative(request: DeviceSubRequest, path: Path, errors: Errors): void {
  checkDnsLabel(request.name ?? '', path.child('name'), errors);
  validateWanted(request, path, errors);
}

function validateWanted(request: ExactDeviceRequest | DeviceSubRequest, path: Path, errors: Errors): void {
  const { deviceClassName = '', selectors, allocationMode = '', count = 0 } = request;
  if (deviceClassName === '') errors.push(required(path.child('deviceClassName')));
  else checkDnsSubdomain(deviceClassName, path.child('deviceClassName'), errors);
  validateSelectors(selectors, false, path.child('selectors'), errors);
  const countPath = path.child('count');
  if (allocationMode === 'All') {
    if (count !== 0) errors.push(invalid(countPath, count, "must not be specified when allocationMode is 'All'"));
  } else if (allocationMode === 'ExactCount') {
    if (count <= 0) errors.push(invalid(countPath, count, notPositiveMessage));
  } else errors.push(notSupported(path.child('allocationMode'), allocationMode, ['All', 'ExactCount']));
  validateDeviceTolerations(request.tolerations, path.child('tolerations'), errors);
}

/** @param isStored Whether expressions have been judged before. */
function validateSelectors(selectors: readonly DeviceSelector[] | undefined, isStored: boolean, path: Path, errors: Errors): void {
  checkItems(selectors ?? [], maxSelectors, path, errors, ({ cel }, at) => {
    if (cel === undefined) errors.push(required(at.child('cel')));
    else if (!isStored) validateExpression(cel.expression ?? '', at.child('cel', 'expression'), errors);
  });
}

function validateExpression(expression: string, path: Path, errors: Errors): void {
  if (byteLength(expression) > maxExpression) {
    errors.push(tooLong(path, maxExpression));
    return;
  }
  const problem = validateDeviceExpression(expression);
  if (problem?.detail !== undefined) errors.push(invalid(path, expression, problem.detail));
  else if (problem !== undefined) errors.push(forbidden(path, 'too complex, exceeds cost limit'));
}

function validateConstraint(constraint: DeviceConstraint, names: RequestNames, path: Path, errors: Errors): void {
  validateRequestReferences(constraint.requests, names, path, errors);
  const { matchAttribute, distinctAttribute } = constraint;
  if (matchAttribute !== undefined) checkFullDeviceName(matchAttribute, path.child('matchAttribute'), errors);
  else if (distinctAttribute !== undefined) checkFullDeviceName(distinctAttribute, path.child('distinctAttribute'), errors);
  // The words are upstream's, though none is set here.
  else errors.push(required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'));
}

function validateRequestReferences(requests: readonly string[] | undefined, names: RequestNames, path: Path, errors: Errors): void {
  const at = path.child('requests');
  checkUniqueItems(
    requests ?? [],
    maxRequests,
    at,
    errors,
    (name) => name,
    (name, each) => validateRequestReference(name, names, each, errors),
  );
}

function validateRequestReference(name: string, names: RequestNames, path: Path, errors: Errors): void {
  const detail = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const segments = name.split('/');
  if (segments.length > 2) {
    errors.push(invalid(path, name, detail));
    return;
  }
  for (const segment of segments) checkDnsLabel(segment, path, errors);
  const alternatives = names.get(segments[0] ?? '');
  const isKnown = alternatives !== undefined && (segments[1] === undefined || alternatives.has(segments[1]));
  if (!isKnown) errors.push(invalid(path, name, detail));
}

function validateConfiguration({ opaque }: DeviceClassConfiguration, isStored: boolean, path: Path, errors: Errors): void {
  if (opaque === undefined) {
    errors.push(required(path.child('opaque')));
    return;
  }
  checkDriverName(opaque.driver ?? '', path.child('opaque', 'driver'), errors);
  validateRaw(opaque.parameters, isStored, path.child('opaque', 'parameters'), errors);
}

/** Anything in JSON, as long as it is an object and not too large. */
function validateRaw(value: unknown, isStored: boolean, path: Path, errors: Errors): void {
  if (value === undefined || value === null) errors.push(required(path));
  else if (!isStored && byteLength(JSON.stringify(value)) > maxParameters) errors.push(tooLong(path, maxParameters));
  else if (typeof value !== 'object' || Array.isArray(value)) errors.push(invalid(path, '<value omitted>', 'must be a valid JSON object'));
}

export function validateDeviceClass(deviceClass: DeviceClass, errors: Errors): void {
  validateDeviceClassUpdate(deviceClass, undefined, errors);
}

export function validateDeviceClassUpdate({ spec = {} }: DeviceClass, old: DeviceClass | undefined, errors: Errors): void {
  const before = old?.spec;
  const isKept = (field: 'selectors' | 'config'): boolean => old !== undefined && semanticEqual(spec[field], before?.[field]);
  validateSelectors(spec.selectors, isKept('selectors'), specPath.child('selectors'), errors);
  const storedConfig = isKept('config');
  checkItems(spec.config ?? [], maxConfigurations, specPath.child('config'), errors, (configuration, path) => {
    validateConfiguration(configuration, storedConfig, path, errors);
  });
  const name = spec.extendedResourceName;
  if (name !== undefined && !isExtendedName(name)) {
    errors.push(invalid(specPath.child('extendedResourceName'), name, 'must be a valid extended resource name'));
  }
}

export function validateResourceClaimStatus(claim: ResourceClaim, old: ResourceClaim, errors: Errors): void {
  const names = namesOf(claim.spec?.devices ?? {});
  const status = claim.status ?? {};
  const { reservedFor = [], devices = [], allocation } = status;
  const reservedPath = statusPath.child('reservedFor');
  checkUniqueItems(reservedFor, maxReserved, reservedPath, errors, ({ uid }) => uid, validateConsumer);
  const allocated = new Set((allocation?.devices?.results ?? []).map(deviceKey));
  checkUniqueItems(devices, unlimited, statusPath.child('devices'), errors, deviceKey, (device, path) => {
    validateDeviceStatus(device, allocated, path, errors);
  });
  validateReservation(claim, status, old, errors);
  const at = statusPath.child('allocation');
  if (allocation === undefined) return;
  if (old.status?.allocation !== undefined) checkImmutable(allocation, old.status.allocation, at, errors, allocationResultType);
  else validateAllocation(allocation, names, at, errors);
}

function validateReservation(
  claim: ResourceClaim,
  { reservedFor = [], allocation }: ResourceClaimStatus,
  old: ResourceClaim,
  errors: Errors,
): void {
  if (reservedFor.length === 0) return;
  const at = statusPath.child('reservedFor');
  if (allocation === undefined) errors.push(forbidden(at, 'may not be specified when `allocated` is not set'));
  else if (claim.metadata?.deletionTimestamp !== undefined) {
    const before = old.status?.reservedFor ?? [];
    if (reservedFor.some((consumer) => !before.some((other) => semanticEqual(other, consumer)))) {
      errors.push(forbidden(at, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'));
    }
  }
}

function validateConsumer(consumer: ResourceClaimConsumerReference, path: Path, errors: Errors): void {
  for (const field of ['resource', 'name', 'uid'] as const) checkRequired(consumer[field], path.child(field), errors);
}

function deviceKey({ driver, pool, device, shareID }: DeviceRequestAllocationResult | AllocatedDeviceStatus): string {
  const key = `${driver}/${pool}/${device}`;
  return shareID === undefined ? key : `${key}/${shareID}`;
}

function validateAllocation({ devices = {}, nodeSelector }: AllocationResult, names: RequestNames, path: Path, errors: Errors): void {
  const at = path.child('devices');
  checkItems(devices.results ?? [], maxResults, at.child('results'), errors, (result, each) => validateResult(result, names, each, errors));
  checkItems(devices.config ?? [], 2 * maxConfigurations, at.child('config'), errors, (configuration, each) => {
    validateAllocatedConfiguration(configuration, names, each, errors);
  });
  if (nodeSelector !== undefined) validateNodeSelector(nodeSelector, path.child('nodeSelector'), errors);
}

function validateResult(result: DeviceRequestAllocationResult, names: RequestNames, path: Path, errors: Errors): void {
  validateRequestReference(result.request ?? '', names, path.child('request'), errors);
  validateDeviceId(result, path, errors);
  validateBindingConditions(result, path, errors);
  validateDeviceTolerations(result.tolerations, path.child('tolerations'), errors);
  if (result.shareID !== undefined) checkUid(result.shareID, path.child('shareID'), errors);
}

interface DeviceId {
  readonly driver?: string;
  readonly pool?: string;
  readonly device?: string;
}

function validateDeviceId({ driver = '', pool = '', device = '' }: DeviceId, path: Path, errors: Errors): void {
  checkDriverName(driver, path.child('driver'), errors);
  checkPoolName(pool, path.child('pool'), errors);
  checkDnsLabel(device, path.child('device'), errors);
}

function validateAllocatedConfiguration(
  configuration: DeviceAllocationConfiguration,
  names: RequestNames,
  path: Path,
  errors: Errors,
): void {
  const { source = '' } = configuration;
  const sources = ['FromClaim', 'FromClass'];
  if (source === '') errors.push(required(path.child('source')));
  else if (!sources.includes(source)) errors.push(notSupported(path.child('source'), source, sources));
  validateRequestReferences(configuration.requests, names, path, errors);
  validateConfiguration(configuration, false, path, errors);
}

function validateDeviceStatus(device: AllocatedDeviceStatus, allocated: ReadonlySet<string>, path: Path, errors: Errors): void {
  validateDeviceId(device, path, errors);
  if (device.shareID !== undefined) checkUid(device.shareID, path.child('shareID'), errors);
  if (!allocated.has(deviceKey(device))) errors.push(invalid(path, deviceKey(device), 'must be an allocated device in the claim'));
  const conditions = device.conditions ?? [];
  const at = path.child('conditions');
  if (conditions.length > maxConditions) errors.push(tooMany(at, conditions.length, maxConditions));
  validateConditions(conditions, at, errors);
  if (device.data !== undefined) validateRaw(device.data, false, path.child('data'), errors);
  if (device.networkData !== undefined) validateNetworkData(device.networkData, path.child('networkData'), errors);
}

function validateNetworkData({ interfaceName = '', hardwareAddress = '', ips = [] }: NetworkDeviceData, path: Path, errors: Errors): void {
  if (byteLength(interfaceName) > 256) errors.push(tooLong(path.child('interfaceName'), 256));
  if (byteLength(hardwareAddress) > 128) errors.push(tooLong(path.child('hardwareAddress'), 128));
  checkUniqueItems(
    ips,
    maxIps,
    path.child('ips'),
    errors,
    (ip) => ip,
    (ip, at) => {
      const problem = interfaceAddressProblem(ip);
      if (problem !== undefined) errors.push(invalid(at, ip, problem));
    },
  );
}
