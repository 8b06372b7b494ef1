import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1, Scale } from '../generated/types/autoscaling/v1.ts';
import type {
  ContainerResourceMetricSource,
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from '../generated/types/autoscaling/v2.ts';
import { pathSegmentNameProblems } from '../names/index.ts';
import { canonicalQuantity, parseQuantity } from '../quantity.ts';
import { checkDnsLabel, checkNonNegative, checkRequired, type Errors, reportInvalid } from './checks.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { Path } from './path.ts';
import { checkContainerResourceName } from './resources.ts';

/** `pkg/apis/autoscaling/validation` */

const specPath = Path.of('spec');
const scaleToZeroMessage = 'must specify at least one Object or External metric to support scaling to zero replicas';

export function validateScale({ spec }: Scale, errors: Errors): void {
  checkNonNegative(spec?.replicas, specPath.child('replicas'), errors);
}

interface Bounds {
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleTargetRef?: CrossVersionObjectReference;
}

function validateBounds({ minReplicas, maxReplicas = 0, scaleTargetRef }: Bounds, old: Bounds | undefined, errors: Errors): void {
  const least = old?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least) {
    errors.push(invalid(specPath.child('minReplicas'), minReplicas, `must be greater than or equal to ${least}`));
  }
  if (maxReplicas === 0) errors.push(required(specPath.child('maxReplicas'), 'must be set and greater than 0'));
  else if (maxReplicas < 0) errors.push(invalid(specPath.child('maxReplicas'), maxReplicas, 'must be greater than or equal to 1'));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid(specPath.child('maxReplicas'), maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  validateReference(scaleTargetRef, specPath.child('scaleTargetRef'), versionOfTarget(scaleTargetRef, old?.scaleTargetRef), errors);
}

/** What the version of a reference must be: with a group, any that can be read, or whatever it is. */
type VersionRule = 'grouped' | 'readable' | 'any';

/** A target that is kept is kept as it is. Of what can be scaled, only ReplicationControllers have no group. */
function versionOfTarget(reference: CrossVersionObjectReference | undefined, old: CrossVersionObjectReference | undefined): VersionRule {
  if (old !== undefined && old.apiVersion === reference?.apiVersion && old.kind === reference?.kind) return 'any';
  return reference?.kind === 'ReplicationController' ? 'readable' : 'grouped';
}

function versionProblem(apiVersion: string, rule: VersionRule): string | undefined {
  if (rule === 'any') return undefined;
  const parts = apiVersion === '/' ? [] : apiVersion.split('/');
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  return rule === 'grouped' && (parts.length < 2 || parts[0] === '') ? 'apiVersion must specify API group' : undefined;
}

function validateReference(reference: CrossVersionObjectReference | undefined, path: Path, rule: VersionRule, errors: Errors): void {
  const { kind = '', name = '', apiVersion = '' } = reference ?? {};
  for (const [field, value] of [
    ['kind', kind],
    ['name', name],
  ] as const) {
    if (value === '') errors.push(required(path.child(field)));
    else reportInvalid(pathSegmentNameProblems(value), value, path.child(field), errors);
  }
  const problem = versionProblem(apiVersion, rule);
  if (problem !== undefined) errors.push(invalid(path.child('apiVersion'), apiVersion, problem));
}

export function validateHorizontalPodAutoscalerV1(autoscaler: HorizontalPodAutoscalerV1, errors: Errors): void {
  validateHorizontalPodAutoscalerV1Update(autoscaler, undefined, errors);
}

export function validateHorizontalPodAutoscalerV1Update(
  { spec }: HorizontalPodAutoscalerV1,
  old: HorizontalPodAutoscalerV1 | undefined,
  errors: Errors,
): void {
  validateBounds(spec ?? {}, old?.spec, errors);
  if (spec?.minReplicas === 0) errors.push(forbidden(specPath.child('metrics'), scaleToZeroMessage));
  const target = spec?.targetCPUUtilizationPercentage;
  if (target !== undefined && target < 1) {
    const at = specPath.child('metrics').index(0).child('resource', 'target', 'averageUtilization');
    errors.push(invalid(at, target, 'must be greater than 0'));
  }
}

export function validateHorizontalPodAutoscaler(autoscaler: HorizontalPodAutoscaler, errors: Errors): void {
  validateHorizontalPodAutoscalerUpdate(autoscaler, undefined, errors);
}

export function validateHorizontalPodAutoscalerUpdate(
  { spec }: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler | undefined,
  errors: Errors,
): void {
  validateBounds(spec ?? {}, old?.spec, errors);
  for (const [index, metric] of (spec?.metrics ?? []).entries()) validateMetric(metric, specPath.child('metrics').index(index), errors);
  if (spec?.minReplicas === 0 && !(spec.metrics ?? []).some(({ type }) => type === 'Object' || type === 'External')) {
    errors.push(forbidden(specPath.child('metrics'), scaleToZeroMessage));
  }
  validateRules(spec?.behavior?.scaleUp, specPath.child('behavior', 'scaleUp'), errors);
  validateRules(spec?.behavior?.scaleDown, specPath.child('behavior', 'scaleDown'), errors);
}

const maxWindow = 3600;
const maxPeriod = 1800;

function validateRules(rules: HPAScalingRules | undefined, path: Path, errors: Errors): void {
  if (rules === undefined) return;
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  if (window !== undefined && window < 0) {
    errors.push(invalid(path.child('stabilizationWindowSeconds'), window, 'must be greater than or equal to zero'));
  }
  if (window !== undefined && window > maxWindow) {
    errors.push(invalid(path.child('stabilizationWindowSeconds'), window, `must be less than or equal to ${maxWindow}`));
  }
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(selectPolicy)) {
    errors.push(notSupported(path.child('selectPolicy'), selectPolicy, ['Disabled', 'Max', 'Min']));
  }
  if (policies.length === 0) errors.push(required(path.child('policies'), 'must specify at least one Policy'));
  for (const [index, { type, value = 0, periodSeconds = 0 }] of policies.entries()) {
    const at = path.child('policies').index(index);
    if (type !== 'Percent' && type !== 'Pods') errors.push(notSupported(at.child('type'), type ?? '', ['Percent', 'Pods']));
    if (value <= 0) errors.push(invalid(at.child('value'), value, 'must be greater than zero'));
    if (periodSeconds <= 0) errors.push(invalid(at.child('periodSeconds'), periodSeconds, 'must be greater than zero'));
    if (periodSeconds > maxPeriod)
      errors.push(invalid(at.child('periodSeconds'), periodSeconds, `must be less than or equal to ${maxPeriod}`));
  }
  if (tolerance !== undefined && parseQuantity(tolerance).nanos < 0n) {
    errors.push(invalid(path.child('tolerance'), canonicalQuantity(tolerance), 'must be greater than or equal to 0'));
  }
}

const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const metricFields = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;

function validateMetric(metric: MetricSpec, path: Path, errors: Errors): void {
  const { type = '', object, external, pods, resource, containerResource } = metric;
  if (type === '') errors.push(required(path.child('type'), 'must specify a metric source type'));
  if (!metricTypes.includes(type)) errors.push(notSupported(path.child('type'), type, metricTypes));
  const present = metricFields.filter((field) => metric[field] !== undefined);
  switch (present[0]) {
    case 'object':
      validateReference(object?.describedObject, path.child('object', 'describedObject'), 'readable', errors);
      validateIdentifier(object?.metric, path.child('object', 'metric'), errors);
      validateTarget(object?.target, path.child('object', 'target'), errors);
      if (object?.target?.value === undefined && object?.target?.averageValue === undefined) {
        errors.push(required(path.child('object', 'target', 'averageValue'), 'must set either a target value or averageValue'));
      }
      break;
    case 'external': {
      const at = path.child('external');
      validateIdentifier(external?.metric, at.child('metric'), errors);
      validateTarget(external?.target, at.child('target'), errors);
      const { value, averageValue } = external?.target ?? {};
      if (value === undefined && averageValue === undefined) {
        errors.push(required(at.child('target', 'averageValue'), 'must set either a target value for metric or a per-pod target'));
      }
      if (value !== undefined && averageValue !== undefined) {
        errors.push(forbidden(at.child('target', 'value'), 'may not set both a target value for metric and a per-pod target'));
      }
      break;
    }
    case 'pods':
      validateIdentifier(pods?.metric, path.child('pods', 'metric'), errors);
      validateTarget(pods?.target, path.child('pods', 'target'), errors);
      if (pods?.target?.averageValue === undefined) {
        errors.push(required(path.child('pods', 'target', 'averageValue'), 'must specify a positive target averageValue'));
      }
      break;
    case 'resource':
      checkRequired(resource?.name, path.child('resource', 'name'), errors, 'must specify a resource name');
      validateResourceTarget(resource?.target, path.child('resource', 'target'), errors);
      break;
    case 'containerResource':
      validateContainerResource(containerResource, path.child('containerResource'), errors);
      validateResourceTarget(containerResource?.target, path.child('containerResource', 'target'), errors);
      break;
  }
  const expected = metricFields.find((field) => metricTypes.includes(type) && field.toLowerCase() === type.toLowerCase());
  if (expected === undefined) errors.push(notSupported(path.child('type'), type, metricTypes));
  else if (!present.includes(expected)) {
    errors.push(required(path.child(expected), 'must populate information for the given metric source'));
  }
  if (present.length < 2) return;
  for (const field of present) {
    if (field !== expected) errors.push(forbidden(path.child(field), 'must populate the given metric source only'));
  }
}

function validateIdentifier(identifier: MetricIdentifier | undefined, path: Path, errors: Errors): void {
  const name = identifier?.name ?? '';
  if (name === '') errors.push(required(path.child('name'), 'must specify a metric name'));
  else reportInvalid(pathSegmentNameProblems(name), name, path.child('name'), errors);
}

function validateContainerResource(source: ContainerResourceMetricSource | undefined, path: Path, errors: Errors): void {
  const { name = '', container = '' } = source ?? {};
  if (name === '') errors.push(required(path.child('name'), 'must specify a resource name'));
  else checkContainerResourceName(name, path.child('name'), errors);
  if (container === '') errors.push(required(path.child('container'), 'must specify a container'));
  else checkDnsLabel(container, path.child('container'), errors);
}

function validateResourceTarget(target: MetricTarget | undefined, path: Path, errors: Errors): void {
  validateTarget(target, path, errors);
  const { averageUtilization, averageValue } = target ?? {};
  if (averageUtilization === undefined && averageValue === undefined) {
    errors.push(required(path.child('averageUtilization'), 'must set either a target raw value or a target utilization'));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    errors.push(forbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization'));
  }
}

function validateTarget(target: MetricTarget | undefined, path: Path, errors: Errors): void {
  const { type = '', value, averageValue, averageUtilization } = target ?? {};
  if (type === '') errors.push(required(path.child('type'), 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) {
    errors.push(invalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue'));
  }
  if (value !== undefined && parseQuantity(value).nanos <= 0n)
    errors.push(invalid(path.child('value'), canonicalQuantity(value), 'must be positive'));
  if (averageValue !== undefined && parseQuantity(averageValue).nanos <= 0n) {
    errors.push(invalid(path.child('averageValue'), canonicalQuantity(averageValue), 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(path.child('averageUtilization'), averageUtilization, 'must be greater than 0'));
  }
}

export function validateHorizontalPodAutoscalerStatus(
  { status }: HorizontalPodAutoscaler | HorizontalPodAutoscalerV1,
  _old: unknown,
  errors: Errors,
): void {
  checkNonNegative(status?.currentReplicas, Path.of('status', 'currentReplicas'), errors);
  checkNonNegative(status?.desiredReplicas, Path.of('status', 'desiredReplicas'), errors);
}
