import { checkStructure } from '../../../api/structure/index.ts';
import { autoscalingPrinters } from '../../../api/tables/autoscaling.ts';
import { type ApiObject, arrayAt, type Dict, ensureDict, isDict, stringAt, valueAt } from '../api-object.ts';
import type { Conversion } from '../resource.ts';
import type { Strategy } from '../strategy.ts';
import { goBehavior, namedBehavior, newerMetric, newerStatus, olderMetric, olderStatus } from './older-metrics.ts';

const olderVersion = 'autoscaling/v1';
const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const statusMetricsAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics';
const conditionsAnnotation = 'autoscaling.alpha.kubernetes.io/conditions';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';

/** The metric that v1 knows: a target for the use of processors, in percent. */
function isCpuUtilization(metric: unknown): boolean {
  return (
    stringAt(metric, 'type') === 'Resource' &&
    stringAt(metric, 'resource', 'name') === 'cpu' &&
    (valueAt(metric, 'resource', 'target', 'averageUtilization') !== undefined ||
      valueAt(metric, 'resource', 'current', 'averageUtilization') !== undefined)
  );
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

/** Whether a value is what version 2 calls a type. Anybody may write anything into annotations; upstream passes over what does not fit. */
function fits(value: unknown, type: string): boolean {
  return isDict(value) && checkStructure(`io.k8s.api.autoscaling.v2.${type}`, value).error === undefined;
}

/** What an annotation lists, as version 2 has it; nothing when one item does not fit. */
function listed(text: string | undefined, convert: (item: Dict) => unknown, type: string): readonly unknown[] {
  const items = parsed(text);
  if (!Array.isArray(items) || !items.every(isDict)) return [];
  const converted = items.map(convert);
  return converted.every((item) => fits(item, type)) ? converted : [];
}

function withAnnotations(object: ApiObject, annotations: Readonly<Record<string, string>>): ApiObject['metadata'] {
  const { annotations: _, ...metadata } = object.metadata;
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations: { ...annotations } };
}

/** Autoscalers are stored as v2; v1 shows what it cannot say as annotations, which are read back, as upstream does. */
export const autoscalerConversion: Conversion = {
  toStored(object) {
    const { spec, status, ...rest } = object;
    const {
      [metricsAnnotation]: _m,
      [statusMetricsAnnotation]: _s,
      [conditionsAnnotation]: _c,
      [behaviorAnnotation]: _b,
      ...annotations
    } = object.metadata.annotations ?? {};
    const given = object.metadata.annotations ?? {};
    const { targetCPUUtilizationPercentage: percent, ...specRest } = isDict(spec) ? spec : {};
    const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } };
    const others = listed(given[metricsAnnotation], newerMetric, 'MetricSpec');
    const metrics = [...others, ...(percent === undefined ? [] : [cpu])];
    const behavior = namedBehavior(parsed(given[behaviorAnnotation]));
    const measured = listed(given[statusMetricsAnnotation], newerStatus, 'MetricStatus');
    const { currentCPUUtilizationPercentage: current, ...statusRest } = isDict(status) ? status : {};
    const currentCpu = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } };
    const conditions = listed(given[conditionsAnnotation], (item) => item, 'HorizontalPodAutoscalerCondition');
    return {
      ...rest,
      apiVersion: 'autoscaling/v2',
      metadata: withAnnotations(object, annotations),
      spec: {
        ...specRest,
        ...(metrics.length > 0 ? { metrics } : {}),
        ...(fits(behavior, 'HorizontalPodAutoscalerBehavior') ? { behavior } : {}),
      },
      status: {
        ...statusRest,
        ...(current === undefined ? {} : { currentMetrics: [currentCpu] }),
        ...(measured.length > 0 ? { currentMetrics: measured } : {}),
        ...(conditions.length > 0 ? { conditions } : {}),
      },
    };
  },
  fromStored(object) {
    const { spec, status, ...rest } = object;
    const annotations: Record<string, string> = { ...object.metadata.annotations };
    const { metrics: _m, behavior, ...specRest }: Dict = isDict(spec) ? spec : {};
    const metrics = arrayAt(object, 'spec', 'metrics');
    const cpu = metrics.find(isCpuUtilization);
    const others = metrics.filter((metric) => !isCpuUtilization(metric));
    if (others.length > 0) annotations[metricsAnnotation] = JSON.stringify(others.map(olderMetric));
    if (behavior !== undefined) annotations[behaviorAnnotation] = JSON.stringify(goBehavior(behavior));
    const { currentMetrics: _cm, conditions, ...statusRest }: Dict = isDict(status) ? status : {};
    const currentMetrics = arrayAt(object, 'status', 'currentMetrics');
    const currentCpu = currentMetrics.find(isCpuUtilization);
    // What v1 can say is written, too, for its raw value.
    if (currentMetrics.length > 0) annotations[statusMetricsAnnotation] = JSON.stringify(currentMetrics.map(olderStatus));
    if (conditions !== undefined) annotations[conditionsAnnotation] = JSON.stringify(conditions);
    const percent = valueAt(cpu, 'resource', 'target', 'averageUtilization');
    const current = valueAt(currentCpu, 'resource', 'current', 'averageUtilization');
    return {
      ...rest,
      apiVersion: olderVersion,
      metadata: withAnnotations(object, annotations),
      spec: { ...specRest, ...(percent === undefined ? {} : { targetCPUUtilizationPercentage: percent }) },
      // The older version always tells both counts.
      status: {
        currentReplicas: 0,
        desiredReplicas: 0,
        ...statusRest,
        ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
      },
    };
  },
};

const printer = autoscalingPrinters.HorizontalPodAutoscaler;

/** Rules of `pkg/registry/autoscaling/horizontalpodautoscaler`. Columns are of what version 2 says, whichever version is asked for. */
export const autoscalerStrategy: Strategy = {
  printer: {
    ...printer,
    cells: (object, now) => printer.cells(object.apiVersion === olderVersion ? newerInOrder(object as ApiObject) : object, now),
  },
};

/** Version 1 tells the use of processors apart from the other metrics; what was measured says where among them it belongs. */
function newerInOrder(older: ApiObject): ApiObject {
  const object = autoscalerConversion.toStored(older);
  const metrics = arrayAt(object, 'spec', 'metrics');
  const measured = arrayAt(object, 'status', 'currentMetrics');
  const place = measured.findIndex(isCpuUtilization);
  const from = metrics.findIndex(isCpuUtilization);
  if (from === -1 || place === -1 || measured.length !== metrics.length) return object;
  return { ...object, spec: { ...ensureDict(object, 'spec'), metrics: metrics.toSpliced(from, 1).toSpliced(place, 0, metrics[from]) } };
}
