import type { Pod, PodCondition } from '../../../api/generated/types/core/v1.ts';
import { takeOverAppArmor } from '../../../api/pod-app-armor.ts';
import { mergeLabelKeys } from '../../../api/pod-label-keys.ts';
import { podQosClass } from '../../../api/pod-qos.ts';
import { type ApiObject, arrayAt, ensureDict, isDict, numberAt, stringAt, valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { notSupportedLabel, textOf } from './selectable.ts';

const defaultGraceSeconds = 30;

const selectedPaths = [
  ['spec.nodeName', ['spec', 'nodeName']],
  ['spec.restartPolicy', ['spec', 'restartPolicy']],
  ['spec.schedulerName', ['spec', 'schedulerName']],
  ['spec.serviceAccountName', ['spec', 'serviceAccountName']],
  ['spec.hostNetwork', ['spec', 'hostNetwork']],
  ['status.phase', ['status', 'phase']],
  ['status.podIP', ['status', 'podIP']],
  ['status.nominatedNodeName', ['status', 'nominatedNodeName']],
] as const;

function selectedValues(object: ApiObject): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, path] of selectedPaths) values[name] = textOf(valueAt(object, ...path));
  values['spec.hostNetwork'] ||= 'false';
  return values;
}

/** A finished pod has nothing left to stop, an unassigned one nobody who would. */
function graceSeconds(pod: ApiObject, requested: number | undefined): number {
  const phase = stringAt(pod, 'status', 'phase');
  if (stringAt(pod, 'spec', 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const grace = requested ?? numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? defaultGraceSeconds;
  return grace < 0 ? 1 : grace;
}

/** Rules of `pkg/registry/core/pod`. */
export const podStrategy: Strategy = {
  selectable: {
    // The list of addresses may be asked for, but upstream never has it at hand.
    names: [...selectedPaths.map(([name]) => name), 'status.podIPs'],
    aliases: { 'spec.host': 'spec.nodeName' },
    values: selectedValues,
    unknown: notSupportedLabel,
  },
  generationFields: ['spec'],
  returnsDeleted: true,
  graceSeconds,
  // Nothing stays of it but a class that was worked out already.
  keepsStatusOnCreate: true,
  prepareForCreate(pod, _user, warn) {
    pod.status = { phase: 'Pending', qosClass: stringAt(pod, 'status', 'qosClass') || podQosClass(pod as Pod) };
    const spec = ensureDict(pod, 'spec');
    mergeLabelKeys(pod as Pod);
    takeOverAppArmor(pod as Pod, warn);
    if (arrayAt(spec, 'schedulingGates').length === 0) return;
    const { creationTimestamp } = pod.metadata;
    const condition: PodCondition = {
      type: 'PodScheduled',
      status: 'False',
      ...(creationTimestamp && { lastTransitionTime: creationTimestamp }),
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
    };
    pod.status = { ...ensureDict(pod, 'status'), conditions: [condition] };
  },
  prepareForStatusUpdate(pod, old) {
    for (const field of ['ownerReferences', 'deletionTimestamp'] as const) {
      delete pod.metadata[field];
      if (old.metadata[field] !== undefined) Object.assign(pod.metadata, { [field]: old.metadata[field] });
    }
    const { status } = pod;
    if (!isDict(status)) return;
    status.qosClass ??= valueAt(old, 'status', 'qosClass');
    keepObservedGenerations(pod as Pod, old as Pod);
  },
};

/** What a status leaves out of the generations it was observed at stays as it was. */
function keepObservedGenerations({ status = {} }: Pod, { status: before = {} }: Pod): void {
  if (!status.observedGeneration && before.observedGeneration !== undefined) status.observedGeneration = before.observedGeneration;
  const left = [...(before.conditions ?? [])];
  for (const condition of status.conditions ?? []) {
    // Conditions of one type may stand there more than once.
    const index = left.findIndex(({ type }) => type === condition.type);
    const [same] = index === -1 ? [] : left.splice(index, 1);
    if (!condition.observedGeneration && same?.observedGeneration !== undefined) condition.observedGeneration = same.observedGeneration;
  }
}
