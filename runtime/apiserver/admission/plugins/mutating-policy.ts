import { mergeUnowned } from '../../../api/apply/merge-unowned.ts';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '../../../api/generated/types/admissionregistration/v1.ts';
import { apiVersionOf } from '../../../api/kinds/kind.ts';
import type { Json } from '../../../api/object.ts';
import { applyJsonPatch, TestFailedError } from '../../../api/patches/json-patch.ts';
import { isMap } from '../../../api/patches/json-tree.ts';
import { boundPolicies, type Invocation, invocationsOf, isExemptFromPolicies } from '../../../api/policies/invocations.ts';
import { StatusError } from '../../../api/status.ts';
import { type ApiObject, jsonEqual } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { CompiledPolicies } from '../policies/compiled.ts';
import { type Change, CompiledMutations } from '../policies/mutations.ts';
import { valuesOf } from '../policies/values.ts';
import { refuse } from '../refuse.ts';
import { type Round, Rounds } from '../reinvocation.ts';
import { readMutated, replaceObject } from '../replace-object.ts';
import { asWritten, servedBy, versionedBy } from '../versions.ts';

type Policy = ApiObject & MutatingAdmissionPolicy;
type Binding = ApiObject & MutatingAdmissionPolicyBinding;
type Compiled = CompiledPolicies<Policy, CompiledMutations>;

interface Failure {
  readonly policy: Policy;
  readonly binding: Binding | undefined;
  readonly problem: string;
  /** Why the write is refused; empty: it is forbidden. */
  readonly reason: string;
}

/** Changes a write as MutatingAdmissionPolicies want it, as far as bindings put them in force. Follows upstream's `MutatingAdmissionPolicy`. */
export function mutatingPolicy(): AdmissionPlugin {
  const compiled: Compiled = new CompiledPolicies(({ spec = {} }: Policy) => new CompiledMutations(spec));
  const rounds = new Rounds();
  return {
    name: 'MutatingAdmissionPolicy',
    admit(attributes, context) {
      if (attributes.operation === 'DELETE' || isExemptFromPolicies(attributes)) return;
      const { policies, bound } = boundPolicies<Policy, Binding>(context, 'mutating');
      if (bound.length === 0) return;
      compiled.keepOnly(policies);
      const failures: Failure[] = [];
      // Who is to be asked is settled before anything changes.
      const invocations: Invocation<Policy, Binding, Resource>[] = [];
      for (const [policy, bindings] of bound) {
        for (const step of invocationsOf(policy, bindings, attributes, context)) {
          if ('problem' in step) failures.push({ ...step, reason: '' });
          else invocations.push(step);
        }
      }
      const mutators = invocations.map((each) => new Mutator(each, compiled.get(each.policy), attributes, context));
      return mutateAll(mutators, rounds.enter(attributes), attributes, failures);
    },
  };
}

async function mutateAll(
  mutators: readonly Mutator[],
  round: Round,
  attributes: Attributes,
  failures: Failure[],
): Promise<undefined | 'reinvoke'> {
  let changed = false;
  for (const mutator of mutators) changed = (await mutator.run(round, failures)) || changed;
  round.finish(attributes.object);
  refuseFor(failures, attributes);
  return changed ? 'reinvoke' : undefined;
}

/** One policy with one binding and one set of parameters, at work on a write. */
class Mutator {
  private readonly invocation: Invocation<Policy, Binding, Resource>;
  private readonly compiled: CompiledMutations;
  private readonly attributes: Attributes;
  private readonly context: AdmissionContext;

  constructor(
    invocation: Invocation<Policy, Binding, Resource>,
    compiled: CompiledMutations,
    attributes: Attributes,
    context: AdmissionContext,
  ) {
    this.invocation = invocation;
    this.compiled = compiled;
    this.attributes = attributes;
    this.context = context;
  }

  /** Gives whether the object was changed. Throws a `StatusError` for what refuses the write whatever the failurePolicy. */
  async run(round: Round, failures: Failure[]): Promise<boolean> {
    const { policy, binding, params } = this.invocation;
    const fail = (problem: string) => failures.push({ policy, binding, problem, reason: 'Invalid' });
    const { matches, error } = this.compiled.matches(await this.values());
    if (error !== undefined) fail(error);
    if (!matches) return false;
    const id = [policy.metadata.name, binding.metadata.name, params?.metadata.namespace, params?.metadata.name].join('/');
    if (!round.wants(id)) return false;
    let changed = false;
    for (let index = 0; index < this.compiled.count && this.attributes.object !== undefined; index++) {
      try {
        const change = this.compiled.change(index, await this.values());
        changed = (await this.mutate(change, this.attributes.object)) || changed;
      } catch (failure) {
        if (failure instanceof StatusError || !(failure instanceof Error)) throw failure;
        fail(failure.message);
      }
    }
    if (changed) round.changed();
    if (policy.spec?.reinvocationPolicy === 'IfNeeded') round.seenBy(id);
    return changed;
  }

  private async values() {
    const { resource, params, paramsIn } = this.invocation;
    const values = valuesOf(this.attributes, resource, await versionedBy(resource, this.attributes), this.context, true);
    return { ...values, params: paramsIn === undefined ? null : await servedBy(paramsIn, params) };
  }

  private async mutate(change: Change, object: ApiObject): Promise<boolean> {
    const { resource } = this.invocation;
    // A decoded object is JSON; its static type only says more of its metadata.
    const before = (await servedBy(resource, object)) as unknown as Json;
    const mutated = change.type === 'JSONPatch' ? patched(before, change.content) : this.merged(before, change.content);
    if (mutated === before) return false;
    const after = await asWritten(resource, readMutated(mutated, resource, change.type === 'JSONPatch'), this.attributes);
    if (jsonEqual(object, after)) return false;
    replaceObject(object, after);
    return true;
  }

  private merged(before: Json, configuration: Json): Json {
    const { kind }: Resource = this.invocation.resource;
    const named = { ...(isMap(configuration) ? configuration : {}), apiVersion: apiVersionOf(kind), kind: kind.kind };
    try {
      return mergeUnowned(this.context.fieldTypes.root(kind.definition), before, named);
    } catch (error) {
      throw new Error(`error applying patch: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A patch whose tests fail changes nothing. */
function patched(before: Json, operations: Json): Json {
  try {
    return applyJsonPatch(before, operations);
  } catch (error) {
    if (error instanceof TestFailedError) return before;
    throw new Error(`JSON Patch: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Throws all failures that count as one. */
function refuseFor(failures: readonly Failure[], attributes: Attributes): void {
  const counted = failures.filter(({ policy }) => policy.spec?.failurePolicy !== 'Ignore');
  const [first] = counted;
  if (first === undefined) return;
  const { status } = refuse(attributes, 'admission request denied by policy');
  const causes = counted.map((failure) => ({ message: textOf(failure) }));
  throw new StatusError({
    ...status,
    message: textOf(first),
    ...(first.reason === '' ? {} : { reason: first.reason }),
    details: { ...status.details, causes: [...(status.details?.causes ?? []), ...causes] },
  });
}

function textOf({ policy, binding, problem }: Failure): string {
  const name = policy.metadata.name ?? '';
  return binding === undefined
    ? `policy ${JSON.stringify(name)} denied request: ${problem}`
    : `policy '${name}' with binding '${binding.metadata.name ?? ''}' denied request: ${problem}`;
}
