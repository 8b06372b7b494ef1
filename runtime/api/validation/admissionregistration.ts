import { AdmissionCompiler } from '../cel/admission.ts';
import { boolType } from '../cel/check/index.ts';
import type {
  MatchCondition,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  RuleWithOperations,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../generated/types/admissionregistration/v1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems, qualifiedNameProblems } from '../names/index.ts';
import { checkOptionalOneOf, type Errors, reportInvalid } from './checks.ts';
import { duplicate, invalid, required, tooMany } from './field-error.ts';
import { validateLabelSelector } from './label-selector.ts';
import { Path } from './path.ts';
import { validateWebhookClient } from './webhook-client.ts';

/** Webhook configurations of `pkg/apis/admissionregistration/validation`. */

const webhooksPath = Path.of('webhooks');

export function validateValidatingWebhooks({ webhooks }: ValidatingWebhookConfiguration, errors: Errors): void {
  validateWebhooks(webhooks ?? [], errors);
}

export function validateMutatingWebhooks({ webhooks }: MutatingWebhookConfiguration, errors: Errors): void {
  validateWebhooks(webhooks ?? [], errors);
}

function validateWebhooks(webhooks: readonly (MutatingWebhook | ValidatingWebhook)[], errors: Errors): void {
  const names = new Set<string>();
  for (const [index, webhook] of webhooks.entries()) {
    const at = webhooksPath.index(index);
    validateWebhook(webhook, at, errors);
    validateReviewVersions(webhook.admissionReviewVersions ?? [], at.child('admissionReviewVersions'), errors);
    const name = webhook.name ?? '';
    if (name === '') continue;
    if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    else names.add(name);
  }
}

const sideEffects = ['None', 'NoneOnDryRun'];

function validateWebhook(webhook: MutatingWebhook | ValidatingWebhook, path: Path, errors: Errors): void {
  validateQualifiedDomain(webhook.name ?? '', path.child('name'), errors);
  for (const [index, rule] of (webhook.rules ?? []).entries()) validateRule(rule, path.child('rules').index(index), errors);
  checkOptionalOneOf(webhook.failurePolicy, ['Fail', 'Ignore'], path.child('failurePolicy'), errors);
  checkOptionalOneOf(webhook.matchPolicy, ['Equivalent', 'Exact'], path.child('matchPolicy'), errors);
  if (webhook.sideEffects === undefined || webhook.sideEffects === '') {
    errors.push(required(path.child('sideEffects'), `must specify one of ${sideEffects.join(', ')}`));
  } else checkOptionalOneOf(webhook.sideEffects, sideEffects, path.child('sideEffects'), errors);
  const timeout = webhook.timeoutSeconds;
  if (timeout !== undefined && (timeout > 30 || timeout < 1)) {
    errors.push(invalid(path.child('timeoutSeconds'), timeout, 'the timeout value must be between 1 and 30 seconds'));
  }
  validateLabelSelector(webhook.namespaceSelector, path.child('namespaceSelector'), errors);
  validateLabelSelector(webhook.objectSelector, path.child('objectSelector'), errors);
  if ('reinvocationPolicy' in webhook) {
    checkOptionalOneOf(webhook.reinvocationPolicy, ['IfNeeded', 'Never'], path.child('reinvocationPolicy'), errors);
  }
  validateWebhookClient(webhook.clientConfig ?? {}, path.child('clientConfig'), errors);
  validateMatchConditions(webhook.matchConditions, false, path.child('matchConditions'), errors);
}

function validateQualifiedDomain(name: string, path: Path, errors: Errors): void {
  if (name === '') {
    errors.push(required(path));
    return;
  }
  const problems = dns1123SubdomainProblems(name);
  if (problems.length > 0) errors.push(invalid(path, name, problems.join(',')));
  else if (name.split('.').length < 3)
    errors.push(invalid(path, name, 'should be a domain with at least three segments separated by dots'));
}

const maxMatchConditions = 64;

/** `hasParams`: the conditions may speak of parameters. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  hasParams: boolean,
  path: Path,
  errors: Errors,
): void {
  if (conditions === undefined || conditions.length === 0) return;
  const seen = new Set<string>();
  const compiler = new AdmissionCompiler(hasParams);
  if (conditions.length > maxMatchConditions) errors.push(tooMany(path, conditions.length, maxMatchConditions));
  for (const [index, { name = '', expression = '' }] of conditions.entries()) {
    const at = path.index(index);
    const written = expression.trim();
    if (written === '') errors.push(required(at.child('expression')));
    else {
      const { error } = compiler.compile(written, [boolType], { authorizer: true, variables: false });
      if (error !== undefined) errors.push(invalid(at.child('expression'), written, error));
    }
    if (name === '') errors.push(required(at.child('name')));
    else {
      reportInvalid(qualifiedNameProblems(name), name, at.child('name'), errors);
      if (seen.has(name)) errors.push(duplicate(at.child('name'), name));
      seen.add(name);
    }
  }
}

const reviewVersions = ['v1', 'v1beta1'];

function validateReviewVersions(versions: readonly string[], path: Path, errors: Errors): void {
  if (versions.length === 0) {
    errors.push(required(path, `must specify one of ${reviewVersions.join(', ')}`));
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.push(invalid(path.index(index), version, 'duplicate version'));
    else reportInvalid(dns1035LabelProblems(version), version, path.index(index), errors);
  }
  if (!versions.some((version) => reviewVersions.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  }
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

/** What a webhook or a policy is about. */
export function validateRule(rule: RuleWithOperations, path: Path, errors: Errors): void {
  const chosen = rule.operations ?? [];
  const at = path.child('operations');
  if (chosen.length === 0) errors.push(required(at));
  if (chosen.length > 1 && chosen.includes('*')) errors.push(invalid(at, chosen, "if '*' is present, must not specify other operations"));
  for (const [index, operation] of chosen.entries()) checkOptionalOneOf(operation, operations, at.index(index), errors);
  for (const [field, what] of [
    ['apiGroups', 'API groups'],
    ['apiVersions', 'API versions'],
  ] as const) {
    const list = rule[field] ?? [];
    if (list.length === 0) errors.push(required(path.child(field)));
    if (list.length > 1 && list.includes('*')) {
      errors.push(invalid(path.child(field), list, `if '*' is present, must not specify other ${what}`));
    }
  }
  for (const [index, version] of (rule.apiVersions ?? []).entries()) {
    if (version === '') errors.push(required(path.child('apiVersions').index(index)));
  }
  validateResources(rule.resources ?? [], path.child('resources'), errors);
  checkOptionalOneOf(rule.scope, ['*', 'Cluster', 'Namespaced'], path.child('scope'), errors);
}

function validateResources(resources: readonly string[], path: Path, errors: Errors): void {
  if (resources.length === 0) errors.push(required(path));
  const allSubresources = new Set<string>();
  const ofAllResources = new Set<string>();
  let plain = false;
  for (const [index, resource] of resources.entries()) {
    const slash = resource.indexOf('/');
    if (resource === '') errors.push(required(path.index(index)));
    else if (slash < 0) plain = resource !== '*';
    else {
      const name = resource.slice(0, slash);
      const subresource = resource.slice(slash + 1);
      if (allSubresources.has(name)) {
        errors.push(invalid(path.index(index), resource, `if '${name}/*' is present, must not specify ${resource}`));
      }
      if (ofAllResources.has(subresource)) {
        errors.push(invalid(path.index(index), resource, `if '*/${subresource}' is present, must not specify ${resource}`));
      }
      if (subresource === '*') allSubresources.add(name);
      if (name === '*') ofAllResources.add(subresource);
    }
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes('*') && plain) {
    errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
  }
}
