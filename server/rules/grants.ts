import type { Field } from '../documents/field.ts';

/** The resources of a role's rules that are among those given, where the rule has one of the verbs; `*` is every one. */
export function grantsOf(role: Field, resources: readonly string[], verbs: readonly string[]): Field[] {
  return role
    .get('rules')
    .items()
    .flatMap((rule) => {
      const groups = rule.get('apiGroups').items();
      const core = groups.some((group) => group.text === undefined || group.text === '*');
      const may = rule
        .get('verbs')
        .items()
        .some((verb) => verb.text === '*' || verbs.includes(verb.text ?? ''));
      return core && may
        ? rule
            .get('resources')
            .items()
            .filter((item) => item.text === '*' || resources.includes(item.text ?? ''))
        : [];
    });
}
