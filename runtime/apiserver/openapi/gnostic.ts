import { ProtobufWriter } from '../encoding/protobuf-writer.ts';
import type { Version2Document, Version2Operation, Version2Parameter } from './documents.ts';
import type { WrittenSchema } from './schemas.ts';

/**
 * Writes a version 2 document as the protobuf message `openapi.v2.Document` of gnostic, which is what kubectl asks `/openapi/v2` for. The field
 * numbers are those of gnostic's `OpenAPIv2.proto`.
 */
export function encodeGnostic(document: Version2Document): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  const schemas = new SchemaWriter(writer);
  writer.text(1, document.swagger);
  writer.message(2, () => {
    writer.text(1, document.info.title);
    writer.text(2, document.info.version);
  });
  writer.message(8, () => {
    for (const [path, item] of Object.entries(document.paths)) {
      writer.message(2, () => {
        writer.text(1, path);
        writer.message(2, () => {
          for (const [method, operation] of Object.entries(item)) {
            writer.message(methodFields[method] ?? 2, () => writeOperation(writer, schemas, operation));
          }
        });
      });
    }
  });
  writer.message(9, () => schemas.named(document.definitions));
  for (const requirement of document.security) writer.message(12, () => writeRequirement(writer, requirement));
  writer.message(13, () => {
    for (const [name, { type, name: header, in: place, description }] of Object.entries(document.securityDefinitions)) {
      writer.message(1, () => {
        writer.text(1, name);
        writer.message(2, () =>
          writer.message(2, () => {
            writer.text(1, type);
            writer.text(2, header);
            writer.text(3, place);
            writer.text(4, description);
          }),
        );
      });
    }
  });
  return writer.finish();
}

function writeRequirement(writer: ProtobufWriter, requirement: Version2Document['security'][number]): void {
  for (const [name, scopes] of Object.entries(requirement)) {
    writer.message(1, () => {
      writer.text(1, name);
      writer.message(2, () => {
        for (const scope of scopes) writer.text(1, scope);
      });
    });
  }
}

const methodFields: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, options: 6, head: 7, patch: 8 };

function writeOperation(writer: ProtobufWriter, schemas: SchemaWriter, operation: Version2Operation): void {
  for (const tag of operation.tags) writer.text(1, tag);
  writer.text(3, operation.description);
  writer.text(5, operation.operationId);
  for (const type of operation.produces) writer.text(6, type);
  for (const type of operation.consumes) writer.text(7, type);
  for (const parameter of operation.parameters) {
    writer.message(8, () => writer.message(1, () => writeParameter(writer, schemas, parameter)));
  }
  writer.message(9, () => {
    for (const [code, { description, schema }] of Object.entries(operation.responses)) {
      writer.message(1, () => {
        writer.text(1, code);
        writer.message(2, () =>
          writer.message(1, () => {
            writer.text(1, description);
            if (schema !== undefined) writer.message(2, () => writer.message(1, () => schemas.schema(schema)));
          }),
        );
      });
    }
  });
  for (const scheme of operation.schemes) writer.text(10, scheme);
  for (const name of ['x-kubernetes-action', 'x-kubernetes-group-version-kind'] as const) {
    if (operation[name] !== undefined) writeExtension(writer, 13, name, operation[name]);
  }
}

function writeParameter(writer: ProtobufWriter, schemas: SchemaWriter, parameter: Version2Parameter): void {
  if (parameter.in === 'body') {
    writer.message(1, () => {
      writer.text(2, parameter.name);
      writer.text(3, parameter.in);
      writer.boolean(4, parameter.required ?? false);
      const { schema } = parameter;
      if (schema !== undefined) writer.message(5, () => schemas.schema(schema));
    });
    return;
  }
  const isPath = parameter.in === 'path';
  writer.message(2, () =>
    writer.message(isPath ? 4 : 3, () => {
      if (parameter.required) writer.boolean(1, true);
      writer.text(2, parameter.in);
      writer.text(4, parameter.name);
      writer.text(isPath ? 5 : 6, parameter.type ?? 'string');
    }),
  );
}

/** Extensions and other free values are written as YAML, of which JSON is a part. */
function writeExtension(writer: ProtobufWriter, field: number, name: string, value: unknown): void {
  writer.message(field, () => {
    writer.text(1, name);
    writer.message(2, () => writer.text(2, JSON.stringify(value)));
  });
}

class SchemaWriter {
  readonly #writer: ProtobufWriter;

  constructor(writer: ProtobufWriter) {
    this.#writer = writer;
  }

  /** `Definitions` and `Properties` alike. */
  named(schemas: Readonly<Record<string, WrittenSchema>>): void {
    for (const [name, schema] of Object.entries(schemas)) {
      this.#writer.message(1, () => {
        this.#writer.text(1, name);
        this.#writer.message(2, () => this.schema(schema));
      });
    }
  }

  schema(schema: WrittenSchema): void {
    const writer = this.#writer;
    if (schema.$ref !== undefined) writer.text(1, schema.$ref);
    if (schema.format !== undefined) writer.text(2, schema.format);
    if (schema.description !== undefined) writer.text(4, schema.description);
    if (schema.default !== undefined) writer.message(5, () => writer.text(2, JSON.stringify(schema.default)));
    for (const field of schema.required ?? []) writer.text(19, field);
    for (const value of schema.enum ?? []) writer.message(20, () => writer.text(2, JSON.stringify(value)));
    const { additionalProperties, type, items, properties } = schema;
    if (additionalProperties !== undefined) writer.message(21, () => writer.message(1, () => this.schema(additionalProperties)));
    if (type !== undefined) writer.message(22, () => writer.text(1, type));
    if (items !== undefined) writer.message(23, () => writer.message(1, () => this.schema(items)));
    if (properties !== undefined) writer.message(25, () => this.named(properties));
    for (const [key, value] of Object.entries(schema)) {
      if (key.startsWith('x-')) writeExtension(writer, 31, key, value);
    }
  }
}
