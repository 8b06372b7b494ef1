import { base64Bytes, base64Problem } from '../../../api/base64.ts';
import { apiVersionOf } from '../../../api/kinds/kind.ts';
import { requestOf } from '../../../api/policies/request.ts';
import { type Dict, isDict } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import type { Attributes } from '../admission.ts';
import type { Versioned } from '../versions.ts';

const versions = ['v1', 'v1beta1'];

/** The version of the review that a webhook wants, of those there are. */
export function reviewVersion(accepted: readonly string[]): string | undefined {
  return accepted.find((version) => versions.includes(version));
}

/** The `AdmissionReview` that asks a webhook about a write, in the version it is for. */
export function reviewOf(attributes: Attributes, resource: Resource, { object, oldObject }: Versioned, version: string, uid: string): Dict {
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: { uid, ...requestOf(attributes, resource), object, oldObject },
  };
}

/** What a webhook has answered, once it has been checked. */
export interface ReviewAnswer {
  readonly allowed: boolean;
  readonly status: Dict | undefined;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
  /** The patch as it was sent, in JSON; nobody has looked yet whether it is. */
  readonly patch: string | undefined;
  readonly patchType: string;
}

/** Checks an answer as upstream's `VerifyAdmissionResponse` does. @throws Error with upstream's words. */
export function verifyAnswer(review: unknown, uid: string, version: string, mutating: boolean): ReviewAnswer {
  const response = isDict(review) ? review.response : undefined;
  if (!isDict(review) || !isDict(response)) throw new Error('webhook response was absent');
  const expected = apiVersionOf({ group: 'admission.k8s.io', version });
  if (version === 'v1') {
    const given = typeof response.uid === 'string' ? response.uid : '';
    if (given !== uid) throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(given)}`);
    if (review.apiVersion !== expected || review.kind !== 'AdmissionReview') {
      throw new Error(
        `expected webhook response of ${expected}, Kind=AdmissionReview, got ${String(review.apiVersion ?? '')}, Kind=${String(review.kind ?? '')}`,
      );
    }
    checkPatch(response, mutating);
  }
  const patch = typeof response.patch === 'string' && response.patch !== '' ? response.patch : undefined;
  return {
    allowed: response.allowed === true,
    status: isDict(response.status) ? response.status : undefined,
    warnings: Array.isArray(response.warnings) ? response.warnings.map(String) : [],
    auditAnnotations: isDict(response.auditAnnotations)
      ? Object.fromEntries(Object.entries(response.auditAnnotations).map(([key, value]) => [key, String(value)]))
      : {},
    patch: mutating && patch !== undefined ? new TextDecoder().decode(base64Bytes(patch)) : undefined,
    patchType: typeof response.patchType === 'string' ? response.patchType : version === 'v1' ? '' : 'JSONPatch',
  };
}

function checkPatch({ patch, patchType }: Dict, mutating: boolean): void {
  const hasPatch = patch !== undefined && patch !== null && patch !== '';
  const hasType = patchType !== undefined && patchType !== null;
  if (!mutating) {
    if (hasPatch) throw new Error('validating webhook may not return response.patch');
    if (hasType) throw new Error('validating webhook may not return response.patchType');
    return;
  }
  if (hasPatch && !hasType) throw new Error('webhook returned response.patch but not response.patchType');
  if (!hasPatch && hasType) throw new Error('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw new Error('webhook returned invalid response.patchType of ""');
}

/** Throws Go's error for an answer whose patch is not in base64, which its client cannot decode. */
export function checkEncoding(review: unknown): void {
  const patch = isDict(review) && isDict(review.response) ? review.response.patch : undefined;
  const problem = typeof patch === 'string' ? base64Problem(patch) : undefined;
  if (problem !== undefined) throw new Error(problem);
}
