import type { Path } from './path.ts';

/** Why a field is refused; these are the reasons of a Status' causes. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

/** One thing wrong with one field. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.containers[0].image` */
  readonly field: string;
  /** What stands there, as JSON has it; absent where it is not to be shown. */
  readonly value?: unknown;
  readonly detail: string;
}

const words: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
};

/** A value that must be there is not. */
export function required(path: Path, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field: path.toString(), detail };
}

/** A value breaks a rule. */
export function invalid(path: Path, value: unknown, detail: string): FieldError {
  return {
    type: 'FieldValueInvalid',
    field: path.toString(),
    value: value ?? null,
    detail,
  };
}

/** Something breaks a rule that no single value could show. */
export function invalidAsWhole(path: Path, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field: path.toString(), detail };
}

/** A value is none of those known. */
export function notSupported(path: Path, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map((item) => quote(item)).join(', ')}`;
  return {
    type: 'FieldValueNotSupported',
    field: path.toString(),
    value: value ?? null,
    detail,
  };
}

/** A value stands there twice. */
export function duplicate(path: Path, value: unknown): FieldError {
  return {
    type: 'FieldValueDuplicate',
    field: path.toString(),
    value: value ?? null,
    detail: '',
  };
}

/** A value is not allowed under these conditions. */
export function forbidden(path: Path, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field: path.toString(), detail };
}

/** A text is longer than so many bytes. The text itself is not shown. */
export function tooLong(path: Path, limit: number): FieldError {
  return {
    type: 'FieldValueTooLong',
    field: path.toString(),
    detail: `may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`,
  };
}

/** A list has more items than it may. */
export function tooMany(path: Path, count: number, limit: number): FieldError {
  return {
    type: 'FieldValueTooMany',
    field: path.toString(),
    value: count,
    detail: `must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
  };
}

/** What a value refers to does not exist. */
export function notFound(path: Path, value: unknown): FieldError {
  return {
    type: 'FieldValueNotFound',
    field: path.toString(),
    value: value ?? null,
    detail: '',
  };
}

/** The check itself failed. */
export function internalError(path: Path, detail: string): FieldError {
  return { type: 'InternalError', field: path.toString(), detail };
}

/** An error without its field, as a Status' cause says it: `Invalid value: "x": must be …`. */
export function formatFieldErrorBody(error: FieldError): string {
  let text = words[error.type];
  if (error.value !== undefined) text += `: ${formatValue(error.value)}`;
  return error.detail === '' ? text : `${text}: ${error.detail}`;
}

/** An error in full: `spec.containers[0].image: Required value`. */
export function formatFieldError(error: FieldError): string {
  return `${error.field}: ${formatFieldErrorBody(error)}`;
}

/** Several errors as one text, as they stand after `is invalid: `; equal ones are said once. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** Go's notation of a value: texts quoted, numbers plain, everything else as JSON. */
function formatValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : goJson(value);
}

/** A text in quotes as Go's `strconv.Quote` writes it: what cannot be printed is escaped. */
export function quote(text: string): string {
  let out = '"';
  for (const character of text) {
    if (character === '"' || character === '\\') out += `\\${character}`;
    else if (printable.test(character)) out += character;
    else out += escapes.get(character) ?? escaped(character.codePointAt(0) ?? 0);
  }
  return `${out}"`;
}

const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

function escaped(code: number): string {
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const escapes = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

/** JSON as Go writes it: map keys as they stand, and the characters that would upset HTML escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
