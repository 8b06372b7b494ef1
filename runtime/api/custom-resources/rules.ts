import { boolType, type CelType, type Declarations, optionalOf, sameType, stringType } from '../cel/check/index.ts';
import { objectBudget, objectWork } from '../cel/evaluate/meter.ts';
import { Optional } from '../cel/evaluate/values.ts';
import { CompileError, compileExpression, type Expression } from '../cel/expression.ts';
import { type SchemaType, schemaType } from '../cel/schema-types.ts';
import type { ValidationRule } from '../generated/types/apiextensions/v1.ts';
import { duplicate, type FieldError, forbidden, invalid, invalidAsWhole, quote, required } from '../validation/field-error.ts';
import { type Path, root } from '../validation/path.ts';
import { validateFieldPath } from './field-path.ts';
import { equalValues, isObject, type JsonObject, type JsonSchema, openFields, propertyOf, someSchema } from './json-schema.ts';

/** The rules of a schema that are written in CEL, compiled. */
export interface ObjectRules {
  /** Which rules an object breaks; `old` is what stood there before. `tolerated` is told of those that it broke before and that let it through. */
  validate(object: JsonObject, old: JsonObject | undefined, tolerated?: Tolerated): readonly FieldError[];
  /** As `validate` for a part of an object, which breaks rules also where it is as it was. */
  validateValue(value: unknown, old: unknown, path: Path): readonly FieldError[];
}

/** Is told of a broken rule that holds nobody up. */
export type Tolerated = (error: FieldError) => void;

/** One rule, ready to be asked. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly expression?: Expression;
  /** Why the rule cannot be asked. */
  readonly error?: string;
  readonly message?: Expression;
  readonly messageError?: string;
  readonly usesOldSelf: boolean;
}

const maxMessageBytes = 5 * 1024;

/** Compiles the rules of a schema, which is that of a whole resource unless said otherwise; undefined when it has none. */
export function compileRules(schema: JsonSchema, isRoot = true): ObjectRules | undefined {
  const rules = compileNode(schema, isRoot);
  if (rules === undefined) return undefined;
  return {
    validateValue(value, old, path) {
      const run = new Run();
      run.visit(rules, value, old, path, false);
      return run.errors;
    },
    validate(object, old, tolerated = () => {}) {
      const run = new Run(tolerated);
      run.visit(rules, object, old, root, old !== undefined && equalValues(object, old));
      return run.errors;
    },
  };
}

/** The rules of one schema. */
interface SchemaRuleSet {
  readonly type?: SchemaType;
  readonly rules: readonly CompiledRule[];
  /** Why none of them can be asked. */
  readonly error?: string;
}

interface RuleNode {
  readonly schema: JsonSchema;
  readonly own: SchemaRuleSet;
  readonly items: RuleNode | undefined;
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly values: RuleNode | undefined;
}

function hasRules(schema: JsonSchema): boolean {
  return someSchema(schema, (each) => (each['x-kubernetes-validations'] ?? []).length > 0);
}

function compileNode(schema: JsonSchema, isRoot: boolean): RuleNode | undefined {
  if (!hasRules(schema)) return undefined;
  const properties = new Map<string, RuleNode>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const node = compileNode(property, false);
    if (node !== undefined) properties.set(name, node);
  }
  const open = openFields(schema).schema;
  return {
    schema,
    own: compileRulesOf(schema, isRoot),
    items: schema.items === undefined ? undefined : compileNode(schema.items, false),
    properties,
    values: open === undefined ? undefined : compileNode(open, false),
  };
}

/** Compiles the rules of one schema, but not those below it. */
export function compileRulesOf(schema: JsonSchema, isRoot: boolean): SchemaRuleSet {
  const validations = schema['x-kubernetes-validations'] ?? [];
  if (validations.length === 0) return { rules: [] };
  const type = schemaType(schema, isRoot);
  if (type === undefined) return { rules: [], error: 'failed to convert to declType for CEL validation rules' };
  const { checked } = type;
  const plain = selves(checked, checked);
  const optional = selves(checked, optionalOf(checked));
  const rules = validations.map((rule) => compileRule(rule, rule.optionalOldSelf ? optional : plain));
  return { type, rules };
}

function selves(self: CelType, oldSelf: CelType): Declarations {
  return {
    variables: new Map([
      ['self', self],
      ['oldSelf', oldSelf],
    ]),
  };
}

function compileRule(rule: ValidationRule, declarations: Declarations): CompiledRule {
  let expression: Expression;
  try {
    expression = compileExpression(rule.rule, declarations);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return { rule, error: `${error.stage} failed: ${error.message}`, usesOldSelf: false };
  }
  const usesOldSelf = expression.uses('oldSelf');
  if (!sameType(expression.type, boolType)) return { rule, error: 'cel expression must evaluate to a bool', usesOldSelf: false };
  if ((rule.messageExpression ?? '') === '') return { rule, expression, usesOldSelf };
  try {
    const message = compileExpression(rule.messageExpression ?? '', declarations);
    if (!sameType(message.type, stringType))
      return { rule, expression, usesOldSelf, messageError: 'messageExpression must evaluate to a string' };
    return { rule, expression, usesOldSelf, message };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return {
      rule,
      expression,
      usesOldSelf,
      messageError: `messageExpression ${error.stage.replace('program ', '')} failed: ${error.message}`,
    };
  }
}

/** One walk over an object. */
class Run {
  readonly errors: FieldError[] = [];
  private budget = objectBudget;
  private work = objectWork;
  private stopped = false;
  /** What was broken before and has not been touched since is let through where somebody is told. */
  private readonly tolerated: Tolerated | undefined;

  constructor(tolerated?: Tolerated) {
    this.tolerated = tolerated;
  }

  visit(node: RuleNode, value: unknown, old: unknown, path: Path, unchanged: boolean): void {
    if (this.stopped || value === null || value === undefined) return;
    this.ask(node, value, old ?? undefined, path, unchanged);
    if (Array.isArray(value)) this.visitItems(node, value, old, path, unchanged);
    else if (isObject(value)) this.visitFields(node, value, old, path, unchanged);
  }

  private visitFields(node: RuleNode, value: JsonObject, old: unknown, path: Path, unchanged: boolean): void {
    const before = isObject(old) ? old : undefined;
    for (const [name, field] of Object.entries(value)) {
      const property = node.properties.get(name);
      const below = property ?? (propertyOf(node.schema, name) === undefined ? node.values : undefined);
      if (below === undefined) continue;
      const was = before !== undefined && Object.hasOwn(before, name) ? before[name] : undefined;
      const at = property === undefined ? path.key(name) : path.child(name);
      this.visit(below, field, was, at, unchanged || (was !== undefined && equalValues(field, was)));
    }
  }

  private visitItems(node: RuleNode, items: readonly unknown[], old: unknown, path: Path, unchanged: boolean): void {
    if (node.items === undefined) return;
    const keys = node.schema['x-kubernetes-list-type'] === 'map' ? (node.schema['x-kubernetes-list-map-keys'] ?? []) : [];
    const keyOf = (item: unknown): string => JSON.stringify(keys.map((key) => (isObject(item) ? (item[key] ?? null) : null)));
    // Only where items have keys can the old one be told.
    const before = new Map(keys.length > 0 && Array.isArray(old) ? old.map((item: unknown) => [keyOf(item), item]) : []);
    for (const [index, item] of items.entries()) {
      const was = before.size === 0 ? undefined : before.get(keyOf(item));
      this.visit(node.items, item, was, path.index(index), unchanged || (was !== undefined && equalValues(item, was)));
    }
  }

  private ask(node: RuleNode, value: unknown, old: unknown, path: Path, unchanged: boolean): void {
    const { own, schema } = node;
    const { rules, type, error: broken } = own;
    const kind = schema.type ?? '';
    if (broken !== undefined) this.fail(path, kind, `rule compiler initialization error: ${broken}`);
    if (rules.length === 0) return;
    const self = type?.convert(value);
    const oldSelf = old === undefined ? undefined : type?.convert(old);
    for (const compiled of rules) {
      const { rule, expression, error, usesOldSelf } = compiled;
      if (expression === undefined) {
        this.fail(path, kind, `rule compile error: ${error ?? ''}`);
        continue;
      }
      const optional = rule.optionalOldSelf === true;
      // Rules about changes are only asked when there is something to compare with.
      if (usesOldSelf && oldSelf === undefined && !optional) continue;
      const variables = { self, oldSelf: optional ? new Optional(oldSelf) : oldSelf };
      const outcome = expression.attempt(variables);
      this.budget -= outcome.cost;
      this.work -= outcome.work;
      const text = ruleText(rule);
      if (outcome.exceeded) {
        this.stop(
          path,
          kind,
          `'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`,
        );
        return;
      }
      if (this.budget < 0 || this.work < 0) {
        this.stop(path, kind, 'validation failed due to running out of cost budget, no further validation rules will be run');
        return;
      }
      if (outcome.error !== undefined) {
        const overload = outcome.error.startsWith('no such overload');
        const detail = overload
          ? `'${outcome.error}': call arguments did not match a supported operator, function or macro signature for rule: ${text}`
          : `${outcome.error} evaluating rule: ${text}`;
        this.fail(path, kind, detail);
      } else if (outcome.value !== true) {
        const problem = this.broken(compiled, schema, value, { self, ...(oldSelf !== undefined && { oldSelf }) }, path);
        if (this.tolerated !== undefined && unchanged && !usesOldSelf) this.tolerated(problem);
        else this.errors.push(problem);
        if (this.stopped) return;
      }
    }
  }

  private broken(
    { rule, message }: CompiledRule,
    schema: JsonSchema,
    value: unknown,
    variables: Readonly<Record<string, unknown>>,
    path: Path,
  ): FieldError {
    const found = rule.fieldPath === undefined ? undefined : validateFieldPath(rule.fieldPath, schema);
    const at = found?.text === undefined ? path : path.child(found.text);
    const told = message && this.messageOf(message, rule, variables);
    if (this.stopped) return named(invalid(at, schema.type ?? '', told ?? ''));
    const detail = told ?? ((rule.message ?? '') === '' ? `failed rule: ${rule.rule.trim()}` : (rule.message ?? '').trim());
    switch (rule.reason) {
      case 'FieldValueForbidden':
        return named(forbidden(at, detail));
      case 'FieldValueRequired':
        return named(required(at, detail));
      case 'FieldValueDuplicate':
        return named(duplicate(at, value));
      default:
        return named(isObject(value) || Array.isArray(value) ? invalidAsWhole(at, detail) : invalid(at, value, detail));
    }
  }

  /** The message of a broken rule, if it can stand in one line; when it costs too much, that this is so and ends all. */
  private messageOf(message: Expression, rule: ValidationRule, variables: Readonly<Record<string, unknown>>): string | undefined {
    const { value, cost, work, exceeded } = message.attempt(variables);
    this.budget -= cost;
    this.work -= work;
    this.stopped = exceeded || this.budget < 0 || this.work < 0;
    if (exceeded)
      return `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${quote(rule.messageExpression ?? '')}`;
    if (this.stopped)
      return 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run';
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    return text === '' || text.includes('\n') || new TextEncoder().encode(text).length > maxMessageBytes ? undefined : text;
  }

  private fail(path: Path, value: unknown, detail: string): void {
    this.errors.push(named(invalid(path, value, detail)));
  }

  private stop(path: Path, value: unknown, detail: string): void {
    this.fail(path, value, detail);
    this.stopped = true;
  }
}

const rootField = root.toString();

/** The whole object has no path upstream, which is more than an empty name. */
function named(error: FieldError): FieldError {
  return error.field === rootField ? { ...error, field: '<nil>' } : error;
}

function ruleText({ rule, message = '' }: ValidationRule): string {
  return (message === '' ? rule : message).trim();
}
