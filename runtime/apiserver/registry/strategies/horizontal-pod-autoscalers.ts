import { type ApiObject, arrayAt, type Dict, isDict, stringAt, valueAt } from '../api-object.ts';
import type { Conversion } from '../resource.ts';
import { goBehavior, namedBehavior, newerMetric, newerStatus, olderMetric, olderStatus } from './older-metrics.ts';

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

function parsed(annotations: Readonly<Record<string, string>>, name: string): unknown {
  try {
    return JSON.parse(annotations[name] ?? 'null');
  } catch {
    return null;
  }
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
    const others = parsed(given, metricsAnnotation);
    const metrics = [...(Array.isArray(others) ? others.map(newerMetric) : []), ...(percent === undefined ? [] : [cpu])];
    const behavior = namedBehavior(parsed(given, behaviorAnnotation));
    const measured = parsed(given, statusMetricsAnnotation);
    const { currentCPUUtilizationPercentage: current, ...statusRest } = isDict(status) ? status : {};
    const currentCpu = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } };
    const conditions = parsed(given, conditionsAnnotation);
    return {
      ...rest,
      apiVersion: 'autoscaling/v2',
      metadata: withAnnotations(object, annotations),
      spec: { ...specRest, ...(metrics.length > 0 ? { metrics } : {}), ...(isDict(behavior) ? { behavior } : {}) },
      status: {
        ...statusRest,
        ...(current === undefined ? {} : { currentMetrics: [currentCpu] }),
        ...(Array.isArray(measured) && measured.length > 0 ? { currentMetrics: measured.map(newerStatus) } : {}),
        ...(Array.isArray(conditions) ? { conditions } : {}),
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
      apiVersion: 'autoscaling/v1',
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
