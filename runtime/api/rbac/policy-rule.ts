import type { PolicyRule } from '../generated/types/rbac/v1.ts';

/** The group of Role, ClusterRole and their bindings. */
export const rbacGroup = 'rbac.authorization.k8s.io';

/** What someone wants to do, as far as rules look at it. */
export interface RuleRequest {
  readonly verb: string;
  readonly isResource: boolean;
  readonly path: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
}

/** Whether one rule allows a request. Upstream: `RuleAllows` of plugin/pkg/auth/authorizer/rbac. */
export function ruleAllows(rule: PolicyRule, request: RuleRequest): boolean {
  if (!hasOrAll(rule.verbs, request.verb)) return false;
  if (!request.isResource) return rule.nonResourceURLs?.some((pattern) => urlMatches(pattern, request.path)) === true;
  return (
    hasOrAll(rule.apiGroups, request.group) &&
    resourceMatches(rule.resources, request) &&
    (rule.resourceNames === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(request.name))
  );
}

function hasOrAll(values: readonly string[] | undefined, value: string): boolean {
  return values?.some((one) => one === '*' || one === value) === true;
}

function resourceMatches(resources: readonly string[] | undefined, { resource, subresource }: RuleRequest): boolean {
  if (resources === undefined) return false;
  if (subresource === '') return hasOrAll(resources, resource);
  return hasOrAll(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

/** Whether a path, or all that a pattern stands for, is of a pattern: a star at its end stands for whatever follows. */
export function urlMatches(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.replace(/(?<!\*)\*+$/, ''));
}

/** Words of a text, sorted, as upstream's rule builder keeps them. */
function words(text: string): string[] {
  return text.split(' ').sort();
}

/** A rule about resources, of words: `resourceRule('get list', '', 'pods pods/log')`. An empty group is the core group; groups are separated by blanks, too. */
export function resourceRule(verbs: string, groups: string, resources: string, names = ''): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups),
    resources: words(resources),
    ...(names === '' ? {} : { resourceNames: words(names) }),
  };
}

/** A rule about events, which are of two groups. */
export function eventRule(verbs: string): PolicyRule {
  return { ...resourceRule(verbs, '', 'events'), apiGroups: ['', 'events.k8s.io'] };
}

/** A rule about paths: `urlRule('get', '/version /api/*')`. */
export function urlRule(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}
