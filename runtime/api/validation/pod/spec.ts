import type { PodDNSConfig, PodResourceClaim, PodSpec, PodTemplateSpec } from '../../generated/types/core/v1.ts';
import type { ObjectMeta } from '../../generated/types/meta/v1.ts';
import { dns1123SubdomainWithUnderscoreProblems, inclusiveRangeMessage } from '../../names/index.ts';
import { checkDnsLabel, checkDnsSubdomain, checkIp, checkOneOf, checkQualifiedName, type Errors, reportInvalid } from '../checks.ts';
import { duplicate, forbidden, invalid, required } from '../field-error.ts';
import { inGo, podResourceClaimType } from '../internal-types.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import { validateAnnotations, validateLabels } from '../object-meta.ts';
import { type Path, root } from '../path.ts';
import { validateResourceRequirements } from '../resources.ts';
import { mirrorAnnotation, validatePodAnnotations } from './annotations.ts';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers.ts';
import { validateFileVolumes } from './environment.ts';
import { validateHostnameOverride, validateHostUsers, validateOperatingSystem } from './host.ts';
import { validatePodResources } from './pod-resources.ts';
import { validateProfileAnnotations } from './profile-annotations.ts';
import { validateAffinity, validateTolerations, validateTopologySpread } from './scheduling.ts';
import { validatePodSecurityContext } from './security.ts';
import { validateVolumes } from './volumes.ts';
import { validateHostProcess } from './windows-options.ts';

const maxDeadline = 2 ** 31 - 1;

/** A template of pods within another object, as `ValidatePodTemplateSpec` judges it. */
export function validatePodTemplateSpec(template: PodTemplateSpec | undefined, path: Path, errors: Errors): void {
  const { metadata, spec = { containers: [] } } = template ?? {};
  validateLabels(metadata?.labels, path.child('labels'), errors);
  validateAnnotations(metadata?.annotations, path.child('annotations'), errors);
  validatePodAnnotations(metadata?.annotations, spec, path.child('annotations'), errors);
  validatePodSpec(spec, undefined, path.child('spec'), errors);
  validateProfileAnnotations(metadata?.annotations, spec, path.child('spec'), errors);
  if (spec.ephemeralContainers !== undefined) {
    errors.push(forbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template'));
  }
}

/**
 * What a pod is to be, as `ValidatePodSpec` of `pkg/apis/core/validation` judges it.
 *
 * @param meta The metadata of the pod itself; a template has none.
 */
export function validatePodSpec(spec: PodSpec, meta: ObjectMeta | undefined, path: Path, errors: Errors): void {
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required(path.child('terminationGracePeriodSeconds')));
  const volumes = validateVolumes(spec, meta, path.child('volumes'), errors);
  const claimNames = validateResourceClaims(spec.resourceClaims, meta, path.child('resourceClaims'), errors);
  const context = { spec, volumes, claimNames, hostUsers: spec.hostUsers !== false };
  validateContainers(context, path.child('containers'), errors);
  validateInitContainers(context, path.child('initContainers'), errors);
  validateEphemeralContainers(context, path.child('ephemeralContainers'), errors);
  validatePodResources(spec, claimNames, path.child('resources'), errors);
  validateHostPorts(spec, meta !== undefined, path, errors);
  checkOneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], path.child('restartPolicy'), errors);
  checkOneOf(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], path.child('dnsPolicy'), errors);
  validateLabels(spec.nodeSelector, path.child('nodeSelector'), errors);
  validatePodSecurityContext(spec.securityContext, spec, path.child('securityContext'), errors);
  validateAffinity(spec.affinity, path.child('affinity'), errors);
  validateDnsConfig(spec, path.child('dnsConfig'), errors);
  for (const [index, gate] of (spec.readinessGates ?? []).entries()) {
    checkQualifiedName(gate.conditionType ?? '', path.child('readinessGates').index(index).child('conditionType'), errors);
  }
  validateSchedulingGates(spec, path.child('schedulingGates'), errors);
  validateTopologySpread(spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), errors);
  validateHostProcess(spec, path, errors);
  validateHostUsers(spec, path, errors);
  validateHostnameOverride(spec, path, errors);
  checkName(spec.serviceAccountName, path.child('serviceAccountName'), errors);
  checkName(spec.nodeName, path.child('nodeName'), errors);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > maxDeadline)) {
    errors.push(invalid(path.child('activeDeadlineSeconds'), deadline, inclusiveRangeMessage(1, maxDeadline)));
  }
  if ((spec.hostname ?? '') !== '') checkDnsLabel(spec.hostname ?? '', path.child('hostname'), errors);
  if ((spec.subdomain ?? '') !== '') checkDnsLabel(spec.subdomain ?? '', path.child('subdomain'), errors);
  validateTolerations(spec.tolerations, path.child('tolerations'), errors);
  for (const [index, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    const at = path.child('hostAliases').index(index);
    checkIp(ip, at.child('ip'), errors);
    for (const [nameIndex, name] of hostnames.entries()) checkDnsSubdomain(name, at.child('hostnames').index(nameIndex), errors);
  }
  checkName(spec.priorityClassName, path.child('priorityClassName'), errors);
  checkGivenName(spec.runtimeClassName, path.child('runtimeClassName'), errors);
  if (spec.preemptionPolicy !== undefined) {
    checkOneOf(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], path.child('preemptionPolicy'), errors);
  }
  if (spec.overhead !== undefined) {
    validateResourceRequirements({ limits: spec.overhead }, new Set(), path.child('overhead'), errors);
  }
  validateOperatingSystem(spec, path, errors);
  validateFileVolumes(spec, path, errors);
}

function checkName(name: string | undefined, path: Path, errors: Errors): void {
  if (name !== undefined && name !== '') reportInvalid(nameIsDnsSubdomain(name, false), name, path, errors);
}

/** An empty name is no name either. */
function checkGivenName(name: string | undefined, path: Path, errors: Errors): void {
  if (name !== undefined) reportInvalid(nameIsDnsSubdomain(name, false), name, path, errors);
}

function validateResourceClaims(
  claims: readonly PodResourceClaim[] | undefined,
  meta: ObjectMeta | undefined,
  path: Path,
  errors: Errors,
): Set<string> {
  const isStatic = meta?.annotations?.[mirrorAnnotation] !== undefined;
  const names = new Set<string>();
  const all = new Set<string>();
  for (const [index, claim] of (claims ?? []).entries()) {
    const at = path.index(index);
    const name = claim.name ?? '';
    if (name !== '') all.add(name);
    if (isStatic) {
      errors.push(forbidden(root, 'static pods do not support resource claims'));
      continue;
    }
    if (name === '') errors.push(required(at.child('name')));
    else if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    else {
      checkDnsLabel(name, at.child('name'), errors);
      names.add(name);
    }
    const { resourceClaimName, resourceClaimTemplateName } = claim;
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      errors.push(
        invalid(
          at,
          inGo(podResourceClaimType, claim),
          'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
        ),
      );
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.push(invalid(at, inGo(podResourceClaimType, claim), 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    }
    checkGivenName(resourceClaimName, at.child('resourceClaimName'), errors);
    checkGivenName(resourceClaimTemplateName, at.child('resourceClaimTemplateName'), errors);
  }
  return all;
}

/** In the network of its node, a port of a container is a port of the node. A template may leave that to the pod. */
function validateHostPorts(spec: PodSpec, isPod: boolean, path: Path, errors: Errors): void {
  if (spec.hostNetwork !== true) return;
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [portIndex, { hostPort = 0, containerPort }] of (container.ports ?? []).entries()) {
      if ((isPod || hostPort !== 0) && hostPort !== containerPort) {
        const at = path.child('containers').index(index).child('ports').index(portIndex).child('hostPort');
        errors.push(invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true'));
      }
    }
  }
}

function validateSchedulingGates(spec: PodSpec, path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { name = '' }] of (spec.schedulingGates ?? []).entries()) {
    checkQualifiedName(name, path.index(index), errors);
    if (seen.has(name)) errors.push(duplicate(path.index(index), name));
    seen.add(name);
  }
}

function validateDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, path: Path, errors: Errors): void {
  if (dnsPolicy === 'None') {
    if (dnsConfig === undefined) {
      errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if ((dnsConfig.nameservers?.length ?? 0) === 0) {
      errors.push(required(path.child('nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
      return;
    }
  }
  if (dnsConfig !== undefined) validateDnsServers(dnsConfig, path, errors);
}

function validateDnsServers({ nameservers = [], searches = [], options = [] }: PodDNSConfig, path: Path, errors: Errors): void {
  if (nameservers.length > 3) errors.push(invalid(path.child('nameservers'), nameservers, 'must not have more than 3 nameservers'));
  for (const [index, server] of nameservers.entries()) checkIp(server, path.child('nameservers').index(index), errors);
  if (searches.length > 32) errors.push(invalid(path.child('searches'), searches, 'must not have more than 32 search paths'));
  if (searches.join(' ').length > 2048) {
    errors.push(invalid(path.child('searches'), searches, 'must not have more than 2048 characters (including spaces) in the search list'));
  }
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue;
    const name = search.endsWith('.') ? search.slice(0, -1) : search;
    reportInvalid(dns1123SubdomainWithUnderscoreProblems(name), name, path.child('searches').index(index), errors);
  }
  for (const [index, option] of options.entries()) {
    if ((option.name ?? '') === '') errors.push(required(path.child('options').index(index), 'must not be empty'));
  }
}
