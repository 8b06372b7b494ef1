import type { StatusError } from '../../../api/status.ts';
import { checkDomainPrefixedPath } from '../../../api/validation/domain-prefixed-path.ts';
import { type FieldError, formatFieldErrors, Path } from '../../../api/validation/index.ts';
import { type AccessAttributes, type Authorizer, forbiddenBy } from '../../authorization/authorizer.ts';
import type { User } from '../user.ts';
import { accountGroups, nodeOf, serviceAccountOf } from './known-users.ts';
import type { WantedUser } from './wanted-user.ts';

const authenticationGroup = 'authentication.k8s.io';
const masters = 'system:masters';
/** From so many questions on it is asked first whether all of their kind are allowed. */
const many = 4;

/** How it is asked whether somebody may be somebody else. */
export interface Asking {
  readonly authorizer: Authorizer;
  readonly requester: User;
  readonly verb: string;
  /** Whether the rules of the constrained modes hold, which are stricter than those of before. */
  readonly isConstrained: boolean;
  readonly asAnyNode: boolean;
}

/** The refusal when this is not allowed. */
export async function refusalOf(authorizer: Authorizer, attributes: AccessAttributes): Promise<StatusError | undefined> {
  const { decision, reason } = await authorizer.authorize(attributes);
  return decision === 'allow' ? undefined : forbiddenBy(attributes, reason);
}

/** Whether the requester may be the user, by name, uid, groups and extra; gives the user to be. Throws 403. Upstream: `impersonationModeState`. */
export async function checkWanted(asking: Asking, wanted: WantedUser): Promise<User> {
  const groups = await checkName(asking, wanted);
  const { uid, extra } = wanted;
  if (uid !== '') await demand(asking, { group: authenticationGroup, resource: 'uids', name: uid });
  await checkGroups(asking, wanted.groups);
  await checkExtra(asking, extra);
  return {
    name: wanted.name,
    groups: withBaseGroup(wanted.name, groups),
    ...(uid !== '' && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

type Question = Partial<Pick<AccessAttributes, 'group' | 'namespace' | 'subresource' | 'name'>> & Pick<AccessAttributes, 'resource'>;

function attributesOf({ requester, verb }: Asking, question: Question): AccessAttributes {
  const nothing = { isResource: true, path: '', group: '', version: 'v1', subresource: '', namespace: '', name: '' };
  return { ...nothing, user: requester, verb, ...question };
}

async function demand(asking: Asking, question: Question): Promise<void> {
  const refusal = await refusalOf(asking.authorizer, attributesOf(asking, question));
  if (refusal !== undefined) throw refusal;
}

async function isAllowed(asking: Asking, question: Question): Promise<boolean> {
  return (await refusalOf(asking.authorizer, attributesOf(asking, question))) === undefined;
}

/** Users and groups are asked for in the core group since ever; the constrained modes ask in the group where they belong. */
const nameGroup = ({ isConstrained }: Asking) => (isConstrained ? authenticationGroup : '');

/** Gives the groups of the user: nodes and service accounts have theirs. */
async function checkName(asking: Asking, { name, groups }: WantedUser): Promise<readonly string[]> {
  const group = nameGroup(asking);
  const node = asking.isConstrained ? nodeOf(name) : undefined;
  if (node !== undefined) {
    await demand(asking, { group, resource: 'nodes', name: asking.asAnyNode ? '*' : node });
    return ['system:nodes'];
  }
  const account = serviceAccountOf(name);
  if (account === undefined) {
    await demand(asking, { group, resource: 'users', name });
    return groups;
  }
  await demand(asking, { group, resource: 'serviceaccounts', ...account });
  return groups.length === 0 ? accountGroups(account.namespace) : groups;
}

async function checkGroups(asking: Asking, groups: readonly string[]): Promise<void> {
  const question = { group: nameGroup(asking), resource: 'groups' };
  if (asking.isConstrained && groups.includes(masters)) {
    throw forbiddenBy(attributesOf(asking, { ...question, name: masters }), 'impersonating the system:masters group is not allowed');
  }
  if (asking.isConstrained && groups.length >= many && (await isAllowed(asking, { ...question, name: '*' }))) return;
  for (const name of groups) await demand(asking, { ...question, name });
}

async function checkExtra(asking: Asking, extra: WantedUser['extra']): Promise<void> {
  const question = { group: authenticationGroup, resource: 'userextras' };
  const problem = asking.isConstrained ? extraProblem(extra) : undefined;
  if (problem !== undefined) throw forbiddenBy(attributesOf(asking, question), problem);
  const entries = Object.entries(extra);
  const count = Math.max(entries.length, entries.flatMap(([, values]) => values).length);
  if (asking.isConstrained && count >= many && (await isAllowed(asking, { ...question, subresource: '*', name: '*' }))) return;
  for (const [subresource, values] of entries) {
    for (const name of values) await demand(asking, { ...question, subresource, name });
  }
}

/** Upstream: `validateExtra`. */
function extraProblem(extra: WantedUser['extra']): string | undefined {
  for (const [key, values] of Object.entries(extra)) {
    if (key === '') return 'impersonating the empty string key in extra is not allowed';
    const errors: FieldError[] = [];
    checkDomainPrefixedPath(key, Path.of('extra', 'key'), errors);
    if (errors.length > 0) return `impersonating an invalid key in extra is not allowed: ${formatFieldErrors(errors)}`;
    if (key !== key.toLowerCase()) return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
    if (values.length === 0) return 'impersonating empty values in extra is not allowed';
  }
  return undefined;
}

/** Whoever is impersonated is authenticated, but for `system:anonymous`, unless the groups asked for say otherwise. */
function withBaseGroup(name: string, groups: readonly string[]): readonly string[] {
  const base = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  const said = groups.some((group) => group === base || group === 'system:unauthenticated');
  return said ? groups : [...groups, base];
}
