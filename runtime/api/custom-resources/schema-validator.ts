import { isInt64 } from '../go-number.ts';
import type { FieldError } from '../validation/field-error.ts';
import { quote } from '../validation/field-error.ts';
import { formatCheck, isKnownFormat } from './formats.ts';
import { equalValues, isObject, type JsonObject, type JsonSchema, openFields, propertyOf } from './json-schema.ts';
import { matchesExpression } from './regular-expressions.ts';

/**
 * What is wrong with a value under a schema, in the words of `k8s.io/kube-openapi/pkg/validation`. Of a value that is being changed only what
 * has changed is judged: parts that can be told to be the same as before are let through, as upstream's ratcheting does.
 *
 * @param at where the value stands: `status`; empty for the whole object. Texts name fields by their way from there
 * @param old what stood there before; undefined for something new
 */
export function validateAgainstJsonSchema(value: unknown, schema: JsonSchema, at: string, old?: unknown): FieldError[] {
  const validator = new SchemaValidator();
  validator.validate(value, old, schema, '');
  if (at === '') return validator.errors;
  return validator.errors.map((error) => ({ ...error, field: error.field === '<nil>' ? at : `${at}.${error.field}` }));
}

class SchemaValidator {
  readonly errors: FieldError[] = [];
  /** How many checks have passed; tells which of several alternatives comes closest. */
  private passed = 0;

  validate(value: unknown, old: unknown, schema: JsonSchema, path: string): void {
    if (old !== undefined && isUnchanged(value, old, schema)) return;
    this.checkType(value, schema, path);
    if (value === null) {
      this.checkEnum(value, schema, path);
      return;
    }
    this.checkAlternatives(value, schema, path);
    if (typeof value === 'string') this.checkText(value, schema, path);
    else if (typeof value === 'number') this.checkNumber(value, schema, path);
    else if (Array.isArray(value)) this.checkList(value, old, schema, path);
    this.checkEnum(value, schema, path);
    if (isObject(value)) this.checkObject(value, old, schema, path);
  }

  private checkType(value: unknown, schema: JsonSchema, path: string): void {
    const types = typesOf(schema);
    const format = knownFormatOf(schema);
    if (types.length === 0 && format === undefined) return;
    const type = typeOf(value);
    const isOfType = types.includes(type) || (type === 'integer' && types.includes('number'));
    const isNumeric = types.includes('number') || types.includes('integer');
    const isTextual = type === 'string' || type === 'array';
    if (type === 'null' ? schema.nullable || types.length === 0 : isOfType) this.passed++;
    // Upstream leaves texts to the check of the format, and lists with them.
    else if (type !== 'null' && format !== undefined && isTextual && !isNumeric) this.passed++;
    else if (type !== 'null' && format !== undefined && !isTextual) this.failType(path, format, goFormats[type] ?? '');
    else this.failType(path, types.join(','), type);
  }

  private failType(path: string, wanted: string, found: string): void {
    this.fail('FieldValueTypeInvalid', path, found, `${path} in body must be of type ${wanted}: ${quote(found)}`);
  }

  private checkText(text: string, schema: JsonSchema, path: string): void {
    const { maxLength, minLength, pattern, format } = schema;
    const length = maxLength === undefined && minLength === undefined ? 0 : [...text].length;
    if (maxLength !== undefined && length > maxLength) {
      this.fail('FieldValueTooLong', path, undefined, `may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}`);
    } else if (minLength !== undefined && length < minLength) this.invalid(path, text, `should be at least ${minLength} chars long`);
    else if (pattern !== undefined && !matchesExpression(pattern, text)) this.invalid(path, text, `should match '${pattern}'`);
    const check = format === undefined || !isKnownFormat(schema.type, format) ? undefined : formatCheck(format);
    if (check === undefined) return;
    if (check(text)) this.passed++;
    else this.fail('FieldValueTypeInvalid', path, text, `${path} in body must be of type ${format}: ${quote(text)}`);
  }

  private checkNumber(value: number, schema: JsonSchema, path: string): void {
    const { type, multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
    const format = knownFormatOf(schema);
    if (!isInRange(value, type, format)) {
      const which = format === undefined ? '(default format)' : `with format ${format}`;
      this.fail('FieldValueInvalid', '<nil>', '', `Checked value must be of type ${type} ${which} in ${path}`);
    }
    if (multipleOf !== undefined && !isMultiple(value, multipleOf)) this.invalid(path, value, `should be a multiple of ${multipleOf}`);
    if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
      this.invalid(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
    }
    if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
      this.invalid(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
    }
  }

  private checkList(items: readonly unknown[], old: unknown, schema: JsonSchema, path: string): void {
    const { items: itemSchema, minItems, maxItems } = schema;
    if (itemSchema !== undefined) {
      const before = correlatedItems(schema, old);
      for (const [index, item] of items.entries()) this.validate(item, before(item, index), itemSchema, `${path}[${index}]`);
    }
    if (minItems !== undefined && items.length < minItems) this.invalid(path, items.length, `should have at least ${minItems} items`);
    if (maxItems !== undefined && items.length > maxItems) {
      this.fail('FieldValueTooMany', path, items.length, `must have at most ${maxItems} ${maxItems === 1 ? 'item' : 'items'}`);
    }
  }

  private checkObject(object: JsonObject, old: unknown, schema: JsonSchema, path: string): void {
    const count = Object.keys(object).length;
    const { minProperties, maxProperties, required = [] } = schema;
    if (minProperties !== undefined && count < minProperties) {
      this.invalid(path, count, `should have at least ${minProperties} properties`);
    }
    if (maxProperties !== undefined && count > maxProperties) {
      this.fail('FieldValueTooMany', path, count, `must have at most ${maxProperties} ${maxProperties === 1 ? 'item' : 'items'}`);
    }
    if (schema.additionalProperties === false) {
      for (const name of Object.keys(object)) {
        if (propertyOf(schema, name) !== undefined) continue;
        this.fail('FieldValueInvalid', path, name, `${path}.${name} in body is a forbidden property`);
      }
    }
    for (const name of required) if (!Object.hasOwn(object, name)) this.fail('FieldValueRequired', join(path, name), undefined, '');
    const before = isObject(old) ? old : undefined;
    const { schema: openSchema } = openFields(schema);
    for (const [name, value] of Object.entries(object)) {
      const fieldSchema = propertyOf(schema, name) ?? openSchema;
      if (fieldSchema === undefined) continue;
      const was = before !== undefined && Object.hasOwn(before, name) ? before[name] : undefined;
      this.validate(value, was, fieldSchema, join(path, name));
    }
  }

  private checkEnum(value: unknown, schema: JsonSchema, path: string): void {
    const values = schema.enum;
    if (values === undefined || (value === null && schema.nullable)) return;
    if (values.some((known) => equalValues(known, value))) {
      this.passed++;
      return;
    }
    const supported = values.map((known) => quote(typeof known === 'string' ? known : JSON.stringify(known))).join(', ');
    this.fail('FieldValueNotSupported', path, value, `supported values: ${supported}`);
  }

  private checkAlternatives(value: unknown, schema: JsonSchema, path: string): void {
    const { anyOf = [], oneOf = [], allOf = [], not } = schema;
    const name = quote(path);
    if (anyOf.length > 0) {
      const { valid, best } = attempt(value, anyOf, path);
      if (valid === 0) this.failWhole(`${name} must validate at least one schema (anyOf)`, best);
    }
    if (oneOf.length > 0) {
      const { valid, best } = attempt(value, oneOf, path);
      if (valid === 0) this.failWhole(`${name} must validate one and only one schema (oneOf). Found none valid`, best);
      else if (valid > 1) this.failWhole(`${name} must validate one and only one schema (oneOf). Found ${valid} valid alternatives`, []);
    }
    if (allOf.length > 0) {
      const { valid, all } = attempt(value, allOf, path);
      this.errors.push(...all);
      if (valid === 0) this.failWhole(`${name} must validate all the schemas (allOf). None validated`, []);
      else if (valid < allOf.length) this.failWhole(`${name} must validate all the schemas (allOf)`, []);
    }
    if (not !== undefined && attempt(value, [not], path).valid > 0) this.failWhole(`${name} must not validate the schema (not)`, []);
  }

  /** Errors of a whole schema have no field upstream. */
  private failWhole(detail: string, because: readonly FieldError[]): void {
    this.fail('FieldValueInvalid', '<nil>', '', detail);
    this.errors.push(...because);
  }

  private invalid(path: string, value: unknown, detail: string): void {
    this.fail('FieldValueInvalid', path, value, `${path} in body ${detail}`);
  }

  private fail(type: FieldError['type'], path: string, value: unknown, detail: string): void {
    const field = path === '' ? '<nil>' : path;
    this.errors.push(value === undefined ? { type, field, detail } : { type, field, value, detail });
  }

  /** Judges a value by each of several schemas on its own. */
  static attempt(value: unknown, schema: JsonSchema, path: string): SchemaValidator {
    const validator = new SchemaValidator();
    validator.validate(value, undefined, schema, path);
    return validator;
  }

  get score(): number {
    return this.passed;
  }
}

interface Attempt {
  readonly valid: number;
  /** What the alternative that comes closest complains of. */
  readonly best: readonly FieldError[];
  readonly all: readonly FieldError[];
}

function attempt(value: unknown, schemas: readonly JsonSchema[], path: string): Attempt {
  const tried = schemas.map((schema) => SchemaValidator.attempt(value, schema, path));
  let best = tried[0];
  for (const candidate of tried) if (best !== undefined && candidate.score > best.score) best = candidate;
  return {
    valid: tried.filter(({ errors }) => errors.length === 0).length,
    best: best?.errors ?? [],
    all: tried.flatMap(({ errors }) => errors),
  };
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type === undefined || schema.type === '' ? [] : [schema.type];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}

/** Formats of numbers as Go has them. */
const goFormats: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

/** Whether a number can be converted to what its schema says without loss. */
function isInRange(value: number, type: string | undefined, format: string | undefined): boolean {
  if (type === 'integer') return isInt64(value) && (format !== 'int32' || (value <= 2147483647 && value >= -2147483648));
  return type !== 'number' || format !== 'float' || Number.isFinite(Math.fround(value));
}

function knownFormatOf({ type, format }: JsonSchema): string | undefined {
  return format !== undefined && isKnownFormat(type, format) ? format : undefined;
}

/**
 * Whether a value is as it was. Items that have keys may stand in another order; what the schema knows no fields of is never told to be the same.
 * Follows upstream's `CorrelatedObject.CachedDeepEqual`.
 */
function isUnchanged(value: unknown, old: unknown, schema: JsonSchema): boolean {
  if (Array.isArray(value) && Array.isArray(old)) {
    if (schema['x-kubernetes-list-type'] !== 'map' || schema.items === undefined) return equalValues(value, old);
    const { items } = schema;
    const before = correlatedItems(schema, old);
    return value.length === old.length && value.every((item, index) => isUnchanged(item, before(item, index), items));
  }
  if (!isObject(value) || !isObject(old)) return equalValues(value, old);
  const names = Object.keys(value);
  const { schema: openSchema } = openFields(schema);
  return (
    names.length === Object.keys(old).length &&
    names.every((name) => {
      const fieldSchema = propertyOf(schema, name) ?? openSchema;
      return fieldSchema !== undefined && Object.hasOwn(old, name) && isUnchanged(value[name], old[name], fieldSchema);
    })
  );
}

/** Items of lists are the same as before only where keys say so. */
function correlatedItems(schema: JsonSchema, old: unknown): (item: unknown, index: number) => unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return () => undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const keyOf = (item: unknown): string => JSON.stringify(keys.map((key) => (isObject(item) ? (item[key] ?? null) : null)));
  const byKey = new Map(old.map((item: unknown) => [keyOf(item), item]));
  return (item) => byKey.get(keyOf(item));
}

function isMultiple(value: number, factor: number): boolean {
  const times = value / factor;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
