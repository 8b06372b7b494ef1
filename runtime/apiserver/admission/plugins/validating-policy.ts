import { type AdmissionValues, celValue } from '../../../api/cel/admission.ts';
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '../../../api/generated/types/admissionregistration/v1.ts';
import { StatusError } from '../../../api/status.ts';
import type { ApiObject } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { matchedResource } from '../matching.ts';
import { ConfigurationError, paramResource, paramsOf } from '../policies/params.ts';
import { CompiledPolicy, type Denial, type Verdict } from '../policies/policy.ts';
import { valuesOf } from '../policies/values.ts';
import { refuse } from '../refuse.ts';

const group = 'admissionregistration.k8s.io';
const exempt = new Set([
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);
const maxAnnotationLength = 10 * 1024;
const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 };

type Policy = ApiObject & ValidatingAdmissionPolicy;
type Binding = ApiObject & ValidatingAdmissionPolicyBinding;

/** Asks ValidatingAdmissionPolicies about a write, as far as bindings put them in force. Follows upstream's `ValidatingAdmissionPolicy`. */
export function validatingPolicy(): AdmissionPlugin {
  const compiled = new CompiledPolicies();
  return {
    name: 'ValidatingAdmissionPolicy',
    validate(attributes, context) {
      const { kind } = attributes.resource;
      // Stored objects have the structure of their definitions.
      const bindings = context.reader.list(group, 'validatingadmissionpolicybindings') as readonly Binding[];
      if (bindings.length === 0 || (kind.group === group && exempt.has(kind.plural))) return;
      const policies = context.reader.list(group, 'validatingadmissionpolicies') as readonly Policy[];
      compiled.keepOnly(policies);
      const review = new Review(attributes, context);
      for (const policy of policies) {
        const own = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
        if (own.length > 0) review.ask(policy, own, compiled);
      }
      review.finish();
    },
  };
}

/** Policies are compiled when they are first needed, and again when they have changed. */
class CompiledPolicies {
  private readonly byUid = new Map<string, { readonly generation: number; readonly compiled: CompiledPolicy }>();

  get({ metadata, spec = {} }: Policy): CompiledPolicy {
    const { uid = '', generation = 0 } = metadata;
    const known = this.byUid.get(uid);
    if (known?.generation === generation) return known.compiled;
    const compiled = new CompiledPolicy(spec);
    this.byUid.set(uid, { generation, compiled });
    return compiled;
  }

  keepOnly(policies: readonly Policy[]): void {
    if (this.byUid.size <= policies.length) return;
    const uids = new Set(policies.map(({ metadata }) => metadata.uid));
    for (const uid of this.byUid.keys()) if (!uids.has(uid)) this.byUid.delete(uid);
  }
}

interface Refusal {
  readonly policy: string;
  readonly binding: string | undefined;
  readonly message: string;
  readonly reason: string;
}

/** What the policies say of one write. */
class Review {
  private readonly attributes: Attributes;
  private readonly context: AdmissionContext;
  private readonly refusals: Refusal[] = [];

  constructor(attributes: Attributes, context: AdmissionContext) {
    this.attributes = attributes;
    this.context = context;
  }

  ask(policy: Policy, bindings: readonly Binding[], compiled: CompiledPolicies): void {
    const { attributes, context } = this;
    const { matchConstraints, paramKind, failurePolicy } = policy.spec ?? {};
    const collected = new Map<string, Set<string>>();
    /** A mistake in the policy or a binding counts as its failurePolicy says. */
    const attempt = (binding: Binding | undefined, step: () => void) => {
      try {
        step();
      } catch (error) {
        this.misconfigured(policy, binding, failurePolicy, error);
      }
    };
    attempt(undefined, () => {
      const resource = matchedResource(matchConstraints ?? {}, attributes, context);
      if (resource === undefined) return;
      const paramsIn = paramKind && paramResource(paramKind, context);
      let values: AdmissionValues | undefined;
      for (const binding of bindings) {
        attempt(binding, () => {
          if (!isBound(binding, attributes, context)) return;
          for (const params of paramsOf(paramsIn, binding.spec.paramRef, attributes, context)) {
            values ??= valuesOf(attributes, resource, context, true);
            this.take(policy, binding, compiled.get(policy).judge({ ...values, params: celValue(params) }), collected);
          }
        });
      }
    });
    for (const [key, texts] of collected) attributes.annotate?.(`${policy.metadata.name ?? ''}/${key}`, [...texts].join(', '));
  }

  /** Throws the first refusal. */
  finish(): void {
    const [first] = this.refusals;
    if (first === undefined) return;
    const { policy, binding, reason } = first;
    const by = binding === undefined ? '' : ` with binding '${binding}'`;
    const message = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${first.message}`;
    const { status } = refuse(this.attributes, message);
    const told = reason === '' ? 'Invalid' : reason;
    const details = { ...status.details, causes: [...(status.details?.causes ?? []), { message }] };
    throw new StatusError({ ...status, reason: told, code: codes[told] ?? 422, details });
  }

  private take(policy: Policy, binding: Binding, verdict: Verdict, collected: Map<string, Set<string>>): void {
    for (const denial of verdict.denials) this.act(policy, binding, denial);
    for (const { key, value } of verdict.annotations) {
      const texts = collected.get(key) ?? new Set();
      collected.set(key, texts.add(value.slice(0, maxAnnotationLength)));
    }
    for (const message of verdict.annotationErrors) this.refusals.push({ ...namesOf(policy, binding), message, reason: '' });
  }

  private act(policy: Policy, binding: Binding, { index, message, reason }: Denial): void {
    const names = namesOf(policy, binding);
    const actions = binding.spec.validationActions;
    for (const action of actions) {
      if (action === 'Deny') this.refusals.push({ ...names, message, reason });
      else if (action === 'Warn') {
        this.attributes.warn(
          `Validation failed for ValidatingAdmissionPolicy '${names.policy}' with binding '${names.binding}': ${message}`,
        );
      } else if (action === 'Audit') {
        const failure = [{ message, ...names, expressionIndex: index, validationActions: actions }];
        this.attributes.annotate?.('validation.policy.admission.k8s.io/validation_failure', JSON.stringify(failure));
      }
    }
  }

  private misconfigured(policy: Policy, binding: Binding | undefined, failurePolicy: string | undefined, error: unknown): void {
    if (!(error instanceof ConfigurationError || error instanceof StatusError)) throw error;
    if (failurePolicy === 'Ignore') return;
    const what = binding === undefined ? 'policy' : 'binding';
    this.refusals.push({ ...namesOf(policy, binding), message: `failed to configure ${what}: ${error.message}`, reason: '' });
  }
}

function namesOf(policy: Policy, binding: Binding | undefined): { readonly policy: string; readonly binding: string | undefined } {
  return { policy: policy.metadata.name ?? '', binding: binding?.metadata.name };
}

/** A binding narrows what its policy is about; without rules it leaves the resources to it. */
function isBound({ spec }: Binding, attributes: Attributes, context: AdmissionContext): boolean {
  const { matchResources } = spec;
  if (matchResources === undefined) return true;
  const everything = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }];
  const rules = matchResources.resourceRules ?? [];
  return matchedResource({ ...matchResources, resourceRules: rules.length === 0 ? everything : rules }, attributes, context) !== undefined;
}
