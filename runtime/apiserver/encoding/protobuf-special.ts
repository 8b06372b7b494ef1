import { toBase64 } from '../../api/base64.ts';
import { formatDuration } from '../../api/duration.ts';
import type { Json } from '../../api/object.ts';
import { ProtobufError } from './protobuf-reader.ts';

/** A message as its fields say, by their names. */
export type Fields = { [field: string]: Json };

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const apiextensions = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1';
const nanosPerMilli = 1_000_000;

/** Bytes that hold JSON, as text. Decoded bytes are base64, as JSON carries them. */
function json(base64: Json | undefined): Json | undefined {
  if (typeof base64 !== 'string' || base64 === '') return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new ProtobufError(`json: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** RFC 3339 with so many digits after the point. A time of zero is no time. */
function time({ seconds = 0, nanos = 0 }: Fields, digits: number): Json | undefined {
  if (typeof seconds !== 'number' || typeof nanos !== 'number' || (seconds === 0 && nanos === 0)) return undefined;
  // Years 1 to 9999, which is what RFC 3339 can write.
  if (seconds < -62135596800 || seconds > 253402300799 || nanos < 0 || nanos >= 1e9)
    throw new ProtobufError('proto: timestamp out of range');
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = String(nanos).padStart(9, '0').slice(0, digits);
  return digits === 0 ? `${whole}Z` : `${whole}.${fraction}Z`;
}

function intOrString({ type = 0, intVal = 0, strVal = '' }: Fields): Json {
  return type === 1 ? strVal : intVal;
}

/**
 * Messages whose JSON is not an object of their fields. Undefined means that the value is absent.
 */
export const specialMessages: Readonly<Record<string, (fields: Fields) => Json | undefined>> = {
  [`${meta}.Time`]: (fields) => time(fields, 0),
  [`${meta}.MicroTime`]: (fields) => time(fields, 6),
  [`${meta}.Duration`]: ({ duration = 0 }) => formatDuration(Number(duration) / nanosPerMilli),
  [`${meta}.FieldsV1`]: ({ Raw }) => json(Raw),
  [`${meta}.Verbs`]: ({ items = [] }) => items,
  'k8s.io.api.authentication.v1.ExtraValue': ({ items = [] }) => items,
  'k8s.io.api.authorization.v1.ExtraValue': ({ items = [] }) => items,
  'k8s.io.api.certificates.v1.ExtraValue': ({ items = [] }) => items,
  'k8s.io.apimachinery.pkg.api.resource.Quantity': ({ string = '0' }) => string || '0',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': intOrString,
  'k8s.io.apimachinery.pkg.runtime.RawExtension': ({ raw }) => json(raw),
  [`${apiextensions}.JSON`]: ({ raw }) => json(raw),
  [`${apiextensions}.JSONSchemaPropsOrArray`]: ({ schema, jSONSchemas }) => jSONSchemas ?? schema,
  [`${apiextensions}.JSONSchemaPropsOrBool`]: ({ allows = false, schema }) => schema ?? allows,
  [`${apiextensions}.JSONSchemaPropsOrStringArray`]: ({ schema, property }) => schema ?? property,
};

/** Writes bytes as JSON carries them. */
export function bytesToJson(bytes: Uint8Array): string {
  return toBase64(bytes);
}
