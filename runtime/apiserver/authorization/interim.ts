import type { AccessAttributes, Authorizer, Decision, UserRules } from './authorizer.ts';

const publicPaths: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz', '/version']);
const everything: UserRules = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};

function isComponent(name: string, groups: readonly string[]): boolean {
  return groups.includes('system:authenticated') && name.startsWith('system:') && name !== 'system:anonymous';
}

/**
 * Stands in until roles are evaluated: the group system:masters and every authenticated `system:` identity (components, nodes, service
 * accounts) may do everything; everyone may ask for health and version; nobody else may do anything.
 */
export const interimAuthorizer: Authorizer = {
  authorize({ user, isResource, path, verb }: AccessAttributes): Decision {
    if (user.groups.includes('system:masters')) return { decision: 'allow' };
    const isPublic = !isResource && verb === 'get' && (publicPaths.has(path) || /^\/(livez|readyz|healthz)\//.test(path));
    if (isPublic || isComponent(user.name, user.groups)) return { decision: 'allow' };
    return { decision: 'none' };
  },
  rulesFor(user) {
    const all = user.groups.includes('system:masters') || isComponent(user.name, user.groups);
    return all ? everything : { resourceRules: [], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: [...publicPaths] }] };
  },
};
