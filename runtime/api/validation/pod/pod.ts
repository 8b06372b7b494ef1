import type { Pod, PodSpec, Toleration } from '../../generated/types/core/v1.ts';
import { inclusiveRangeMessage } from '../../names/index.ts';
import type { Errors } from '../checks.ts';
import { semanticEqual } from '../equality.ts';
import { forbidden, invalid, required } from '../field-error.ts';
import { structInGo } from '../internal-structs.ts';
import { inGo, mapInGo, nodeSelectorTermType } from '../internal-types.ts';
import { metadataPath } from '../object-meta.ts';
import { Path } from '../path.ts';
import { jsonDifference } from '../unified-diff.ts';
import { validatePodAnnotations, validatePodAnnotationsUpdate } from './annotations.ts';
import { checkImageSpaces } from './containers.ts';
import { validateProfileAnnotations } from './profile-annotations.ts';
import { validateTolerations } from './scheduling.ts';
import { validatePodSpec } from './spec.ts';

const specPath = Path.of('spec');
const annotationsPath = metadataPath.child('annotations');
const noSpec: PodSpec = { containers: [] };

/** A new pod, as `ValidatePodCreate` judges it after its metadata. */
export function validatePodCreate(pod: Pod, errors: Errors): void {
  validatePod(pod, errors);
  const { spec = noSpec } = pod;
  if ((spec.ephemeralContainers ?? []).length > 0) errors.push(forbidden(specPath.child('ephemeralContainers'), 'cannot be set on create'));
  if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0) {
    errors.push(forbidden(specPath.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  }
  validateProfileAnnotations(pod.metadata?.annotations, spec, specPath, errors);
}

/** What holds for a pod at all times. */
export function validatePod(pod: Pod, errors: Errors, old?: Pod): void {
  const { spec = noSpec, metadata } = pod;
  validatePodAnnotations(metadata?.annotations, spec, annotationsPath, errors, old?.metadata?.annotations);
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
  validatePod(pod, errors, old);
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
    const changes = jsonDifference(structInGo('PodSpec', before), structInGo('PodSpec', rest));
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
    errors.push(invalid(specPath.child('nodeSelector'), mapInGo(rest.nodeSelector), detail));
  }
  restore(rest, before, 'nodeSelector');
  if (semanticEqual(rest.affinity?.nodeAffinity, before.affinity?.nodeAffinity)) return;
  checkTermsGrown(rest, before, errors);
  const { nodeAffinity: _, ...others } = rest.affinity ?? {};
  const nodeAffinity = before.affinity?.nodeAffinity;
  if (nodeAffinity !== undefined) rest.affinity = { ...others, nodeAffinity };
  else if (before.affinity === undefined && Object.keys(others).length === 0) delete rest.affinity;
  else rest.affinity = others;
}

const nodeTermsPath = specPath.child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');

function checkTermsGrown(rest: PodSpec, before: PodSpec, errors: Errors): void {
  const oldTerms = before.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const terms = rest.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (oldTerms.length > 0 && oldTerms.length !== (terms ?? []).length) {
    errors.push(
      invalid(nodeTermsPath, inGo(nodeSelectorTermType, terms), 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'),
    );
    return;
  }
  for (const [index, term] of oldTerms.entries()) {
    const now = terms?.[index] ?? {};
    // A term that selects no node at all must go on doing so.
    const wasEmpty = (term.matchExpressions ?? []).length + (term.matchFields ?? []).length === 0;
    const grown = (['matchExpressions', 'matchFields'] as const).every((list) => {
      const was = term[list] ?? [];
      return wasEmpty ? (now[list] ?? []).length === 0 : semanticEqual((now[list] ?? []).slice(0, was.length), was);
    });
    if (!grown)
      errors.push(
        invalid(nodeTermsPath.index(index), inGo(nodeSelectorTermType, now), 'only additions are allowed (no mutations or deletions)'),
      );
  }
}
