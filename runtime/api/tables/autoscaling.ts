import type { Scale } from '../generated/types/autoscaling/v1.ts';
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../generated/types/autoscaling/v2.ts';
import { quantityCell } from './cells.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

/** How many metrics are listed before a cell says how many more there are. */
const shown = 2;

function utilization(target: MetricTarget, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) return averageValue(target, current);
  const now = current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`;
  return `${now}/${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}

function averageValue(target: MetricTarget, current: MetricValueStatus | undefined): string {
  return `${current === undefined ? '<unknown>' : measured(current.averageValue)}/${quantityCell(target.averageValue)}`;
}

function value(target: MetricTarget, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) return `${averageValue(target, current?.averageValue === undefined ? undefined : current)} (avg)`;
  return `${current === undefined ? '<unknown>' : measured(current.value)}/${quantityCell(target.value)}`;
}

/** What was measured, in the word that Go has for nothing where something else was. */
function measured(quantity: string | number | undefined): string {
  return quantity === undefined ? '<nil>' : quantityCell(quantity);
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'Resource':
      return spec.resource === undefined ? '' : `${spec.resource.name}: ${utilization(spec.resource.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return spec.containerResource === undefined
        ? ''
        : `${spec.containerResource.name}: ${utilization(spec.containerResource.target, status?.containerResource?.current)}`;
    case 'Pods':
      return spec.pods === undefined ? '' : averageValue(spec.pods.target, status?.pods?.current);
    case 'Object':
      return spec.object === undefined ? '' : value(spec.object.target, status?.object?.current);
    case 'External':
      return spec.external === undefined ? '' : value(spec.external.target, status?.external?.current);
    default:
      return '<unknown type>';
  }
}

function metricsCell(specs: readonly MetricSpec[] | undefined, statuses: readonly MetricStatus[] | undefined): string {
  const texts = (specs ?? []).map((spec, index) => metricText(spec, statuses?.[index]));
  if (texts.length === 0) return '<none>';
  const list = texts.slice(0, shown).join(', ');
  return texts.length > shown ? `${list} + ${texts.length - shown} more...` : list;
}

/** Autoscalers are of version 2. */
export const autoscalingPrinters = {
  HorizontalPodAutoscaler: printer<HorizontalPodAutoscaler>(
    [
      nameColumn,
      column('Reference', documented('autoscaling.v2.HorizontalPodAutoscalerSpec', 'scaleTargetRef')),
      column('Targets', documented('autoscaling.v2.HorizontalPodAutoscalerSpec', 'metrics')),
      column('MinPods', documented('autoscaling.v2.HorizontalPodAutoscalerSpec', 'minReplicas')),
      column('MaxPods', documented('autoscaling.v2.HorizontalPodAutoscalerSpec', 'maxReplicas')),
      column('Replicas', documented('autoscaling.v2.HorizontalPodAutoscalerStatus', 'currentReplicas')),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      `${object.spec?.scaleTargetRef.kind ?? ''}/${object.spec?.scaleTargetRef.name ?? ''}`,
      metricsCell(object.spec?.metrics, object.status?.currentMetrics),
      object.spec?.minReplicas === undefined ? '<unset>' : String(object.spec.minReplicas),
      object.spec?.maxReplicas ?? 0,
      object.status?.currentReplicas ?? 0,
      ageOf(object, now),
    ],
  ),
  Scale: printer<Scale>(
    [
      { ...nameColumn, format: '' },
      column('Desired', documented('autoscaling.v1.ScaleSpec', 'replicas'), 'integer'),
      column('Available', documented('autoscaling.v1.ScaleStatus', 'replicas'), 'integer'),
      ageColumn,
    ],
    (object, now) => [nameOf(object), object.spec?.replicas ?? 0, object.status?.replicas ?? 0, ageOf(object, now)],
  ),
} satisfies Printers;
