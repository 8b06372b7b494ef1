import type { Field } from '../documents/field.ts';

/** The resources of a role's rules that are among those given by API group, where the rule has one of the verbs; `*` is every one. */
export function grantsOf(role: Field, wanted: Readonly<Record<string, readonly string[]>>, verbs: readonly string[]): Field[] {
  return role
    .get('rules')
    .items()
    .flatMap((rule) => {
      const groups = rule.get('apiGroups').items();
      const resources = Object.entries(wanted).flatMap(([group, names]) =>
        groups.some(({ text = '' }) => text === '*' || text === group) ? names : [],
      );
      const may = rule
        .get('verbs')
        .items()
        .some((verb) => verb.text === '*' || verbs.includes(verb.text ?? ''));
      return resources.length > 0 && may
        ? rule
            .get('resources')
            .items()
            .filter((item) => item.text === '*' || resources.includes(item.text ?? ''))
        : [];
    });
}
