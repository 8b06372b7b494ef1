import { t } from '@vscode/l10n';
import type { Scalar } from 'yaml';
import { base64Bytes, base64Problem, toBase64 } from '../../runtime/api/base64.ts';
import { quantityFormatMessage, tryParseQuantity } from '../../runtime/api/quantity.ts';
import { quote } from '../documents/quoting.ts';
import type { StructuralSchema } from './structural.ts';
import { readAs } from './yaml-surprises.ts';

/** Why a value is refused, in the words of the API server. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}

const invalid = (code: string, value: unknown, why: string): Failure => ({ code, message: `Invalid value: ${show(value)}: ${why}` });

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}..."` : text;
}

/** What is wrong with a string where the schema wants something. */
export function stringFailure(value: string, schema: StructuralSchema): Failure | undefined {
  if (schema['x-kubernetes-int-or-string']) return undefined;
  if (schema.type !== undefined && schema.type !== 'string') return invalid('type', value, `must be of type ${schema.type}`);
  if (schema.format === 'quantity') return tryParseQuantity(value) ? undefined : invalid('quantity', value, quantityFormatMessage);
  if (schema.format === 'byte') return encodable(value, base64Failure(value));
  if (schema.format === 'date-time' && !isDateTime(value))
    return invalid('date-time', value, 'must be a time in RFC 3339, "2006-01-02T15:04:05Z"');
  if (schema.minLength !== undefined || schema.maxLength !== undefined) {
    const length = Array.from(value).length;
    if (length < (schema.minLength ?? 0)) return invalid('length', value, `should be at least ${schema.minLength} chars long`);
    if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
      return { code: 'length', message: `Too long: may not be more than ${schema.maxLength} bytes` };
    }
  }
  if (schema.pattern !== undefined && expression(schema.pattern)?.test(value) === false) {
    return invalid('pattern', value, `should match '${schema.pattern}'`);
  }
  return undefined;
}

/** What is wrong with a number or a boolean where the schema wants something. */
export function numberFailure(
  value: unknown,
  scalar: Pick<Scalar, 'source' | 'value' | 'type'>,
  schema: StructuralSchema,
): Failure | undefined {
  const number = typeof value === 'number' ? value : undefined;
  if (schema['x-kubernetes-int-or-string']) {
    return Number.isInteger(number) ? undefined : invalid('type', value, 'must be of type integer or string');
  }
  if (schema.format === 'quantity') return number === undefined ? invalid('type', value, quantityFormatMessage) : undefined;
  switch (schema.type) {
    case 'string': {
      const quoted = quote(scalar.source ?? String(value));
      const read = readAs(scalar);
      const hint = read === undefined ? t('put it in quotes, {0}', quoted) : t('{0}, put it in quotes, {1}', read, quoted);
      const why = `must be of type string: ${hint}`;
      return { ...invalid('type', value, why), fix: quoted };
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : invalid('type', value, 'must be of type boolean');
    case 'integer':
      if (number === undefined || !Number.isInteger(number)) return invalid('type', value, 'must be of type integer');
      if (schema.format === 'int32' && (number > 0x7fffffff || number < -0x80000000))
        return invalid('type', value, 'must be of type int32');
      return rangeFailure(number, schema);
    case 'number':
      return number === undefined ? invalid('type', value, 'must be of type number') : rangeFailure(number, schema);
    default:
      return undefined;
  }
}

function rangeFailure(value: number, schema: StructuralSchema): Failure | undefined {
  const { minimum, maximum, multipleOf } = schema;
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    return invalid('range', value, `should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    return invalid('range', value, `should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(Number((value / multipleOf).toFixed(9)))) {
    return invalid('range', value, `should be a multiple of ${multipleOf}`);
  }
  return undefined;
}

/** What was meant by text that is not base64: with the padding that got lost where it is some, else encoded; nothing of what is too long to be words. */
function encodable(value: string, failure: Failure | undefined): Failure | undefined {
  if (!failure) return undefined;
  const padded = value + '='.repeat((4 - (value.length % 4)) % 4);
  const isCut = value.length > 5 && base64Problem(padded) === undefined && base64Bytes(padded).every((byte) => byte > 31 && byte < 127);
  if (isCut) return { ...failure, fix: padded };
  const isMangled = /^[A-Za-z\d+/]{16,}=*$/.test(value);
  return isMangled ? failure : { ...failure, fix: toBase64(new TextEncoder().encode(value)) };
}

function base64Failure(value: string): Failure | undefined {
  const message = base64Problem(value);
  return message === undefined ? undefined : { code: 'base64', message };
}

function isDateTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));
}

const expressions = new Map<string, RegExp | undefined>();

/** The expression of a schema; undefined when JavaScript cannot read what Go can. */
function expression(pattern: string): RegExp | undefined {
  if (!expressions.has(pattern)) {
    try {
      expressions.set(pattern, new RegExp(pattern, 'u'));
    } catch {
      expressions.set(pattern, undefined);
    }
  }
  return expressions.get(pattern);
}
