import type { Field } from '../../documents/field.ts';
import type { HoverPart } from './part.ts';

const list = (field: Field): string[] => field.items().map((item) => item.text ?? '');

function join(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** A rule of a role in words. */
export function ruleInWords(rule: Field): string | undefined {
  const verbs = list(rule.get('verbs'));
  const resources = list(rule.get('resources'));
  const urls = list(rule.get('nonResourceURLs'));
  const names = list(rule.get('resourceNames'));
  const groups = list(rule.get('apiGroups'));
  if (verbs.length === 0 || (resources.length === 0 && urls.length === 0)) return undefined;
  const can = verbs.includes('*') ? 'do **anything** with' : `**${join(verbs)}**`;
  const what = [
    ...(resources.length === 0 ? [] : [resources.includes('*') ? 'all resources' : join(resources.map((name) => `\`${name}\``))]),
    ...(urls.length === 0 ? [] : [`the paths ${join(urls.map((url) => `\`${url}\``))}`]),
  ];
  const group = groups.includes('*')
    ? ' of every API group'
    : groups.length === 0
      ? ''
      : ` of ${join(groups.map((name) => (name === '' ? 'the core group' : `\`${name}\``)))}`;
  const named =
    names.length === 0
      ? ''
      : `, only those named ${join(
          names.map((name) => `\`${name}\``),
          'or',
        )}`;
  const warning = names.length > 0 && verbs.includes('create') ? ' Names cannot be checked on create.' : '';
  return `May ${can} ${join(what)}${resources.length > 0 ? group : ''}${named}.${warning}`;
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
