import { isObject, isResourceField, type JsonObject, type JsonSchema, keepsOpenFields, openFields, propertyOf } from './json-schema.ts';

/**
 * Takes the fields out of an object that its schema does not declare, in place. At the root, and where a resource is embedded, apiVersion, kind and
 * metadata stay. Follows upstream's `structural schema pruning`.
 *
 * @returns the paths of the fields that were taken out, in their order: `spec.containers[0].foo`
 */
export function pruneObject(object: JsonObject, schema: JsonSchema): readonly string[] {
  const pruner = new Pruner();
  pruner.prune(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '');
  return pruner.unknown.sort();
}

/** Takes out of a default what the schema it stands in does not declare. Gives whether there was something. */
export function pruneValue(value: unknown, schema: JsonSchema): boolean {
  const pruner = new Pruner();
  pruner.prune(value, schema, '');
  return pruner.unknown.length > 0;
}

class Pruner {
  readonly unknown: string[] = [];

  prune(value: unknown, schema: JsonSchema | undefined, way: string): void {
    if (schema?.['x-kubernetes-preserve-unknown-fields']) this.keep(value, schema, way);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) this.prune(item, schema?.items, `${way}[${index}]`);
    else if (isObject(value)) this.pruneFields(value, schema, way);
  }

  private pruneFields(object: JsonObject, schema: JsonSchema | undefined, way: string): void {
    const open = openFields(schema);
    for (const name of Object.keys(object)) {
      if (schema?.['x-kubernetes-embedded-resource'] && isResourceField(name)) continue;
      const property = propertyOf(schema, name);
      if (property !== undefined) this.prune(object[name], property, join(way, name));
      else if (keepsOpenFields(schema)) this.prune(object[name], open.schema, join(way, name));
      else {
        this.unknown.push(join(way, name));
        delete object[name];
      }
    }
  }

  /** Unknown fields stay, but what is declared among them is looked into. */
  private keep(value: unknown, schema: JsonSchema | undefined, way: string): void {
    if (schema === undefined) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.keep(item, schema.items, `${way}[${index}]`);
      return;
    }
    if (!isObject(value)) return;
    const open = openFields(schema);
    for (const name of Object.keys(value)) {
      if (schema['x-kubernetes-embedded-resource'] && isResourceField(name)) continue;
      const property = propertyOf(schema, name);
      if (property !== undefined) this.prune(value[name], property, join(way, name));
      else if (keepsOpenFields(schema)) this.prune(value[name], open.schema, join(way, name));
    }
  }
}

function join(way: string, name: string): string {
  return way === '' ? name : `${way}.${name}`;
}
