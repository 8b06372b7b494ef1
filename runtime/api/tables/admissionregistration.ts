import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../generated/types/admissionregistration/v1.ts';
import type { LabelSelector } from '../generated/types/meta/v1.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

const paramKindColumn = column('ParamKind', 'ParamKind specifies the kind of resources used to parameterize this policy');

function paramKindCell(policy: ValidatingAdmissionPolicy | MutatingAdmissionPolicy): string {
  const kind = policy.spec?.paramKind;
  return kind === undefined ? '<unset>' : `${kind.apiVersion ?? ''}/${kind.kind ?? ''}`;
}

function paramCell(binding: ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding): string {
  const param = binding.spec?.paramRef;
  // Nothing here says whether the parameters' kind has namespaces.
  if (param?.name) return `${param.namespace || '*'}/${param.name}`;
  return param?.selector === undefined ? '<unset>' : goSelector(param.selector);
}

/** A label selector as Go prints the struct. */
function goSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key] ?? ''},`);
  const requirements = matchExpressions.map(
    ({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`;
}

const webhookPrinter = printer<MutatingWebhookConfiguration | ValidatingWebhookConfiguration>(
  [nameColumn, column('Webhooks', 'Webhooks indicates the number of webhooks registered in this configuration', 'integer'), ageColumn],
  (object, now) => [nameOf(object), object.webhooks?.length ?? 0, ageOf(object, now)],
);

const bindingPrinter = printer<ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding>(
  [
    nameColumn,
    column('PolicyName', 'PolicyName indicates the policy definition which the policy binding binded to'),
    column('ParamRef', 'ParamRef indicates the param resource which sets the configuration param'),
    ageColumn,
  ],
  (object, now) => [nameOf(object), object.spec?.policyName ?? '', paramCell(object), ageOf(object, now)],
);

export const admissionregistrationPrinters: Printers = {
  MutatingWebhookConfiguration: webhookPrinter,
  ValidatingWebhookConfiguration: webhookPrinter,
  ValidatingAdmissionPolicy: printer<ValidatingAdmissionPolicy>(
    [
      nameColumn,
      column('Validations', 'Validations indicates the number of validation rules defined in this configuration', 'integer'),
      paramKindColumn,
      ageColumn,
    ],
    (object, now) => [nameOf(object), object.spec?.validations?.length ?? 0, paramKindCell(object), ageOf(object, now)],
  ),
  MutatingAdmissionPolicy: printer<MutatingAdmissionPolicy>(
    [
      nameColumn,
      column('Mutations', 'Mutation indicates the number of mutations rules defined in this configuration', 'integer'),
      paramKindColumn,
      ageColumn,
    ],
    (object, now) => [nameOf(object), object.spec?.mutations?.length ?? 0, paramKindCell(object), ageOf(object, now)],
  ),
  ValidatingAdmissionPolicyBinding: bindingPrinter,
  MutatingAdmissionPolicyBinding: bindingPrinter,
};
