import type { AdmissionValues } from '../../runtime/api/cel/admission.ts';
import { CelAuthorizer } from '../../runtime/api/cel/libraries/authorizer.ts';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import type { ApiObject, KubeObject } from '../../runtime/api/object.ts';
import type { Denial } from '../../runtime/api/policies/compiled-policy.ts';
import { invocationsOf, isExemptFromPolicies } from '../../runtime/api/policies/invocations.ts';
import { requestOf } from '../../runtime/api/policies/request.ts';
import { type PolicyNames, refusalText, warningText } from '../../runtime/api/policies/texts.ts';
import type { PolicyContext, PolicyResource } from '../../runtime/api/policies/write.ts';
import type { KnownKind } from '../schemas/kinds.ts';
import { asCreated } from '../schemas/rules.ts';
import type { Binding, Policy, PolicyInForce } from './policies-in-force.ts';

/** What a policy of the workspace says of an object. */
export interface Judgement {
  /** Whether the API server would refuse the object, or only warn of it. */
  readonly refused: boolean;
  /** In the words of the API server. */
  readonly message: string;
  /** The validation that is not fulfilled; empty where something else fails. */
  readonly expression: string;
}

/** Who is taken to apply manifests: an administrator, who may do everything. */
const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

/** What the policies would say if an administrator created an object, which is changed on the way. `knowsNamespace`: whether its namespace is known. */
export function judge(
  object: KubeObject,
  known: KnownKind,
  policies: readonly PolicyInForce[],
  context: PolicyContext<PolicyResource>,
  knowsNamespace: (name: string) => boolean,
): Judgement[] {
  const resource = resourceOf(known);
  if (!resource || isExemptFromPolicies({ resource })) return [];
  const { metadata: given } = object;
  asCreated(object, known);
  const name = given?.name ?? '';
  const { namespace = '' } = object.metadata ?? {};
  const written = object as ApiObject;
  const attributes = { operation: 'CREATE', resource, subresource: '', namespace, name, object: written, user, dryRun: false };
  const { group, plural } = resource.kind;
  const isNamespace = group === '' && plural === 'namespaces';
  const values: AdmissionValues = {
    object: written,
    oldObject: null,
    request: requestOf(attributes, resource),
    namespaceObject: (!isNamespace && namespace !== '' && context.reader.get('', 'namespaces', '', namespace)) || null,
    authorizer: new CelAuthorizer(() => ({ decision: 'allow' }), { group, resource: plural, subresource: '', namespace, name }),
  };
  return policies
    .filter(({ looksAtNamespaces }) => !looksAtNamespaces || namespace === '' || isNamespace || knowsNamespace(namespace))
    .flatMap(({ policy, bindings, compiled }) =>
      [...invocationsOf(policy, bindings, attributes, context)].flatMap((step) => {
        // Parameters that are missing here may be in the cluster.
        if ('problem' in step) return [];
        const { denials, annotationErrors } = compiled().judge({ ...values, params: step.params });
        const errors = annotationErrors.map((message) => refusal(policy, step.binding, message, ''));
        return [...denials.flatMap((denial) => told(policy, step.binding, denial)), ...errors];
      }),
    );
}

function told(policy: Policy, binding: Binding, { expression = '', message }: Denial): Judgement[] {
  const actions: readonly string[] = binding.spec?.validationActions ?? [];
  if (actions.includes('Deny')) return [refusal(policy, binding, message, expression)];
  return actions.includes('Warn') ? [{ refused: false, message: warningText(namesOf(policy, binding), message), expression }] : [];
}

function refusal(policy: Policy, binding: Binding, message: string, expression: string): Judgement {
  return { refused: true, message: refusalText(namesOf(policy, binding), message), expression };
}

function namesOf(policy: Policy, binding: Binding): PolicyNames {
  return { policy: policy.metadata.name ?? '', binding: binding.metadata.name };
}

/** A kind as policies name it; undefined of those that are no longer served. */
export function resourceOf({ apiVersion, kind, plural, namespaced }: KnownKind): PolicyResource | undefined {
  if (plural === undefined) return undefined;
  return { kind: { group: groupOf(apiVersion), version: apiVersion.slice(apiVersion.indexOf('/') + 1), kind, plural, namespaced } };
}
