import type { StatefulSet, StatefulSetSpec } from '../generated/types/apps/v1.ts';
import type { PodTemplateSpec, Volume } from '../generated/types/core/v1.ts';
import { checkNotMoreThan100Percent, checkSelectorMatchesTemplate, isZero, parseSelector, validatePositiveIntOrPercent } from './apps.ts';
import { checkDnsLabel, checkNonNegative, checkOptionalOneOf, type Errors } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import { inGo, rollingStatefulSetType, selectorInGo, statefulSetStrategyType } from './internal-types.ts';
import { isEmptySelector, validateLabelSelector } from './label-selector.ts';
import { validateAnnotations, validateLabels } from './object-meta.ts';
import { Path } from './path.ts';
import { validatePersistentVolumeClaimSpec } from './persistent-volume-claim.ts';
import { validatePodAnnotations } from './pod/annotations.ts';
import { validatePodTemplateSpec } from './pod/spec.ts';

/** `pkg/apis/apps/validation`, of StatefulSets */

const specPath = Path.of('spec');

/** What a stored set is not held to any more, because it was made before the rule was. */
interface Leniency {
  readonly serviceName?: true;
  readonly template?: true;
  readonly claims?: true;
}

export function validateStatefulSet({ spec }: StatefulSet, errors: Errors): void {
  validateStatefulSetSpec(spec ?? ({} as Partial<StatefulSetSpec>), {}, errors);
}

function validateStatefulSetSpec(spec: Partial<StatefulSetSpec>, lenient: Leniency, errors: Errors): void {
  const { podManagementPolicy = '', updateStrategy, selector, template } = spec;
  if (podManagementPolicy === '') errors.push(required(specPath.child('podManagementPolicy')));
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel') {
    errors.push(invalid(specPath.child('podManagementPolicy'), podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  }
  validateStatefulSetStrategy(updateStrategy, specPath.child('updateStrategy'), errors);
  const retention = specPath.child('persistentVolumeClaimRetentionPolicy');
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    checkOptionalOneOf(spec.persistentVolumeClaimRetentionPolicy?.[field], ['Retain', 'Delete'], retention.child(field), errors);
  }
  if (!lenient.claims) validateClaimTemplates(spec, errors);
  checkNonNegative(spec.replicas, specPath.child('replicas'), errors);
  checkNonNegative(spec.minReadySeconds, specPath.child('minReadySeconds'), errors);
  checkNonNegative(spec.ordinals?.start, specPath.child('ordinals', 'start'), errors);
  if (!lenient.serviceName && spec.serviceName) checkDnsLabel(spec.serviceName, specPath.child('serviceName'), errors);
  if (selector === undefined) errors.push(required(specPath.child('selector')));
  else {
    validateLabelSelector(selector, specPath.child('selector'), errors);
    if (isEmptySelector(selector)) {
      errors.push(invalid(specPath.child('selector'), selectorInGo(selector), 'empty selector is invalid for statefulset'));
    }
  }
  const parsed = parseSelector(selector);
  const templatePath = specPath.child('template');
  if (parsed === undefined) errors.push(invalid(specPath.child('selector'), selectorInGo(selector), ''));
  else {
    checkSelectorMatchesTemplate(parsed, template, templatePath, errors);
    if (lenient.template) validateTemplateMetadata(template, templatePath, errors);
    else validatePodTemplateSpec(withClaims(template, spec), templatePath, errors);
  }
  const { restartPolicy = '', activeDeadlineSeconds } = template?.spec ?? {};
  if (restartPolicy !== 'Always') errors.push(notSupported(templatePath.child('spec', 'restartPolicy'), restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(templatePath.child('spec', 'activeDeadlineSeconds'), 'activeDeadlineSeconds in StatefulSet is not Supported'));
  }
}

function validateClaimTemplates(spec: Partial<StatefulSetSpec>, errors: Errors): void {
  for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries()) {
    validatePersistentVolumeClaimSpec(claim.spec, specPath.child('volumeClaimTemplates').index(index).child('spec'), errors);
  }
}

/** The template with the volumes that its pods get from claims, which stand in place of its own of the same names. */
function withClaims(template: PodTemplateSpec | undefined, { volumeClaimTemplates = [] }: Partial<StatefulSetSpec>): PodTemplateSpec {
  if (template?.spec === undefined) return template ?? {};
  // The pods get the names that the controller gives them.
  const { hostname: _, subdomain: __, ...spec } = template.spec;
  if (volumeClaimTemplates.length === 0) return { ...template, spec };
  const names = new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ''));
  const ofClaim = (name: string): Volume => ({ name, persistentVolumeClaim: { claimName: name } });
  const own = (template.spec.volumes ?? []).map((volume) => (names.delete(volume.name) ? ofClaim(volume.name) : volume));
  // Behind the template's own, so that these are found at the places where they are written.
  return { ...template, spec: { ...spec, volumes: [...own, ...[...names].map(ofClaim)] } };
}

function validateTemplateMetadata(template: PodTemplateSpec | undefined, path: Path, errors: Errors): void {
  validateLabels(template?.metadata?.labels, path.child('labels'), errors);
  validateAnnotations(template?.metadata?.annotations, path.child('annotations'), errors);
  validatePodAnnotations(template?.metadata?.annotations, template?.spec ?? { containers: [] }, path.child('annotations'), errors);
}

function validateStatefulSetStrategy(strategy: StatefulSetSpec['updateStrategy'], path: Path, errors: Errors): void {
  const { type = '', rollingUpdate } = strategy ?? {};
  switch (type) {
    case '':
      errors.push(required(path));
      break;
    case 'OnDelete':
      if (rollingUpdate !== undefined) {
        const detail = "only allowed for updateStrategy 'RollingUpdate'";
        errors.push(invalid(path.child('rollingUpdate'), inGo(rollingStatefulSetType, rollingUpdate), detail));
      }
      break;
    case 'RollingUpdate':
      if (rollingUpdate === undefined) break;
      checkNonNegative(rollingUpdate.partition, path.child('rollingUpdate', 'partition'), errors);
      if (rollingUpdate.maxUnavailable !== undefined) {
        const at = path.child('rollingUpdate', 'maxUnavailable');
        validatePositiveIntOrPercent(rollingUpdate.maxUnavailable, at, errors);
        if (isZero(rollingUpdate.maxUnavailable)) errors.push(invalid(at, rollingUpdate.maxUnavailable, 'cannot be 0'));
        checkNotMoreThan100Percent(rollingUpdate.maxUnavailable, at, errors);
      }
      break;
    default:
      errors.push(invalid(path, inGo(statefulSetStrategyType, strategy ?? {}), "must be 'RollingUpdate' or 'OnDelete'"));
  }
}

const statefulSetChangeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

function leniencyOf({ spec }: StatefulSet): Leniency {
  const before: Partial<StatefulSetSpec> = spec ?? {};
  const templateFaults: Errors = [];
  validatePodTemplateSpec(withClaims(before.template, before), specPath.child('template'), templateFaults);
  const claimFaults: Errors = [];
  validateClaimTemplates(before, claimFaults);
  return { serviceName: true, ...(templateFaults.length > 0 && { template: true }), ...(claimFaults.length > 0 && { claims: true }) };
}

export function validateStatefulSetUpdate(statefulSet: StatefulSet, old: StatefulSet, errors: Errors): void {
  validateStatefulSetSpec(statefulSet.spec ?? ({} as Partial<StatefulSetSpec>), leniencyOf(old), errors);
  const rest: Partial<StatefulSetSpec> = { serviceName: '', ...statefulSet.spec };
  // Older objects of ours stand without the name that is always written now.
  const before: Partial<StatefulSetSpec> = { serviceName: '', ...old.spec };
  for (const field of statefulSetChangeable) {
    delete rest[field];
    delete before[field];
  }
  if (!semanticEqual(rest, before)) {
    const detail =
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
    errors.push(forbidden(specPath, detail));
  }
}
