import { AdmissionCompiler, type AdmissionExpression } from '../cel/admission.ts';
import type {
  AuditAnnotation,
  MatchResources,
  NamedRuleWithOperations,
  ParamKind,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
  Variable,
} from '../generated/types/admissionregistration/v1.ts';
import { dns1035LabelProblems, qualifiedNameProblems } from '../names/index.ts';
import { validateMatchConditions, validateRule } from './admissionregistration.ts';
import { checkDnsSubdomain, checkOneOf, checkOptionalOneOf, checkRequired, type Errors, reportInvalid } from './checks.ts';
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
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];

export function validateValidatingAdmissionPolicy({ metadata, spec = {} }: ValidatingAdmissionPolicy, errors: Errors): void {
  const { paramKind, matchConstraints, matchConditions, variables = [], validations = [], auditAnnotations = [] } = spec;
  checkOneOf(spec.failurePolicy, ['Fail', 'Ignore'], specPath.child('failurePolicy'), errors);
  if (paramKind !== undefined) validateParamKind(paramKind, specPath.child('paramKind'), errors);
  const constraintsPath = specPath.child('matchConstraints');
  if (matchConstraints === undefined) errors.push(required(constraintsPath));
  else {
    validateMatchResources(matchConstraints, constraintsPath, errors);
    if ((matchConstraints.resourceRules ?? []).length === 0) errors.push(required(constraintsPath.child('resourceRules')));
  }
  const compiler = new AdmissionCompiler(paramKind !== undefined);
  validateMatchConditions(matchConditions, paramKind !== undefined, specPath.child('matchConditions'), errors);
  for (const [index, variable] of variables.entries()) {
    validateVariable(variable, compiler, specPath.child('variables').index(index), errors);
  }
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const detail = 'validations or auditAnnotations must be non-empty';
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
    validateAuditAnnotation(annotation, metadata?.name ?? '', compiler, annotationsPath.index(index), errors);
  }
}

export function validateValidatingAdmissionPolicyBinding({ spec }: ValidatingAdmissionPolicyBinding, errors: Errors): void {
  const { policyName, paramRef, matchResources, validationActions } = spec;
  checkRequired(policyName, specPath.child('policyName'), errors);
  if (policyName) checkDnsSubdomain(policyName, specPath.child('policyName'), errors);
  if (paramRef !== undefined) validateParamRef(paramRef, specPath.child('paramRef'), errors);
  if (matchResources !== undefined) validateMatchResources(matchResources, specPath.child('matchResources'), errors);
  validateActions(validationActions ?? [], specPath.child('validationActions'), errors);
}

function validateActions(actions: readonly string[], path: Path, errors: Errors): void {
  if (actions.length === 0) errors.push(required(path, 'at least one validation action is required'));
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
}

function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, path: Path, errors: Errors): void {
  checkRequired(apiVersion, path.child('apiVersion'), errors);
  if (apiVersion.split('/').length > 2) {
    errors.push(invalid(path.child('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  checkRequired(kind, path.child('kind'), errors);
  if (kind === '') return;
  const problems = dns1035LabelProblems(kind.toLowerCase());
  if (problems.length > 0) {
    errors.push(invalid(path.child('kind'), kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
  }
}

function validateParamRef({ name = '', selector, parameterNotFoundAction }: ParamRef, path: Path, errors: Errors): void {
  if (name !== '' && selector !== undefined) {
    const detail = 'name and selector are mutually exclusive';
    for (const field of ['name', 'selector']) errors.push(forbidden(path.child(field), detail));
  } else if (name === '' && selector === undefined) errors.push(required(path, 'one of name or selector must be specified'));
  else validateLabelSelector(selector, path.child('selector'), errors);
  checkOneOf(parameterNotFoundAction, ['Allow', 'Deny'], path.child('parameterNotFoundAction'), errors);
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
    if (names.indexOf(name) < index) errors.push(duplicate(path.child('resourceNames').index(index), name));
  }
  validateRule(rule, path, errors);
}

function validateVariable({ name = '', expression = '' }: Variable, compiler: AdmissionCompiler, path: Path, errors: Errors): void {
  if (name === '') errors.push(required(path.child('name'), 'name is not specified'));
  else if (!identifier.test(name) || reserved.has(name)) {
    errors.push(invalid(path.child('name'), name, 'name is not a valid CEL identifier'));
  }
  if (expression.trim() === '') errors.push(required(path.child('expression'), 'expression is not specified'));
  else report(compiler.addVariable(name, expression), path.child('expression'), errors);
}

function report({ source, error }: AdmissionExpression, path: Path, errors: Errors): void {
  if (error !== undefined) errors.push(invalid(path, source, error));
}

function validateValidation(validation: Validation, compiler: AdmissionCompiler, path: Path, errors: Errors): void {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const text = expression.trim();
  const told = message.trim();
  if (text === '') errors.push(required(path.child('expression'), 'expression is not specified'));
  else report(compiler.compile(expression, ['bool'], { authorizer: true, variables: true }), path.child('expression'), errors);
  if (messageExpression !== '') {
    const at = path.child('messageExpression');
    if (messageExpression.trim() === '') errors.push(invalid(at, messageExpression, 'must be non-empty if specified'));
    else report(compiler.compile(messageExpression, ['string'], { authorizer: false, variables: true }), at, errors);
  }
  if (message !== '' && told === '') errors.push(invalid(path.child('message'), message, 'message must be non-empty if specified'));
  else if (told.includes('\n')) errors.push(invalid(path.child('message'), message, 'message must not contain line breaks'));
  else if (text.includes('\n') && told === '') {
    errors.push(required(path.child('message'), 'message must be specified if expression contains line breaks'));
  }
  checkOptionalOneOf(reason, reasons, path.child('reason'), errors);
}

function validateAuditAnnotation(
  { key = '', valueExpression = '' }: AuditAnnotation,
  policy: string,
  compiler: AdmissionCompiler,
  path: Path,
  errors: Errors,
): void {
  reportInvalid(qualifiedNameProblems(`${policy}/${key}`), key, path.child('key'), errors);
  const at = path.child('valueExpression');
  const text = valueExpression.trim();
  if (text === '') errors.push(required(at, 'valueExpression is not specified'));
  else if (new TextEncoder().encode(text).length > maxValueExpressionBytes) {
    errors.push(required(at, `must not exceed ${maxValueExpressionBytes} bytes in length`));
  } else report(compiler.compile(valueExpression, ['string', 'null', 'dyn'], { authorizer: true, variables: true }), at, errors);
}
