import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { Json } from '../../runtime/api/object.ts';
import { equalJson, getKey, isMap, type JsonMap, setKey } from '../../runtime/api/patches/json-tree.ts';
import { PatchError } from '../../runtime/api/patches/patch-error.ts';
import { deref, type StructuralSchema } from '../schemas/structural.ts';

const directive = '$patch';

/**
 * Applies a strategic merge patch as kustomize does, which is not how the API server does it: items of the patch come first in a list, and directives other
 * than `$patch` are fields like any other. Lists merge where the schema names keys; without a schema a list takes the place of another.
 * Upstream: kyaml/yaml/merge2. Neither argument is changed.
 *
 * @returns undefined when the patch deletes the object
 * @throws PatchError where things of different kinds cannot be merged
 */
export function mergeAsKustomize(
  object: JsonMap,
  patch: JsonMap,
  schema: StructuralSchema | undefined,
  definitions: Definitions,
): JsonMap | undefined {
  const merged = new Merger(definitions).merge(object, patch, schema);
  return isMap(merged) ? merged : undefined;
}

/** Values of an item under the keys of its list; empty where it has none. */
type Identity = readonly string[];

class Merger {
  readonly #definitions: Definitions;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  merge(before: Json | undefined, patch: Json | undefined, schema: StructuralSchema | undefined): Json | undefined {
    if (patch === undefined) return before;
    if (patch === null) return undefined;
    const known = before === null ? undefined : before;
    if (known !== undefined && shapeOf(known) !== shapeOf(patch)) {
      throw new PatchError(422, `wrong node kind: expected ${shapeOf(known)} but was ${shapeOf(patch)}`);
    }
    if (isMap(patch)) return this.#map(isMap(known) ? known : undefined, patch, schema);
    return Array.isArray(patch) ? this.#list(Array.isArray(known) ? known : undefined, patch, schema) : patch;
  }

  #map(before: JsonMap | undefined, patch: JsonMap, schema: StructuralSchema | undefined): Json | undefined {
    const { command, rest } = commandOf(patch);
    if (command === 'delete') return undefined;
    const result: JsonMap = command === 'replace' ? {} : { ...before };
    const fields = schema && deref(schema, this.#definitions);
    for (const key of Object.keys(rest)) {
      const field = fields?.properties && Object.hasOwn(fields.properties, key) ? fields.properties[key] : fields?.additionalProperties;
      const value = this.merge(getKey(result, key), getKey(rest, key), field);
      if (value === undefined) delete result[key];
      else setKey(result, key, value);
    }
    return result;
  }

  #list(before: readonly Json[] | undefined, patch: readonly Json[], schema: StructuralSchema | undefined): Json | undefined {
    const { 'x-kubernetes-patch-strategy': strategy = '', 'x-kubernetes-patch-merge-key': key } = schema ?? {};
    if (!schema || !strategy.includes('merge')) return [...patch];
    const lone = patch.find((item) => isMap(item) && Object.keys(item).length === 1 && getKey(item, directive) !== undefined);
    const command = isMap(lone) ? commandOf(lone).command : 'merge';
    const items = patch.filter((item) => item !== lone);
    if (command === 'delete') return undefined;
    const kept = command === 'replace' ? [] : (before ?? []);
    const keys = schema['x-kubernetes-list-map-keys'] ?? (key === undefined ? [] : [key]);
    const inner = deref(schema, this.#definitions).items;
    return keys.length === 0 ? united(items, kept) : this.#items(kept, items, keys, inner);
  }

  /** The items of the patch, merged with what they mean, and behind them what it does not speak of. */
  #items(before: readonly Json[], patch: readonly Json[], keys: readonly string[], schema: StructuralSchema | undefined): Json[] {
    const result: Json[] = [];
    const met = new Set<Json>();
    const identities = new Map([...patch, ...before].map((item) => [item, identityOf(item, keys)]));
    const isSame = (one: Json, other: Json) => isAlike(identities.get(one) ?? [], identities.get(other) ?? []);
    for (const item of patch) {
      const meant = before.find((other) => !met.has(other) && isSame(item, other));
      if (meant !== undefined) met.add(meant);
      const merged = this.merge(meant, item, schema);
      if (merged !== undefined && !(isMap(merged) && Object.keys(merged).length === 0)) result.push(merged);
    }
    return [...result, ...before.filter((item) => !met.has(item))];
  }
}

function shapeOf(value: Json): string {
  return Array.isArray(value) ? 'SequenceNode' : isMap(value) ? 'MappingNode' : 'ScalarNode';
}

function commandOf(patch: JsonMap): { readonly command: 'merge' | 'replace' | 'delete'; readonly rest: JsonMap } {
  const { [directive]: command, ...rest } = patch;
  if (command === undefined || command === null || command === 'merge') return { command: 'merge', rest };
  if (command !== 'replace' && command !== 'delete') throw new PatchError(422, `unknown patch strategy '${String(command)}'`);
  return { command, rest };
}

function united(first: readonly Json[], second: readonly Json[]): Json[] {
  const result: Json[] = [];
  for (const item of [...first, ...second]) if (!result.some((known) => equalJson(known, item))) result.push(item);
  return result;
}

function identityOf(item: Json, keys: readonly string[]): Identity {
  const value = (key: string) => (isMap(item) ? getKey(item, key) : undefined);
  return keys.map((key) => {
    const text = value(key);
    return text === undefined || text === null ? '' : String(text);
  });
}

/** Whether items are the same one: what only one of them says does not part them. */
function isAlike(one: Identity, other: Identity): boolean {
  const isEqual = one.some((value, at) => value !== '' && value === other[at]);
  return isEqual && one.every((value, at) => value === other[at] || value === '' || other[at] === '');
}
