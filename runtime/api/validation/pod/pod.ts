import type { ContainerStatus, Pod, PodSpec, Toleration } from '../../generated/types/core/v1.ts';
import { inclusiveRangeMessage, ipFamilyOf } from '../../names/index.ts';
import { checkImmutable, checkIp, checkQualifiedName, type Errors, reportInvalid } from '../checks.ts';
import { describeChanges, semanticEqual } from '../equality.ts';
import { duplicate, forbidden, invalid, required } from '../field-error.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import { metadataPath } from '../object-meta.ts';
import { Path } from '../path.ts';
import { validatePodAnnotations, validatePodAnnotationsUpdate } from './annotations.ts';
import { checkImageSpaces } from './containers.ts';
import { validateTolerations } from './scheduling.ts';
import { validatePodSpec } from './spec.ts';

const specPath = Path.of('spec');
const annotationsPath = metadataPath.child('annotations');
const noSpec: PodSpec = { containers: [] };

/** A new pod, as `ValidatePodCreate` judges it after its metadata. */
export function validatePodCreate(pod: Pod, errors: Errors): void {
  validatePod(pod, errors);
  const { spec = noSpec } = pod;
  if (spec.ephemeralContainers !== undefined) errors.push(forbidden(specPath.child('ephemeralContainers'), 'cannot be set on create'));
  if ((spec.nodeName ?? '') !== '' && spec.schedulingGates !== undefined) {
    errors.push(forbidden(specPath.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  }
}

/** What holds for a pod at all times. */
export function validatePod(pod: Pod, errors: Errors): void {
  const { spec = noSpec, metadata } = pod;
  validatePodAnnotations(metadata?.annotations, spec, annotationsPath, errors);
  validatePodSpec(spec, metadata ?? {}, specPath, errors);
  if ((spec.serviceAccountName ?? '') === '') {
    for (const [index, volume] of (spec.volumes ?? []).entries()) {
      for (const [sourceIndex, source] of (volume.projected?.sources ?? []).entries()) {
        if (source.serviceAccountToken === undefined) continue;
        const at = specPath.child('volumes').index(index).child('projected', 'sources').index(sourceIndex).child('serviceAccountToken');
        errors.push(forbidden(at, 'must not be specified when serviceAccountName is not set'));
      }
    }
  }
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      checkImageSpaces(container.image, specPath.child(list).index(index), errors);
    }
  }
}

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** A pod that is being changed: little of a pod can change, because it runs. */
export function validatePodUpdate(pod: Pod, old: Pod, errors: Errors): void {
  const { spec = noSpec } = pod;
  const before = old.spec ?? noSpec;
  validatePod(pod, errors);
  validatePodAnnotationsUpdate(pod.metadata?.annotations, old.metadata?.annotations, spec, annotationsPath, errors);
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list] ?? [];
    if (containers.length !== (before[list] ?? []).length) {
      errors.push(forbidden(specPath.child(list), 'pod updates may not add or remove containers'));
      return;
    }
    for (const [index, container] of containers.entries()) {
      if ((container.image ?? '') === '') errors.push(required(specPath.child(list).index(index).child('image')));
      checkImageSpaces(container.image, specPath.child(list).index(index), errors);
    }
  }
  if (!checkDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, errors)) return;
  checkAddedTolerations(spec.tolerations ?? [], before.tolerations ?? [], errors);
  const gates = new Set((before.schedulingGates ?? []).map(({ name }) => name));
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries()) {
    if (gates.has(name)) continue;
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.push(forbidden(specPath.child('schedulingGates').index(index).child('name'), detail));
  }
  if (semanticEqual(spec, before)) return;
  const rest = withoutChangeable(spec, before, errors);
  if (!semanticEqual(rest, before)) {
    const changes = describeChanges(before, rest).join('\n');
    errors.push(forbidden(specPath, `pod updates may not change fields other than ${changeable}\n${changes}`));
  }
}

/** Gives whether the other checks make sense. */
function checkDeadline(deadline: number | undefined, old: number | undefined, errors: Errors): boolean {
  const at = specPath.child('activeDeadlineSeconds');
  if (deadline === undefined) {
    if (old !== undefined) errors.push(invalid(at, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  if (deadline < 0 || deadline > 2 ** 31 - 1) {
    errors.push(invalid(at, deadline, inclusiveRangeMessage(0, 2 ** 31 - 1)));
    return false;
  }
  if (old === undefined || old >= deadline) return true;
  errors.push(invalid(at, deadline, 'must be less than or equal to previous value'));
  return false;
}

function checkAddedTolerations(tolerations: readonly Toleration[], old: readonly Toleration[], errors: Errors): void {
  const at = specPath.child('tolerations');
  const kept = ({ tolerationSeconds: _, ...toleration }: Toleration): boolean =>
    tolerations.some(({ tolerationSeconds: __, ...other }) => semanticEqual(toleration, other));
  if (!old.every(kept)) errors.push(forbidden(at, 'existing toleration can not be modified except its tolerationSeconds'));
  else validateTolerations(tolerations, at, errors);
}

/** The new specification with everything that may change put back to what it was. */
function withoutChangeable(spec: PodSpec, before: PodSpec, errors: Errors): PodSpec {
  const rest: PodSpec = { ...spec };
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list];
    if (containers === undefined) continue;
    rest[list] = containers.map((container, index) => {
      const image = before[list]?.[index]?.image;
      return image === undefined ? container : { ...container, image };
    });
  }
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations'] as const) restore(rest, before, field);
  if ((before.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    restore(rest, before, 'terminationGracePeriodSeconds');
  }
  if ((before.schedulingGates?.length ?? 0) > 0) relaxGated(rest, before, errors);
  return rest;
}

function restore<K extends keyof PodSpec>(rest: PodSpec, before: PodSpec, field: K): void {
  if (before[field] === undefined) delete rest[field];
  else rest[field] = before[field];
}

/** A pod that waits behind scheduling gates may still narrow the nodes it wants. */
function relaxGated(rest: PodSpec, before: PodSpec, errors: Errors): void {
  const removed = Object.entries(before.nodeSelector ?? {}).some(([key, value]) => rest.nodeSelector?.[key] !== value);
  if (removed) {
    const detail = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.push(invalid(specPath.child('nodeSelector'), rest.nodeSelector, detail));
  }
  restore(rest, before, 'nodeSelector');
  const at = specPath.child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  const oldTerms = before.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const terms = rest.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (oldTerms.length > 0 && oldTerms.length !== terms.length) {
    errors.push(invalid(at, terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'));
  } else {
    for (const [index, term] of oldTerms.entries()) {
      const now = terms[index] ?? {};
      const grown = (['matchExpressions', 'matchFields'] as const).every((list) => {
        const was = term[list] ?? [];
        return semanticEqual((now[list] ?? []).slice(0, was.length), was);
      });
      if (!grown) errors.push(invalid(at.index(index), now, 'only additions are allowed (no mutations or deletions)'));
    }
  }
  const others = { podAffinity: rest.affinity?.podAffinity, podAntiAffinity: rest.affinity?.podAntiAffinity };
  const oldOthers = { podAffinity: before.affinity?.podAffinity, podAntiAffinity: before.affinity?.podAntiAffinity };
  if (semanticEqual(others, oldOthers)) restore(rest, before, 'affinity');
}

const systemConditions = new Set(['PodScheduled', 'Ready', 'Initialized']);

/** What a kubelet reports about a pod. */
export function validatePodStatusUpdate(pod: Pod, old: Pod, errors: Errors): void {
  const statusPath = Path.of('status');
  const { status = {}, spec = noSpec } = pod;
  validatePodAnnotationsUpdate(pod.metadata?.annotations, old.metadata?.annotations, spec, annotationsPath, errors);
  for (const [index, { type }] of (status.conditions ?? []).entries()) {
    if (!systemConditions.has(type)) checkQualifiedName(type ?? '', metadataPath.child('conditions').index(index).child('Type'), errors);
  }
  if ((spec.nodeName ?? '') !== (old.spec?.nodeName ?? '')) {
    errors.push(forbidden(statusPath.child('nodeName'), 'may not be changed directly'));
  }
  const nominated = status.nominatedNodeName ?? '';
  if (nominated !== '' && nominated !== old.status?.nominatedNodeName) {
    reportInvalid(nameIsDnsSubdomain(nominated, false), nominated, statusPath.child('nominatedNodeName'), errors);
  }
  if (old.status?.qosClass !== undefined) checkImmutable(status.qosClass, old.status.qosClass, statusPath.child('qosClass'), errors);
  const restartPolicy = old.spec?.restartPolicy;
  checkTransitions(status.containerStatuses, old.status?.containerStatuses, restartPolicy, statusPath.child('containerStatuses'), errors);
  const sidecars = new Set((old.spec?.initContainers ?? []).filter((each) => each.restartPolicy === 'Always').map((each) => each.name));
  const initStatuses = (old.status?.initContainerStatuses ?? []).filter(({ name }) => !sidecars.has(name));
  checkTransitions(status.initContainerStatuses, initStatuses, restartPolicy, statusPath.child('initContainerStatuses'), errors);
  const ephemeral = old.status?.ephemeralContainerStatuses;
  checkTransitions(status.ephemeralContainerStatuses, ephemeral, 'Never', statusPath.child('ephemeralContainerStatuses'), errors);
  checkAddresses(status.podIPs, statusPath.child('podIPs'), errors);
  const hostIPs = status.hostIPs ?? [];
  if (hostIPs.length > 0 && status.hostIP !== hostIPs[0]?.ip) {
    errors.push(invalid(statusPath.child('hostIPs').index(0).child('ip'), hostIPs[0]?.ip, 'must be equal to `hostIP`'));
  }
  checkAddresses(hostIPs, statusPath.child('hostIPs'), errors);
}

/** A container that has ended for good does not run again. */
function checkTransitions(
  statuses: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
  restartPolicy: string | undefined,
  path: Path,
  errors: Errors,
): void {
  if (restartPolicy === 'Always') return;
  for (const [index, before] of (old ?? []).entries()) {
    const ended = before.state?.terminated;
    if (ended === undefined || (ended.exitCode !== 0 && restartPolicy === 'OnFailure')) continue;
    for (const status of statuses ?? []) {
      if (status.name === before.name && status.state?.terminated === undefined) {
        errors.push(forbidden(path.index(index).child('state'), 'may not be transitioned to non-terminated state'));
      }
    }
  }
}

function checkAddresses(addresses: readonly { readonly ip?: string }[] | undefined, path: Path, errors: Errors): void {
  const list = addresses ?? [];
  for (const [index, { ip }] of list.entries()) checkIp(ip, path.index(index), errors);
  if (list.length < 2) return;
  const families = new Set(list.map(({ ip }) => ipFamilyOf(ip ?? '')));
  if (families.size < 2 || list.length > 2) errors.push(invalid(path, list, 'may specify no more than one IP for each IP family'));
  const seen = new Set<string>();
  for (const [index, address] of list.entries()) {
    if (seen.has(address.ip ?? '')) errors.push(duplicate(path.index(index), address));
    seen.add(address.ip ?? '');
  }
}
