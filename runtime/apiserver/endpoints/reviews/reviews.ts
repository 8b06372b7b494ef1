import type { Kind } from '../../../api/kinds/kind.ts';
import { badRequest, invalidFields } from '../../../api/status.ts';
import { type FieldError, invalid } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import type { ApiRequest } from '../../api-request.ts';
import type { Authenticator } from '../../authentication/authenticator.ts';
import type { AccessAttributes, Authorizer } from '../../authorization/authorizer.ts';
import type { Endpoint } from '../../dispatch.ts';
import { negotiate } from '../../negotiation/accept.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { partialMetadata } from '../../negotiation/partial-metadata.ts';
import { answerForm } from '../../negotiation/present.ts';
import { type ApiObject, arrayAt, isDict, stringAt, valueAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { managedChange, trackFields } from '../../registry/managed-fields.ts';
import type { User } from '../../server.ts';
import { decodeBody } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';

/** Questions to authenticator and authorizer, by group and plural. */
export function reviewEndpoints(core: Core, authenticator: Authenticator, authorizer: Authorizer): Readonly<Record<string, Endpoint>> {
  const answered = (status: (review: ApiObject, request: ApiRequest) => unknown, keepsSpec = true): Endpoint => {
    return async (request) => {
      const { resource } = request;
      const accepted = negotiate(request.request.headers.get('accept'), (as) => as !== 'Table');
      const options = mutationOptions(request, 'CreateOptions');
      const review = await decodeBody(core, request, resource.kind, options.fieldValidation);
      const answered = await status(review, request);
      // A review of rules is answered with another object than the one that was sent.
      const answer = keepsSpec ? review : { kind: review.kind, apiVersion: review.apiVersion, metadata: {}, spec: {} };
      const { status: _, ...asked } = review;
      if (keepsSpec)
        trackFields(core.fieldTypes, resource, undefined, asked, managedChange(resource, options.fieldManager, '', core.now()));
      const full = { ...answer, status: answered };
      return answerJson(201, accepted.as === undefined ? full : partialMetadata(full, accepted), answerForm(request, accepted));
    };
  };
  const access = async (user: User, review: ApiObject): Promise<unknown> => {
    const { decision, reason } = await authorizer.authorize(accessAttributes(user, review));
    return { allowed: decision === 'allow', ...(decision === 'deny' ? { denied: true } : {}), ...(reason ? { reason } : {}) };
  };
  return {
    'authorization.k8s.io/selfsubjectaccessreviews': answered((review, { user, resource }) => {
      check(resource.kind, accessErrors(review));
      return access(user, review);
    }),
    'authorization.k8s.io/subjectaccessreviews': answered((review, { resource }) => {
      check(resource.kind, [...subjectErrors(review), ...accessErrors(review)]);
      return access(subjectOf(review), review);
    }),
    'authorization.k8s.io/localsubjectaccessreviews': answered((review, { resource, info }) => {
      check(resource.kind, [...subjectErrors(review), ...accessErrors(review), ...localErrors(review, info.namespace)]);
      return access(subjectOf(review), review);
    }),
    'authorization.k8s.io/selfsubjectrulesreviews': answered((review, { user }) => {
      const namespace = stringAt(review, 'spec', 'namespace');
      if (namespace === '') throw badRequest('no namespace on request');
      return { incomplete: false, ...authorizer.rulesFor(user, namespace) };
    }, false),
    'authentication.k8s.io/selfsubjectreviews': answered((_review, { user }) => ({ userInfo: userInfo(user) })),
    'authentication.k8s.io/tokenreviews': answered(async (review) => {
      const token = stringAt(review, 'spec', 'token');
      if (token === '') throw badRequest('token is required for TokenReview in authentication');
      const audiences = arrayAt(review, 'spec', 'audiences').map(String);
      const reviewed = await authenticator.reviewToken(token, audiences);
      if (reviewed === undefined) return { user: {}, error: 'invalid bearer token' };
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

function accessAttributes(user: User, review: ApiObject): AccessAttributes {
  const resource = valueAt(review, 'spec', 'resourceAttributes');
  const other = valueAt(review, 'spec', 'nonResourceAttributes');
  return {
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
  };
}

function check(kind: Kind, errors: readonly FieldError[]): void {
  // Upstream leaves the kind's name out of this one failure.
  if (errors.length > 0) throw invalidFields({ group: kind.group, resource: '' }, '', errors);
}

const spec = Path.of('spec');

function subjectErrors(review: ApiObject): readonly FieldError[] {
  const subject = subjectOf(review);
  if (subject.name !== '' || subject.groups.length > 0) return [];
  return [invalid(spec.child('user'), subject.name, 'at least one of user or group must be specified')];
}

function accessErrors(review: ApiObject): readonly FieldError[] {
  const resource = valueAt(review, 'spec', 'resourceAttributes');
  const other = valueAt(review, 'spec', 'nonResourceAttributes');
  if (resource !== undefined && other !== undefined) {
    return [invalid(spec.child('nonResourceAttributes'), other, 'cannot be specified in combination with resourceAttributes')];
  }
  if (resource !== undefined || other !== undefined) return [];
  return [invalid(spec.child('resourceAttributes'), null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified')];
}

function localErrors(review: ApiObject, namespace: string): readonly FieldError[] {
  const given = stringAt(review, 'spec', 'resourceAttributes', 'namespace');
  if (valueAt(review, 'spec', 'nonResourceAttributes') !== undefined) {
    return [invalid(spec.child('nonResourceAttributes'), null, 'disallowed on this kind of request')];
  }
  return given === namespace ? [] : [invalid(spec.child('resourceAttributes', 'namespace'), given, 'must match metadata.namespace')];
}
