import { t } from '@vscode/l10n';
import { didYouMean } from '../../documents/did-you-mean.ts';
import type { Field } from '../../documents/field.ts';
import { nearest } from '../../schemas/distance.ts';
import type { Resources } from '../../schemas/resources.ts';
import type { Finding, Fix, Rule } from '../rule.ts';
import { type PolicyRule, perPolicyRule } from './policy-rules.ts';

/** Resources that none of the groups has which a rule names. */
export const unknownResource: Rule = {
  id: 'unknown-resource',
  title: 'Resource of a role that does not exist',
  why: 'A rule about a resource that its API groups do not have allows nothing, and nobody is told of it.',
  severity: 'warning',
  scope: 'object',
  check: perPolicyRule((rule, resources) =>
    rule.isKnown ? rule.resources.flatMap((resource) => judge(resource, rule, resources) ?? []) : [],
  ),
};

function judge(at: Field, rule: PolicyRule, resources: Resources): Finding | undefined {
  const { groups } = rule;
  const name = at.text ?? '';
  if (name.startsWith('*/') || groups.some((group) => resources.find(group, name) || resources.isAskedFor(group, name))) return undefined;
  const slash = name.indexOf('/');
  const parent = slash < 0 ? name : name.slice(0, slash);
  const isHere = groups.some((group) => resources.find(group, parent));
  if (slash >= 0 && name.slice(slash + 1) === '*' && isHere) {
    return { at, message: t('Rules name each subresource: "{0}" is none, and allows nothing', name) };
  }
  const known = groups.flatMap((group) => resources.names(group));
  const elsewhere = rule.isWhole && !isHere ? resources.groupsOf(name).filter((group) => resources.isWhole(group)) : [];
  const [home] = elsewhere;
  if (home !== undefined) return { at, message: belongs(name, home), fix: homeFix(home, rule, resources) };
  const meant = shortFor(name, groups, resources) ?? nearest(name, known);
  if (meant === undefined && !rule.isWhole) return undefined;
  const message = t('{0} has no resource "{1}"', groups.map(groupInWords).join(', '), name) + didYouMean(meant);
  // Generated roles name the status of what has none, which does no harm.
  const isPart = slash >= 0 && isHere && meant === undefined;
  return { at, message, ...(isPart && { severity: 'hint' }), ...(meant !== undefined && { fix: { replace: meant } }) };
}

/** The resource that kubectl calls by a shorter name, which rules do not. */
function shortFor(name: string, groups: readonly string[], resources: Resources): string | undefined {
  const known = groups.flatMap((group) => resources.names(group).flatMap((each) => resources.find(group, each) ?? []));
  return known.find(({ shortNames, kind }) => shortNames.includes(name) || kind === name)?.name;
}

function belongs(name: string, group: string): string {
  return group === ''
    ? t('"{0}" is a resource of the core group, which is written ""', name)
    : t('"{0}" is a resource of API group "{1}"', name, group);
}

function groupInWords(group: string): string {
  return group === '' ? t('The core group') : t('API group "{0}"', group);
}

/** Another group in place of the only one, unless that has others of the resources. */
function homeFix(home: string, { field, groups, resources: named }: PolicyRule, resources: Resources): Fix {
  const list = field.get('apiGroups');
  const [only, ...more] = list.items();
  const isOnly = more.length === 0 && named.every(({ text = '' }) => !resources.find(groups[0] ?? '', text) && resources.find(home, text));
  return only && isOnly ? { replace: home, of: only } : { item: home, of: list };
}
