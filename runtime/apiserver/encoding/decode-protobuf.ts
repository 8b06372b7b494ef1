import { toBase64 } from '../../api/base64.ts';
import { formatGoDouble } from '../../api/go-number.ts';
import type { Json } from '../../api/object.ts';
import {
  envelopeMessage,
  type Field,
  type MessageType,
  messageOfKind,
  messageType,
  protobufPrefix,
  type Scalar,
  shortName,
} from './protobuf-messages.ts';
import { ProtobufError, ProtobufReader, type SentKind, type Tag } from './protobuf-reader.ts';
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
 * Go are absent, times are texts, bytes are base64. What it does not say of its kind is taken from the one that is expected. Of a kind that nobody knows
 * only that is told. Follows upstream's protobuf `Serializer` and the readers that gogo generates.
 *
 * @throws ProtobufError when the bytes are malformed or hold the expected kind and its fields are not known
 */
export function decodeProtobuf(bytes: Uint8Array, expected: SentKind = { apiVersion: '', kind: '' }): DecodedProtobuf {
  if (bytes.length === 0) throw new ProtobufError('empty data');
  if (protobufPrefix.some((byte, index) => bytes[index] !== byte)) {
    throw new ProtobufError(`provided data does not appear to be a protobuf message, expected prefix [${protobufPrefix.join(' ')}]`);
  }
  if (bytes.length === protobufPrefix.length) throw new ProtobufError('empty body');
  const { raw, ...said } = readEnvelope(bytes.subarray(protobufPrefix.length));
  const kind = said.kind || expected.kind;
  const apiVersion = isVersion(said.apiVersion) ? said.apiVersion : expected.apiVersion;
  const name = messageOfKind(apiVersion, kind);
  const type = name === undefined ? undefined : messageType(name);
  if (name === undefined || type === undefined) {
    if (kind !== expected.kind || apiVersion !== expected.apiVersion) return { apiVersion, kind, object: { apiVersion, kind } };
    throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}"`, { apiVersion, kind });
  }
  try {
    return { apiVersion, kind, object: { apiVersion, kind, ...readMessage(raw, name, type, 0) } };
  } catch (error) {
    throw error instanceof ProtobufError ? new ProtobufError(error.message, { apiVersion, kind }) : error;
  }
}

/** What has two slashes, or nothing behind one, says no version. */
function isVersion(apiVersion: string): boolean {
  return /^(?:[^/]*\/)?[^/]+$/.test(apiVersion);
}

interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
}

/** `runtime.Unknown` around the object; its `raw` must not pass through base64. How it says to be encoded is read by nobody. */
function readEnvelope(bytes: Uint8Array): Envelope {
  const envelope: Envelope = { apiVersion: '', kind: '', raw: new Uint8Array() };
  const fields = messageType(envelopeMessage);
  const reader = new ProtobufReader(bytes);
  while (!reader.done) {
    const tag = nextTag(reader, envelopeMessage);
    const field = fields?.get(tag.field);
    if (field === undefined) {
      reader.skip(tag);
      continue;
    }
    expect(tag.wireType, 2, field);
    const content = reader.bytes();
    if (field.name === 'typeMeta') Object.assign(envelope, readTypeMeta(content));
    else if (field.name === 'raw') envelope.raw = content;
  }
  return envelope;
}

const typeMetaMessage = 'k8s.io.apimachinery.pkg.runtime.TypeMeta';

function readTypeMeta(bytes: Uint8Array): Fields {
  const type = messageType(typeMetaMessage);
  return type === undefined ? {} : readMessage(bytes, typeMetaMessage, type, 0);
}

/** The beginning of a message's next field. */
function nextTag(reader: ProtobufReader, message: string): Tag {
  const tag = reader.tag();
  if (tag.wireType === 4) throw new ProtobufError(`proto: ${shortName(message)}: wiretype end group for non-group`);
  if (tag.field <= 0) throw new ProtobufError(`proto: ${shortName(message)}: illegal tag ${tag.field} (wire type ${tag.wire})`);
  return tag;
}

function readMessage(bytes: Uint8Array, name: string, type: MessageType, depth: number): Fields {
  if (depth > deepest) throw new ProtobufError('proto: message nested too deeply');
  const result: Fields = {};
  const reader = new ProtobufReader(bytes);
  const pieces = new Map<Field, Uint8Array[]>();
  while (!reader.done) {
    const tag = nextTag(reader, name);
    const field = type.get(tag.field);
    if (field === undefined) reader.skip(tag);
    else readField(reader, field, tag.wireType, result, depth, pieces);
  }
  // A message that comes in pieces is what they are one behind the other; read once they are all there, for there may be many.
  for (const [field, each] of pieces) {
    if (each.length > 1) setOne(result, field, readEmbedded(joined(each), field, depth));
  }
  return result;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}

function readField(
  reader: ProtobufReader,
  field: Field,
  wireType: number,
  result: Fields,
  depth: number,
  pieces: Map<Field, Uint8Array[]>,
): void {
  if (field.shape === 'map') {
    expect(wireType, 2, field);
    readEntry(reader.bytes(), field, result, depth);
  } else if (field.shape === 'list') {
    if (field.scalar !== undefined && wireType === 2 && packable(field.scalar)) {
      readPacked(new ProtobufReader(reader.bytes()), field, field.scalar, result);
    } else append(result, field.name, readValue(reader, field, wireType, depth) ?? {});
  } else if (field.scalar !== undefined) setOne(result, field, readScalar(reader, field, field.scalar, wireType));
  else {
    expect(wireType, 2, field);
    const bytes = reader.bytes();
    const earlier = pieces.get(field);
    if (earlier === undefined) {
      pieces.set(field, [bytes]);
      setOne(result, field, readEmbedded(bytes, field, depth));
    } else earlier.push(bytes);
  }
}

/** Sets a field that is there once; what was there before counts no more. */
function setOne(result: Fields, field: Field, value: Json | undefined): void {
  if (field.inline && value !== undefined) Object.assign(result, value);
  else if (value !== undefined && (field.optional || !isZero(field, value))) set(result, field.name, value);
  else delete result[field.name];
}

/** Where a scalar that is no pointer is zero, JSON leaves it out; so it does with ports and the like that may also be names. */
function isZero(field: Field, value: Json): boolean {
  if (field.scalar !== undefined) return value === '' || value === 0 || value === false;
  return value === 0 && field.message.endsWith('.IntOrString');
}

function readValue(reader: ProtobufReader, field: Field, wireType: number, depth: number): Json | undefined {
  if (field.scalar !== undefined) return readScalar(reader, field, field.scalar, wireType);
  expect(wireType, 2, field);
  return readEmbedded(reader.bytes(), field, depth);
}

function readEmbedded(bytes: Uint8Array, field: Field, depth: number): Json | undefined {
  const type = messageType(field.message);
  if (type === undefined) return undefined;
  const fields = readMessage(bytes, field.message, type, depth + 1);
  const special = Object.hasOwn(specialMessages, field.message) ? specialMessages[field.message] : undefined;
  return special === undefined ? fields : special.toJson(fields, bytes.length === 0);
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
      return finite(reader.double());
    case 'bool':
      expect(wireType, 0, field);
      return reader.bool();
    default:
      expect(wireType, 0, field);
      return scalar === 'int32' ? reader.int32() : reader.int64();
  }
}

/** JSON has no other numbers. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw new ProtobufError(`json: unsupported value: ${formatGoDouble(value)}`);
  return value;
}

function packable(scalar: Scalar): boolean {
  return scalar !== 'string' && scalar !== 'bytes';
}

/** Lists of numbers may be written in one piece. */
function readPacked(reader: ProtobufReader, field: Field, scalar: Scalar, result: Fields): void {
  while (!reader.done) append(result, field.name, readScalar(reader, field, scalar, scalar === 'double' ? 1 : 0));
}

/** A map is a list of messages with key 1 and value 2; either may be missing when it is zero. Of which type they say to be is not looked at. */
function readEntry(bytes: Uint8Array, field: Field, result: Fields, depth: number): void {
  const reader = new ProtobufReader(bytes);
  let key = '';
  let value: Json | undefined;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag.field === 1) key = reader.text();
    else if (tag.field === 2) value = readValue(reader, field, 2, depth);
    else reader.skip(tag);
  }
  const entries = Object.hasOwn(result, field.name) ? result[field.name] : undefined;
  const map: Fields = typeof entries === 'object' && entries !== null && !Array.isArray(entries) ? entries : {};
  set(map, key, value ?? emptyValue(field));
  result[field.name] = map;
}

function emptyValue(field: Field): Json {
  switch (field.scalar) {
    case undefined:
      return specialMessages[field.message]?.toJson({}, true) ?? {};
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
  if (wireType !== expected) throw new ProtobufError(`proto: wrong wireType = ${wireType} for field ${field.goName}`);
}
