import {
  fieldSelectorOf,
  formatFieldSelector,
  parseFieldSelector,
  parseLabelSelector,
  requirementOf,
} from '../../../api/selectors/index.ts';
import type { User } from '../../authentication/user.ts';
import type { AccessAttributes } from '../../authorization/authorizer.ts';
import { type ApiObject, arrayAt, isDict, stringAt, valueAt } from '../../registry/api-object.ts';

/** What a review asks, and what of it could not be understood: an authorizer is then asked for more than that. */
export interface AccessQuestion {
  readonly attributes: AccessAttributes;
  /** Told beside the answer; empty when everything was understood. */
  readonly evaluationErrors: readonly string[];
}

/** What was read of a selector. */
interface ReadSelector {
  readonly text: string;
  /** Whether some of it, or all, could not be read. */
  readonly failed: boolean;
}

/** The question of a review about a user. Upstream: `ResourceAttributesFrom`, `NonResourceAttributesFrom`. */
export function accessQuestion(user: User, review: ApiObject): AccessQuestion {
  const resource = valueAt(review, 'spec', 'resourceAttributes');
  const other = valueAt(review, 'spec', 'nonResourceAttributes');
  const fields = readFieldSelector(valueAt(resource, 'fieldSelector'));
  const labels = readLabelSelector(valueAt(resource, 'labelSelector'));
  const attributes = {
    user,
    verb: stringAt(resource ?? other, 'verb'),
    isResource: resource !== undefined,
    path: stringAt(other, 'path'),
    group: stringAt(resource, 'group'),
    version: stringAt(resource, 'version') || '*',
    resource: stringAt(resource, 'resource'),
    subresource: stringAt(resource, 'subresource'),
    namespace: stringAt(resource, 'namespace'),
    name: stringAt(resource, 'name'),
    ...(fields.text !== '' && { fieldSelector: fields.text }),
  };
  return { attributes, evaluationErrors: [...complaint('fieldSelector', fields), ...complaint('labelSelector', labels)] };
}

function complaint(field: string, { failed, text }: ReadSelector): string[] {
  if (!failed) return [];
  return [`spec.resourceAttributes.${field} ${text === '' ? '' : 'partially '}ignored due to parse error`];
}

const nothing: ReadSelector = { text: '', failed: false };

/** Requirements that are not understood are left out: what remains asks for more, never for less. */
function readFieldSelector(selector: unknown): ReadSelector {
  if (!isDict(selector)) return nothing;
  const requirements = arrayAt(selector, 'requirements');
  if (requirements.length === 0) return readRaw(stringAt(selector, 'rawSelector'), parseFieldSelector);
  const read = requirements.flatMap((requirement) => {
    const operator = stringAt(requirement, 'operator');
    const [value, ...more] = arrayAt(requirement, 'values').map(String);
    if ((operator !== 'In' && operator !== 'NotIn') || value === undefined || more.length > 0) return [];
    return [{ field: stringAt(requirement, 'key'), operator: operator === 'In' ? ('=' as const) : ('!=' as const), value }];
  });
  return { text: formatFieldSelector(fieldSelectorOf(read)), failed: read.length < requirements.length };
}

const labelOperators = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const;

function isLabelOperator(text: string): text is keyof typeof labelOperators {
  return Object.hasOwn(labelOperators, text);
}

function readLabelSelector(selector: unknown): ReadSelector {
  if (!isDict(selector)) return nothing;
  const requirements = arrayAt(selector, 'requirements');
  if (requirements.length === 0) return readRaw(stringAt(selector, 'rawSelector'), parseLabelSelector);
  const read = requirements.filter((requirement) => {
    const operator = stringAt(requirement, 'operator');
    if (!isLabelOperator(operator)) return false;
    const values = arrayAt(requirement, 'values').map(String);
    return isReadable(() => requirementOf(stringAt(requirement, 'key'), labelOperators[operator], values));
  });
  return { text: read.map((requirement) => stringAt(requirement, 'key')).join(','), failed: read.length < requirements.length };
}

function readRaw(text: string, parse: (text: string) => unknown): ReadSelector {
  return isReadable(() => parse(text)) ? { text, failed: false } : { text: '', failed: true };
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
