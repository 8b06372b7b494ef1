import goStructs from '../apply/go-structs.json' with { type: 'json' };
import type { Schema } from '../kinds/schema.ts';
import { definitions, referencedDefinition } from './definitions.ts';

type JsonObject = Record<string, unknown>;

/** What Go writes of a struct although nobody has set it, worked out once from its schema. */
interface Plan {
  /** Scalars at their zero value, and times and pointers that are null. */
  readonly zeros: [name: string, zero: unknown][];
  /** Lists that are null when they are empty. */
  readonly lists: string[];
  /** Structs that are part of this one. */
  readonly structs: [name: string, plan: Plan][];
  /** Values that have gaps of their own, where they are there. */
  readonly inner: [name: string, plan: Plan][];
}

const embedded: Readonly<Record<string, readonly string[]>> = goStructs.embedded;
const nullLists: Readonly<Record<string, readonly string[]>> = goStructs.nullLists;
const nullPointers: Readonly<Record<string, readonly string[]>> = goStructs.nullPointers;
const times: Readonly<Record<string, readonly string[]>> = goStructs.times;

/** Required by the schema, and yet left out when they are empty. */
const omitted: ReadonlySet<string> = new Set([
  'ContainerRestartRule.action',
  'ContainerRestartRuleOnExitCodes.operator',
  'ImageVolumeStatus.imageRef',
  'ParentReference.name',
  'ParentReference.resource',
  'PodCertificateProjection.keyType',
  'PodCertificateProjection.signerName',
  'TokenReviewSpec.token',
  'ValidatingAdmissionPolicyBindingSpec.policyName',
  'ValidatingAdmissionPolicyBindingSpec.validationActions',
]);

/** Not required by the schema, and yet always written. */
const written: Readonly<Record<string, readonly string[]>> = goStructs.written;

const plans = new Map<string, Plan>();

/** Common types of which nothing is written but what has been said. */
const bare: Plan = { zeros: [], lists: [], structs: [], inner: [] };

/** Whether a definition is of a built-in kind, or of conditions as many of them have; common metadata has a form of its own. */
function isWrittenByGo(definition: string): boolean {
  return /^io\.k8s\.(?:(?:api|apiextensions-apiserver|kube-aggregator)\.|apimachinery\.pkg\.apis\.meta\.v1\.Condition$)/.test(definition);
}

/**
 * Completes an object of a built-in kind, in place, to what Go's encoder writes: fields without `omitempty` are there with their zero value, structs
 * that are no pointers as `{}`, empty lists that are always written as null, which is what the storage makes of them.
 * Only for objects that have been validated.
 */
export function completeWritten(definition: string, object: JsonObject): void {
  if (isWrittenByGo(definition)) complete(planOf(definition), object);
}

const zeroValues = new Map<string, JsonObject>();
const nothing: JsonObject = Object.freeze({});

/** What Go writes of a built-in struct of which nothing has been said; an empty object for other definitions. Shared, not to be changed. */
export function zeroValueOf(definition: string): JsonObject {
  if (!isWrittenByGo(definition)) return nothing;
  const known = zeroValues.get(definition);
  if (known !== undefined) return known;
  const zero: JsonObject = {};
  complete(planOf(definition), zero);
  zeroValues.set(definition, zero);
  return zero;
}

function complete(plan: Plan, object: JsonObject): void {
  for (const [name, zero] of plan.zeros) if (object[name] === undefined) object[name] = zero;
  for (const name of plan.lists) {
    const value = object[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) object[name] = null;
  }
  for (const [name, inner] of plan.structs) {
    object[name] ??= {};
    completeValue(inner, object[name]);
  }
  for (const [name, inner] of plan.inner) completeValue(inner, object[name]);
}

/** Takes structs away, in place, that are no pointers and have nothing in them: to Go they are the same whether they were written or not. */
export function dropEmptyStructs(definition: string, object: JsonObject): void {
  if (isWrittenByGo(definition)) drop(planOf(definition), object);
}

function drop(plan: Plan, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) drop(plan, item);
  else if (isObject(value)) {
    for (const [name, inner] of plan.inner) drop(inner, value[name]);
    for (const [name, inner] of plan.structs) {
      const struct = value[name];
      if (inner === bare) continue;
      drop(inner, struct);
      if (isObject(struct) && Object.keys(struct).length === 0) delete value[name];
    }
  }
}

function completeValue(plan: Plan, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) completeValue(plan, item);
  else if (isObject(value)) complete(plan, value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function planOf(definition: string): Plan {
  const known = plans.get(definition);
  if (known !== undefined) return known;
  const plan: Plan = { zeros: [], lists: [...(nullLists[definition] ?? [])], structs: [], inner: [] };
  // Entered before its fields are, because definitions refer to themselves.
  plans.set(definition, plan);
  const schema = definitions[definition];
  for (const [name, property] of Object.entries(schema?.properties ?? {})) {
    if (times[definition]?.includes(name) || nullPointers[definition]?.includes(name)) plan.zeros.push([name, null]);
    else
      addField(plan, definition, name, property, schema?.required?.includes(name) === true || written[definition]?.includes(name) === true);
  }
  return plan;
}

function addField(plan: Plan, definition: string, name: string, property: Schema, required: boolean): void {
  const always = required && !omitted.has(`${definition.slice(definition.lastIndexOf('.') + 1)}.${name}`);
  const zero = zeros[property.type ?? 'object'];
  if (always && zero !== undefined) plan.zeros.push([name, zero]);
  if (always && property.type === 'array' && !plan.lists.includes(name)) plan.lists.push(name);
  const inner = referencedDefinition(property.items ?? property);
  if (inner === undefined || definitions[inner]?.properties === undefined) return;
  if (embedded[definition]?.includes(name)) plan.structs.push([name, isWrittenByGo(inner) ? planOf(inner) : bare]);
  else if (!isWrittenByGo(inner)) return;
  else if (hasGaps(inner, new Set())) plan.inner.push([name, planOf(inner)]);
}

const zeros: Readonly<Record<string, unknown>> = { string: '', integer: 0, number: 0, boolean: false };

/** Whether a definition, or one it refers to, has anything to complete. */
function hasGaps(definition: string, seen: Set<string>): boolean {
  if (seen.has(definition)) return false;
  seen.add(definition);
  const schema = definitions[definition];
  if ((schema?.required?.length ?? 0) > 0) return true;
  if ([embedded, nullLists, nullPointers, times, written].some((fields) => fields[definition] !== undefined)) return true;
  return Object.values(schema?.properties ?? {}).some((property) => {
    const inner = referencedDefinition(property.items ?? property);
    return inner !== undefined && hasGaps(inner, seen);
  });
}
