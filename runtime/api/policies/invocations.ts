import type { MatchResources, ParamKind, ParamRef } from '../generated/types/admissionregistration/v1.ts';
import type { ApiObject } from '../object.ts';
import { StatusError } from '../status.ts';
import { matchedResource } from './matching.ts';
import { ConfigurationError, paramResource, paramsOf } from './params.ts';
import type { PolicyContext, PolicyResource, PolicyWrite } from './write.ts';

const group = 'admissionregistration.k8s.io';
const exempt = new Set([
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);

/** What policies of all kinds have in common. */
export interface Policy extends ApiObject {
  spec?: { readonly matchConstraints?: MatchResources; readonly paramKind?: ParamKind; readonly failurePolicy?: string };
}

/** What bindings of all kinds have in common. */
export interface Binding extends ApiObject {
  spec?: { readonly policyName?: string; readonly paramRef?: ParamRef; readonly matchResources?: MatchResources };
}

/** A policy that is to be asked about a write. */
export interface Invocation<P extends Policy, B extends Binding, R extends PolicyResource> {
  readonly policy: P;
  readonly binding: B;
  /** In whose version the policy wants to see the write. */
  readonly resource: R;
  readonly params: ApiObject | null;
  /** In whose version the policy wants to see the parameters. */
  readonly paramsIn: R | undefined;
}

/** A mistake in a policy, or in one of its bindings. */
export interface Misconfiguration<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding: B | undefined;
  readonly problem: string;
}

/** What policies do not judge, so that a bad one can be taken away. */
export function isExemptFromPolicies({ resource }: { readonly resource: PolicyResource }): boolean {
  return resource.kind.group === group && exempt.has(resource.kind.plural);
}

/** All policies of a kind in their order, each with its bindings; those without one are left out. */
export function boundPolicies<P extends Policy, B extends Binding>(
  { reader }: Pick<PolicyContext<PolicyResource>, 'reader'>,
  kind: 'validating' | 'mutating',
): { readonly policies: readonly P[]; readonly bound: readonly (readonly [P, readonly B[]])[] } {
  // Stored objects have the structure of their definitions.
  const bindings = reader.list(group, `${kind}admissionpolicybindings`) as readonly B[];
  if (bindings.length === 0) return { policies: [], bound: [] };
  const policies = reader.list(group, `${kind}admissionpolicies`) as readonly P[];
  const bound = policies.map((policy) => [policy, bindings.filter(({ spec }) => spec?.policyName === policy.metadata.name)] as const);
  return { policies, bound: bound.filter(([, own]) => own.length > 0) };
}

/** What becomes of one policy: whom to ask, binding by binding, and what is wrong with it. Follows upstream's `policyDispatcher.Dispatch`. */
export function* invocationsOf<P extends Policy, B extends Binding, R extends PolicyResource>(
  policy: P,
  bindings: readonly B[],
  attributes: PolicyWrite<R>,
  context: PolicyContext<R>,
): Iterable<Invocation<P, B, R> | Misconfiguration<P, B>> {
  const { matchConstraints = {}, paramKind } = policy.spec ?? {};
  const matched = attempt(() => {
    const resource = matchedResource(matchConstraints, attributes, context);
    return resource && { resource, paramsIn: paramKind && paramResource(paramKind, context) };
  });
  if ('problem' in matched) yield { policy, binding: undefined, problem: `failed to configure policy: ${matched.problem}` };
  if ('problem' in matched || matched.value === undefined) return;
  const { resource, paramsIn } = matched.value;
  for (const binding of bindings) {
    const found = attempt(() =>
      isBound(binding, attributes, context) ? paramsOf(paramsIn, binding.spec?.paramRef, attributes, context) : [],
    );
    if ('problem' in found) yield { policy, binding, problem: `failed to configure binding: ${found.problem}` };
    else for (const params of found.value) yield { policy, binding, resource, params, paramsIn };
  }
}

function attempt<T>(step: () => T): { readonly value: T } | { readonly problem: string } {
  try {
    return { value: step() };
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof StatusError) return { problem: error.message };
    throw error;
  }
}

/** A binding narrows what its policy is about; without rules it leaves the resources to it. */
function isBound<R extends PolicyResource>({ spec }: Binding, attributes: PolicyWrite<R>, context: PolicyContext<R>): boolean {
  const matchResources = spec?.matchResources;
  if (matchResources === undefined) return true;
  const everything = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }];
  const rules = matchResources.resourceRules ?? [];
  return matchedResource({ ...matchResources, resourceRules: rules.length === 0 ? everything : rules }, attributes, context) !== undefined;
}
