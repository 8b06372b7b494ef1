import { forbidden, type StatusError } from '../../api/status.ts';
import { quote } from '../../api/validation/field-error.ts';
import type { User } from '../authentication/user.ts';
import { withoutMarkup } from '../negotiation/without-markup.ts';
import type { RequestInfo } from '../request-info.ts';

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
  /** Of what is done to many, as it was sent. */
  readonly fieldSelector?: string;
}

export interface Decision {
  /** `none`: this authorizer has no opinion, and the next one is asked. */
  readonly decision: 'allow' | 'deny' | 'none';
  readonly reason?: string;
}

/** Rules that a user holds in a namespace, as `SelfSubjectRulesReview` tells them. */
export interface UserRules {
  readonly resourceRules: readonly {
    readonly verbs: string[];
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly resourceNames?: string[];
  }[];
  readonly nonResourceRules: readonly { readonly verbs: string[]; readonly nonResourceURLs: string[] }[];
  /** Whether there may be more than these. */
  readonly incomplete?: boolean;
  /** What kept an authorizer from telling all. */
  readonly evaluationError?: string;
}

/** Decides who may do what. */
export interface Authorizer {
  authorize(attributes: AccessAttributes): Decision | Promise<Decision>;
  rulesFor(user: User, namespace: string): UserRules;
}

/** Asks authorizers in turn until one has an opinion; waits only for those that do not answer at once. */
export function union(authorizers: readonly Authorizer[]): Authorizer {
  const ask = (attributes: AccessAttributes, from: number, reasons: readonly string[]): Decision | Promise<Decision> => {
    const authorizer = authorizers[from];
    if (authorizer === undefined) return { decision: 'none', ...(reasons.length > 0 && { reason: reasons.join('\n') }) };
    const next = (decision: Decision): Decision | Promise<Decision> => {
      if (decision.decision !== 'none') return decision;
      return ask(attributes, from + 1, decision.reason ? [...reasons, decision.reason] : reasons);
    };
    const answer = authorizer.authorize(attributes);
    return answer instanceof Promise ? answer.then(next) : next(answer);
  };
  return {
    authorize: (attributes) => ask(attributes, 0, []),
    rulesFor(user, namespace) {
      const rules = authorizers.map((authorizer) => authorizer.rulesFor(user, namespace));
      const errors = rules.flatMap(({ evaluationError }) => evaluationError ?? []);
      return {
        resourceRules: rules.flatMap(({ resourceRules }) => resourceRules),
        nonResourceRules: rules.flatMap(({ nonResourceRules }) => nonResourceRules),
        incomplete: rules.some(({ incomplete }) => incomplete === true),
        ...(errors.length > 0 && { evaluationError: errors.join(', ') }),
      };
    },
  };
}

/** The question that a request asks. Who lists or watches one object by its name asks for that object. */
export function attributesOf(user: User, info: RequestInfo, query?: URLSearchParams): AccessAttributes {
  const { verb, isResource, path, group, version, resource, subresource, namespace, name } = info;
  const attributes = { user, verb, isResource, path, group, version, resource, subresource, namespace, name };
  const mayName = verb === 'list' || verb === 'watch';
  const fieldSelector = mayName || verb === 'deletecollection' ? (query?.get('fieldSelector') ?? '') : '';
  if (fieldSelector === '') return attributes;
  return { ...attributes, name: name || (mayName ? selectedName(fieldSelector) : ''), fieldSelector };
}

/** The name that a field selector demands; empty when it demands none, or none that could be in a path. */
function selectedName(fieldSelector: string): string {
  const [, name = ''] = /(?:^|,)metadata\.name==?([^,\\]+)(?:,|$)/.exec(fieldSelector) ?? [];
  return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name;
}

/** 403 in the words of upstream's `responsewriters.Forbidden`. */
export function forbiddenBy(attributes: AccessAttributes, reason = ''): StatusError {
  const { user, verb, path, group, resource, subresource, namespace, name } = attributes;
  const because = reason === '' ? '' : `: ${reason}`;
  const who = `User ${quote(user.name)} cannot ${verb}`;
  if (!attributes.isResource) {
    return forbidden({ group: '', resource: '' }, '', withoutMarkup(`${who} path ${quote(path)}`) + because);
  }
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${quote(namespace)}`;
  const text = `${who} resource ${quote(what)} in API group ${quote(group)} ${where}`;
  return forbidden({ group, resource }, name, withoutMarkup(text) + because);
}
