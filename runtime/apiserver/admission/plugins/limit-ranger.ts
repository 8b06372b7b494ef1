import { aggregate } from '../../../api/aggregate.ts';
import type { Container, LimitRange, PersistentVolumeClaim, Pod, ResourceRequirements } from '../../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';
import { claimViolations, podViolations } from './limit-constraints.ts';

const annotation = 'kubernetes.io/limit-ranger';

/** Gives containers the namespace's default requests and limits, and holds pods and claims to its ranges. Follows upstream's `LimitRanger`. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  admit(attributes, context) {
    if (attributes.operation !== 'CREATE' || limited(attributes) !== 'pods' || attributes.object === undefined) return;
    for (const range of rangesOf(attributes, context)) setDefaults(asPod(attributes.object), range);
  },
  validate(attributes, context) {
    const what = limited(attributes);
    const { object, oldObject } = attributes;
    if (what === undefined || object === undefined || oldObject?.metadata.deletionTimestamp !== undefined) return;
    for (const range of rangesOf(attributes, context)) {
      const violations = what === 'pods' ? podViolations(range, asPod(object)) : claimViolations(range, asClaim(object));
      if (violations.length > 0) throw refuse(attributes, aggregate(violations));
    }
  },
};

/** What ranges have a say in. The resources of a pod change in no other way than by `resize`. */
function limited({ operation, resource, subresource }: Attributes): 'pods' | 'persistentvolumeclaims' | undefined {
  const { group, plural } = resource.kind;
  if (group !== '' || (operation !== 'CREATE' && operation !== 'UPDATE')) return undefined;
  if (plural === 'pods') return subresource === (operation === 'CREATE' ? '' : 'resize') ? plural : undefined;
  return plural === 'persistentvolumeclaims' && subresource === '' ? plural : undefined;
}

function rangesOf({ namespace }: Attributes, { reader }: AdmissionContext): readonly LimitRange[] {
  return namespace === '' ? [] : reader.list('', 'limitranges', namespace).map((object: KubeObject) => object as LimitRange);
}

// The structure of what is written has been checked against the definition of its kind.
function asPod(object: KubeObject): Pod {
  return object as Pod;
}

function asClaim(object: KubeObject): PersistentVolumeClaim {
  return object as PersistentVolumeClaim;
}

function setDefaults(pod: Pod, range: LimitRange): void {
  const defaults: Required<Pick<ResourceRequirements, 'requests' | 'limits'>> = { requests: {}, limits: {} };
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    Object.assign(defaults.requests, item.defaultRequest);
    Object.assign(defaults.limits, item.default);
  }
  const said = [
    ...(pod.spec?.containers ?? []).flatMap((container) => complete(container, defaults, 'container')),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => complete(container, defaults, 'init container')),
  ];
  if (said.length === 0) return;
  pod.metadata ??= {};
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${said.join('; ')}` };
}

/** Sets what a container leaves open; gives what is to be said of it. */
function complete(container: Container, defaults: ResourceRequirements, what: string): string[] {
  const said: string[] = [];
  for (const [side, word] of [
    ['requests', 'request'],
    ['limits', 'limit'],
  ] as const) {
    const own = container.resources?.[side] ?? {};
    const missing = Object.entries(defaults[side] ?? {}).filter(([name]) => !Object.hasOwn(own, name));
    if (missing.length === 0) continue;
    container.resources = { ...container.resources, [side]: { ...own, ...Object.fromEntries(missing) } };
    const names = missing.map(([name]) => name).sort();
    said.push(`${names.join(', ')} ${word} for ${what} ${container.name}`);
  }
  return said;
}
