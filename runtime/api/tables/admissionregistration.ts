import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../generated/types/admissionregistration/v1.ts';
import { selectorCell } from './cells.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

const paramKindColumn = column('ParamKind', 'Kind of the objects that hold parameters.');

function paramKindCell(policy: ValidatingAdmissionPolicy | MutatingAdmissionPolicy): string {
  const kind = policy.spec?.paramKind;
  return kind === undefined ? '<unset>' : `${kind.apiVersion ?? ''}/${kind.kind ?? ''}`;
}

function paramCell(binding: ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding): string {
  const param = binding.spec?.paramRef;
  if (param?.name) return param.namespace ? `${param.namespace}/${param.name}` : param.name;
  return param?.selector === undefined ? '<unset>' : selectorCell(param.selector);
}

const webhookPrinter = printer<MutatingWebhookConfiguration | ValidatingWebhookConfiguration>(
  [nameColumn, column('Webhooks', 'Number of webhooks.', 'integer'), ageColumn],
  (object, now) => [nameOf(object), object.webhooks?.length ?? 0, ageOf(object, now)],
);

const bindingPrinter = printer<ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding>(
  [nameColumn, column('PolicyName', 'Policy that is bound.'), column('ParamRef', 'Object that holds the parameters.'), ageColumn],
  (object, now) => [nameOf(object), object.spec?.policyName ?? '', paramCell(object), ageOf(object, now)],
);

export const admissionregistrationPrinters: Printers = {
  MutatingWebhookConfiguration: webhookPrinter,
  ValidatingWebhookConfiguration: webhookPrinter,
  ValidatingAdmissionPolicy: printer<ValidatingAdmissionPolicy>(
    [nameColumn, column('Validations', 'Number of validation rules.', 'integer'), paramKindColumn, ageColumn],
    (object, now) => [nameOf(object), object.spec?.validations?.length ?? 0, paramKindCell(object), ageOf(object, now)],
  ),
  MutatingAdmissionPolicy: printer<MutatingAdmissionPolicy>(
    [nameColumn, column('Mutations', 'Number of mutations.', 'integer'), paramKindColumn, ageColumn],
    (object, now) => [nameOf(object), object.spec?.mutations?.length ?? 0, paramKindCell(object), ageOf(object, now)],
  ),
  ValidatingAdmissionPolicyBinding: bindingPrinter,
  MutatingAdmissionPolicyBinding: bindingPrinter,
};
