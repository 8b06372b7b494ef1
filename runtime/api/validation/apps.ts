import type { ControllerRevision, DaemonSet, DaemonSetSpec, Deployment, DeploymentSpec, ReplicaSet } from '../generated/types/apps/v1.ts';
import type { PodTemplateSpec } from '../generated/types/core/v1.ts';
import type { LabelSelector } from '../generated/types/meta/v1.ts';
import { percentOf } from '../int-or-string.ts';
import { percentProblems } from '../names/index.ts';
import { type Selector, selectorFromLabelSelector } from '../selectors/labels.ts';
import { checkImmutable, checkNonNegative, type Errors, reportInvalid } from './checks.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { inGo, mapInGo, selectorInGo, updateStrategyType } from './internal-types.ts';
import { isEmptySelector, validateLabelSelector } from './label-selector.ts';
import { Path } from './path.ts';
import { validatePodTemplateSpec } from './pod/spec.ts';

/** `pkg/apis/apps/validation` */

const specPath = Path.of('spec');

/** A number that is not negative, or a percentage. */
export function validatePositiveIntOrPercent(value: string | number | undefined, path: Path, errors: Errors): void {
  if (typeof value === 'string') reportInvalid(percentProblems(value), value, path, errors);
  else checkNonNegative(value, path, errors);
}

/** A percentage of no more than all. */
export function checkNotMoreThan100Percent(value: string | number | undefined, path: Path, errors: Errors): void {
  if ((value === undefined ? 0 : (percentOf(value) ?? 0)) > 100) errors.push(invalid(path, value, 'must not be greater than 100%'));
}

/** A text that is neither a percentage nor a number counts as none, as Go reads it. */
export function isZero(value: string | number | undefined): boolean {
  if (typeof value !== 'string') return (value ?? 0) === 0;
  return (percentOf(value) ?? (/^[+-]?\d+$/.test(value) ? Number(value) : 0)) === 0;
}

/** The selector that a workload finds its pods by. Gives it where it can be understood. */
function validateSelector(selector: LabelSelector | undefined, workload: string, path: Path, errors: Errors): Selector | undefined {
  if (selector === undefined) errors.push(required(path));
  else {
    validateLabelSelector(selector, path, errors);
    if (isEmptySelector(selector)) errors.push(invalid(path, selectorInGo(selector), `empty selector is invalid for ${workload}`));
  }
  return parseSelector(selector);
}

/** The template's labels must be what the selector asks for, or the workload would never find the pods it makes. */
export function checkSelectorMatchesTemplate(
  selector: Selector,
  template: PodTemplateSpec | undefined,
  templatePath: Path,
  errors: Errors,
): void {
  const labels = template?.metadata?.labels;
  if (!selector.empty && !selector.matches(labels)) {
    errors.push(invalid(templatePath.child('metadata', 'labels'), mapInGo(labels), '`selector` does not match template `labels`'));
  }
}

/** The template of pods that are to run for ever. */
function validateRunningTemplate(
  template: PodTemplateSpec | undefined,
  selector: Selector,
  owner: string,
  path: Path,
  errors: Errors,
): void {
  checkSelectorMatchesTemplate(selector, template, path, errors);
  validatePodTemplateSpec(template, path, errors);
  const { restartPolicy = '', activeDeadlineSeconds } = template?.spec ?? {};
  if (restartPolicy !== 'Always') errors.push(notSupported(path.child('spec', 'restartPolicy'), restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(path.child('spec', 'activeDeadlineSeconds'), `activeDeadlineSeconds in ${owner} is not Supported`));
  }
}

/** Stands for a field of earlier versions, the revision to go back to. That it is a number was seen when it was read. */
export const rollbackTo = 'deprecated.deployment.rollback.to';

export function validateDeployment({ metadata, spec }: Deployment, errors: Errors): void {
  const {
    replicas,
    selector,
    template,
    strategy,
    minReadySeconds = 0,
    revisionHistoryLimit,
    progressDeadlineSeconds,
  } = spec ?? ({} as Partial<DeploymentSpec>);
  checkNonNegative(replicas, specPath.child('replicas'), errors);
  const parsed = validateSelector(selector, 'deployment', specPath.child('selector'), errors);
  if (parsed === undefined) errors.push(invalid(specPath.child('selector'), selectorInGo(selector), 'invalid label selector'));
  else validateRunningTemplate(template, parsed, 'ReplicaSet', specPath.child('template'), errors);
  validateStrategy(strategy, specPath.child('strategy'), errors);
  checkNonNegative(minReadySeconds, specPath.child('minReadySeconds'), errors);
  checkNonNegative(revisionHistoryLimit, specPath.child('revisionHistoryLimit'), errors);
  // The path is upstream's.
  checkNonNegative(Number(metadata?.annotations?.[rollbackTo] ?? 0), specPath.child('rollback', 'version'), errors);
  if (progressDeadlineSeconds !== undefined) {
    const at = specPath.child('progressDeadlineSeconds');
    checkNonNegative(progressDeadlineSeconds, at, errors);
    if (progressDeadlineSeconds <= minReadySeconds)
      errors.push(invalid(at, progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  }
}

function validateStrategy(strategy: DeploymentSpec['strategy'], path: Path, errors: Errors): void {
  const { type = '', rollingUpdate } = strategy ?? {};
  switch (type) {
    case 'Recreate':
      if (rollingUpdate !== undefined) {
        errors.push(forbidden(path.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'"));
      }
      break;
    case 'RollingUpdate': {
      if (rollingUpdate === undefined) {
        errors.push(required(path.child('rollingUpdate'), 'this should be defaulted and never be nil'));
        break;
      }
      const { maxSurge, maxUnavailable } = rollingUpdate;
      const at = path.child('rollingUpdate');
      validatePositiveIntOrPercent(maxUnavailable, at.child('maxUnavailable'), errors);
      validatePositiveIntOrPercent(maxSurge, at.child('maxSurge'), errors);
      if (isZero(maxUnavailable) && isZero(maxSurge)) {
        errors.push(invalid(at.child('maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
      }
      checkNotMoreThan100Percent(maxUnavailable, at.child('maxUnavailable'), errors);
      break;
    }
    default:
      // The path is upstream's.
      errors.push(notSupported(path, inGo(updateStrategyType, strategy ?? {}), ['Recreate', 'RollingUpdate']));
  }
}

export function validateDeploymentUpdate(deployment: Deployment, old: Deployment, errors: Errors): void {
  validateDeployment(deployment, errors);
  checkImmutable(deployment.spec?.selector, old.spec?.selector, specPath.child('selector'), errors, selectorInGo);
}

export function validateReplicaSet({ spec }: ReplicaSet, errors: Errors): void {
  const { replicas, minReadySeconds, selector, template } = spec ?? {};
  checkNonNegative(replicas, specPath.child('replicas'), errors);
  checkNonNegative(minReadySeconds, specPath.child('minReadySeconds'), errors);
  const parsed = validateSelector(selector, 'deployment', specPath.child('selector'), errors);
  if (parsed === undefined) errors.push(invalid(specPath.child('selector'), selectorInGo(selector), 'invalid label selector'));
  else validateRunningTemplate(template, parsed, 'ReplicaSet', specPath.child('template'), errors);
}

/** Upstream judges a changed object as a new one and as a changed one, and each fault stands twice among the causes it gives. */
function validateTwice<T>(validate: (object: T, errors: Errors) => void, object: T, errors: Errors): void {
  const found: Errors = [];
  validate(object, found);
  errors.push(...found, ...found);
}

export function validateReplicaSetUpdate(replicaSet: ReplicaSet, old: ReplicaSet, errors: Errors): void {
  validateTwice(validateReplicaSet, replicaSet, errors);
  checkImmutable(replicaSet.spec?.selector, old.spec?.selector, specPath.child('selector'), errors, selectorInGo);
}

export function validateDaemonSet({ spec }: DaemonSet, errors: Errors): void {
  validateDaemonSetSpec(spec ?? ({} as Partial<DaemonSetSpec>), errors);
}

function validateDaemonSetSpec(spec: Partial<DaemonSetSpec>, errors: Errors): void {
  const { selector, template, updateStrategy } = spec;
  const templatePath = specPath.child('template');
  if (selector !== undefined) validateLabelSelector(selector, specPath.child('selector'), errors);
  const parsed = parseSelector(selector);
  if (parsed !== undefined && !parsed.matches(template?.metadata?.labels)) {
    errors.push(
      invalid(templatePath.child('metadata', 'labels'), mapInGo(template?.metadata?.labels), '`selector` does not match template `labels`'),
    );
  }
  if (selector !== undefined && isEmptySelector(selector)) {
    errors.push(invalid(specPath.child('selector'), selectorInGo(selector), 'empty selector is invalid for daemonset'));
  }
  validatePodTemplateSpec(template, templatePath, errors);
  const { restartPolicy = '', activeDeadlineSeconds } = template?.spec ?? {};
  if (restartPolicy !== 'Always') errors.push(notSupported(templatePath.child('spec', 'restartPolicy'), restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(templatePath.child('spec', 'activeDeadlineSeconds'), 'activeDeadlineSeconds in DaemonSet is not Supported'));
  }
  checkNonNegative(spec.minReadySeconds, specPath.child('minReadySeconds'), errors);
  validateDaemonSetStrategy(updateStrategy, specPath.child('updateStrategy'), errors);
  checkNonNegative(spec.revisionHistoryLimit, specPath.child('revisionHistoryLimit'), errors);
}

export function parseSelector(selector: LabelSelector | undefined): Selector | undefined {
  try {
    return selectorFromLabelSelector(selector);
  } catch {
    return undefined;
  }
}

function validateDaemonSetStrategy(strategy: DaemonSetSpec['updateStrategy'], path: Path, errors: Errors): void {
  const { type = '', rollingUpdate } = strategy ?? {};
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') {
    errors.push(notSupported(path, inGo(updateStrategyType, strategy ?? {}), ['RollingUpdate', 'OnDelete']));
    return;
  }
  if (rollingUpdate === undefined) {
    errors.push(required(path.child('rollingUpdate')));
    return;
  }
  const { maxSurge, maxUnavailable } = rollingUpdate;
  const at = path.child('rollingUpdate');
  validatePositiveIntOrPercent(maxUnavailable, at.child('maxUnavailable'), errors);
  validatePositiveIntOrPercent(maxSurge, at.child('maxSurge'), errors);
  checkNotMoreThan100Percent(maxUnavailable, at.child('maxUnavailable'), errors);
  checkNotMoreThan100Percent(maxSurge, at.child('maxSurge'), errors);
  if (!isZero(maxSurge) && !isZero(maxUnavailable)) {
    errors.push(invalid(at.child('maxSurge'), maxSurge, 'may not be set when maxUnavailable is non-zero'));
  } else if (isZero(maxSurge) && isZero(maxUnavailable)) {
    errors.push(required(at.child('maxUnavailable'), 'cannot be 0 when maxSurge is 0'));
  }
}

export function validateDaemonSetUpdate(daemonSet: DaemonSet, old: DaemonSet, errors: Errors): void {
  validateTwice(validateDaemonSet, daemonSet, errors);
  checkImmutable(daemonSet.spec?.selector, old.spec?.selector, specPath.child('selector'), errors, selectorInGo);
}

export function validateControllerRevision({ data, revision }: ControllerRevision, errors: Errors): void {
  checkNonNegative(revision, Path.of('revision'), errors);
  if (data === undefined) errors.push(required(Path.of('data'), 'data is mandatory'));
  // Whatever is JSON can stand there.
  else if (typeof data !== 'object' || Array.isArray(data)) {
    errors.push(required(Path.of('data'), 'data must be a valid JSON object'));
  }
}

export function validateControllerRevisionUpdate(revision: ControllerRevision, old: ControllerRevision, errors: Errors): void {
  checkNonNegative(revision.revision, Path.of('revision'), errors);
  checkImmutable(revision.data, old.data, Path.of('data'), errors);
}
