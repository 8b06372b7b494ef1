import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../runtime/api/generated/types/admissionregistration/v1.ts';
import type { ApiObject } from '../../runtime/api/object.ts';
import { CompiledPolicy } from '../../runtime/api/policies/compiled-policy.ts';
import { checkStructure } from '../../runtime/api/structure/index.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { errorsOf } from '../schemas/rules.ts';

export type Policy = ApiObject & ValidatingAdmissionPolicy;
export type Binding = ApiObject & ValidatingAdmissionPolicyBinding;

/** A policy of the workspace that is in force, as far as its bindings put it there. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly bindings: readonly Binding[];
  /** Compiled when it is needed first. */
  compiled(): CompiledPolicy;
  /** Whether it looks at namespaces more closely than at their names. */
  readonly looksAtNamespaces: boolean;
}

/** The policies with their bindings. What the API server would refuse is not in force; the editor marks it where it stands. */
export function policiesInForce(policies: readonly ApiObject[], bindings: readonly ApiObject[], kinds: Kinds): PolicyInForce[] {
  // What the API server would take has the structure of its definition.
  const sound = bindings.filter((binding) => isSound(binding, kinds)) as Binding[];
  return policies.flatMap((policy) => {
    const own = sound.filter(({ spec }) => spec?.policyName === policy.metadata.name);
    if (own.length === 0 || !isSound(policy, kinds)) return [];
    let compiled: CompiledPolicy | undefined;
    const { spec = {} } = policy as Policy;
    return [
      {
        policy: policy as Policy,
        bindings: own,
        compiled: () => (compiled ??= new CompiledPolicy(spec)),
        looksAtNamespaces: looksAtNamespaces(spec, own),
      },
    ];
  });
}

function isSound(object: ApiObject, kinds: Kinds): boolean {
  const known = kinds.find(object.apiVersion, object.kind);
  const copy = structuredClone(object);
  return known?.builtIn !== undefined && !checkStructure(known.builtIn.definition, copy).error && errorsOf(copy, known).length === 0;
}

function looksAtNamespaces(spec: NonNullable<Policy['spec']>, bindings: readonly Binding[]): boolean {
  const selectors = [spec.matchConstraints, ...bindings.map((binding) => binding.spec?.matchResources)].map(
    (match) => match?.namespaceSelector,
  );
  const keys = selectors.flatMap((selector) => [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  return keys.some((key) => key !== namespaceNameLabel) || JSON.stringify(spec).includes('namespaceObject');
}

/** The label that the API server gives to every namespace. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';
