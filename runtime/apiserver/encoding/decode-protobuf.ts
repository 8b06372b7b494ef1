import { toBase64 } from '../../api/base64.ts';
import type { Json } from '../../api/object.ts';
import {
  envelopeMessage,
  type Field,
  type MessageType,
  messageOfKind,
  messageType,
  protobufPrefix,
  type Scalar,
} from './protobuf-messages.ts';
import { ProtobufError, ProtobufReader } from './protobuf-reader.ts';
import { type Fields, specialMessages } from './protobuf-special.ts';

/** What a request body in `application/vnd.kubernetes.protobuf` holds. */
export interface DecodedProtobuf {
  readonly apiVersion: string;
  readonly kind: string;
  /** The object as JSON would carry it, with `apiVersion` and `kind`. */
  readonly object: { [key: string]: Json };
}

/** Schemas nest, and so does what is malformed on purpose. */
const deepest = 200;

/**
 * Decodes a Kubernetes object from protobuf. What it becomes is what the same object would be in JSON: fields that are zero and not pointers in
 * Go are absent, times are texts, bytes are base64.
 *
 * @throws ProtobufError when the bytes are malformed or hold a kind whose fields are not known
 */
export function decodeProtobuf(bytes: Uint8Array): DecodedProtobuf {
  if (bytes.length === 0) throw new ProtobufError('empty data');
  if (protobufPrefix.some((byte, index) => bytes[index] !== byte)) {
    throw new ProtobufError(`provided data does not appear to be a protobuf message, expected prefix [${protobufPrefix.join(' ')}]`);
  }
  const envelope = readEnvelope(bytes.subarray(protobufPrefix.length));
  const { apiVersion, kind } = envelope;
  if (kind === '') throw new ProtobufError("Object 'Kind' is missing in protobuf message");
  const name = messageOfKind(apiVersion, kind);
  const type = name === undefined ? undefined : messageType(name);
  if (type === undefined) throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}"`);
  if (envelope.contentEncoding !== '') throw new ProtobufError(`unsupported content encoding "${envelope.contentEncoding}"`);
  return { apiVersion, kind, object: { apiVersion, kind, ...readMessage(envelope.raw, type, 0) } };
}

interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
  contentEncoding: string;
}

/** `runtime.Unknown` around the object; its `raw` must not pass through base64. */
function readEnvelope(bytes: Uint8Array): Envelope {
  const envelope: Envelope = { apiVersion: '', kind: '', raw: new Uint8Array(), contentEncoding: '' };
  const fields = messageType(envelopeMessage);
  const reader = new ProtobufReader(bytes);
  while (!reader.done) {
    const { field, wireType } = reader.tag();
    const name = fields?.get(field)?.name;
    if (wireType !== 2) reader.skip(wireType);
    else if (name === 'typeMeta') Object.assign(envelope, readTypeMeta(reader.bytes()));
    else if (name === 'raw') envelope.raw = reader.bytes();
    else if (name === 'contentEncoding') envelope.contentEncoding = reader.text();
    else reader.skip(wireType);
  }
  return envelope;
}

function readTypeMeta(bytes: Uint8Array): Fields {
  const type = messageType('k8s.io.apimachinery.pkg.runtime.TypeMeta');
  return type === undefined ? {} : readMessage(bytes, type, 0);
}

function readMessage(bytes: Uint8Array, type: MessageType, depth: number): Fields {
  if (depth > deepest) throw new ProtobufError('proto: message nested too deeply');
  const result: Fields = {};
  const reader = new ProtobufReader(bytes);
  while (!reader.done) {
    const { field: number, wireType } = reader.tag();
    const field = type.get(number);
    if (field === undefined) reader.skip(wireType);
    else readField(reader, field, wireType, result, depth);
  }
  return result;
}

function readField(reader: ProtobufReader, field: Field, wireType: number, result: Fields, depth: number): void {
  if (field.shape === 'map') {
    expect(wireType, 2, field);
    readEntry(reader.bytes(), field, result, depth);
    return;
  }
  if (field.scalar !== undefined && wireType === 2 && packable(field.scalar)) {
    readPacked(new ProtobufReader(reader.bytes()), field, field.scalar, result);
    return;
  }
  const value = readValue(reader, field, wireType, depth);
  if (field.shape === 'list') {
    append(result, field.name, value ?? {});
    return;
  }
  if (value === undefined) return;
  if (field.inline) Object.assign(result, value);
  else if (field.optional || !isZero(field, value)) set(result, field.name, value);
}

/** Where a scalar that is no pointer is zero, JSON leaves it out; so it does with ports and the like that may also be names. */
function isZero(field: Field, value: Json): boolean {
  if (field.scalar !== undefined) return value === '' || value === 0 || value === false;
  return value === 0 && field.message.endsWith('.IntOrString');
}

function readValue(reader: ProtobufReader, field: Field, wireType: number, depth: number): Json | undefined {
  if (field.scalar !== undefined) return readScalar(reader, field, field.scalar, wireType);
  expect(wireType, 2, field);
  const bytes = reader.bytes();
  const type = messageType(field.message);
  if (type === undefined) return undefined;
  const fields = readMessage(bytes, type, depth + 1);
  const special = Object.hasOwn(specialMessages, field.message) ? specialMessages[field.message] : undefined;
  return special === undefined ? fields : special.toJson(fields);
}

function readScalar(reader: ProtobufReader, field: Field, scalar: Scalar, wireType: number): Json {
  switch (scalar) {
    case 'string':
      expect(wireType, 2, field);
      return reader.text();
    case 'bytes':
      expect(wireType, 2, field);
      return toBase64(reader.bytes());
    case 'double':
      expect(wireType, 1, field);
      return reader.double();
    case 'bool':
      expect(wireType, 0, field);
      return reader.unsigned() !== 0;
    default:
      expect(wireType, 0, field);
      return scalar === 'int32' ? reader.signed() | 0 : reader.signed();
  }
}

function packable(scalar: Scalar): boolean {
  return scalar !== 'string' && scalar !== 'bytes';
}

/** Lists of numbers may be written in one piece. */
function readPacked(reader: ProtobufReader, field: Field, scalar: Scalar, result: Fields): void {
  if (field.shape !== 'list') throw wrongType(field, 2);
  while (!reader.done) append(result, field.name, readScalar(reader, field, scalar, scalar === 'double' ? 1 : 0));
}

/** A map is a list of messages with key 1 and value 2; either may be missing when it is zero. */
function readEntry(bytes: Uint8Array, field: Field, result: Fields, depth: number): void {
  const reader = new ProtobufReader(bytes);
  let key = '';
  let value: Json | undefined;
  while (!reader.done) {
    const { field: number, wireType } = reader.tag();
    if (number === 1) {
      expect(wireType, 2, field);
      key = reader.text();
    } else if (number === 2) value = readValue(reader, field, wireType, depth);
    else reader.skip(wireType);
  }
  const entries = Object.hasOwn(result, field.name) ? result[field.name] : undefined;
  const map: Fields = typeof entries === 'object' && entries !== null && !Array.isArray(entries) ? entries : {};
  set(map, key, value ?? emptyValue(field));
  result[field.name] = map;
}

function emptyValue(field: Field): Json {
  switch (field.scalar) {
    case undefined:
      return specialMessages[field.message]?.toJson({}) ?? {};
    case 'string':
    case 'bytes':
      return '';
    case 'bool':
      return false;
    default:
      return 0;
  }
}

function append(result: Fields, name: string, value: Json): void {
  const list = result[name];
  if (Array.isArray(list)) list.push(value);
  else result[name] = [value];
}

/** Keys of maps come from the request; `__proto__` is one like any other. */
function set(map: Fields, key: string, value: Json): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function expect(wireType: number, expected: number, field: Field): void {
  if (wireType !== expected) throw wrongType(field, wireType);
}

function wrongType(field: Field, wireType: number): ProtobufError {
  return new ProtobufError(`proto: wrong wireType = ${wireType} for field ${field.name}`);
}
