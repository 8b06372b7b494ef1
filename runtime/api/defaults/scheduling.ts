import type { PriorityClass } from '../generated/types/scheduling/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/scheduling/v1` */
export const schedulingDefaults: DefaultsByKind = {
  'scheduling.k8s.io/v1/PriorityClass': (priorityClass: PriorityClass) => {
    priorityClass.preemptionPolicy ??= 'PreemptLowerPriority';
  },
};
