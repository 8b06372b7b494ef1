import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '../../generated/types/core/v1.ts';
import { labelValueProblems } from '../../names/index.ts';
import { checkQualifiedName, type Errors, reportInvalid } from '../checks.ts';
import { forbidden, invalid, required } from '../field-error.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import type { Path } from '../path.ts';

/** Conditions on nodes, of pods and of volumes. */

export function validateNodeSelector(selector: NodeSelector, path: Path, errors: Errors): void {
  const at = path.child('nodeSelectorTerms');
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) {
    errors.push(required(at, 'must have at least one node selector term'));
    return;
  }
  for (const [index, term] of terms.entries()) validateNodeSelectorTerm(term, true, at.index(index), errors);
}

/** @param strict Whether values must have the form of label values; preferences may name anything. */
export function validateNodeSelectorTerm(term: NodeSelectorTerm | undefined, strict: boolean, path: Path, errors: Errors): void {
  for (const [index, requirement] of (term?.matchExpressions ?? []).entries()) {
    validateRequirement(requirement, strict, path.child('matchExpressions').index(index), errors);
  }
  for (const [index, requirement] of (term?.matchFields ?? []).entries()) {
    validateFieldRequirement(requirement, path.child('matchFields').index(index), errors);
  }
}

function validateRequirement(requirement: NodeSelectorRequirement, strict: boolean, path: Path, errors: Errors): void {
  const { key = '', operator = '', values = [] } = requirement;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        errors.push(forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1)
        errors.push(required(path.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
  checkQualifiedName(key, path.child('key'), errors);
  if (!strict) return;
  for (const [index, value] of values.entries()) reportInvalid(labelValueProblems(value), value, path.child('values').index(index), errors);
}

function validateFieldRequirement(requirement: NodeSelectorRequirement, path: Path, errors: Errors): void {
  const { key = '', operator = '', values = [] } = requirement;
  if (operator !== 'In' && operator !== 'NotIn') errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  else if (values.length !== 1) {
    errors.push(required(path.child('values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  }
  if (key !== 'metadata.name') errors.push(invalid(path.child('key'), key, 'not a valid field selector key'));
  else {
    for (const [index, value] of values.entries()) {
      reportInvalid(nameIsDnsSubdomain(value, false), value, path.child('values').index(index), errors);
    }
  }
}
