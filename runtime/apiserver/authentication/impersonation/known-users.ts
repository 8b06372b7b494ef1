import { dns1123SubdomainProblems } from '../../../api/names/index.ts';

const accountPrefix = 'system:serviceaccount:';
const nodePrefix = 'system:node:';

/** The service account that has a user name; nothing for other names. */
export function serviceAccountOf(name: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!name.startsWith(accountPrefix)) return undefined;
  const [namespace = '', account = '', ...more] = name.slice(accountPrefix.length).split(':');
  return namespace === '' || account === '' || more.length > 0 ? undefined : { namespace, name: account };
}

/** The groups that every service account of a namespace is in. */
export function accountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** The node that has a user name; nothing for other names. */
export function nodeOf(name: string): string | undefined {
  if (!name.startsWith(nodePrefix)) return undefined;
  const node = name.slice(nodePrefix.length);
  return dns1123SubdomainProblems(node).length > 0 ? undefined : node;
}
