import { forbidden } from '../../api/status.ts';
import type { RequestInfo } from '../request-info.ts';
import type { User } from '../server.ts';

/** What someone wants to do. */
export interface AccessAttributes {
  readonly user: User;
  readonly verb: string;
  readonly isResource: boolean;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Decision {
  /** `none`: this authorizer has no opinion, and the next one is asked. */
  readonly decision: 'allow' | 'deny' | 'none';
  readonly reason?: string;
}

/** Rules that a user holds in a namespace, as `SelfSubjectRulesReview` tells them. */
export interface UserRules {
  readonly resourceRules: readonly { readonly verbs: string[]; readonly apiGroups: string[]; readonly resources: string[] }[];
  readonly nonResourceRules: readonly { readonly verbs: string[]; readonly nonResourceURLs: string[] }[];
}

/** Decides who may do what. */
export interface Authorizer {
  authorize(attributes: AccessAttributes): Decision | Promise<Decision>;
  rulesFor(user: User, namespace: string): UserRules;
}

/** Asks authorizers in turn until one has an opinion. */
export function union(authorizers: readonly Authorizer[]): Authorizer {
  return {
    async authorize(attributes) {
      const reasons: string[] = [];
      for (const authorizer of authorizers) {
        const decision = await authorizer.authorize(attributes);
        if (decision.decision !== 'none') return decision;
        if (decision.reason) reasons.push(decision.reason);
      }
      return { decision: 'none', reason: reasons.join('\n') };
    },
    rulesFor(user, namespace) {
      const rules = authorizers.map((authorizer) => authorizer.rulesFor(user, namespace));
      return {
        resourceRules: rules.flatMap(({ resourceRules }) => resourceRules),
        nonResourceRules: rules.flatMap(({ nonResourceRules }) => nonResourceRules),
      };
    },
  };
}

/** The question that a request asks. */
export function attributesOf(user: User, info: RequestInfo): AccessAttributes {
  const { verb, isResource, path, group, version, resource, subresource, namespace, name } = info;
  return { user, verb, isResource, path, group, version, resource, subresource, namespace, name };
}

/** 403 in the words of upstream's `responsewriters.Forbidden`. */
export function forbiddenBy(attributes: AccessAttributes, reason = ''): Error {
  const { user, verb, path, group, resource, subresource, namespace, name } = attributes;
  const because = reason === '' ? '' : `: ${reason}`;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (!attributes.isResource) return forbidden({ group: '', resource: '' }, '', `${who} path ${JSON.stringify(path)}${because}`);
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return forbidden(
    { group, resource },
    name,
    `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}${because}`,
  );
}
