import type { Container, Pod, PodSpec, ResourceRequirements } from '../../generated/types/core/v1.ts';
import { podQosClass } from '../../pod-qos.ts';
import type { Errors } from '../checks.ts';
import { semanticEqual } from '../equality.ts';
import { type FieldError, forbidden, invalid } from '../field-error.ts';
import { validateCoreFinalizers, validateObjectMetaUpdate } from '../object-meta.ts';
import { Path, root } from '../path.ts';
import { mirrorAnnotation } from './annotations.ts';
import { validatePod } from './pod.ts';

const specPath = Path.of('spec');
const noSpec: PodSpec = { containers: [] };
const onlyCpuAndMemory = 'only cpu and memory resources are mutable';

/** A change of what the containers of a pod ask for while they run, as `ValidatePodResize` judges it. The pods may differ in nothing else. */
export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  const errors: Errors = [];
  const { spec = noSpec } = pod;
  const before = old.spec ?? noSpec;
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validateCoreFinalizers(pod.metadata, errors);
  validatePod(pod, errors, old);
  if (old.metadata?.annotations?.[mirrorAnnotation] !== undefined) return [forbidden(root, 'static pods cannot be resized')];
  if (before.os?.name === 'windows') return [forbidden(root, 'windows pods cannot be resized')];
  if ((old.status?.qosClass ?? podQosClass(old)) !== podQosClass(pod)) {
    errors.push(invalid(specPath, pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  }
  if (!isSupported(old)) errors.push(forbidden(specPath, 'Pod running on node without support for resize'));
  checkPodLevel(spec, before, errors);
  const count = errors.length;
  checkOrder(spec, before, errors);
  if (errors.length > count) return errors;
  checkRemovals(spec, before, errors);
  checkOthers(spec, before, errors);
  return errors;
}

/** A node that can resize says what its running containers have. */
function isSupported({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
}

function isSet(resources: ResourceRequirements | undefined): boolean {
  return Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0;
}

function checkPodLevel(spec: PodSpec, before: PodSpec, errors: Errors): void {
  if (!isSet(spec.resources) && !isSet(before.resources)) return;
  const at = specPath.child('resources');
  if (before.resources !== undefined && spec.resources === undefined) {
    errors.push(forbidden(at, 'pod-level resources cannot be removed'));
    return;
  }
  if (before.resources !== undefined) {
    for (const side of ['requests', 'limits'] as const) {
      if (isRemoved(spec.resources?.[side], before.resources[side])) {
        errors.push(forbidden(at.child(side), `pod-level resource ${side} cannot be removed`));
      }
    }
  }
  if (!semanticEqual(withoutCpuAndMemory(spec.resources), withoutCpuAndMemory(before.resources))) {
    errors.push(forbidden(specPath, `${onlyCpuAndMemory} at pod-level`));
  }
}

/** Containers keep their places and names. */
function checkOrder(spec: PodSpec, before: PodSpec, errors: Errors): void {
  for (const list of ['containers', 'initContainers'] as const) {
    const [now, then] = [spec[list] ?? [], before[list] ?? []];
    const at = specPath.child(list);
    if (now.length !== then.length) errors.push(forbidden(at, `${list} may not be added or removed on resize`));
    else {
      for (const [index, { name }] of then.entries()) {
        if (now[index]?.name !== name)
          errors.push(forbidden(at.index(index).child('name'), `${list} may not be renamed or reordered on resize`));
      }
    }
  }
}

function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always';
}

function checkRemovals(spec: PodSpec, before: PodSpec, errors: Errors): void {
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, old] of (before[list] ?? []).entries()) {
      if (list === 'initContainers' && !isSidecar(old)) continue;
      for (const side of ['requests', 'limits'] as const) {
        if (isRemoved(spec[list]?.[index]?.resources?.[side], old.resources?.[side])) {
          const at = specPath.child(list).index(index).child('resources', side);
          errors.push(forbidden(at, `resource ${side} cannot be removed`));
        }
      }
    }
  }
}

type List = Readonly<Record<string, unknown>> | undefined;

function isRemoved(list: List, old: List): boolean {
  return Object.keys(old ?? {}).some((name) => list?.[name] === undefined);
}

/** Nothing but the cpu and memory of containers and sidecars has changed. */
function checkOthers(spec: PodSpec, before: PodSpec, errors: Errors): void {
  for (const [index, container] of (spec.containers ?? []).entries()) {
    if (!semanticEqual(fixedPart(container), fixedPart(before.containers[index]))) errors.push(forbidden(specPath, onlyCpuAndMemory));
  }
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    const old = before.initContainers?.[index];
    if (isSidecar(container)) {
      if (!semanticEqual(fixedPart(container), fixedPart(old))) {
        errors.push(forbidden(specPath, 'only cpu and memory resources for sidecar containers are mutable'));
      }
    } else if (!semanticEqual(container, old)) {
      errors.push(forbidden(specPath, 'resources for non-sidecar init containers are immutable'));
    }
  }
  if (errors.length > 0) return;
  const { containers: _, initContainers: __, resources: ___, ...rest } = spec;
  const { containers: _c, initContainers: _i, resources: _r, ...oldRest } = before;
  if (!semanticEqual(rest, oldRest)) errors.push(forbidden(specPath, onlyCpuAndMemory));
}

function fixedPart(container: Container | undefined): object {
  return { ...container, resources: withoutCpuAndMemory(container?.resources) };
}

function withoutCpuAndMemory(resources: ResourceRequirements | undefined): object {
  const rest = (list: Readonly<Record<string, unknown>> | undefined): object => {
    const { cpu: _, memory: __, ...others } = list ?? {};
    return others;
  };
  return { claims: resources?.claims, requests: rest(resources?.requests), limits: rest(resources?.limits) };
}
