import type { AdmissionValues } from '../../../api/cel/admission.ts';
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '../../../api/generated/types/admissionregistration/v1.ts';
import { goStructJson } from '../../../api/go-json.ts';
import { CompiledPolicy, type Denial, type Verdict } from '../../../api/policies/compiled-policy.ts';
import { boundPolicies, invocationsOf, isExemptFromPolicies } from '../../../api/policies/invocations.ts';
import { type PolicyNames, refusalText, warningText } from '../../../api/policies/texts.ts';
import { StatusError } from '../../../api/status.ts';
import type { ApiObject } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { CompiledPolicies } from '../policies/compiled.ts';
import { valuesOf } from '../policies/values.ts';
import { refuse } from '../refuse.ts';
import { servedBy, versionedBy } from '../versions.ts';

const maxAnnotationLength = 10 * 1024;
const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 };

type Policy = ApiObject & ValidatingAdmissionPolicy;
type Binding = ApiObject & ValidatingAdmissionPolicyBinding;
type Compiled = CompiledPolicies<Policy, CompiledPolicy>;

/** Asks ValidatingAdmissionPolicies about a write, as far as bindings put them in force. Follows upstream's `ValidatingAdmissionPolicy`. */
export function validatingPolicy(): AdmissionPlugin {
  const compiled: Compiled = new CompiledPolicies(({ spec = {} }: Policy) => new CompiledPolicy(spec));
  return {
    name: 'ValidatingAdmissionPolicy',
    validate(attributes, context) {
      if (isExemptFromPolicies(attributes)) return;
      const { policies, bound } = boundPolicies<Policy, Binding>(context, 'validating');
      if (bound.length === 0) return;
      compiled.keepOnly(policies);
      return judge(new Review(attributes, context), bound, compiled);
    },
  };
}

async function judge(review: Review, bound: readonly (readonly [Policy, readonly Binding[]])[], compiled: Compiled): Promise<void> {
  for (const [policy, bindings] of bound) await review.ask(policy, bindings, compiled);
  review.finish();
}

interface Refusal extends PolicyNames {
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

  async ask(policy: Policy, bindings: readonly Binding[], compiled: Compiled): Promise<void> {
    const { attributes, context } = this;
    const collected = new Map<string, Set<string>>();
    let values: AdmissionValues | undefined;
    for (const step of invocationsOf(policy, bindings, attributes, context)) {
      if ('problem' in step) {
        // A mistake counts as the failurePolicy says.
        if (policy.spec?.failurePolicy === 'Ignore') continue;
        this.refusals.push({ ...namesOf(policy, step.binding), message: step.problem, reason: '' });
        continue;
      }
      values ??= valuesOf(attributes, step.resource, await versionedBy(step.resource, attributes), context, true);
      const params = step.paramsIn === undefined ? null : await servedBy(step.paramsIn, step.params);
      this.take(policy, step.binding, compiled.get(policy).judge({ ...values, params }), collected);
    }
    for (const [key, texts] of collected) attributes.annotate?.(`${policy.metadata.name ?? ''}/${key}`, [...texts].join(', '));
  }

  /** Throws the first refusal. */
  finish(): void {
    const [first] = this.refusals;
    if (first === undefined) return;
    const { reason } = first;
    const message = refusalText(first, first.message);
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
        this.attributes.warn(warningText(names, message));
      } else if (action === 'Audit') {
        const failure = [{ message, ...names, expressionIndex: index, validationActions: actions }];
        this.attributes.annotate?.('validation.policy.admission.k8s.io/validation_failure', goStructJson(failure));
      }
    }
  }
}

function namesOf(policy: Policy, binding: Binding | undefined): PolicyNames {
  return { policy: policy.metadata.name ?? '', binding: binding?.metadata.name };
}
