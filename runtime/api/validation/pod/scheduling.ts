import type {
  Affinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
  WeightedPodAffinityTerm,
} from '../../generated/types/core/v1.ts';
import type { LabelSelector } from '../../generated/types/meta/v1.ts';
import { labelValueProblems } from '../../names/index.ts';
import { checkOptionalOneOf, checkQualifiedName, type Errors, notPositiveMessage, reportInvalid } from '../checks.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../field-error.ts';
import { validateLabelSelector } from '../label-selector.ts';
import { nameIsDnsLabel } from '../name-rules.ts';
import type { Path } from '../path.ts';
import { validateNodeSelector, validateNodeSelectorTerm } from './node-selectors.ts';

/** Where a pod wants to run, and where it can bear to. */

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredTerms = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity | undefined, path: Path, errors: Errors): void {
  if (affinity === undefined) return;
  const { nodeAffinity } = affinity;
  if (nodeAffinity !== undefined) {
    const at = path.child('nodeAffinity');
    const needed = nodeAffinity[requiredTerms];
    if (needed !== undefined) validateNodeSelector(needed, at.child(requiredTerms), errors);
    for (const [index, { weight = 0, preference }] of (nodeAffinity[preferredTerms] ?? []).entries()) {
      const term = at.child(preferredTerms).index(index);
      checkWeight(weight, term, errors);
      validateNodeSelectorTerm(preference, false, term.child('preference'), errors);
    }
  }
  for (const name of ['podAffinity', 'podAntiAffinity'] as const) {
    const terms = affinity[name];
    if (terms === undefined) continue;
    validateTerms(terms[requiredTerms], path.child(name, requiredTerms), errors);
    validateWeightedTerms(terms[preferredTerms], path.child(name, preferredTerms), errors);
  }
}

function checkWeight(weight: number, path: Path, errors: Errors): void {
  if (weight <= 0 || weight > 100) errors.push(invalid(path.child('weight'), weight, 'must be in the range 1-100'));
}

function validateTerms(terms: readonly PodAffinityTerm[] | undefined, path: Path, errors: Errors): void {
  for (const [index, term] of (terms ?? []).entries()) validateTerm(term, path.index(index), errors);
}

function validateWeightedTerms(terms: readonly WeightedPodAffinityTerm[] | undefined, path: Path, errors: Errors): void {
  for (const [index, { weight = 0, podAffinityTerm }] of (terms ?? []).entries()) {
    checkWeight(weight, path.index(index), errors);
    validateTerm(podAffinityTerm ?? { topologyKey: '' }, path.index(index).child('podAffinityTerm'), errors);
  }
}

function validateTerm(term: PodAffinityTerm, path: Path, errors: Errors): void {
  const { labelSelector, namespaceSelector, topologyKey = '' } = term;
  validateLabelSelector(labelSelector, path.child('labelSelector'), errors);
  validateLabelSelector(namespaceSelector, path.child('namespaceSelector'), errors);
  for (const namespace of term.namespaces ?? []) {
    reportInvalid(nameIsDnsLabel(namespace, false), namespace, path.child('namespace'), errors);
  }
  validateMatchKeys(term, labelSelector, path, errors);
  if (topologyKey === '') errors.push(required(path.child('topologyKey'), 'can not be empty'));
  checkQualifiedName(topologyKey, path.child('topologyKey'), errors);
}

interface LabelKeys {
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/** Keys of labels that are merged into the selector when a pod is made; those that the selector has already are there twice then. */
function validateMatchKeys(keys: LabelKeys, selector: LabelSelector | undefined, path: Path, errors: Errors): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = keys;
  for (const [name, listed] of [
    ['matchLabelKeys', matchLabelKeys],
    ['mismatchLabelKeys', mismatchLabelKeys],
  ] as const) {
    if (listed.length === 0) continue;
    if (selector === undefined) errors.push(forbidden(path.child(name), 'must not be specified when labelSelector is not set'));
    else for (const [index, key] of listed.entries()) checkQualifiedName(key, path.child(name).index(index), errors);
  }
  if (selector !== undefined) {
    const selected = new Set(Object.keys(selector.matchLabels ?? {}));
    for (const { key } of selector.matchExpressions ?? []) {
      const index = matchLabelKeys.lastIndexOf(key);
      if (index >= 0 && selected.has(key)) errors.push(invalid(path.index(index), key, 'exists in both matchLabelKeys and labelSelector'));
      selected.add(key);
    }
  }
  for (const [index, key] of matchLabelKeys.entries()) {
    if (mismatchLabelKeys.includes(key)) {
      errors.push(invalid(path.child('matchLabelKeys').index(index), key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
    }
  }
}

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** What a taint does to pods that do not tolerate it. */
export function checkTaintEffect(effect: string | undefined, allowEmpty: boolean, path: Path, errors: Errors): void {
  if (effect === undefined || effect === '') {
    if (!allowEmpty) errors.push(required(path));
  } else if (!taintEffects.includes(effect)) errors.push(notSupported(path, effect, taintEffects));
}

export function validateTolerations(tolerations: readonly Toleration[] | undefined, path: Path, errors: Errors): void {
  if (tolerations === undefined) return;
  for (const [index, toleration] of tolerations.entries()) {
    const at = path.index(index);
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    if (key !== '') checkQualifiedName(key, at.child('key'), errors);
    else if (operator !== 'Exists') {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(at.child('operator'), operator, detail));
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(invalid(at.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    switch (operator) {
      case '':
      case 'Equal': {
        const problems = labelValueProblems(value);
        if (problems.length > 0) errors.push(invalid(at.child('operator'), value, problems.join(';')));
        break;
      }
      case 'Exists':
        if (value !== '') errors.push(invalid(at.child('operator'), value, "value must be empty when `operator` is 'Exists'"));
        break;
      // Numbers are not compared yet; upstream names the operators all the same, but only to those who use them.
      case 'Lt':
      case 'Gt':
        errors.push(notSupported(at.child('operator'), operator, ['Equal', 'Exists', 'Lt', 'Gt']));
        break;
      default:
        errors.push(notSupported(at.child('operator'), operator, ['Equal', 'Exists']));
    }
    checkTaintEffect(effect, true, at.child('effect'), errors);
  }
}

const inclusionPolicies = ['Honor', 'Ignore'];

export function validateTopologySpread(constraints: readonly TopologySpreadConstraint[] | undefined, path: Path, errors: Errors): void {
  if (constraints === undefined) return;
  for (const [index, constraint] of constraints.entries()) {
    const at = path.index(index);
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains, labelSelector } = constraint;
    if (maxSkew <= 0) errors.push(invalid(at.child('maxSkew'), maxSkew, notPositiveMessage));
    if (topologyKey === '') errors.push(required(at.child('topologyKey'), 'can not be empty'));
    checkOptionalOneOf(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], at.child('whenUnsatisfiable'), errors);
    const again = constraints
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (again) errors.push(duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${whenUnsatisfiable}}`));
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(at.child('minDomains'), minDomains, notPositiveMessage));
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
        errors.push(invalid(at.child('minDomains'), minDomains, detail));
      }
    }
    checkOptionalOneOf(constraint.nodeAffinityPolicy, inclusionPolicies, at.child('nodeAffinityPolicy'), errors);
    checkOptionalOneOf(constraint.nodeTaintsPolicy, inclusionPolicies, at.child('nodeTaintsPolicy'), errors);
    validateMatchKeys(constraint, labelSelector, at, errors);
    validateLabelSelector(labelSelector, at.child('labelSelector'), errors);
  }
}
