import { invalidFields } from '../../../api/status.ts';
import { forbidden } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import type { User } from '../../authentication/user.ts';
import type { AccessAttributes } from '../../authorization/authorizer.ts';
import { type ApiObject, jsonEqual, stringAt, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';

const group = 'admissionregistration.k8s.io';

/** The policies of which bindings are, and whether objects that a selector chooses are to be listed rather than got. */
const bindings: Readonly<Record<string, { readonly policies: string; readonly lists: boolean }>> = {
  validatingadmissionpolicybindings: { policies: 'validatingadmissionpolicies', lists: false },
  mutatingadmissionpolicybindings: { policies: 'mutatingadmissionpolicies', lists: true },
};
const policies: ReadonlySet<string> = new Set(Object.values(bindings).map((each) => each.policies));

/**
 * Who makes policies look at parameters must be allowed to read them: all of their kind, or those that a binding names. Upstream's strategies ask it,
 * `authz.go` of `pkg/registry/admissionregistration`.
 */
export const policyParameters: AdmissionPlugin = {
  name: 'PolicyParameters',
  validate(attributes, context) {
    const { resource, subresource, object, user } = attributes;
    if (resource.kind.group !== group || object === undefined || subresource !== '' || user.groups.includes('system:masters')) return;
    return checkParameters(attributes, object, context);
  },
};

async function checkParameters(attributes: Attributes, object: ApiObject, context: AdmissionContext): Promise<void> {
  const { resource, name } = attributes;
  const { plural } = resource.kind;
  const refusal = policies.has(plural)
    ? await kindRefusal(attributes, object, context)
    : await bindingRefusal(attributes, object, bindings[plural], context);
  if (refusal === undefined) return;
  throw invalidFields(resource.kindSubject, name, [forbidden(Path.of('spec', policies.has(plural) ? 'paramKind' : 'paramRef'), refusal)]);
}

async function kindRefusal({ user, oldObject }: Attributes, object: ApiObject, context: AdmissionContext): Promise<string | undefined> {
  const paramKind = valueAt(object, 'spec', 'paramKind');
  if (paramKind === undefined || jsonEqual(paramKind, valueAt(oldObject, 'spec', 'paramKind'))) return undefined;
  if (await isAllowed({ ...asked(user, object, context), verb: 'get', namespace: '*', name: '*' }, context)) return undefined;
  const said = `kind=${stringAt(paramKind, 'kind')}, apiVersion=${stringAt(paramKind, 'apiVersion')}`;
  return `user ${userInGo(user)} must have "get" permission on all objects of the referenced paramKind (${said})`;
}

async function bindingRefusal(
  { user }: Attributes,
  object: ApiObject,
  of: (typeof bindings)[string] | undefined,
  context: AdmissionContext,
): Promise<string | undefined> {
  const paramRef = valueAt(object, 'spec', 'paramRef');
  if (of === undefined || paramRef === undefined) return undefined;
  const policy = context.reader.get(group, of.policies, '', stringAt(object, 'spec', 'policyName'));
  const name = stringAt(paramRef, 'name');
  const verb = of.lists && name === '' ? 'list' : 'get';
  if (await isAllowed({ ...asked(user, policy, context), verb, namespace: stringAt(paramRef, 'namespace'), name }, context))
    return undefined;
  // Upstream has the user and the verb in each other's place here.
  const [who, what] = of.lists ? [verb, userInGo(user)] : [userInGo(user), verb];
  return `user ${who} does not have "${what}" permission on the object referenced by paramRef`;
}

/** The question about parameters of a policy's kind; about anything where it has none, or one that is not served. */
function asked(user: User, policy: ApiObject | undefined, { resources }: AdmissionContext): AccessAttributes {
  const question = { user, verb: '', isResource: true, path: '', subresource: '', namespace: '', name: '' };
  const paramKind = valueAt(policy, 'spec', 'paramKind');
  if (paramKind === undefined) return { ...question, group: '*', version: '*', resource: '*' };
  const [version = '', ofGroup = ''] = stringAt(paramKind, 'apiVersion').split('/').reverse();
  const kind = stringAt(paramKind, 'kind');
  const served = [...resources.all()].find(
    (each) => each.kind.group === ofGroup && each.kind.version === version && each.kind.kind === kind,
  );
  return { ...question, group: ofGroup, version, resource: served?.kind.plural ?? '*' };
}

async function isAllowed(question: AccessAttributes, { authorizer }: AdmissionContext): Promise<boolean> {
  return (await authorizer.authorize(question)).decision === 'allow';
}

/** As Go prints a pointer to a `user.DefaultInfo`. */
function userInGo({ name, uid = '', groups, extra = {} }: User): string {
  const keys = Object.keys(extra).sort();
  return `&{${name} ${uid} [${groups.join(' ')}] map[${keys.map((key) => `${key}:[${extra[key]?.join(' ') ?? ''}]`).join(' ')}]}`;
}
