import type { Field } from '../../documents/field.ts';
import { type Resources, resourcesOf } from '../../schemas/resources.ts';
import type { Finding, Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

/** A rule of a role: `*` and what is no text left out of its lists. */
export interface PolicyRule {
  readonly field: Field;
  readonly isNamespaced: boolean;
  readonly groups: readonly string[];
  readonly resources: readonly Field[];
  readonly verbs: readonly Field[];
  /** Whether it is about paths of the API server, not about objects. */
  readonly isAboutPaths: boolean;
  /** Whether all of its groups are known in whole. */
  readonly isWhole: boolean;
  /** Whether something of all of its groups is known. */
  readonly isKnown: boolean;
}

/** A check of each rule of a role. */
export function perPolicyRule(check: (rule: PolicyRule, resources: Resources) => readonly Finding[]): Rule['check'] {
  return perObject(['Role', 'ClusterRole'], (object, { facts, kinds }) => {
    const rules = facts.group === 'rbac.authorization.k8s.io' ? object.get('rules').items() : [];
    if (rules.length === 0) return [];
    const resources = resourcesOf(kinds);
    return rules.flatMap((rule) => check(read(rule, facts.kind === 'Role', resources), resources));
  });
}

function read(rule: Field, isNamespaced: boolean, resources: Resources): PolicyRule {
  const groups = namesOf(rule.get('apiGroups')).map(groupIn);
  const isAll = (judge: (group: string) => boolean) => groups.length > 0 && groups.every(judge);
  return {
    ...{ field: rule, isNamespaced, groups },
    resources: namesOf(rule.get('resources')).filter(({ text }) => text !== undefined && text !== '*'),
    verbs: namesOf(rule.get('verbs')).filter(({ text }) => text !== undefined && text !== '*'),
    isAboutPaths: rule.get('nonResourceURLs').items().length > 0,
    isWhole: isAll((group) => resources.isWhole(group)),
    isKnown: isAll((group) => resources.isKnown(group)),
  };
}

/** Of an empty name there is a field, too: that of the core group. */
function namesOf(list: Field): Field[] {
  return list.items().filter((item) => typeof item.value() === 'string');
}

export function groupIn({ text = '' }: Field): string {
  return text;
}

/** Whether a rule names everything in one of its lists. */
export function hasAll(rule: PolicyRule, list: 'apiGroups' | 'resources' | 'verbs'): boolean {
  return rule.field
    .get(list)
    .items()
    .some(({ text }) => text === '*');
}
