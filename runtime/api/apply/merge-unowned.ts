import type { Json } from '../object.ts';
import { getKey, isMap } from '../patches/json-tree.ts';
import type { FieldType, MapType } from './field-types.ts';
import { mergeValues } from './merge-values.ts';
import { fieldElement, formatElement } from './path-element.ts';
import { problemsText, validateValue } from './validate-values.ts';

/**
 * Merges a configuration into an object without anybody owning what it says. What is only replaced as a whole may not be in it, since fields that
 * it leaves out would be lost. Follows upstream's `ApplyStructuredMergeDiff` of mutating admission policies.
 *
 * @throws Error in upstream's words for a configuration that does not fit
 */
export function mergeUnowned(type: MapType, live: Json, configuration: Json): Json {
  const problems = validateValue(configuration, type);
  if (problems.length > 0) throw new Error(`failed to convert patch object to typed object: ${problemsText(problems)}`);
  const atomics = [...atomicsIn(configuration, type, '')];
  if (atomics.length > 0) {
    throw new Error(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`);
  }
  return mergeValues(live, configuration, type) ?? null;
}

function* atomicsIn(value: Json, type: FieldType, path: string): Iterable<string> {
  const isAtomic =
    type.kind === 'untyped' ? !type.deduced : type.kind === 'map' ? type.atomic : type.kind === 'list' && type.relation === 'atomic';
  if (Array.isArray(value)) {
    if (isAtomic || type.kind === 'untyped') yield path;
    const element = type.kind === 'list' ? type.element : type;
    for (const [index, item] of value.entries()) yield* atomicsIn(item, element, `${path}${formatElement(`i:${index}`)}`);
  } else if (isMap(value)) {
    if (isAtomic) yield path;
    if (type.kind !== 'map') return;
    for (const name of Object.keys(value)) {
      const field = type.field(name);
      if (field !== undefined) yield* atomicsIn(getKey(value, name) ?? null, field, `${path}${formatElement(fieldElement(name))}`);
    }
  }
}
