import { authorityBundleProblem } from '../../api/certificates/x509.ts';
import { conditionOf, withCondition } from '../../api/custom-resources/definition.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '../../api/generated/types/apiextensions/v1.ts';
import { quote } from '../../api/validation/field-error.ts';

/**
 * The status of a definition once its names have been held against those of its group: what is taken stays with whom it was given first. Follows
 * upstream's naming and establishing controllers, which do this in two steps.
 *
 * @param others the other definitions of the group
 * @param now RFC 3339
 */
export function acceptNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
  now: string,
): CustomResourceDefinitionStatus {
  const { names: wanted } = definition.spec;
  const accepted = definition.status?.acceptedNames ?? { plural: '', kind: '' };
  const names: { -readonly [K in keyof CustomResourceDefinitionNames]: CustomResourceDefinitionNames[K] } = { ...accepted };
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const taken of others.map(({ status }) => status?.acceptedNames)) {
    for (const name of [taken?.plural, taken?.singular, ...(taken?.shortNames ?? [])]) if (name) resources.add(name);
    for (const name of [taken?.kind, taken?.listKind]) if (name) kinds.add(name);
  }
  let problem: { readonly reason: string; readonly message: string } | undefined;
  const take = (name: string | undefined, taken: ReadonlySet<string>, reason: string, accept: () => void): void => {
    if (name !== undefined && taken.has(name)) problem = { reason, message: `${quote(name)} is already in use` };
    else accept();
  };
  take(wanted.plural, resources, 'PluralConflict', () => {
    names.plural = wanted.plural;
  });
  take(wanted.singular, resources, 'SingularConflict', () => {
    if (wanted.singular !== undefined) names.singular = wanted.singular;
  });
  const short = (wanted.shortNames ?? []).filter((name) => resources.has(name)).map((name) => `${quote(name)} is already in use`);
  if (short.length > 0)
    problem = { reason: 'ShortNamesConflict', message: short.length === 1 ? (short[0] ?? '') : `[${short.join(', ')}]` };
  else if (wanted.shortNames === undefined) delete names.shortNames;
  else names.shortNames = wanted.shortNames;
  take(wanted.kind, kinds, 'KindConflict', () => {
    names.kind = wanted.kind;
  });
  take(wanted.listKind, kinds, 'ListKindConflict', () => {
    if (wanted.listKind !== undefined) names.listKind = wanted.listKind;
  });
  if (wanted.categories === undefined) delete names.categories;
  else names.categories = wanted.categories;

  const old = definition.status?.conditions ?? [];
  const named =
    problem === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...problem };
  let conditions = withCondition(old, named, now);
  // What has been established stays so, even if new names of it cannot be had.
  if (conditionOf(definition, 'Established')?.status !== 'True') {
    const established = problem === undefined ? establishedOf(definition) : notAccepted;
    conditions = withCondition(conditions, { type: 'Established', ...established }, now);
  }
  return { ...definition.status, conditions, acceptedNames: names };
}

const notAccepted = { status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };

/** A definition whose objects could never be converted is not established. */
function establishedOf({ spec }: CustomResourceDefinition) {
  const bundle = spec.conversion?.webhook?.clientConfig?.caBundle ?? '';
  return bundle !== '' && authorityBundleProblem(bundle) !== undefined
    ? { status: 'False', reason: 'InvalidCABundle', message: 'The conversion webhook CABundle is invalid' }
    : { status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' };
}
