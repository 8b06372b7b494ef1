import type { LimitRange, LimitRangeItem, ReplicationController, ResourceQuota, ResourceQuotaSpec } from '../generated/types/core/v1.ts';
import type { PodDisruptionBudget } from '../generated/types/policy/v1.ts';
import type { PriorityClass } from '../generated/types/scheduling/v1.ts';
import { qualifiedNameProblems } from '../names/index.ts';
import { canonicalQuantity, compareQuantities, parseQuantity, quantityMilliValue } from '../quantity.ts';
import { selectorFromLabels } from '../selectors/labels.ts';
import { checkNotMoreThan100Percent, checkSelectorMatchesTemplate, validatePositiveIntOrPercent } from './apps.ts';
import { checkImmutable, checkNonNegative, checkOneOf, checkOptionalOneOf, type Errors, reportInvalid, sortedEntries } from './checks.ts';
import { validateConditions } from './conditions.ts';
import { duplicate, forbidden, invalid, notSupported, required } from './field-error.ts';
import { disruptionBudgetSpecType, inGo } from './internal-types.ts';
import { validateLabelSelector } from './label-selector.ts';
import { Path } from './path.ts';
import { validatePodTemplateSpec } from './pod/spec.ts';
import {
  checkContainerResourceName,
  checkResourceName,
  checkResourceQuantity,
  isOvercommitAllowed,
  isStandardQuotaName,
} from './resources.ts';

/** What limits others: quotas, ranges, budgets, priorities; and the ReplicationController, which is as old as they are. */

const specPath = Path.of('spec');

export function validateReplicationController({ spec }: ReplicationController, errors: Errors): void {
  const { minReadySeconds, selector, replicas, template } = spec ?? {};
  checkNonNegative(minReadySeconds, specPath.child('minReadySeconds'), errors);
  const parsed = selectorFromLabels(selector);
  if (parsed.empty) errors.push(required(specPath.child('selector')));
  checkNonNegative(replicas, specPath.child('replicas'), errors);
  const at = specPath.child('template');
  if (template === undefined) {
    errors.push(required(at));
    return;
  }
  checkSelectorMatchesTemplate(parsed, template, at, errors);
  validatePodTemplateSpec(template, at, errors);
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== 'Always') errors.push(notSupported(at.child('spec', 'restartPolicy'), restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    const detail = 'activeDeadlineSeconds in ReplicationController is not Supported';
    errors.push(forbidden(at.child('spec', 'activeDeadlineSeconds'), detail));
  }
}

export function validatePodDisruptionBudget({ spec }: PodDisruptionBudget, errors: Errors): void {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec ?? {};
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalid(specPath, inGo(disruptionBudgetSpecType, spec), 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const [field, value] of [
    ['minAvailable', minAvailable],
    ['maxUnavailable', maxUnavailable],
  ] as const) {
    if (value === undefined) continue;
    validatePositiveIntOrPercent(value, specPath.child(field), errors);
    checkNotMoreThan100Percent(value, specPath.child(field), errors);
  }
  validateLabelSelector(selector, specPath.child('selector'), errors);
  checkOptionalOneOf(unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget'], specPath.child('unhealthyPodEvictionPolicy'), errors);
}

export function validatePodDisruptionBudgetStatus({ status }: PodDisruptionBudget, _old: unknown, errors: Errors): void {
  validateConditions(status?.conditions, Path.of('status', 'conditions'), errors);
  for (const field of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const) {
    checkNonNegative(status?.[field], Path.of('status', field), errors);
  }
}

const highestPriority = 1_000_000_000;
export const systemPriorityClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

export function validatePriorityClass({ metadata, value = 0, globalDefault, preemptionPolicy }: PriorityClass, errors: Errors): void {
  const name = metadata?.name ?? '';
  if (name.startsWith('system-')) {
    const problem = systemClassProblem(name, value, globalDefault === true);
    if (problem !== undefined) {
      const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`;
      errors.push(forbidden(Path.of('metadata', 'name'), detail));
    }
  } else if (value > highestPriority) {
    errors.push(forbidden(Path.of('value'), `maximum allowed value of a user defined priority is ${highestPriority}`));
  }
  if (preemptionPolicy !== undefined) checkOneOf(preemptionPolicy, ['PreemptLowerPriority', 'Never'], Path.of('preemptionPolicy'), errors);
}

function systemClassProblem(name: string, value: number, globalDefault: boolean): string | undefined {
  const expected = Object.hasOwn(systemPriorityClasses, name) ? systemPriorityClasses[name] : undefined;
  if (expected === undefined) return `${name} is not a known system priority class`;
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export function validatePriorityClassUpdate(priorityClass: PriorityClass, old: PriorityClass, errors: Errors): void {
  if (priorityClass.value !== old.value) errors.push(forbidden(Path.of('value'), 'may not be changed in an update.'));
  checkImmutable(priorityClass.preemptionPolicy, old.preemptionPolicy, Path.of('preemptionPolicy'), errors);
}

type ResourceList = Readonly<Record<string, string | number>>;

function checkQuotaList(list: ResourceList | undefined, path: Path, errors: Errors): void {
  for (const [name, amount] of sortedEntries(list)) {
    const at = path.key(name);
    checkResourceName(name, at, errors);
    if (!name.includes('/') && !isStandardQuotaName(name)) errors.push(invalid(at, name, 'must be a standard resource for quota'));
    checkResourceQuantity(name, amount, at, errors);
  }
}

export function validateResourceQuota({ spec, status }: ResourceQuota, errors: Errors): void {
  validateQuotaSpec(spec ?? {}, errors);
  checkQuotaList(status?.hard, Path.of('status', 'hard'), errors);
  checkQuotaList(status?.used, Path.of('status', 'used'), errors);
}

const scopes = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
]);
const exclusive: readonly (readonly [string, string])[] = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];
const computeResources = new Set(['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']);

function scopeFits(scope: string, resource: string): boolean {
  switch (scope) {
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return resource === 'pods' || computeResources.has(resource);
    case 'BestEffort':
      return resource === 'pods';
    default:
      return true;
  }
}

function validateQuotaSpec(spec: ResourceQuotaSpec, errors: Errors): void {
  checkQuotaList(spec.hard, specPath.child('hard'), errors);
  const limited = Object.keys(spec.hard ?? {}).sort();
  const checkScope = (scope: string, at: Path, value: unknown, scopePath: Path, scopeValue: unknown): void => {
    if (!scopes.has(scope)) errors.push(invalid(scopePath, scopeValue, 'unsupported scope'));
    for (const resource of limited) {
      if (isStandardQuotaName(resource) && !scopeFits(scope, resource)) {
        errors.push(invalid(at, value, 'unsupported scope applied to resource'));
      }
    }
  };
  const checkConflicts = (chosen: readonly string[], at: Path): void => {
    for (const pair of exclusive) {
      if (pair.every((scope) => chosen.includes(scope))) errors.push(invalid(at, spec.scopes, 'conflicting scopes'));
    }
  };
  const chosen = spec.scopes ?? [];
  const at = specPath.child('scopes');
  for (const scope of chosen) checkScope(scope, at, chosen, at, chosen);
  checkConflicts(chosen, at);
  if (spec.scopeSelector === undefined) return;
  const expressions = spec.scopeSelector.matchExpressions ?? [];
  const path = specPath.child('scopeSelector', 'matchExpressions');
  for (const { scopeName = '', operator = '', values = [] } of expressions) {
    checkScope(scopeName, path, spec.scopeSelector, path.child('scopeName'), scopeName);
    if (scopeName !== 'PriorityClass' && scopeName !== 'VolumeAttributesClass' && scopes.has(scopeName) && operator !== 'Exists') {
      const detail =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      errors.push(invalid(path.child('operator'), operator, detail));
    }
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.push(required(path.child('values'), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
        errors.push(invalid(path.child('values'), values, detail));
      }
    } else errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
  checkConflicts(
    expressions.map(({ scopeName }) => scopeName),
    path,
  );
}

export function validateResourceQuotaUpdate(quota: ResourceQuota, old: ResourceQuota, errors: Errors): void {
  validateQuotaSpec(quota.spec ?? {}, errors);
  const sorted = ({ spec }: ResourceQuota): string => [...new Set(spec?.scopes ?? [])].sort().join();
  if (sorted(quota) !== sorted(old)) errors.push(invalid(specPath.child('scopes'), quota.spec?.scopes, 'field is immutable'));
}

export function validateResourceQuotaStatus({ status }: ResourceQuota, _old: unknown, errors: Errors): void {
  checkQuotaList(status?.hard, Path.of('status', 'hard'), errors);
  checkQuotaList(status?.used, Path.of('status', 'used'), errors);
}

const limitTypes = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);

export function validateLimitRange({ spec }: LimitRange, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, limit] of (spec?.limits ?? []).entries()) {
    const at = specPath.child('limits').index(index);
    const { type = '' } = limit;
    const problems = qualifiedNameProblems(type);
    reportInvalid(problems, type, at.child('type'), errors);
    if (problems.length === 0 && !type.includes('/') && !limitTypes.has(type)) {
      errors.push(invalid(at.child('type'), type, 'must be a standard limit type or fully qualified'));
    }
    if (seen.has(type)) errors.push(duplicate(at.child('type'), type));
    seen.add(type);
    validateLimit(limit, at, errors);
  }
}

function validateLimit(limit: LimitRangeItem, path: Path, errors: Errors): void {
  const { type, max, min, maxLimitRequestRatio: ratio } = limit;
  const checkName = type === 'Pod' || type === 'Container' ? checkContainerResourceName : checkResourceName;
  const names = new Set<string>();
  const collect = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio'): void => {
    for (const [name] of sortedEntries(limit[field])) {
      checkName(name, path.child(field).key(name), errors);
      names.add(name);
    }
  };
  collect('max');
  collect('min');
  for (const field of ['default', 'defaultRequest'] as const) {
    if (type !== 'Pod') collect(field);
    else if (Object.keys(limit[field] ?? {}).length > 0)
      errors.push(forbidden(path.child(field), "may not be specified when `type` is 'Pod'"));
  }
  if (type === 'PersistentVolumeClaim' && min?.storage === undefined && max?.storage === undefined) {
    errors.push(required(path.child('limits'), 'either minimum or maximum storage value is required, but neither was provided'));
  }
  collect('maxLimitRequestRatio');
  const isPod = type === 'Pod';
  for (const name of [...names].sort()) {
    const bounds = {
      min: min?.[name],
      max: max?.[name],
      default: isPod ? undefined : limit.default?.[name],
      defaultRequest: isPod ? undefined : limit.defaultRequest?.[name],
    };
    validateLimitOrder(name, bounds, path, errors);
    const bound = ratio?.[name];
    if (bound !== undefined) validateRatio(bound, bounds.min, bounds.max, path.child('maxLimitRequestRatio').key(name), errors);
  }
}

type Amount = string | number | undefined;
type Bounds = Readonly<Record<'min' | 'max' | 'default' | 'defaultRequest', Amount>>;

const words: Readonly<Record<keyof Bounds, string>> = {
  min: 'min value',
  max: 'max value',
  default: 'default value',
  defaultRequest: 'default request value',
};

function validateLimitOrder(name: string, bounds: Bounds, path: Path, errors: Errors): void {
  const isGreater = (left: Amount, right: Amount): boolean =>
    left !== undefined && right !== undefined && compareQuantities(parseQuantity(left), parseQuantity(right)) > 0;
  const check = (low: keyof Bounds, high: keyof Bounds, field: keyof Bounds, shown: keyof Bounds, highWord = words[high]): void => {
    const [left, right] = [bounds[low], bounds[high]];
    if (left === undefined || right === undefined || !isGreater(left, right)) return;
    const detail = `${words[low]} ${canonicalQuantity(left)} is greater than ${highWord} ${canonicalQuantity(right)}`;
    errors.push(invalid(path.child(field).key(name), bounds[shown], detail));
  };
  check('min', 'max', 'min', 'min');
  check('min', 'defaultRequest', 'defaultRequest', 'defaultRequest');
  check('defaultRequest', 'max', 'defaultRequest', 'defaultRequest');
  check('defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default limit value');
  check('min', 'default', 'default', 'min');
  check('default', 'max', 'default', 'max');
  const { default: value, defaultRequest: request } = bounds;
  if (
    !isOvercommitAllowed(name) &&
    value !== undefined &&
    request !== undefined &&
    (isGreater(value, request) || isGreater(request, value))
  ) {
    const detail = `default value ${canonicalQuantity(value)} must equal to defaultRequest value ${canonicalQuantity(request)} in ${name}`;
    errors.push(invalid(path.child('defaultRequest').key(name), request, detail));
  }
}

function validateRatio(ratio: string | number, min: Amount, max: Amount, path: Path, errors: Errors): void {
  if (quantityMilliValue(ratio) < 1000) errors.push(invalid(path, ratio, `ratio ${canonicalQuantity(ratio)} is less than 1`));
  if (min === undefined || max === undefined) return;
  const limit = quantityMilliValue(max) / quantityMilliValue(min);
  if (quantityMilliValue(ratio) / 1000 > limit) {
    errors.push(invalid(path, ratio, `ratio ${canonicalQuantity(ratio)} is greater than max/min = ${limit.toFixed(6)}`));
  }
}
