import { base64Bytes } from '../../api/base64.ts';
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
import { ProtobufError } from './protobuf-reader.ts';
import { Embedded, type Fields, specialMessages } from './protobuf-special.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * Encodes a Kubernetes object, with `apiVersion` and `kind`, as `application/vnd.kubernetes.protobuf`. What is absent in JSON is left out, where Go
 * writes zeros of fields that are no pointers: to a reader both are the same.
 *
 * @throws ProtobufError when the kind has no fields that are known, as those of custom resources
 */
export function encodeProtobuf(object: Fields): Uint8Array<ArrayBuffer> {
  const { apiVersion, kind } = object;
  const name = messageOfKind(String(apiVersion), String(kind));
  const type = name === undefined ? undefined : messageType(name);
  if (type === undefined) throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}"`);
  const raw = written((writer) => writeFields(writer, type, object));
  const envelope = written((writer) => {
    for (const [number, field] of messageType(envelopeMessage) ?? []) {
      if (field.name === 'raw') writer.bytes(number, raw);
      else if (field.name === 'typeMeta') writeField(writer, number, field, { apiVersion: apiVersion ?? null, kind: kind ?? null });
    }
  });
  const bytes = new Uint8Array(protobufPrefix.length + envelope.length);
  bytes.set(protobufPrefix);
  bytes.set(envelope, protobufPrefix.length);
  return bytes;
}

const lengthBytes = 4;

/** An event of a watch about an encoded object, behind its length. Unlike objects it has no envelope. Follows upstream's `LengthDelimitedFramer`. */
export function encodeWatchEvent(type: string, object: Uint8Array): Uint8Array<ArrayBuffer> {
  const event = written((writer) => {
    writer.text(1, type);
    writer.message(2, () => writer.bytes(1, object));
  });
  const frame = new Uint8Array(lengthBytes + event.length);
  new DataView(frame.buffer).setUint32(0, event.length);
  frame.set(event, lengthBytes);
  return frame;
}

function written(write: (writer: ProtobufWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  write(writer);
  return writer.finish();
}

function writeFields(writer: ProtobufWriter, type: MessageType, fields: Fields): void {
  for (const [number, field] of type) {
    if (field.inline) writeInline(writer, number, field, fields);
    else if (Object.hasOwn(fields, field.name)) writeField(writer, number, field, fields[field.name]);
  }
}

/** The message has no field of its own in JSON: what is its stands among the fields of the one it is in. */
function writeInline(writer: ProtobufWriter, number: number, field: Field, fields: Fields): void {
  const type = messageType(field.message);
  if (type !== undefined && holds(type, fields)) writer.message(number, () => writeFields(writer, type, fields));
}

function holds(type: MessageType, fields: Fields): boolean {
  for (const { name, inline, message } of type.values()) {
    if (inline ? holds(messageType(message) ?? new Map(), fields) : Object.hasOwn(fields, name)) return true;
  }
  return false;
}

function writeField(writer: ProtobufWriter, number: number, field: Field, value: Json | undefined): void {
  if (value === undefined || value === null) return;
  if (field.shape === 'list') {
    if (Array.isArray(value)) for (const item of value) writeValue(writer, number, field, item);
  } else if (field.shape === 'map') {
    if (!isFields(value)) return;
    for (const key of Object.keys(value).sort()) {
      writer.message(number, () => {
        writer.text(1, key);
        writeValue(writer, 2, field, value[key] ?? null);
      });
    }
  } else writeValue(writer, number, field, value);
}

/** An item of a list is written whatever it is: the others would take its place. */
function writeValue(writer: ProtobufWriter, number: number, field: Field, value: Json): void {
  if (field.scalar !== undefined) {
    writeScalar(writer, number, field.scalar, value);
    return;
  }
  const type = messageType(field.message);
  if (type === undefined) return;
  const special = Object.hasOwn(specialMessages, field.message) ? specialMessages[field.message] : undefined;
  const fields = special === undefined ? value : special.toFields(value);
  if (fields === undefined) return;
  writer.message(number, () => {
    if (fields instanceof Embedded) for (const place of type.keys()) writer.bytes(place, fields.bytes);
    else if (isFields(fields)) writeFields(writer, type, fields);
  });
}

function isFields(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeScalar(writer: ProtobufWriter, number: number, scalar: Scalar, value: Json): void {
  switch (scalar) {
    case 'string':
      writer.text(number, String(value ?? ''));
      return;
    case 'bytes':
      writer.bytes(number, base64Bytes(String(value ?? '')));
      return;
    case 'bool':
      writer.boolean(number, value === true);
      return;
    case 'double':
      writer.double(number, Number(value));
      return;
    default:
      writer.integer(number, Math.trunc(Number(value)));
  }
}
