import type { TokenReview } from '../generated/types/authentication/v1.ts';
import type {
  FieldSelectorAttributes,
  LabelSelectorAttributes,
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from '../generated/types/authorization/v1.ts';
import type { ObjectMeta } from '../generated/types/meta/v1.ts';
import { checkQualifiedName, type Errors } from './checks.ts';
import { type FieldError, forbidden, invalid, required } from './field-error.ts';
import { inGo, nonResourceAttributesType } from './internal-types.ts';
import { Path } from './path.ts';

/** Reviews are asked, not kept: none of the rules for objects with names holds for them. */

const spec = Path.of('spec');

/** Why a review is refused as a whole. */
export interface Refusal {
  /** The field that it is about, though the message does not name it. */
  readonly field: string;
  readonly message: string;
}

/** Any of the reviews, as it was decoded. */
export interface Review {
  readonly metadata?: ObjectMeta;
}

interface ReviewRules {
  /** Upstream: pkg/apis/authorization/validation. */
  errors?(review: Review): FieldError[];
  /** Upstream: the `Create` of pkg/registry/authentication and pkg/registry/authorization. */
  refusal?(review: Review): Refusal | undefined;
}

const rules: Readonly<Record<string, ReviewRules>> = {
  SelfSubjectAccessReview: {
    errors: (review) => [...attributesErrors(review), ...selectorErrors(review), ...metadataErrors(review, undefined)],
  },
  SubjectAccessReview: {
    errors: (review) => [...subjectErrors(review), ...metadataErrors(review, undefined)],
  },
  LocalSubjectAccessReview: {
    errors: (review) => [...subjectErrors(review), ...metadataErrors(review, 'namespace'), ...localErrors(review)],
  },
  TokenReview: {
    refusal: ({ spec }: Partial<TokenReview>) =>
      spec?.token ? undefined : { field: 'spec.token', message: 'token is required for TokenReview in authentication' },
  },
  SelfSubjectRulesReview: {
    refusal: ({ spec }: Partial<SelfSubjectRulesReview>) =>
      spec?.namespace ? undefined : { field: 'spec.namespace', message: 'no namespace on request' },
  },
};

/** Everything that is wrong with the question of a review, or why it is refused as a whole. Its metadata name the namespace that it is sent to. */
export function validateReview(kind: string, review: Review): { readonly errors: readonly FieldError[]; readonly refusal?: Refusal } {
  const refusal = rules[kind]?.refusal?.(review);
  return { errors: rules[kind]?.errors?.(review) ?? [], ...(refusal && { refusal }) };
}

function subjectErrors(review: Partial<SubjectAccessReview>): Errors {
  const { user = '', groups = [] } = review.spec ?? {};
  const errors = attributesErrors(review);
  if (user === '' && groups.length === 0) {
    errors.push(invalid(spec.child('user'), '', 'at least one of user or group must be specified'));
  }
  return [...errors, ...selectorErrors(review)];
}

function attributesErrors(review: Partial<SelfSubjectAccessReview>): Errors {
  const { resourceAttributes, nonResourceAttributes } = review.spec ?? {};
  if (resourceAttributes && nonResourceAttributes) {
    const detail = 'cannot be specified in combination with resourceAttributes';
    return [invalid(spec.child('nonResourceAttributes'), inGo(nonResourceAttributesType, nonResourceAttributes), detail)];
  }
  if (resourceAttributes || nonResourceAttributes) return [];
  const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalid(spec.child('resourceAttributes'), null, detail)];
}

function metadataErrors({ metadata = {} }: Review, but: 'namespace' | undefined): Errors {
  const said = Object.keys(metadata).filter((key) => key !== 'managedFields' && key !== 'creationTimestamp' && key !== but);
  if (said.length === 0) return [];
  return [invalid(Path.of('metadata'), metadata, but === undefined ? 'must be empty' : `must be empty except for ${but}`)];
}

function localErrors(review: Partial<LocalSubjectAccessReview>): Errors {
  const errors: Errors = [];
  const { resourceAttributes, nonResourceAttributes } = review.spec ?? {};
  const { namespace = '' } = resourceAttributes ?? {};
  if (resourceAttributes && namespace !== (review.metadata?.namespace ?? '')) {
    errors.push(invalid(spec.child('resourceAttributes', 'namespace'), namespace, 'must match metadata.namespace'));
  }
  if (nonResourceAttributes) {
    errors.push(
      invalid(
        spec.child('nonResourceAttributes'),
        inGo(nonResourceAttributesType, nonResourceAttributes),
        'disallowed on this kind of request',
      ),
    );
  }
  return errors;
}

function selectorErrors(review: Partial<SelfSubjectAccessReview>): Errors {
  const errors: Errors = [];
  const { fieldSelector, labelSelector } = review.spec?.resourceAttributes ?? {};
  const at = spec.child('resourceAttributes');
  checkSelector(fieldSelector, at.child('fieldSelector'), checkFieldKey, errors);
  checkSelector(labelSelector, at.child('labelSelector'), checkQualifiedName, errors);
  return errors;
}

function checkFieldKey(key: string, path: Path, errors: Errors): void {
  if (key === '') errors.push(required(path, 'must be specified'));
}

/** Operators that nobody knows yet are let through: newer clients may know them, and the answer says that they were not heeded. */
function checkSelector(
  selector: FieldSelectorAttributes | LabelSelectorAttributes | undefined,
  path: Path,
  checkKey: (key: string, path: Path, errors: Errors) => void,
  errors: Errors,
): void {
  if (!selector) return;
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector !== '' && requirements.length > 0) {
    errors.push(invalid(path.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements'));
  }
  if (rawSelector === '' && requirements.length === 0) {
    errors.push(required(path.child('requirements'), `when ${path} is specified, requirements or rawSelector is required`));
  }
  for (const [index, { key = '', operator = '', values = [] }] of requirements.entries()) {
    const at = path.child('requirements').index(index);
    checkKey(key, at.child('key'), errors);
    if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
      errors.push(required(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
    }
    if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
      errors.push(forbidden(at.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    }
  }
}
