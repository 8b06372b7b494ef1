import { goJsonError } from '../../api/go-json-error.ts';
import { goText } from '../../api/go-text.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { parseSentJson } from '../../api/parse-json.ts';
import { badRequest, unsupportedMediaType } from '../../api/status.ts';
import { type FieldComplaint, fieldComplaints, inOrderOfNames, type NumberSpellings, numberSpellings } from '../../api/structure/index.ts';
import { quote } from '../../api/validation/field-error.ts';
import { decodeProtobuf } from '../encoding/decode-protobuf.ts';
import { ProtobufError } from '../encoding/protobuf-reader.ts';
import { mediaTypeIn } from '../negotiation/media-type.ts';
import { type Dict, isDict } from '../registry/api-object.ts';
import { parseYaml } from './read-yaml.ts';
import { withoutLoneSurrogates } from './well-formed.ts';
import { YamlFault } from './yaml-fault.ts';

/** A request's body, read but not yet held against a kind. */
export interface Document {
  readonly object: Dict;
  /** As it was sent. */
  readonly body: Uint8Array;
  /** How its numbers are written; to Go's decoder of YAML it is all the same. */
  readonly spellings?: NumberSpellings | undefined;
  /** What strict reading has against it as a whole. */
  readonly duplicates?: string;
  /**
   * What is wrong with its fields: those given as unknown, and those that stand twice in one object. In the order of the body, but of YAML in the order
   * of their names, for Go decodes the JSON that was made of it.
   */
  complaints(unknownFields: readonly string[]): readonly FieldComplaint[];
}

/** The kind that a body is expected to hold. */
export type ExpectedKind = Pick<Kind, 'group' | 'version' | 'kind'>;

const summaryLength = 30;

/** Makes an error of why a body cannot be read. */
type Refusal = (why: string, body: Uint8Array) => Error;

/**
 * Reads a body by its media type. Messages name the `expected` kind, unless `refuse` tells otherwise what cannot be read. Throws 415 for an unknown media
 * type and 400 for what cannot be read.
 */
export function readDocument(
  body: Uint8Array,
  contentType: string | null,
  expected: ExpectedKind,
  refuse: Refusal = (why, sent) => unrecognized(expected.kind, why, sent),
): Document {
  const media = contentType === null || contentType === '' ? 'application/json' : mediaTypeIn(contentType);
  switch (media) {
    case 'application/json':
      return readJson(body, refuse);
    case 'application/yaml':
      return readYaml(body, refuse);
    case 'application/vnd.kubernetes.protobuf':
      return readProtobuf(body, expected, refuse);
    default:
      throw unsupportedMediaType();
  }
}

function readJson(body: Uint8Array, refuse: Refusal): Document {
  const text = withoutLoneSurrogates(goText(body));
  let value: unknown;
  try {
    value = parseSentJson(text);
  } catch {
    throw refuse(`couldn't get version/kind; json parse error: ${goJsonError(text) ?? 'invalid JSON'}`, body);
  }
  return {
    object: asDict(value, refuse, body),
    body,
    spellings: numberSpellings(text),
    complaints: (unknownFields) => fieldComplaints(text, unknownFields),
  };
}

function readYaml(body: Uint8Array, refuse: Refusal): Document {
  try {
    const { value, duplicates } = parseYaml(body);
    const complaints = (unknownFields: readonly string[]) => onlyUnknown(inOrderOfNames(unknownFields));
    return { object: asDict(value, refuse, body), body, ...(duplicates !== undefined && { duplicates }), complaints };
  } catch (error) {
    if (error instanceof YamlFault) throw refuse(error.message, body);
    throw error;
  }
}

function readProtobuf(body: Uint8Array, expected: ExpectedKind, refuse: Refusal): Document {
  try {
    const { object } = decodeProtobuf(body, { apiVersion: apiVersionOf(expected), kind: expected.kind });
    return { object, body, complaints: onlyUnknown };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    if (error.sent === undefined) throw refuse(error.message, body);
    const { apiVersion, kind } = error.sent;
    throw unhandled(expected.kind, error.message, kind, apiVersion.slice(apiVersion.indexOf('/') + 1));
  }
}

/** Go decodes null into any object, which stays empty. */
function asDict(value: unknown, refuse: Refusal, body: Uint8Array): Dict {
  if (value === null) return {};
  if (!isDict(value)) throw refuse(notAnObject(value), body);
  return value;
}

/** What Go's reader says of a value in place of an object. */
export function notAnObject(value: unknown): string {
  const what = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
}

/** 400: a body that cannot be taken for an object at all. */
export function unrecognized(expected: string, why: string, body: Uint8Array): Error {
  return badRequest(`the object provided is unrecognized (must be of type ${expected}): ${why} (${summary(body)})`);
}

/** 400: an object that is what it says cannot become one of the expected kind. */
export function unhandled(expected: string, why: string, sent: string, version: string): Error {
  return badRequest(`${sent} in version ${quote(version)} cannot be handled as a ${expected}: ${why}`);
}

/** The start of the body, for a person to recognise: as text when it looks like JSON, in hexadecimal digits otherwise. */
function summary(body: Uint8Array): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, summaryLength);
  const shown = body[0] === 0x7b ? goText(start) : [...start].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return body.length > summaryLength ? `${shown} ...` : shown;
}

function onlyUnknown(unknownFields: readonly string[]): readonly FieldComplaint[] {
  return unknownFields.map((path) => ({ problem: 'unknown', path }));
}
