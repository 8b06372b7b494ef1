import { ProtobufWriter } from '../encoding/protobuf-writer.ts';
import { isDict } from '../registry/api-object.ts';

type Scalar = 'text' | 'boolean' | 'integer' | 'number';
/** How the contents of a message are written: by the table below, or in a way of its own. */
type Contents = MessageName | 'any' | 'default' | 'additional';
/** A value, several of them, values by their names, or a message where a reference may stand instead. */
type Type = Scalar | Contents | { readonly each: Type } | { readonly map: Type } | { readonly or: MessageName };

interface Message {
  /** By the names they have in JSON. */
  readonly fields: Readonly<Record<string, readonly [number: number, type: Type]>>;
  /** Where the keys go that begin with `x-`. */
  readonly extensions?: number;
  /** Where all other keys go, with the type of their values. */
  readonly others?: readonly [number: number, type: Type];
}

type MessageName =
  | 'Document'
  | 'Info'
  | 'Paths'
  | 'PathItem'
  | 'Operation'
  | 'Parameter'
  | 'RequestBody'
  | 'MediaType'
  | 'Responses'
  | 'Response'
  | 'Components'
  | 'SecurityScheme'
  | 'Scopes'
  | 'Items'
  | 'Schema'
  | 'Reference';

const schema = { or: 'Schema' } as const;

/** The messages of gnostic's `OpenAPIv3.proto`, as far as documents of Kubernetes have them. */
const messages: Readonly<Record<MessageName, Message>> = {
  Document: {
    fields: {
      openapi: [1, 'text'],
      info: [2, 'Info'],
      paths: [4, 'Paths'],
      components: [5, 'Components'],
      security: [6, { each: { map: 'Scopes' } }],
    },
    extensions: 9,
  },
  Info: { fields: { title: [1, 'text'], description: [2, 'text'], version: [6, 'text'] }, extensions: 7 },
  Paths: { fields: {}, extensions: 2, others: [1, 'PathItem'] },
  PathItem: {
    fields: {
      description: [3, 'text'],
      get: [4, 'Operation'],
      put: [5, 'Operation'],
      post: [6, 'Operation'],
      delete: [7, 'Operation'],
      options: [8, 'Operation'],
      head: [9, 'Operation'],
      patch: [10, 'Operation'],
      parameters: [13, { each: { or: 'Parameter' } }],
    },
    extensions: 14,
  },
  Operation: {
    fields: {
      tags: [1, { each: 'text' }],
      summary: [2, 'text'],
      description: [3, 'text'],
      operationId: [5, 'text'],
      parameters: [6, { each: { or: 'Parameter' } }],
      requestBody: [7, { or: 'RequestBody' }],
      responses: [8, 'Responses'],
      deprecated: [10, 'boolean'],
      security: [11, { each: { map: 'Scopes' } }],
    },
    extensions: 13,
  },
  Parameter: {
    fields: {
      name: [1, 'text'],
      in: [2, 'text'],
      description: [3, 'text'],
      required: [4, 'boolean'],
      deprecated: [5, 'boolean'],
      allowEmptyValue: [6, 'boolean'],
      style: [7, 'text'],
      explode: [8, 'boolean'],
      schema: [10, schema],
      content: [13, { map: 'MediaType' }],
    },
    extensions: 14,
  },
  RequestBody: { fields: { description: [1, 'text'], content: [2, { map: 'MediaType' }], required: [3, 'boolean'] }, extensions: 4 },
  MediaType: { fields: { schema: [1, schema] }, extensions: 5 },
  Responses: { fields: { default: [1, { or: 'Response' }] }, extensions: 3, others: [2, { or: 'Response' }] },
  Response: { fields: { description: [1, 'text'], content: [3, { map: 'MediaType' }] }, extensions: 5 },
  Components: {
    fields: {
      schemas: [1, { map: schema }],
      responses: [2, { map: { or: 'Response' } }],
      parameters: [3, { map: { or: 'Parameter' } }],
      requestBodies: [5, { map: { or: 'RequestBody' } }],
      securitySchemes: [7, { map: { or: 'SecurityScheme' } }],
    },
    extensions: 10,
  },
  SecurityScheme: {
    fields: { type: [1, 'text'], description: [2, 'text'], name: [3, 'text'], in: [4, 'text'], scheme: [5, 'text'] },
    extensions: 9,
  },
  Scopes: { fields: { value: [1, { each: 'text' }] } },
  Items: { fields: { schema: [1, schema] } },
  Schema: {
    fields: {
      nullable: [1, 'boolean'],
      example: [7, 'any'],
      deprecated: [8, 'boolean'],
      title: [9, 'text'],
      multipleOf: [10, 'number'],
      maximum: [11, 'number'],
      exclusiveMaximum: [12, 'boolean'],
      minimum: [13, 'number'],
      exclusiveMinimum: [14, 'boolean'],
      maxLength: [15, 'integer'],
      minLength: [16, 'integer'],
      pattern: [17, 'text'],
      maxItems: [18, 'integer'],
      minItems: [19, 'integer'],
      uniqueItems: [20, 'boolean'],
      maxProperties: [21, 'integer'],
      minProperties: [22, 'integer'],
      required: [23, { each: 'text' }],
      enum: [24, { each: 'any' }],
      type: [25, 'text'],
      allOf: [26, { each: schema }],
      oneOf: [27, { each: schema }],
      anyOf: [28, { each: schema }],
      not: [29, 'Schema'],
      items: [30, 'Items'],
      properties: [31, { map: schema }],
      additionalProperties: [32, 'additional'],
      default: [33, 'default'],
      description: [34, 'text'],
      format: [35, 'text'],
    },
    extensions: 36,
  },
  Reference: { fields: { $ref: [1, 'text'], summary: [2, 'text'], description: [3, 'text'] } },
};

/** Writes a document of version 3 as the protobuf message `openapi.v3.Document` of gnostic. Upstream: `ToV3ProtoBinary`. */
export function encodeGnosticVersion3(document: object): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  writeMessage(writer, 'Document', document);
  return writer.finish();
}

function writeMessage(writer: ProtobufWriter, name: MessageName, value: object): void {
  const { fields, extensions, others } = messages[name];
  for (const [key, each] of Object.entries(value)) {
    if (extensions !== undefined && key.startsWith('x-')) writeNamed(writer, extensions, key, 'any', each);
    else if (Object.hasOwn(fields, key)) {
      const [number, type] = fields[key] ?? [0, 'any'];
      write(writer, number, type, each);
    } else if (others !== undefined) writeNamed(writer, others[0], key, others[1], each);
  }
}

function writeNamed(writer: ProtobufWriter, field: number, name: string, type: Type, value: unknown): void {
  writer.message(field, () => {
    writer.text(1, name);
    write(writer, 2, type, value);
  });
}

function write(writer: ProtobufWriter, field: number, type: Type, value: unknown): void {
  if (typeof type === 'object') writeCompound(writer, field, type, value);
  else if (type === 'text' || type === 'boolean' || type === 'integer' || type === 'number') writeScalar(writer, field, type, value);
  else writer.message(field, () => writeContents(writer, type, value));
}

function writeContents(writer: ProtobufWriter, type: Contents, value: unknown): void {
  if (type === 'any') writer.text(2, JSON.stringify(value));
  else if (type === 'default') writeDefault(writer, value);
  else if (type === 'additional' && typeof value === 'boolean') writer.boolean(2, value);
  else if (type === 'additional') write(writer, 1, schema, value);
  else if (type === 'Scopes') writeMessage(writer, type, { value });
  else if (type === 'Items') writeMessage(writer, type, { schema: value });
  else if (isDict(value)) writeMessage(writer, type, value);
}

/** What is empty, false or 0 is left out, as proto3 has it. */
function writeScalar(writer: ProtobufWriter, field: number, type: Scalar, value: unknown): void {
  if (type === 'text' && typeof value === 'string' && value !== '') writer.text(field, value);
  else if (type === 'boolean' && value === true) writer.boolean(field, true);
  else if (type === 'integer' && typeof value === 'number' && value !== 0) writer.integer(field, value);
  else if (type === 'number' && typeof value === 'number' && value !== 0) writer.double(field, value);
}

function writeCompound(writer: ProtobufWriter, field: number, type: Extract<Type, object>, value: unknown): void {
  if ('each' in type) {
    if (Array.isArray(value)) for (const each of value) write(writer, field, type.each, each);
  } else if (!isDict(value)) return;
  else if ('map' in type) {
    writer.message(field, () => {
      for (const [name, each] of Object.entries(value)) writeNamed(writer, 1, name, type.map, each);
    });
  } else if ('$ref' in value) writer.message(field, () => write(writer, 2, 'Reference', value));
  else writer.message(field, () => write(writer, 1, type.or, value));
}

/** Only single values can be defaults. */
function writeDefault(writer: ProtobufWriter, value: unknown): void {
  if (typeof value === 'number') writer.double(1, value);
  else if (typeof value === 'boolean') writer.boolean(2, value);
  else if (typeof value === 'string') writer.text(3, value);
}
