import type {
  FlowSchemaSpec,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '../../api/generated/types/flowcontrol/v1.ts';
import type { User } from '../authentication/user.ts';
import type { RequestInfo } from '../request-info.ts';

/** Whether a request is of the flows that a schema describes. Follows `matchesFlowSchema` of upstream's `util/flowcontrol`. */
export function isOfSchema({ rules = [] }: FlowSchemaSpec, info: RequestInfo, user: User): boolean {
  return rules.some((rule) => rule.subjects.some((subject) => isSubject(subject, user)) && isRequested(rule, info));
}

function isSubject({ kind, user: byName, group, serviceAccount }: Subject, user: User): boolean {
  if (kind === 'User') return byName !== undefined && (byName.name === '*' || byName.name === user.name);
  if (kind === 'Group') return group !== undefined && (group.name === '*' || user.groups.includes(group.name));
  if (kind !== 'ServiceAccount' || serviceAccount === undefined) return false;
  const { namespace, name } = serviceAccount;
  const prefix = `system:serviceaccount:${namespace}:`;
  return name === '*' ? user.name.startsWith(prefix) : user.name === prefix + name;
}

function isRequested({ resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects, info: RequestInfo): boolean {
  return info.isResource ? resourceRules.some((rule) => isResource(rule, info)) : nonResourceRules.some((rule) => isPath(rule, info));
}

function isResource({ verbs, apiGroups, resources, namespaces = [], clusterScope }: ResourcePolicyRule, info: RequestInfo): boolean {
  const { verb, group, namespace, resource, subresource } = info;
  if (!contains(verbs, verb) || !contains(apiGroups, group)) return false;
  if (!contains(resources, subresource === '' ? resource : `${resource}/${subresource}`)) return false;
  return namespace === '' ? clusterScope === true : contains(namespaces, namespace);
}

function isPath({ verbs, nonResourceURLs }: NonResourcePolicyRule, { verb, path }: RequestInfo): boolean {
  return contains(verbs, verb) && nonResourceURLs.some((url) => url === '*' || url === path || path.startsWith(prefixOf(url)));
}

/** What is below a URL is of it, whether or not it ends with an asterisk. */
function prefixOf(url: string): string {
  const prefix = url.endsWith('*') ? url.slice(0, -1) : url;
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** An asterisk stands for all when it stands alone. */
function contains(list: readonly string[], wanted: string): boolean {
  return list.includes(wanted) || (list.length === 1 && list[0] === '*');
}
