import { AdmissionCompiler } from '../cel/admission.ts';
import { listOf } from '../cel/check/index.ts';
import { jsonPatchType, objectType } from '../cel/mutation.ts';
import type {
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '../generated/types/admissionregistration/v1.ts';
import { reportExpression, validateBinding, validatePolicy } from './admission-policies.ts';
import { checkOneOf, type Errors } from './checks.ts';
import { invalid, notSupported, required } from './field-error.ts';
import { Path } from './path.ts';

/** Mutating admission policies of `pkg/apis/admissionregistration/validation`. */

const specPath = Path.of('spec');
/** There is nothing to be changed when an object is deleted. */
const operations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const scope = { authorizer: true, variables: true, patches: true };

export function validateMutatingAdmissionPolicy({ spec = {} }: MutatingAdmissionPolicy, errors: Errors): void {
  const { mutations = [] } = spec;
  const compiler = new AdmissionCompiler(spec.paramKind !== undefined);
  validatePolicy(spec, compiler, errors, (match, path) => validateOperations(match, path, errors));
  const path = specPath.child('mutations');
  if (mutations.length === 0) errors.push(required(path, 'mutations must contain at least one item'));
  for (const [index, mutation] of mutations.entries()) validateMutation(mutation, compiler, path.index(index), errors);
  checkOneOf(spec.reinvocationPolicy, ['IfNeeded', 'Never'], specPath.child('reinvocationPolicy'), errors);
}

export function validateMutatingAdmissionPolicyBinding({ spec = {} }: MutatingAdmissionPolicyBinding, errors: Errors): void {
  validateBinding(spec, errors);
  validateOperations(spec.matchResources, specPath.child('matchResources'), errors);
}

function validateOperations(match: MatchResources | undefined, path: Path, errors: Errors): void {
  const at = path.child('resourceRules').child('operations');
  for (const rule of match?.resourceRules ?? []) {
    for (const operation of rule.operations ?? [])
      if (!operations.includes(operation)) errors.push(notSupported(at, operation, operations));
  }
}

const forms = [
  ['JSONPatch', 'jsonPatch', listOf(jsonPatchType)],
  ['ApplyConfiguration', 'applyConfiguration', objectType],
] as const;

function validateMutation(mutation: Mutation, compiler: AdmissionCompiler, path: Path, errors: Errors): void {
  checkOneOf(mutation.patchType, ['ApplyConfiguration', 'JSONPatch'], path.child('patchType'), errors);
  const chosen = forms.find(([patchType]) => patchType === mutation.patchType);
  if (chosen === undefined) return;
  const [patchType, field, type] = chosen;
  const form = mutation[field];
  if (form === undefined) errors.push(required(path.child(field), `must be specified when patchType is ${patchType}`));
  else {
    const at = path.child(field).child('expression');
    const expression = form.expression?.trim() ?? '';
    if (expression === '') errors.push(required(at));
    else reportExpression(compiler.compile(expression, [type], scope), at, errors);
  }
  for (const [, other] of forms) {
    if (other === field || mutation[other] === undefined) continue;
    errors.push(invalid(path.child(other), `{${other}}`, `must not be specified when patchType is ${patchType}`));
  }
}
