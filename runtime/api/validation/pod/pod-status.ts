import type {
  Container,
  ContainerStatus,
  Pod,
  PodCondition,
  PodExtendedResourceClaimStatus,
  PodResourceClaimStatus,
  PodSpec,
} from '../../generated/types/core/v1.ts';
import { ipFamilyOf } from '../../names/index.ts';
import { checkDnsLabel, checkId, checkImmutableText, checkIp, checkQualifiedName, type Errors, reportInvalid } from '../checks.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../field-error.ts';
import { inGo, podIpType } from '../internal-types.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import { metadataPath } from '../object-meta.ts';
import { Path } from '../path.ts';
import { validatePodAnnotationsUpdate } from './annotations.ts';
import { mayRestart, mayRestartAll } from './restart-rules.ts';

const statusPath = Path.of('status');
const noSpec: PodSpec = { containers: [] };
const notNegative = 'must be a non-negative integer';

/** What a kubelet reports about a pod, as `ValidatePodStatusUpdate` judges it. */
export function validatePodStatusUpdate(pod: Pod, old: Pod, errors: Errors): void {
  const { status = {}, spec = noSpec } = pod;
  const oldSpec = old.spec ?? noSpec;
  validatePodAnnotationsUpdate(pod.metadata?.annotations, old.metadata?.annotations, spec, metadataPath.child('annotations'), errors);
  validateConditions(status.conditions ?? [], statusPath.child('conditions'), errors);
  if ((spec.nodeName ?? '') !== (oldSpec.nodeName ?? '')) {
    errors.push(forbidden(statusPath.child('nodeName'), 'may not be changed directly'));
  }
  const nominated = status.nominatedNodeName ?? '';
  if (nominated !== '' && nominated !== (old.status?.nominatedNodeName ?? '')) {
    const at = statusPath.child('nominatedNodeName');
    reportInvalid(nameIsDnsSubdomain(nominated, false), nominated, at, errors);
    if ((oldSpec.nodeName ?? '') !== '') errors.push(forbidden(at, 'may not be set on pods that are already bound to a node'));
  }
  const generation = status.observedGeneration ?? 0;
  if (generation < 0) errors.push(invalid(statusPath.child('observedGeneration'), generation, notNegative));
  checkImmutableText(status.qosClass, old.status?.qosClass, statusPath.child('qosClass'), errors);
  for (const [field, containers] of [
    ['containerStatuses', oldSpec.containers],
    ['initContainerStatuses', oldSpec.initContainers],
    ['ephemeralContainerStatuses', undefined],
  ] as const) {
    checkTransitions(status[field], old.status?.[field], containers ?? [], oldSpec, statusPath.child(field), errors);
  }
  validateClaimStatuses(status.resourceClaimStatuses ?? [], spec, statusPath.child('resourceClaimStatuses'), errors);
  if (status.extendedResourceClaimStatus !== undefined) {
    validateExtendedClaimStatus(status.extendedResourceClaimStatus, spec, statusPath.child('extendedResourceClaimStatus'), errors);
  }
  checkAddresses(status.podIPs, statusPath.child('podIPs'), errors);
  const hostIPs = status.hostIPs ?? [];
  if (hostIPs.length > 0 && status.hostIP !== hostIPs[0]?.ip) {
    errors.push(invalid(statusPath.child('hostIPs').index(0).child('ip'), hostIPs[0]?.ip, 'must be equal to `hostIP`'));
  }
  checkAddresses(hostIPs, statusPath.child('hostIPs'), errors);
  validateContainerStatuses(status, spec, errors);
}

const systemConditions = new Set(['PodScheduled', 'Ready', 'Initialized']);

function validateConditions(conditions: readonly PodCondition[], path: Path, errors: Errors): void {
  for (const [index, { type = '', observedGeneration = 0 }] of conditions.entries()) {
    const at = path.index(index);
    if (observedGeneration < 0) errors.push(invalid(at.child('observedGeneration'), observedGeneration, notNegative));
    if (!systemConditions.has(type)) checkQualifiedName(type, at.child('Type'), errors);
  }
}

/** A container that has ended for good does not run again; one for debugging never does. */
function checkTransitions(
  statuses: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
  containers: readonly Container[],
  spec: PodSpec,
  path: Path,
  errors: Errors,
): void {
  if (containers.length > 0 && mayRestartAll(spec)) return;
  for (const [index, { name, state }] of (old ?? []).entries()) {
    const ended = state?.terminated;
    if (ended === undefined || statuses?.some((status) => status.name === name && status.state?.terminated === undefined) !== true)
      continue;
    const container = containers.find((each) => each.name === name);
    if (container !== undefined && mayRestart(container, spec, ended.exitCode ?? 0)) continue;
    errors.push(forbidden(path.index(index).child('state'), 'may not be transitioned to non-terminated state'));
  }
}

function validateClaimStatuses(statuses: readonly PodResourceClaimStatus[], spec: PodSpec, path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { name = '', resourceClaimName }] of statuses.entries()) {
    const at = path.index(index).child('name');
    const claimAt = path.index(index).child('resourceClaimName');
    if (spec.resourceClaims?.some((claim) => claim.name === name) !== true) {
      errors.push(invalid(at, name, 'must match the name of an entry in `spec.resourceClaims`'));
    }
    if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
    if (resourceClaimName !== undefined) reportInvalid(nameIsDnsSubdomain(resourceClaimName, false), resourceClaimName, claimAt, errors);
  }
}

function validateExtendedClaimStatus(status: PodExtendedResourceClaimStatus, spec: PodSpec, path: Path, errors: Errors): void {
  const containers = new Map([...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((each) => [each.name, each]));
  const mappings = status.requestMappings ?? [];
  const at = path.child('requestMappings');
  if (mappings.length === 0) errors.push(required(at, 'at least one request mapping is required'));
  const seen = new Set<string>();
  for (const [index, { containerName = '', resourceName = '', requestName = '' }] of mappings.entries()) {
    const container = containers.get(containerName);
    if (container === undefined) {
      const detail = 'must match the name of an entry in spec.initContainers.name or spec.containers.name';
      errors.push(invalid(at.index(index).child('containerName'), containerName, detail));
    } else if (container.resources?.requests?.[resourceName] === undefined) {
      const detail =
        'must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests';
      errors.push(invalid(at.index(index).child('resourceName'), resourceName, detail));
    }
    checkDnsLabel(requestName, path.child('requestName'), errors);
    const key = `${containerName}/${resourceName}/${requestName}`;
    if (seen.has(key)) {
      errors.push(duplicate(at.index(index).child('containerName'), containerName));
      errors.push(duplicate(at.index(index).child('resourceName'), resourceName));
      errors.push(duplicate(at.index(index).child('requestName'), requestName));
    }
    seen.add(key);
  }
  const claim = status.resourceClaimName ?? '';
  if (claim === '') errors.push(required(path.child('resourceClaimName')));
  else reportInvalid(nameIsDnsSubdomain(claim, false), claim, path.child('resourceClaimName'), errors);
}

function checkAddresses(addresses: readonly { readonly ip?: string }[] | undefined, path: Path, errors: Errors): void {
  const list = addresses ?? [];
  for (const [index, { ip }] of list.entries()) checkIp(ip, path.index(index), errors);
  if (list.length < 2) return;
  const families = new Set(list.map(({ ip }) => ipFamilyOf(ip ?? '')));
  if (families.size < 2 || list.length > 2)
    errors.push(invalid(path, inGo(podIpType, list), 'may specify no more than one IP for each IP family'));
}

function validateContainerStatuses(status: NonNullable<Pod['status']>, spec: PodSpec, errors: Errors): void {
  const fields = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;
  for (const field of fields) {
    for (const [index, { user }] of (status[field] ?? []).entries()) {
      if (user?.linux === undefined) continue;
      const at = statusPath.child(field).index(index).child('user', 'linux');
      const { uid, gid, supplementalGroups = [] } = user.linux;
      if (spec.os?.name === 'windows') errors.push(forbidden(at, 'cannot be set for a windows pod'));
      else {
        checkId(uid, at.child('uid'), errors);
        checkId(gid, at.child('gid'), errors);
        for (const [group, id] of supplementalGroups.entries()) checkId(id, at.child('supplementalGroups').index(group), errors);
      }
    }
  }
  validateAllocated(status.containerStatuses, spec.containers, statusPath.child('containerStatuses'), errors);
  validateAllocated(status.initContainerStatuses, spec.initContainers, statusPath.child('initContainerStatuses'), errors);
  for (const [index, { allocatedResourcesStatus = [] }] of (status.ephemeralContainerStatuses ?? []).entries()) {
    if (allocatedResourcesStatus.length === 0) continue;
    const at = statusPath.child('ephemeralContainerStatuses').index(index).child('allocatedResourcesStatus');
    errors.push(forbidden(at, 'must not be specified in container status'));
  }
}

const healths = ['Healthy', 'Unhealthy', 'Unknown'];

/** The health of the devices that a container has been given. */
function validateAllocated(
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Container[] | undefined,
  path: Path,
  errors: Errors,
): void {
  for (const [index, { name: containerName, allocatedResourcesStatus = [] }] of (statuses ?? []).entries()) {
    if (allocatedResourcesStatus.length === 0) continue;
    const container = containers?.find(({ name }) => name === containerName);
    for (const [position, { name = '', resources = [] }] of allocatedResourcesStatus.entries()) {
      const at = path.index(index).child('allocatedResourcesStatus').index(position);
      if (container !== undefined && !asksFor(container, name)) {
        const detail = name.startsWith('claim:')
          ? "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
          : "must match one of the container's resource requests";
        errors.push(invalid(at.child('name'), name, detail));
      }
      const seen = new Set<string>();
      for (const [device, { health = '', resourceID }] of resources.entries()) {
        const devicePath = at.child('resources').index(device);
        if (!healths.includes(health)) errors.push(notSupported(devicePath.child('health'), health, healths));
        if (seen.has(resourceID)) errors.push(duplicate(devicePath.child('resourceID'), resourceID));
        seen.add(resourceID);
      }
    }
  }
}

function asksFor({ resources }: Container, name: string): boolean {
  if (!name.startsWith('claim:')) return resources?.requests?.[name] !== undefined;
  return (resources?.claims ?? []).some((claim) => name === `claim:${claim.name}${claim.request ? `/${claim.request}` : ''}`);
}
