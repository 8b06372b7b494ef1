import type { Kind } from '../../../api/kinds/kind.ts';
import { badRequest, invalidFields } from '../../../api/status.ts';
import { validateReview } from '../../../api/validation/reviews.ts';
import type { ApiRequest } from '../../api-request.ts';
import type { Authenticator } from '../../authentication/authenticator.ts';
import type { User } from '../../authentication/user.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { Endpoint } from '../../dispatch.ts';
import { acceptedBy } from '../../negotiation/accept.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { partialMetadata } from '../../negotiation/partial-metadata.ts';
import { answerForm } from '../../negotiation/present.ts';
import { type ApiObject, arrayAt, isDict, stringAt, valueAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { managedChange, trackFields } from '../../registry/managed-fields.ts';
import { checkNamespace } from '../create.ts';
import { decodeBody } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';
import { accessQuestion } from './access-attributes.ts';

/** Questions to authenticator and authorizer, by group and plural. */
export function reviewEndpoints(core: Core, authenticator: Authenticator, authorizer: Authorizer): Readonly<Record<string, Endpoint>> {
  /** Answers with the review that was sent, or with a new one that holds the answer alone. */
  const answered = (status: (review: ApiObject, request: ApiRequest) => unknown, renewed?: (review: ApiObject) => object): Endpoint => {
    return async (request) => {
      const { resource, info } = request;
      const accepted = acceptedBy(request, (as) => as !== 'Table');
      const options = mutationOptions(request, 'CreateOptions');
      const review = await decodeBody(core, request, resource.kind, options.fieldValidation);
      if (resource.kind.namespaced) {
        checkNamespace(review, info.namespace);
        review.metadata.namespace = info.namespace;
      }
      check(resource.kind, review);
      const answer = await status(review, request);
      if (renewed === undefined) {
        const { status: _, ...asked } = review;
        trackFields(core.fieldTypes, resource, undefined, asked, managedChange(resource, options.fieldManager, '', core.now()));
      }
      const full = { ...review, ...renewed?.(review), status: answer };
      return answerJson(201, accepted.as === undefined ? full : partialMetadata(full, accepted), answerForm(request, accepted));
    };
  };
  const access = async (user: User, review: ApiObject): Promise<unknown> => {
    const { attributes, evaluationErrors } = accessQuestion(user, review);
    const { decision, reason } = await authorizer.authorize(attributes);
    return {
      allowed: decision === 'allow',
      ...(decision === 'deny' ? { denied: true } : {}),
      ...(reason ? { reason } : {}),
      ...(evaluationErrors.length > 0 && { evaluationError: evaluationErrors.join('; ') }),
    };
  };
  return {
    'authorization.k8s.io/selfsubjectaccessreviews': answered((review, { user }) => access(user, review)),
    'authorization.k8s.io/subjectaccessreviews': answered((review) => access(subjectOf(review), review)),
    'authorization.k8s.io/localsubjectaccessreviews': answered((review) => access(subjectOf(review), review)),
    'authorization.k8s.io/selfsubjectrulesreviews': answered(
      (review, { user }) => ({ incomplete: false, ...authorizer.rulesFor(user, stringAt(review, 'spec', 'namespace')) }),
      () => ({ metadata: {}, spec: {} }),
    ),
    'authentication.k8s.io/selfsubjectreviews': answered(
      (_review, { user }) => ({ userInfo: userInfo(user) }),
      () => ({ metadata: { creationTimestamp: core.now() } }),
    ),
    'authentication.k8s.io/tokenreviews': answered(async (review) => {
      const audiences = arrayAt(review, 'spec', 'audiences').map(String);
      const reviewed = await authenticator.reviewToken(stringAt(review, 'spec', 'token'), audiences);
      if ('problem' in reviewed) return { user: {}, error: reviewed.problem };
      return {
        authenticated: true,
        user: userInfo(reviewed.user),
        ...(reviewed.audiences.length > 0 ? { audiences: reviewed.audiences } : {}),
      };
    }),
  };
}

function userInfo(user: User): unknown {
  return {
    username: user.name,
    ...(user.uid ? { uid: user.uid } : {}),
    groups: user.groups,
    ...(user.extra ? { extra: user.extra } : {}),
  };
}

function subjectOf(review: ApiObject): User {
  const extra = valueAt(review, 'spec', 'extra');
  const facts = isDict(extra) ? Object.entries(extra).map(([key, values]) => [key, arrayAt(values).map(String)] as const) : [];
  return {
    name: stringAt(review, 'spec', 'user'),
    uid: stringAt(review, 'spec', 'uid'),
    groups: arrayAt(review, 'spec', 'groups').map(String),
    extra: Object.fromEntries(facts),
  };
}

function check({ group, kind }: Kind, review: ApiObject): void {
  const { errors, refusal } = validateReview(kind, review);
  if (refusal) throw badRequest(refusal.message);
  // Upstream leaves the kind's name out of this one failure.
  if (errors.length > 0) throw invalidFields({ group, resource: '' }, '', errors);
}
