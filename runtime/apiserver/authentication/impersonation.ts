import { type AccessAttributes, type Authorizer, forbiddenBy } from '../authorization/authorizer.ts';
import { answerText } from '../negotiation/answer.ts';
import type { User } from '../server.ts';

const extraPrefix = 'impersonate-extra-';
const authenticationGroup = 'authentication.k8s.io';
const accountPrefix = 'system:serviceaccount:';

/**
 * Who a request acts as: the one its `Impersonate-*` headers name, when `user` may impersonate them and everything about them; `user` itself
 * without such headers. Several groups come as several headers, or in one, separated by commas. Groups, uid or extra without a user are
 * answered with 500 and a plain text, as upstream does. Throws 403. Upstream: `WithImpersonation`.
 */
export async function impersonate({ url, headers }: Request, user: User, authorizer: Authorizer): Promise<User | Response> {
  const name = headers.get('impersonate-user') ?? '';
  const groups = listed(headers.get('impersonate-group'));
  const uid = headers.get('impersonate-uid') ?? '';
  const extra = extraOf(headers);
  if (name === '') {
    if (groups.length === 0 && uid === '' && Object.keys(extra).length === 0) return user;
    const { pathname, search } = new URL(url);
    const asked = withoutUser(groups, extra, uid);
    return answerText(
      500,
      `Internal Server Error: ${JSON.stringify(pathname + search)}: requested [${asked}] without impersonating a user\n`,
    );
  }
  const account = serviceAccountOf(name);
  const question = { verb: 'impersonate', isResource: true, path: '', group: '', version: '', subresource: '', namespace: '' };
  const questions: Omit<AccessAttributes, 'user'>[] = [
    account === undefined
      ? { ...question, resource: 'users', name }
      : { ...question, resource: 'serviceaccounts', namespace: account.namespace, name: account.name },
    ...groups.map((group) => ({ ...question, resource: 'groups', name: group })),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => ({ ...question, group: authenticationGroup, resource: 'userextras', subresource: key, name: value })),
    ),
    ...(uid === '' ? [] : [{ ...question, group: authenticationGroup, resource: 'uids', name: uid }]),
  ];
  for (const asked of questions) {
    const attributes: AccessAttributes = { ...asked, user };
    const { decision, reason } = await authorizer.authorize(attributes);
    if (decision !== 'allow') throw forbiddenBy(attributes, reason);
  }
  return {
    name,
    groups: withBaseGroup(name, groups.length === 0 && account !== undefined ? accountGroups(account.namespace) : groups),
    ...(uid !== '' && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

/** What was asked for, as Go prints object references: kind, namespace, name, uid, apiVersion, resourceVersion and fieldPath. */
function withoutUser(groups: readonly string[], extra: Readonly<Record<string, readonly string[]>>, uid: string): string {
  const reference = (kind: string, name: string, apiVersion: string, fieldPath: string) =>
    `{${[kind, '', name, '', apiVersion, '', fieldPath].join(' ')}}`;
  const version = `${authenticationGroup}/v1`;
  return [
    ...groups.map((group) => reference('Group', group, '', '')),
    ...Object.entries(extra).flatMap(([key, values]) => values.map((value) => reference('UserExtra', value, version, key))),
    ...(uid === '' ? [] : [reference('UID', uid, version, '')]),
  ].join(' ');
}

/** Whoever is impersonated is authenticated, but for `system:anonymous`, unless the groups asked for say otherwise. */
function withBaseGroup(name: string, groups: readonly string[]): readonly string[] {
  const base = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  const said = groups.some((group) => group === base || group === 'system:unauthenticated');
  return said ? groups : [...groups, base];
}

function accountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function serviceAccountOf(name: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!name.startsWith(accountPrefix)) return undefined;
  const [namespace = '', account = '', ...more] = name.slice(accountPrefix.length).split(':');
  return namespace === '' || account === '' || more.length > 0 ? undefined : { namespace, name: account };
}

function extraOf(headers: Headers): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const [header, value] of headers) {
    if (!header.startsWith(extraPrefix)) continue;
    extra[decodeKey(header.slice(extraPrefix.length))] = listed(value);
  }
  return extra;
}

/** Header names cannot hold everything that a key may, so clients escape it as in URLs. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Several headers of one name reach the server as one value. */
function listed(value: string | null): string[] {
  return (value ?? '').split(/,\s*/).filter((part) => part !== '');
}
