import { AdmissionCompiler, type AdmissionExpression } from '../cel/admission.ts';
import { boolType, nullType, stringType } from '../cel/check/index.ts';
import { parseJsonPath } from '../custom-resources/json-path.ts';
import type {
  AuditAnnotation,
  ExpressionWarning,
  MatchResources,
  MutatingAdmissionPolicyBindingSpec,
  MutatingAdmissionPolicySpec,
  NamedRuleWithOperations,
  ParamKind,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBindingSpec,
  ValidatingAdmissionPolicySpec,
  Validation,
  Variable,
} from '../generated/types/admissionregistration/v1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems, pathSegmentNameProblems, qualifiedNameProblems } from '../names/index.ts';
import { validateMatchConditions, validateRule } from './admissionregistration.ts';
import { checkDnsSubdomain, checkOneOf, checkOptionalOneOf, checkRequired, type Errors, reportInvalid } from './checks.ts';
import { validateConditions } from './conditions.ts';
import { duplicate, forbidden, invalid, notSupported, required } from './field-error.ts';
import { validateLabelSelector } from './label-selector.ts';
import { Path } from './path.ts';

/** Admission policies of `pkg/apis/admissionregistration/validation`. */

const specPath = Path.of('spec');
const maxAuditAnnotations = 20;
const maxValueExpressionBytes = 5 * 1024;
const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

/** Refuses what a policy of one kind cannot be about. */
type CheckMatch = (match: MatchResources, path: Path) => void;

/** What policies of all kinds have in common. `compiler` knows the policy's variables afterwards. */
export function validatePolicy(
  spec: ValidatingAdmissionPolicySpec | MutatingAdmissionPolicySpec,
  compiler: AdmissionCompiler,
  errors: Errors,
  checkMatch?: CheckMatch,
): void {
  const { paramKind, matchConstraints, matchConditions, variables = [] } = spec;
  checkOneOf(spec.failurePolicy, ['Fail', 'Ignore'], specPath.child('failurePolicy'), errors);
  if (paramKind !== undefined) validateParamKind(paramKind, specPath.child('paramKind'), errors);
  const constraintsPath = specPath.child('matchConstraints');
  if (matchConstraints === undefined) errors.push(required(constraintsPath));
  else {
    validateMatchResources(matchConstraints, constraintsPath, errors);
    if ((matchConstraints.resourceRules ?? []).length === 0) errors.push(required(constraintsPath.child('resourceRules')));
    checkMatch?.(matchConstraints, constraintsPath);
  }
  validateMatchConditions(matchConditions, paramKind !== undefined, specPath.child('matchConditions'), errors);
  for (const [index, variable] of variables.entries()) {
    validateVariable(variable, compiler, specPath.child('variables').index(index), errors);
  }
}

export function validateValidatingAdmissionPolicy({ metadata, spec = {} }: ValidatingAdmissionPolicy, errors: Errors): void {
  const { validations = [], auditAnnotations = [] } = spec;
  const compiler = new AdmissionCompiler(spec.paramKind !== undefined);
  validatePolicy(spec, compiler, errors);
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = 'validations or auditAnnotations must contain at least one item';
    for (const field of ['validations', 'auditAnnotations']) errors.push(required(specPath.child(field), detail));
    return;
  }
  for (const [index, validation] of validations.entries()) {
    validateValidation(validation, compiler, specPath.child('validations').index(index), errors);
  }
  const annotationsPath = specPath.child('auditAnnotations');
  if (auditAnnotations.length > maxAuditAnnotations) {
    errors.push(invalid(annotationsPath, auditAnnotations, `must not have more than ${maxAuditAnnotations} auditAnnotations`));
  }
  for (const [index, annotation] of auditAnnotations.entries()) {
    const at = annotationsPath.index(index);
    validateAuditAnnotation(annotation, metadata?.name ?? '', compiler, at, errors);
    if (auditAnnotations.findIndex(({ key }) => key === annotation.key) < index) errors.push(duplicate(at.child('key'), annotation.key));
  }
}

/** What was found out of a policy's expressions, and its conditions. */
export function validateValidatingAdmissionPolicyStatus({ status = {} }: ValidatingAdmissionPolicy, errors: Errors): void {
  const warningsPath = Path.of('status', 'typeChecking', 'expressionWarnings');
  for (const [index, warning] of (status.typeChecking?.expressionWarnings ?? []).entries()) {
    validateExpressionWarning(warning, warningsPath.index(index), errors);
  }
  validateConditions(status.conditions, Path.of('status', 'conditions'), errors);
}

function validateExpressionWarning({ fieldRef, warning }: ExpressionWarning, path: Path, errors: Errors): void {
  if (warning === '') errors.push(required(path.child('warning')));
  const reference = fieldRef.trim();
  const at = path.child('fieldRef');
  if (reference === '') errors.push(required(at));
  else {
    try {
      // A path may begin with a name as well as with the dot before it.
      parseJsonPath(/^\w/.test(reference) ? `.${reference}` : reference);
    } catch (error) {
      errors.push(invalid(at, reference, `invalid JSONPath: ${error instanceof Error ? error.message : String(error)}`));
    }
  }
}

export function validateValidatingAdmissionPolicyBinding(
  { spec = { policyName: '', validationActions: [] } }: ValidatingAdmissionPolicyBinding,
  errors: Errors,
): void {
  validateBinding(spec, errors);
  validateActions(spec.validationActions ?? [], specPath.child('validationActions'), errors);
}

/** What bindings of all kinds have in common. */
export function validateBinding(
  { policyName, paramRef, matchResources }: ValidatingAdmissionPolicyBindingSpec | MutatingAdmissionPolicyBindingSpec,
  errors: Errors,
): void {
  checkRequired(policyName, specPath.child('policyName'), errors);
  if (policyName) checkDnsSubdomain(policyName, specPath.child('policyName'), errors);
  if (paramRef !== undefined) validateParamRef(paramRef, specPath.child('paramRef'), errors);
  if (matchResources !== undefined) validateMatchResources(matchResources, specPath.child('matchResources'), errors);
}

function validateActions(actions: readonly string[], path: Path, errors: Errors): void {
  for (const [index, action] of actions.entries()) {
    const supported = ['Audit', 'Deny', 'Warn'];
    if (!supported.includes(action)) errors.push(notSupported(path.index(index), action, supported));
    if (actions.indexOf(action) < index) errors.push(duplicate(path.index(index), action));
  }
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const detail =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    errors.push(invalid(path, actions, detail));
  }
  if (actions.length === 0) errors.push(required(path, 'at least one validation action is required'));
}

function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, path: Path, errors: Errors): void {
  validateGroupVersion(apiVersion, path.child('apiVersion'), errors);
  checkRequired(kind, path.child('kind'), errors);
  if (kind === '') return;
  const problems = dns1035LabelProblems(kind.toLowerCase());
  if (problems.length > 0) {
    errors.push(invalid(path.child('kind'), kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
  }
}

function validateGroupVersion(apiVersion: string, path: Path, errors: Errors): void {
  const [version = '', group = '', ...others] = apiVersion.split('/').reverse();
  if (apiVersion === '') errors.push(required(path));
  else if (others.length > 0) errors.push(invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const groupProblems = group === '' ? [] : dns1123SubdomainProblems(group);
    if (groupProblems.length > 0) errors.push(invalid(path, group, groupProblems.join(',')));
    const problems = dns1035LabelProblems(version);
    if (version === '') errors.push(invalid(path, apiVersion, 'version must be specified'));
    else if (problems.length > 0) errors.push(invalid(path, version, problems.join(',')));
  }
}

function validateParamRef({ name = '', selector, parameterNotFoundAction }: ParamRef, path: Path, errors: Errors): void {
  const both = name !== '' && selector !== undefined;
  const exclusive = (field: string) => forbidden(path.child(field), 'name and selector are mutually exclusive');
  if (name !== '') reportInvalid(pathSegmentNameProblems(name), name, path.child('name'), errors);
  if (both) errors.push(exclusive('name'));
  validateLabelSelector(selector, path.child('selector'), errors);
  if (both) errors.push(exclusive('selector'));
  if (name === '' && selector === undefined) errors.push(required(path, 'one of name or selector must be specified'));
  checkOneOf(parameterNotFoundAction, ['Deny', 'Allow'], path.child('parameterNotFoundAction'), errors);
}

function validateMatchResources(match: MatchResources, path: Path, errors: Errors): void {
  checkOneOf(match.matchPolicy, ['Equivalent', 'Exact'], path.child('matchPolicy'), errors);
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    const selector = match[field];
    if (selector === undefined) errors.push(required(path.child(field)));
    else validateLabelSelector(selector, path.child(field), errors);
  }
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    for (const [index, rule] of (match[field] ?? []).entries()) validateNamedRule(rule, path.child(field).index(index), errors);
  }
}

function validateNamedRule(rule: NamedRuleWithOperations, path: Path, errors: Errors): void {
  const names = rule.resourceNames ?? [];
  for (const [index, name] of names.entries()) {
    reportInvalid(pathSegmentNameProblems(name), name, path.child('resourceNames').index(index), errors);
    if (names.indexOf(name) < index) errors.push(duplicate(path.child('resourceNames').index(index), name));
  }
  validateRule(rule, path, errors);
}

function validateVariable({ name = '', expression = '' }: Variable, compiler: AdmissionCompiler, path: Path, errors: Errors): void {
  if (name.trim() === '') errors.push(required(path.child('name'), 'name is not specified'));
  else if (!identifier.test(name) || reserved.has(name)) {
    errors.push(invalid(path.child('name'), name, 'must be a valid CEL identifier'));
  }
  if (expression.trim() === '') errors.push(required(path.child('expression'), 'expression is not specified'));
  else reportExpression(compiler.addVariable(name, expression), path.child('expression'), errors);
}

/** Reports why an expression does not compile. */
export function reportExpression({ source, error }: AdmissionExpression, path: Path, errors: Errors): void {
  if (error !== undefined) errors.push(invalid(path, source, error));
}

function validateValidation(validation: Validation, compiler: AdmissionCompiler, path: Path, errors: Errors): void {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const text = expression.trim();
  const told = message.trim();
  if (text === '') errors.push(required(path.child('expression'), 'expression is not specified'));
  else reportExpression(compiler.compile(expression, [boolType], { authorizer: true, variables: true }), path.child('expression'), errors);
  if (messageExpression !== '') {
    const at = path.child('messageExpression');
    if (messageExpression.trim() === '') errors.push(invalid(at, messageExpression, 'must be non-empty if specified'));
    else reportExpression(compiler.compile(messageExpression, [stringType], { authorizer: false, variables: true }), at, errors);
  }
  if (message !== '' && told === '') errors.push(invalid(path.child('message'), message, 'must be non-empty if specified'));
  else if (/[\n\r]/.test(told)) errors.push(invalid(path.child('message'), message, 'must not contain line breaks'));
  checkOptionalOneOf(reason, reasons, path.child('reason'), errors);
}

function validateAuditAnnotation(
  { key = '', valueExpression = '' }: AuditAnnotation,
  policy: string,
  compiler: AdmissionCompiler,
  path: Path,
  errors: Errors,
): void {
  const qualified = `${policy}/${key}`;
  if (policy === '') errors.push(invalid(path.child('key'), key, 'requires metadata.name be non-empty'));
  else reportInvalid(qualifiedNameProblems(qualified), qualified, path.child('key'), errors);
  const at = path.child('valueExpression');
  const text = valueExpression.trim();
  if (text === '') errors.push(required(at, 'valueExpression is not specified'));
  else if (new TextEncoder().encode(text).length > maxValueExpressionBytes) {
    errors.push(required(at, `must not exceed ${maxValueExpressionBytes} bytes in length`));
  } else {
    const { error } = compiler.compile(text, [stringType, nullType], { authorizer: true, variables: true });
    if (error !== undefined) errors.push(invalid(at, valueExpression, error));
  }
}
