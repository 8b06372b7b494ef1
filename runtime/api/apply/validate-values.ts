import type { Json } from '../object.ts';
import { formatGo, getKey, goTypeOf, isMap } from '../patches/json-tree.ts';
import type { FieldType, ListType, ScalarType } from './field-types.ts';
import { ItemError, itemElement } from './list-items.ts';
import { fieldElement, formatElement } from './path-element.ts';

/**
 * What is wrong with a configuration, measured by its type: unknown fields, wrong types, items without keys or, unless they may, with the same ones.
 * Each text begins with the path it is about. Empty if all is well.
 */
export function validateValue(value: Json, type: FieldType, mayRepeat = false, path = ''): string[] {
  if (value === null) return [];
  switch (type.kind) {
    case 'scalar':
      return scalarProblems(value, type).map((problem) => `${path}: ${problem}`);
    case 'untyped':
      return [];
    case 'list':
      if (!Array.isArray(value)) return [`${path}: expected list, got ${shown(value)}`];
      return listProblems(value, type, mayRepeat, path);
    case 'map': {
      if (!isMap(value)) return [`${path}: expected map, got ${shown(value)}`];
      const problems: string[] = [];
      for (const name of Object.keys(value)) {
        const fieldPath = `${path}${formatElement(fieldElement(name))}`;
        const fieldType = type.field(name) ?? type.element;
        // Upstream looks no further, either.
        if (fieldType === undefined) return [...problems, `${fieldPath}: field not declared in schema`];
        problems.push(...validateValue(getKey(value, name) ?? null, fieldType, mayRepeat, fieldPath));
      }
      return problems;
    }
  }
}

/** Problems as one text, as structured-merge-diff writes several. */
export function problemsText(problems: readonly string[]): string {
  return problems.length === 1 ? problems.join('') : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
}

function listProblems(list: readonly Json[], type: ListType, mayRepeat: boolean, path: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    let element = `i:${index}`;
    if (type.relation !== 'atomic') {
      try {
        element = itemElement(item, type);
      } catch (error) {
        if (error instanceof ItemError) return [...problems, `${path}: element ${index}: ${error.message}`];
        throw error;
      }
      if (!mayRepeat && seen.has(element)) problems.push(`${path}: duplicate entries for key ${formatElement(element)}`);
      seen.add(element);
    }
    problems.push(...validateValue(item, type.element, mayRepeat, `${path}${formatElement(element)}`));
  }
  return problems;
}

function scalarProblems(value: Json, { scalar }: ScalarType): string[] {
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? [] : [`expected numeric (int or float), got ${goTypeOf(value)}`];
    case 'string':
      return typeof value === 'string' ? [] : [`expected string, got &value.valueUnstructured{Value:${shownInGo(value)}}`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`expected boolean, got ${shown(value)}`];
    case 'untyped':
      return typeof value === 'object' ? [`expected any scalar, got ${shown(value)}`] : [];
  }
}

function shown(value: Json): string {
  return `&{${formatGo(value)}}`;
}

/** A value in Go's syntax. */
function shownInGo(value: Json): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(shownInGo).join(', ')}}`;
  if (value === null) return 'interface {}(nil)';
  if (!isMap(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  const entries = names.map((key) => `${JSON.stringify(key)}:${shownInGo(getKey(value, key) ?? null)}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}
