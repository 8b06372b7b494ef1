import { t } from '@vscode/l10n';
import type { Field } from '../../documents/field.ts';
import type { HoverPart } from './part.ts';

const list = (field: Field): string[] => field.items().map((item) => item.text ?? '');

function join(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('{0} and {1}', words.slice(0, -1).join(', '), last);
}

const code = (name: string) => `\`${name}\``;

/** A rule of a role in words. */
export function ruleInWords(rule: Field): string | undefined {
  const verbs = list(rule.get('verbs'));
  const resources = list(rule.get('resources'));
  const urls = list(rule.get('nonResourceURLs'));
  const names = list(rule.get('resourceNames'));
  const groups = list(rule.get('apiGroups'));
  if (verbs.length === 0 || (resources.length === 0 && urls.length === 0)) return undefined;
  const what = join([
    ...(resources.length === 0 ? [] : [resources.includes('*') ? t('all resources') : join(resources.map(code))]),
    ...(urls.length === 0 ? [] : [t('the paths {0}', join(urls.map(code)))]),
  ]);
  const grouped = resources.length === 0 || groups.length === 0 ? what : ofGroups(what, groups);
  const objects = names.length === 0 ? grouped : t('{0}, only those named {1}', grouped, oneOf(names.map(code)));
  const said = verbs.includes('*') ? t('May do **anything** with {0}.', objects) : t('May **{0}** {1}.', join(verbs), objects);
  return names.length > 0 && verbs.includes('create') ? `${said} ${t('Names cannot be checked on create.')}` : said;
}

function ofGroups(what: string, groups: readonly string[]): string {
  if (groups.includes('*')) return t('{0} of every API group', what);
  return t('{0} of {1}', what, join(groups.map((name) => (name === '' ? t('the core group') : code(name)))));
}

function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('{0} or {1}', words.slice(0, -1).join(', '), last);
}

/** What a role allows: of one rule, or of all. */
export const access: HoverPart = ({ owner, object, field, path }) => {
  if (owner.startsWith('rbac.v1.PolicyRule.')) {
    const at = path.indexOf('rules');
    return ruleInWords(object.at([...object.path, ...path.slice(0, at + 2)]));
  }
  if (!/^rbac\.v1\.(Cluster)?Role\.rules$/.test(owner)) return undefined;
  const rules = field.path.at(-1) === 'rules' ? field.items() : [field];
  const said = rules.flatMap((rule) => ruleInWords(rule) ?? []);
  return said.length === 0 ? undefined : said.map((line) => `- ${line}`).join('\n');
};
