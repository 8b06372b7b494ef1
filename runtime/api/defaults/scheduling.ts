import type { PriorityClass } from '../generated/types/scheduling/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/scheduling/v1` */
export const schedulingDefaults: DefaultsByKind = {
  'scheduling.k8s.io/v1/PriorityClass': (priorityClass: PriorityClass) => {
    // No default of upstream's, but a field that Go always writes.
    (priorityClass as Partial<PriorityClass>).value ??= 0;
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
  },
};
