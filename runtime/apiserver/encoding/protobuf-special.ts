import { base64Bytes } from '../../api/base64.ts';
import { formatDuration, parseDuration } from '../../api/duration.ts';
import { goJsonError } from '../../api/go-json-error.ts';
import { goText } from '../../api/go-text.ts';
import type { Json } from '../../api/object.ts';
import { parseSentJson } from '../../api/parse-json.ts';
import { withoutLoneSurrogates } from '../decoding/well-formed.ts';
import { ProtobufError } from './protobuf-reader.ts';

/** A message as its fields say, by their names. */
export type Fields = { [field: string]: Json };

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const apiextensions = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1';
const nanosPerMilli = 1_000_000;

/** How a message stands in JSON where that is not an object of its fields. */
export interface SpecialForm {
  /** Undefined where there is no value. `isEmpty` tells that no field was written, not even one that is zero. */
  toJson(fields: Fields, isEmpty: boolean): Json | undefined;
  /** Undefined where the value has no form in protobuf. */
  toFields(json: Json): Fields | Embedded | undefined;
}

/** A message of one field, which is bytes: they may be megabytes, and are not to go through base64 as fields do. */
export class Embedded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Bytes that hold JSON, as text. Decoded bytes are base64, as JSON carries them. */
function json(base64: Json | undefined): Json | undefined {
  if (typeof base64 !== 'string' || base64 === '') return undefined;
  const text = withoutLoneSurrogates(goText(base64Bytes(base64)));
  try {
    return parseSentJson<Json>(text);
  } catch {
    throw new ProtobufError(`json: ${goJsonError(text) ?? 'invalid JSON'}`);
  }
}

/** A value of any shape, which is carried as bytes of JSON in one field. */
function embedded(field: string): SpecialForm {
  return {
    toJson: (fields) => json(fields[field]),
    toFields: (value) => new Embedded(new TextEncoder().encode(JSON.stringify(value))),
  };
}

const firstSecond = -62135596800;
const lastSecond = 253402300799;

/** RFC 3339 with so many digits after the point. A time that is not written is none. */
function time(digits: number): SpecialForm {
  return {
    toJson({ seconds = 0, nanos = 0 }, isEmpty) {
      if (isEmpty || typeof seconds !== 'number' || typeof nanos !== 'number') return undefined;
      const second = digits === 0 ? seconds : seconds + Math.floor(nanos / 1e9);
      // Years 1 to 9999, which is what RFC 3339 can write; Go's zero is the first second of them.
      if (second < firstSecond || second > lastSecond) throw new ProtobufError('proto: timestamp out of range');
      if (second === firstSecond) return undefined;
      const whole = new Date(second * 1000).toISOString().slice(0, 19);
      const fraction = String(((nanos % 1e9) + 1e9) % 1e9)
        .padStart(9, '0')
        .slice(0, digits);
      return digits === 0 ? `${whole}Z` : `${whole}.${fraction}Z`;
    },
    toFields(value) {
      const milliseconds = Date.parse(String(value));
      if (Number.isNaN(milliseconds)) return undefined;
      const fraction = digits === 0 ? '' : (/\.(\d+)/.exec(String(value))?.[1] ?? '');
      return { seconds: Math.floor(milliseconds / 1000), nanos: Number(fraction.padEnd(9, '0').slice(0, 9)) };
    },
  };
}

const intOrString: SpecialForm = {
  toJson: ({ type = 0, intVal = 0, strVal = '' }) => (type === 1 ? strVal : intVal),
  toFields: (value) => (typeof value === 'string' ? { type: 1, strVal: value } : { type: 0, intVal: value }),
};

const duration: SpecialForm = {
  toJson: ({ duration: nanos = 0 }) => formatDuration(Number(nanos) / nanosPerMilli),
  toFields: (value) => ({ duration: Math.round(parseDuration(String(value)) * nanosPerMilli) }),
};

const quantity: SpecialForm = {
  toJson: ({ string = '0' }) => string || '0',
  toFields: (value) => ({ string: String(value) }),
};

const items: SpecialForm = {
  toJson: (fields) => fields.items ?? [],
  toFields: (value) => ({ items: value }),
};

/** A schema, or a list in another field. */
function schemaOr(field: string): SpecialForm {
  return {
    toJson: (fields) => fields.schema ?? fields[field],
    toFields: (value) => (Array.isArray(value) ? { [field]: value } : { schema: value }),
  };
}

const schemaOrBool: SpecialForm = {
  toJson: ({ allows = false, schema }) => schema ?? allows,
  toFields: (value) => (typeof value === 'boolean' ? { allows: value } : { allows: true, schema: value }),
};

/** Messages whose JSON is not an object of their fields. */
export const specialMessages: Readonly<Record<string, SpecialForm>> = {
  [`${meta}.Time`]: time(0),
  [`${meta}.MicroTime`]: time(6),
  [`${meta}.Duration`]: duration,
  [`${meta}.FieldsV1`]: embedded('Raw'),
  [`${meta}.Verbs`]: items,
  'k8s.io.api.authentication.v1.ExtraValue': items,
  'k8s.io.api.authorization.v1.ExtraValue': items,
  'k8s.io.api.certificates.v1.ExtraValue': items,
  'k8s.io.apimachinery.pkg.api.resource.Quantity': quantity,
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': intOrString,
  'k8s.io.apimachinery.pkg.runtime.RawExtension': embedded('raw'),
  [`${apiextensions}.JSON`]: embedded('raw'),
  [`${apiextensions}.JSONSchemaPropsOrArray`]: schemaOr('jSONSchemas'),
  [`${apiextensions}.JSONSchemaPropsOrBool`]: schemaOrBool,
  [`${apiextensions}.JSONSchemaPropsOrStringArray`]: schemaOr('property'),
};
