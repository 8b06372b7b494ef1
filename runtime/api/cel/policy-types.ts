import type { JsonSchema } from '../custom-resources/json-schema.ts';
import { kinds } from '../generated/kinds.ts';
import type {
  ExpressionWarning,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicySpec,
} from '../generated/types/admissionregistration/v1.ts';
import { apiVersionOf } from '../kinds/kind.ts';
import { Path } from '../validation/path.ts';
import { AdmissionCompiler } from './admission.ts';
import { type CelType, dynType } from './check/index.ts';
import { customKindType, kindType } from './definition-types.ts';

/** Of one rule, no more kinds than these are looked at. */
const maxKinds = 10;
const scope = { authorizer: true, variables: true, typesOnly: true };

/** A kind that is not built in, with the schema of its objects. */
export interface CustomPolicyKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly schema: JsonSchema;
}

/** A kind that expressions are checked against. */
interface CheckedKind extends Omit<CustomPolicyKind, 'schema'> {
  type(): CelType;
}

/**
 * What is wrong with the expressions of a policy when they are checked against the kinds that it names and the kind of its parameters. What is neither built
 * in nor among `custom` may hold anything. Follows upstream's `TypeChecker` of apiserver/pkg/admission/plugin/policy/validating.
 */
export function policyTypeWarnings(spec: ValidatingAdmissionPolicySpec, custom: readonly CustomPolicyKind[] = []): ExpressionWarning[] {
  const known = [...builtIn, ...custom.map(checkedCustom)];
  const params = paramsType(spec, known);
  const compilers = kindsToCheck(spec.matchConstraints?.resourceRules ?? [], known).map((kind) => ({
    kind,
    compiler: compilerFor(spec, kind, params),
  }));
  const warnings: ExpressionWarning[] = [];
  const check = (field: Path, expression: string) => {
    const texts = compilers.flatMap(({ kind, compiler }) => {
      const result = compiler.check(expression, scope);
      // Upstream only checks types here, and plans nothing.
      if (!('error' in result) || result.error.stage !== 'compilation') return [];
      return [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${result.error.message}\n`];
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

const builtIn: readonly CheckedKind[] = kinds.map(({ group, version, kind, plural, definition }) => ({
  group,
  version,
  kind,
  plural,
  type: () => kindType(kind, definition),
}));

function checkedCustom({ schema, ...name }: CustomPolicyKind): CheckedKind {
  return { ...name, type: () => customKindType(name.kind, schema) };
}

/** The type of the parameters; undefined where there are none. */
function paramsType({ paramKind }: ValidatingAdmissionPolicySpec, known: readonly CheckedKind[]): CelType | undefined {
  if (!paramKind) return undefined;
  const found = known.find((each) => apiVersionOf(each) === paramKind.apiVersion && each.kind === paramKind.kind);
  return found?.type() ?? dynType;
}

function compilerFor({ variables = [] }: ValidatingAdmissionPolicySpec, kind: CheckedKind, params: CelType | undefined): AdmissionCompiler {
  const compiler = new AdmissionCompiler(params !== undefined, kind.type(), params);
  for (const { name, expression } of variables) compiler.addVariable(name, expression);
  return compiler;
}

/** Whether a rule names its kinds one by one. */
function isPlain({ apiGroups = [], apiVersions = [] }: NamedRuleWithOperations): boolean {
  return ![...apiGroups, ...apiVersions].some((text) => text.includes('*'));
}

/** The kinds that rules name without wildcards, in order. */
function kindsToCheck(rules: readonly NamedRuleWithOperations[], known: readonly CheckedKind[]): readonly CheckedKind[] {
  const found = new Set<CheckedKind>();
  for (const rule of rules.filter(isPlain)) {
    const { apiGroups = [], apiVersions = [], resources = [] } = rule;
    const named = known
      .filter(({ group, version, plural }) => apiGroups.includes(group) && apiVersions.includes(version) && resources.includes(plural))
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    for (const kind of named.slice(0, maxKinds)) found.add(kind);
    if (named.length >= maxKinds) break;
  }
  return [...found].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** The group versions that hold kinds which a policy is about, those of built-in kinds left out. */
export function customGroupVersions({ matchConstraints, paramKind }: ValidatingAdmissionPolicySpec): ReadonlySet<string> {
  const named = (matchConstraints?.resourceRules ?? [])
    .filter(isPlain)
    .flatMap(({ apiGroups = [], apiVersions = [] }) => apiGroups.flatMap((group) => apiVersions.map((version) => `${group}/${version}`)));
  const builtInGroups = new Set(builtIn.map(({ group }) => group));
  const all = [...named, ...(paramKind?.apiVersion ? [paramKind.apiVersion] : [])];
  return new Set(all.filter((name) => name.includes('/') && !builtInGroups.has(name.slice(0, name.indexOf('/')))));
}

function sortKey(kind: CheckedKind): string {
  return `${apiVersionOf(kind)} ${kind.kind}`;
}
