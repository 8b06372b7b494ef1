import { kinds } from '../generated/kinds.ts';
import type {
  ExpressionWarning,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicySpec,
} from '../generated/types/admissionregistration/v1.ts';
import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import { Path } from '../validation/path.ts';
import { AdmissionCompiler } from './admission.ts';
import { kindType } from './definition-types.ts';

/** Of one rule, no more kinds than these are looked at. */
const maxKinds = 10;
const scope = { authorizer: true, variables: true, typesOnly: true };

/**
 * What is wrong with the expressions of a policy when they are checked against the built-in kinds that it names. Parameters and custom kinds may
 * hold anything. Follows upstream's `TypeChecker` of apiserver/pkg/admission/plugin/policy/validating.
 */
export function policyTypeWarnings(spec: ValidatingAdmissionPolicySpec): ExpressionWarning[] {
  const compilers = kindsToCheck(spec.matchConstraints?.resourceRules ?? []).map((kind) => ({ kind, compiler: compilerFor(spec, kind) }));
  const warnings: ExpressionWarning[] = [];
  const check = (field: Path, expression: string) => {
    const texts = compilers.flatMap(({ kind, compiler }) => {
      const result = compiler.check(expression, scope);
      return 'error' in result ? [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${result.error}\n`] : [];
    });
    if (texts.length > 0) warnings.push({ fieldRef: String(field), warning: texts.join('\n') });
  };
  for (const [index, { expression, messageExpression = '' }] of (spec.validations ?? []).entries()) {
    const path = Path.of('spec', 'validations').index(index);
    check(path.child('expression'), expression);
    if (messageExpression !== '') check(path.child('messageExpression'), messageExpression);
  }
  return warnings;
}

function compilerFor({ paramKind, variables = [] }: ValidatingAdmissionPolicySpec, { kind, definition }: Kind): AdmissionCompiler {
  const compiler = new AdmissionCompiler(paramKind !== undefined, kindType(kind, definition));
  for (const { name, expression } of variables) compiler.addVariable(name, expression);
  return compiler;
}

/** The kinds that rules name without wildcards, in order. */
function kindsToCheck(rules: readonly NamedRuleWithOperations[]): readonly Kind[] {
  const found = new Set<Kind>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if ([...apiGroups, ...apiVersions].some((text) => text.includes('*'))) continue;
    const named = kinds
      .filter(({ group, version, plural }) => apiGroups.includes(group) && apiVersions.includes(version) && resources.includes(plural))
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    for (const kind of named.slice(0, maxKinds)) found.add(kind);
    if (named.length >= maxKinds) break;
  }
  return [...found].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(kind: Kind): string {
  return `${apiVersionOf(kind)} ${kind.kind}`;
}
