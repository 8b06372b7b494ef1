import { apiVersionOf } from '../../../api/kinds/kind.ts';
import { type ApiObject, arrayAt, type Dict, isDict, valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { selectableWithoutNamespace } from './selectable.ts';

/** Rules of `pkg/registry/resource/resourceslice`. */
export const resourceSliceStrategy: Strategy = {
  generationFields: ['spec'],
  returnsDeleted: true,
  selectable: selectableWithoutNamespace(
    ['spec.nodeName', 'spec.driver'],
    (name, kind) => `field label not supported for ${apiVersionOf(kind)}, Kind=ResourceSlice: ${name}`,
  ),
  prepareForCreate: (slice) => dateTaints(devicesOf(slice), slice.metadata.creationTimestamp),
  prepareForUpdate: (slice, _old, now) => dateTaints(devicesOf(slice), now),
};

/** Rules of `pkg/registry/resource/devicetaintrule`. */
export const deviceTaintRuleStrategy: Strategy = {
  generationFields: ['spec'],
  returnsDeleted: true,
  statusKeeps: 'metadata',
  prepareForCreate: (rule) => dateTaint(rule, rule.metadata.creationTimestamp),
  prepareForUpdate(rule, old, now) {
    const [taint, before] = [rule, old].map((each) => valueAt(each, 'spec', 'taint'));
    // The time is that of the effect: who changes this and leaves the time as it was means now.
    if (isDict(taint) && isDict(before) && taint.effect !== before.effect && taint.timeAdded === before.timeAdded) taint.timeAdded = now;
    dateTaint(rule, now);
  },
};

function devicesOf(slice: ApiObject): Dict[] {
  return arrayAt(slice, 'spec', 'devices').filter(isDict);
}

/** Taints without a time are of now. Upstream: `SetDefaults_DeviceTaint`. */
function dateTaints(devices: readonly Dict[], now: string | null | undefined): void {
  for (const taint of devices.flatMap(({ taints }) => (Array.isArray(taints) ? taints.filter(isDict) : []))) taint.timeAdded ??= now;
}

function dateTaint({ spec }: ApiObject, now: string | null | undefined): void {
  if (isDict(spec) && isDict(spec.taint)) spec.taint.timeAdded ??= now;
}
