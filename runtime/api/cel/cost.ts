import { isObject, type JsonSchema, openFields } from '../custom-resources/json-schema.ts';
import type { ExpressionNode } from './expression.ts';
import { listCreation, regularExpression, traversal } from './meter.ts';
import { escapeField } from './schema-types.ts';

/** Upstream's `MaxRequestSizeBytes`: nothing can be larger than what fits into a request. */
const maxRequestBytes = 3 * 1024 * 1024;
/** Nothing costs or holds more; upstream stops at the end of its numbers. */
const unbounded = 2 ** 64;

/** The worst that evaluating a node may cost, and what is known of the largest value it may give. */
interface Estimate {
  readonly cost: number;
  readonly schema?: JsonSchema | undefined;
  /** Elements of a list or map, bytes of a text. */
  readonly size?: number | undefined;
  /** The value itself, of an integer that is written out. */
  readonly literal?: number | undefined;
}

type Scope = ReadonlyMap<string, Estimate>;

/** The most elements that a value of a schema can have: what the schema allows, or else what a request can carry. */
export function maxElements(schema: JsonSchema): number {
  switch (schema.type) {
    case 'array':
      return schema.maxItems ?? Math.floor((maxRequestBytes - 2) / (minBytes(schema.items) + 1));
    case 'object':
      // Objects with fields of their own are as large as they are declared.
      if (!openFields(schema).allowed) return 1;
      return schema.maxProperties ?? Math.floor((maxRequestBytes - 2) / (minBytes(openFields(schema).schema) + 6));
    case 'string':
      return maxText(schema);
    default:
      return 1;
  }
}

function maxText({ enum: values, maxLength, format }: JsonSchema): number {
  if (values !== undefined && values.length > 0) return Math.max(...values.map((value) => (typeof value === 'string' ? value.length : 0)));
  if (format === 'duration' || format === 'date' || format === 'date-time') return 32;
  // Lengths are counted in characters, of which each may take four bytes.
  return maxLength === undefined ? maxRequestBytes - 2 : maxLength * 4;
}

/** The fewest bytes of JSON that a value of a schema takes. */
export function minBytes(schema: JsonSchema | undefined): number {
  switch (schema?.type) {
    case 'boolean':
      return 4;
    case 'string':
    case 'array':
      return 2;
    case 'object': {
      let bytes = 2;
      for (const name of schema.required ?? []) {
        const property = schema.properties?.[name];
        if (property !== undefined && property.default === undefined) bytes += name.length + 4 + minBytes(property);
      }
      return bytes;
    }
    default:
      return 1;
  }
}

/**
 * The worst that an expression may cost over values of a schema, in CEL's cost units. Follows cel-go's estimator and upstream's `CostEstimator`, if not
 * to the unit.
 */
export function estimateCost(root: ExpressionNode, self: JsonSchema): number {
  const scope = new Map<string, Estimate>([
    ['self', { cost: 1, schema: self }],
    ['oldSelf', { cost: 1, schema: self }],
  ]);
  return Math.ceil(estimate(root, scope).cost);
}

function estimate(node: ExpressionNode, scope: Scope): Estimate {
  const known = estimateNode(node, scope);
  return { ...known, cost: Math.min(known.cost, unbounded), size: known.size === undefined ? undefined : Math.min(known.size, unbounded) };
}

function estimateNode(node: ExpressionNode, scope: Scope): Estimate {
  const { alternate, macro } = node.meta;
  if (alternate !== undefined) return estimate(alternate, scope);
  const { args, op } = node;
  if (op === 'value') {
    return { cost: 0, size: typeof args === 'string' ? args.length : 1, literal: typeof args === 'bigint' ? Number(args) : undefined };
  }
  if (op === 'id') return scope.get(String(args)) ?? { cost: 1 };
  if (op === 'comprehension' && isObject(args)) return estimateLoop(args, scope);
  if (op === 'call' && Array.isArray(args) && args[0] === 'has') return { cost: Math.max(1, sum(partsOf(args[1], scope))) };
  if (isObject(macro)) return estimateMacro(macro, scope);
  const parts = partsOf(args, scope);
  const cost = sum(parts);
  const [first, second] = parts;
  switch (op) {
    case '.':
    case '.?':
      return { cost: cost + 1, schema: fieldOf(first?.schema, Array.isArray(args) ? args[1] : undefined) };
    case '[]':
    case '[?]':
      return { cost: cost + 1, schema: elementOf(first?.schema) };
    case '?:':
      return { ...parts[1], cost: (first?.cost ?? 0) + Math.max(parts[1]?.cost ?? 0, parts[2]?.cost ?? 0) };
    case 'list':
      return { cost: cost + listCreation, size: parts.length };
    case 'map':
      return { cost: cost + 30, size: parts.length };
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { cost: cost + Math.max(1, Math.min(bytesOf(first), bytesOf(second)) * traversal) };
    case '+':
      return {
        cost: cost + Math.max(1, (sizeOf(first) + sizeOf(second)) * traversal),
        size: sizeOf(first) + sizeOf(second),
        schema: first?.schema,
      };
    case 'in':
      return { cost: cost + sizeOf(second) };
    case 'call':
    case 'rcall':
      return estimateCall(String(Array.isArray(args) ? args[0] : ''), parts, cost);
    default:
      return { cost: cost + (op === '&&' || op === '||' || op.startsWith('accu') ? 0 : 1), schema: first?.schema, size: first?.size };
  }
}

function estimateLoop(args: Readonly<Record<string, unknown>>, scope: Scope): Estimate {
  const [iterable] = partsOf(args.iterable, scope);
  const schema = iterable?.schema;
  // Upstream takes the keys of maps for empty.
  const element = schema?.type === 'object' ? { cost: 1, size: 0 } : { cost: 1, schema: elementOf(schema) };
  const [step] = partsOf(args.step, new Map([...scope, [String(args.iterVarName), element]]));
  const rounds = sizeOf(iterable);
  return { cost: (iterable?.cost ?? 0) + rounds * (1 + (step?.cost ?? 0)) + 1, schema, size: rounds };
}

/**
 * Macros of optional values and `cel.bind`, as far as what they keep is known: what they are asked of or bind, and what they make of it, which may speak of
 * it by a name.
 */
function estimateMacro(macro: Readonly<Record<string, unknown>>, scope: Scope): Estimate {
  const { receiver, arg, variable, body, var: bound, val: value, exp: result } = macro;
  const [given] = partsOf(receiver ?? value, scope);
  const name = variable ?? bound;
  const inner = name === undefined ? scope : new Map([...scope, [String(name), { ...given, cost: 1 }]]);
  const [made] = partsOf(arg ?? body ?? result, inner);
  const cost = 1 + (given?.cost ?? 0) + (made?.cost ?? 0);
  if (arg === undefined) return { ...made, cost };
  // One or the other.
  return { cost, schema: given?.schema ?? made?.schema, size: Math.max(sizeOf(given), sizeOf(made)) };
}

/** Calls that make lists or compare all of their elements, as cel-go's lists and sets estimate them. */
function estimateListCall(name: string, [first, second, third]: readonly Estimate[]): Estimate | undefined {
  const size = sizeOf(first);
  const making = (length: number, factor = 1): Estimate => ({
    cost: 1 + listCreation + length * factor,
    size: length,
    schema: first?.schema,
  });
  switch (name) {
    case 'range':
      return { ...making(Math.max(0, second?.literal ?? unbounded)), schema: { type: 'array', items: { type: 'integer' } } };
    case 'slice':
      return making(Math.max(0, (third?.literal ?? size) - (second?.literal ?? 0)));
    case 'reverse':
      return making(size);
    case 'flatten':
      return { ...making(size, second === undefined ? 1 : (second.literal ?? unbounded)), schema: elementOf(first?.schema) };
    case 'distinct':
    case 'sort':
      return making(size * size, elementOf(first?.schema)?.type === 'string' ? 2 + traversal : 2);
    case 'intersects':
    case 'equivalent':
      return { cost: 1 + sizeOf(second) * sizeOf(third) * (name === 'equivalent' ? 2 : 1) };
    case 'contains':
      // The method of texts has the same name.
      return third && { cost: 1 + sizeOf(second) * sizeOf(third) };
    default:
      return undefined;
  }
}

const wholeListCalls: ReadonlySet<string> = new Set(['isSorted', 'sum', 'min', 'max', '__indexOf', '__lastIndexOf']);
const wholeTextCalls: ReadonlySet<string> = new Set(
  'contains split replace lowerAscii upperAscii trim join url quantity ip cidr isURL isIP isCIDR isQuantity validate semver isSemver __substring'.split(
    ' ',
  ),
);

function estimateCall(name: string, parts: readonly Estimate[], cost: number): Estimate {
  const list = estimateListCall(name, parts);
  if (list !== undefined) return { ...list, cost: cost + list.cost };
  const [first, second] = parts;
  if (name === '__matches' || name === 'find' || name === 'findAll') {
    return { cost: cost + (sizeOf(first) + 1) * traversal * Math.max(1, sizeOf(second) * regularExpression) };
  }
  if (name === 'startsWith' || name === 'endsWith') return { cost: cost + 1 + sizeOf(second) * traversal };
  if (wholeListCalls.has(name)) return { cost: cost + 1 + sizeOf(first), schema: elementOf(first?.schema) };
  // How long a text may be that a value is written as, nobody knows.
  if (name === 'string' && first?.schema?.format !== 'byte') return { cost: cost + 1, size: unbounded };
  if (name === '__format') return { cost: cost + sizeOf(first) * traversal, size: unbounded };
  if (wholeTextCalls.has(name)) return { cost: cost + 1 + sizeOf(first) * traversal, size: first?.size };
  return { cost: cost + 1 };
}

/** The estimates of the nodes among a node's arguments, in their order. */
function partsOf(value: unknown, scope: Scope): readonly Estimate[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => partsOf(item, scope));
  if (typeof value !== 'object' || value === null) return [];
  if ('op' in value && 'args' in value && 'meta' in value) return [estimate(value as ExpressionNode, scope)];
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value).flatMap((item: unknown) => partsOf(item, scope)) : [];
}

function sum(parts: readonly Estimate[]): number {
  return parts.reduce((total, { cost }) => total + cost, 0);
}

function sizeOf(part: Estimate | undefined): number {
  if (part?.size !== undefined) return part.size;
  return part?.schema === undefined ? 1 : maxElements(part.schema);
}

/** How much a comparison has to look at: scalars are one, whatever else is there counts by its elements. */
function bytesOf(part: Estimate | undefined): number {
  return part === undefined ? 1 : sizeOf(part);
}

function fieldOf(schema: JsonSchema | undefined, field: unknown): JsonSchema | undefined {
  const entry = Object.entries(schema?.properties ?? {}).find(([name]) => escapeField(name) === field);
  return entry?.[1] ?? openFields(schema).schema;
}

function elementOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema?.items ?? openFields(schema).schema;
}

/** How often values of a schema can stand in an object at most; `within` are the schemas around it, the root first. */
export function maxCardinality(within: readonly JsonSchema[], schema: JsonSchema): number {
  let product = 1;
  for (const outer of within) {
    const bound = outer.type === 'array' ? outer.maxItems : openFields(outer).allowed ? outer.maxProperties : 1;
    if (bound === undefined) return Math.floor(maxRequestBytes / (minBytes(schema) + 1));
    product *= Math.max(0, bound);
  }
  return product;
}
