import { t } from '@vscode/l10n';
import { type Resource, specialVerbs } from '../../schemas/resources.ts';
import type { Finding, Rule } from '../rule.ts';
import { hasAll, type PolicyRule, perPolicyRule } from './policy-rules.ts';

/** What a rule of a role names without allowing anything by it: verbs that its resources do not have, and in a Role what is in no namespace. */
export const idleRoleRule: Rule = {
  id: 'idle-role-rule',
  title: 'Rule of a role that allows nothing',
  why: 'Whoever reads the role takes it for a right that nobody has.',
  severity: 'hint',
  scope: 'object',
  check: perPolicyRule((rule, resources) => {
    const found = rule.resources.map((field) => ({
      field,
      known: rule.groups.flatMap((group) => resources.find(group, field.text ?? '') ?? []),
    }));
    const outside = rule.isNamespaced
      ? found.filter(({ known }) => known.length > 0 && known.every((resource) => !resource.namespaced && !isNamespace(resource)))
      : [];
    const far = outside.map(
      ({ field: at }): Finding => ({
        at,
        severity: 'warning',
        message: t('"{0}" is in no namespace, and a Role reaches only what is in its own: this takes a ClusterRole', at.text ?? ''),
      }),
    );
    const isJudged = rule.isKnown && !hasAll(rule, 'resources') && found.length > 0 && found.every(({ known }) => known.length > 0);
    return isJudged
      ? [
          ...far,
          ...idleVerbs(
            rule,
            found.flatMap(({ known }) => known),
          ),
        ]
      : far;
  }),
};

/** A request for one namespace is one in it. */
function isNamespace({ group, name }: Resource): boolean {
  return group === '' && name.split('/')[0] === 'namespaces';
}

const checked: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);

function idleVerbs(rule: PolicyRule, known: readonly Resource[]): Finding[] {
  const may = new Set(known.flatMap(({ name, verbs }) => [...verbs, ...(specialVerbs[name] ?? [])]));
  const idle = rule.verbs.filter(({ text = '' }) => checked.has(text) && !may.has(text));
  // Some verbs too many are a habit; if there is no other one, a right is missing.
  const isAll = idle.length === rule.verbs.length && !hasAll(rule, 'verbs');
  const names = [...new Set(known.map(({ name }) => `"${name}"`))].join(', ');
  const verbs = [...may].join(', ');
  return idle.map((at) => ({
    at,
    message: t('{0} cannot be asked for with the verb "{1}", only with: {2}', names, at.text ?? '', verbs),
    ...(isAll && { severity: 'warning' }),
  }));
}
