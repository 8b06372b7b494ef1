import type { AdmissionValues } from '../../../api/cel/admission.ts';
import { type AccessAnswer, type AccessQuestion, CelAuthorizer } from '../../../api/cel/libraries/authorizer.ts';
import { requestOf } from '../../../api/policies/request.ts';
import type { User } from '../../authentication/user.ts';
import type { AccessAttributes } from '../../authorization/authorizer.ts';
import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, Attributes } from '../admission.ts';
import type { Versioned } from '../versions.ts';

/** What expressions see of a write; `resource` is in whose version. The namespace is told to policies alone. */
export function valuesOf(
  attributes: Attributes,
  resource: Resource,
  { object, oldObject }: Versioned,
  context: AdmissionContext,
  withNamespace: boolean,
): AdmissionValues {
  const { namespace } = attributes;
  const { kind } = attributes.resource;
  const isNamespace = kind.group === '' && kind.plural === 'namespaces';
  const found = withNamespace && namespace !== '' && !isNamespace ? context.reader.get('', 'namespaces', '', namespace) : undefined;
  return {
    object: object,
    oldObject: oldObject,
    request: requestOf(attributes, resource),
    namespaceObject: found ?? null,
    authorizer: new CelAuthorizer((question, verb) => ask(attributes.user, question, verb, context), {
      group: kind.group,
      resource: kind.plural,
      subresource: attributes.subresource,
      namespace,
      name: attributes.name,
    }),
  };
}

function ask(user: User, question: AccessQuestion, verb: string, { authorizer }: AdmissionContext): AccessAnswer {
  const { serviceAccount, path = '', ...resource } = question;
  const attributes: AccessAttributes = {
    user: serviceAccount === undefined ? user : accountUser(serviceAccount.namespace, serviceAccount.name),
    verb,
    isResource: question.path === undefined,
    path,
    version: question.path === undefined ? '*' : '',
    ...resource,
  };
  const decision = authorizer.authorize(attributes);
  // Expressions are evaluated in one go; who must be waited for cannot be asked from within.
  if (decision instanceof Promise) return { decision: 'none', error: 'the authorizer does not answer at once' };
  return decision;
}

function accountUser(namespace: string, name: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}
