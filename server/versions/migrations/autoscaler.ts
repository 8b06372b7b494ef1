import { isScalar, type YAMLMap } from 'yaml';
import { type Migration, mapOf, put, take } from './migration.ts';

const sources: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

/** The metrics of `autoscaling/v2beta1` to those of `v2`, which `v2beta2` has already. */
export function migrateMetrics(migration: Migration): void {
  for (const metric of migration.mapsAt(migration.object, 'spec', 'metrics')) {
    const type = migration.at(metric, 'type');
    const source = migration.mapAt(metric, isScalar(type) ? (sources[String(type.value)] ?? '') : '');
    if (!source) continue;
    migration.rewrite(source);
    migrateSource(source);
  }
}

function migrateSource(source: YAMLMap): void {
  const described = take(source, 'target', 'describedObject');
  const metric = mapOf([take(source, 'metricName', 'name'), take(source, 'metricSelector', 'selector') ?? take(source, 'selector')]);
  const values = [
    ['Utilization', take(source, 'targetAverageUtilization', 'averageUtilization')],
    ['AverageValue', take(source, 'targetAverageValue', 'averageValue') ?? take(source, 'averageValue')],
    ['Value', take(source, 'targetValue', 'value')],
  ] as const;
  const [type, value] = values.find(([, pair]) => pair) ?? [];
  if (described) source.items.push(described);
  put(source, 'metric', metric);
  const target = mapOf([value]);
  if (target) put(target, 'type', type, 0);
  put(source, 'target', target);
  if (source.flow) for (const map of [metric, target]) if (map) map.flow = true;
}
