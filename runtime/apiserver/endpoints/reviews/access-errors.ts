import { checkQualifiedName, type Errors } from '../../../api/validation/checks.ts';
import { forbidden, invalid, required } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import { type ApiObject, arrayAt, isDict, stringAt, valueAt } from '../../registry/api-object.ts';

const spec = Path.of('spec');

/** What is wrong with the question of a review. Upstream: pkg/apis/authorization/validation. */
export function accessErrors(review: ApiObject, ofWhom: 'self' | 'subject'): Errors {
  const errors: Errors = [];
  const resource = valueAt(review, 'spec', 'resourceAttributes');
  const other = valueAt(review, 'spec', 'nonResourceAttributes');
  if (resource !== undefined && other !== undefined) {
    errors.push(invalid(spec.child('nonResourceAttributes'), other, 'cannot be specified in combination with resourceAttributes'));
  }
  if (resource === undefined && other === undefined) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(invalid(spec.child('resourceAttributes'), null, detail));
  }
  if (ofWhom === 'subject' && stringAt(review, 'spec', 'user') === '' && arrayAt(review, 'spec', 'groups').length === 0) {
    errors.push(invalid(spec.child('user'), '', 'at least one of user or group must be specified'));
  }
  const at = spec.child('resourceAttributes');
  checkSelector(valueAt(resource, 'fieldSelector'), at.child('fieldSelector'), checkFieldKey, errors);
  checkSelector(valueAt(resource, 'labelSelector'), at.child('labelSelector'), checkQualifiedName, errors);
  return errors;
}

/** Reviews are asked, not kept: they have no name and nothing else that says which they are. */
export function metadataErrors({ metadata }: ApiObject, but: 'namespace' | undefined): Errors {
  const said = Object.keys(metadata).filter((key) => key !== 'managedFields' && key !== 'creationTimestamp' && key !== but);
  if (said.length === 0) return [];
  return [invalid(Path.of('metadata'), metadata, but === undefined ? 'must be empty' : `must be empty except for ${but}`)];
}

/** What a review in a namespace may not ask. */
export function localErrors(review: ApiObject, namespace: string): Errors {
  const errors: Errors = [];
  const given = stringAt(review, 'spec', 'resourceAttributes', 'namespace');
  if (valueAt(review, 'spec', 'resourceAttributes') !== undefined && given !== namespace) {
    errors.push(invalid(spec.child('resourceAttributes', 'namespace'), given, 'must match metadata.namespace'));
  }
  const other = valueAt(review, 'spec', 'nonResourceAttributes');
  if (other !== undefined) errors.push(invalid(spec.child('nonResourceAttributes'), other, 'disallowed on this kind of request'));
  return errors;
}

function checkFieldKey(key: string, path: Path, errors: Errors): void {
  if (key === '') errors.push(required(path, 'must be specified'));
}

/** Operators that nobody knows yet are let through: newer clients may know them, and the answer says that they were not heeded. */
function checkSelector(selector: unknown, path: Path, checkKey: (key: string, path: Path, errors: Errors) => void, errors: Errors): void {
  if (!isDict(selector)) return;
  const raw = stringAt(selector, 'rawSelector');
  const requirements = arrayAt(selector, 'requirements');
  if (raw !== '' && requirements.length > 0) {
    errors.push(invalid(path.child('rawSelector'), raw, 'may not specified at the same time as requirements'));
  }
  if (raw === '' && requirements.length === 0) {
    errors.push(required(path.child('requirements'), `when ${path} is specified, requirements or rawSelector is required`));
  }
  for (const [index, requirement] of requirements.entries()) {
    const at = path.child('requirements').index(index);
    const operator = stringAt(requirement, 'operator');
    const count = arrayAt(requirement, 'values').length;
    checkKey(stringAt(requirement, 'key'), at.child('key'), errors);
    if ((operator === 'In' || operator === 'NotIn') && count === 0) {
      errors.push(required(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
    }
    if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0) {
      errors.push(forbidden(at.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    }
  }
}
