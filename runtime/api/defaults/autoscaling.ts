import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from '../generated/types/autoscaling/v1.ts';
import type { HorizontalPodAutoscaler, HPAScalingRules } from '../generated/types/autoscaling/v2.ts';
import type { DefaultsByKind } from './defaults.ts';

const defaultCpuUtilization = 80;

/** `pkg/apis/autoscaling/v1` and `v2` */
export const autoscalingDefaults: DefaultsByKind = {
  'autoscaling/v1/HorizontalPodAutoscaler': (autoscaler: HorizontalPodAutoscalerV1) => {
    autoscaler.spec ??= noSpec();
    const { spec } = autoscaler;
    spec.minReplicas ??= 1;
    spec.targetCPUUtilizationPercentage ??= defaultCpuUtilization;
  },
  'autoscaling/v2/HorizontalPodAutoscaler': (autoscaler: HorizontalPodAutoscaler) => {
    autoscaler.spec ??= noSpec();
    const { spec } = autoscaler;
    spec.minReplicas ??= 1;
    if ((spec.metrics ?? []).length === 0) {
      const target = { type: 'Utilization', averageUtilization: defaultCpuUtilization };
      spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
    }
    if (spec.behavior === undefined) return;
    spec.behavior.scaleUp = withDefaults(spec.behavior.scaleUp, {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    });
    spec.behavior.scaleDown = withDefaults(spec.behavior.scaleDown, {
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    });
  },
};

/** What Go has where no spec is given, to which defaults go all the same. */
function noSpec() {
  return { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } };
}

function withDefaults(rules: HPAScalingRules | undefined, defaults: HPAScalingRules): HPAScalingRules {
  return { ...defaults, ...rules };
}
