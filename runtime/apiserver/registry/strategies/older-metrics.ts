import { type Dict, isDict, stringAt, valueAt } from '../api-object.ts';

/**
 * The metrics of an autoscaler as autoscaling/v1 writes them into annotations, which have other fields than those of v2, and their way there and
 * back. After `pkg/apis/autoscaling/v1/conversion.go` and `pkg/apis/autoscaling/v1/types.go` of Kubernetes.
 */

/** Part of a metric that says what is measured: `resource`, `pods`, `object` …, by type. */
const partOfType: Readonly<Record<string, string>> = {
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
  External: 'external',
};

/** A metric's spec as version 1 has it. */
export function olderMetric(metric: unknown): Dict {
  return converted(metric, (part, source) => {
    const target = valueAt(source, 'target');
    const value = valueAt(target, 'value');
    const averageValue = valueAt(target, 'averageValue');
    const averageUtilization = valueAt(target, 'averageUtilization');
    switch (part) {
      case 'object':
        return {
          target: valueAt(source, 'describedObject'),
          metricName: valueAt(source, 'metric', 'name') ?? '',
          targetValue: value ?? '0',
          selector: valueAt(source, 'metric', 'selector'),
          averageValue,
        };
      case 'pods':
        return {
          metricName: valueAt(source, 'metric', 'name') ?? '',
          targetAverageValue: averageValue ?? '0',
          selector: valueAt(source, 'metric', 'selector'),
        };
      case 'external':
        return {
          metricName: valueAt(source, 'metric', 'name') ?? '',
          metricSelector: valueAt(source, 'metric', 'selector'),
          targetValue: value,
          targetAverageValue: averageValue,
        };
      default:
        return {
          name: valueAt(source, 'name') ?? '',
          targetAverageUtilization: averageUtilization,
          targetAverageValue: averageValue,
          container: valueAt(source, 'container'),
        };
    }
  });
}

/** A metric's spec of version 1 as version 2 has it. */
export function newerMetric(metric: unknown): Dict {
  return converted(metric, (part, source) => {
    const value = valueAt(source, 'targetValue');
    const averageValue = valueAt(source, part === 'object' ? 'averageValue' : 'targetAverageValue');
    const averageUtilization = valueAt(source, 'targetAverageUtilization');
    const name = valueAt(source, 'metricName') ?? '';
    switch (part) {
      case 'object':
        return {
          describedObject: valueAt(source, 'target'),
          metric: dense({ name, selector: valueAt(source, 'selector') }),
          target: dense({ type: averageValue === undefined ? 'Value' : 'AverageValue', value, averageValue }),
        };
      case 'pods':
        return {
          metric: dense({ name, selector: valueAt(source, 'selector') }),
          target: dense({ type: 'AverageValue', averageValue }),
        };
      case 'external':
        return {
          metric: dense({ name, selector: valueAt(source, 'metricSelector') }),
          target: dense({ type: value === undefined ? 'AverageValue' : 'Value', value, averageValue }),
        };
      default:
        return {
          name: valueAt(source, 'name'),
          container: valueAt(source, 'container'),
          target: dense({ type: averageUtilization === undefined ? 'AverageValue' : 'Utilization', averageValue, averageUtilization }),
        };
    }
  });
}

/** What was measured, as version 1 has it. */
export function olderStatus(metric: unknown): Dict {
  return converted(metric, (part, source) => {
    const value = valueAt(source, 'current', 'value');
    const averageValue = valueAt(source, 'current', 'averageValue');
    const metricName = valueAt(source, 'metric', 'name') ?? '';
    const selector = valueAt(source, 'metric', 'selector');
    switch (part) {
      case 'object':
        return { target: valueAt(source, 'describedObject'), metricName, currentValue: value ?? '0', selector, averageValue };
      case 'pods':
        return { metricName, currentAverageValue: averageValue ?? '0', selector };
      case 'external':
        return { metricName, metricSelector: selector, currentValue: value ?? '0', currentAverageValue: averageValue };
      default:
        return {
          name: valueAt(source, 'name') ?? '',
          currentAverageUtilization: valueAt(source, 'current', 'averageUtilization'),
          currentAverageValue: averageValue ?? '0',
          container: valueAt(source, 'container'),
        };
    }
  });
}

/** What was measured, from version 1. */
export function newerStatus(metric: unknown): Dict {
  return converted(metric, (part, source) => {
    const value = valueAt(source, 'currentValue');
    const averageValue = valueAt(source, part === 'object' ? 'averageValue' : 'currentAverageValue');
    const metricOf = (selector: string) => dense({ name: valueAt(source, 'metricName') ?? '', selector: valueAt(source, selector) });
    switch (part) {
      case 'object':
        return {
          describedObject: valueAt(source, 'target'),
          metric: metricOf('selector'),
          current: dense({ value, averageValue }),
        };
      case 'pods':
        return { metric: metricOf('selector'), current: dense({ averageValue }) };
      case 'external':
        return { metric: metricOf('metricSelector'), current: dense({ value, averageValue }) };
      default:
        return {
          name: valueAt(source, 'name'),
          container: valueAt(source, 'container'),
          current: dense({ averageValue, averageUtilization: valueAt(source, 'currentAverageUtilization') }),
        };
    }
  });
}

function converted(metric: unknown, convert: (part: string, source: unknown) => Dict): Dict {
  const type = stringAt(metric, 'type');
  const part = Object.hasOwn(partOfType, type) ? (partOfType[type] ?? '') : '';
  const source = valueAt(metric, part);
  return isDict(source) ? { type, [part]: dense(convert(part, source)) } : { type };
}

/** An object without its fields that are missing. */
function dense(fields: Dict): Dict {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** The behavior as it stands in its annotation: as Go writes a struct whose fields have no names of JSON. */
export function goBehavior(behavior: unknown): Dict {
  const rules = (name: string) => {
    const given = valueAt(behavior, name);
    if (!isDict(given)) return null;
    const policies = valueAt(given, 'policies');
    return {
      StabilizationWindowSeconds: valueAt(given, 'stabilizationWindowSeconds') ?? null,
      SelectPolicy: valueAt(given, 'selectPolicy') ?? null,
      Policies: Array.isArray(policies)
        ? policies.map((policy) => ({
            Type: valueAt(policy, 'type') ?? '',
            Value: valueAt(policy, 'value') ?? 0,
            PeriodSeconds: valueAt(policy, 'periodSeconds') ?? 0,
          }))
        : null,
      Tolerance: valueAt(given, 'tolerance') ?? null,
    };
  };
  return { ScaleUp: rules('scaleUp'), ScaleDown: rules('scaleDown') };
}

/** The behavior of an annotation with the names of the API. Go reads names in letters of either size. */
export function namedBehavior(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(namedBehavior);
  if (!isDict(value)) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(entries.map(([name, field]) => [name.charAt(0).toLowerCase() + name.slice(1), namedBehavior(field)]));
}
