import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { isExcused } from './excused.ts';
import type { KnownKind } from './kinds.ts';
import { deref, refName, type StructuralSchema } from './structural.ts';

/** Required fields this deep are written out; recursive types end here. */
const depthLimit = 8;

/** Numbers the tab stops of a snippet. */
class Stops {
  #last = 0;

  next(text = ''): string {
    this.#last++;
    return text === '' ? `$${this.#last}` : `\${${this.#last}:${text}}`;
  }

  choice(values: readonly string[]): string {
    this.#last++;
    return `\${${this.#last}|${values.join(',')}|}`;
  }
}

/** A whole manifest of a kind as a snippet: its head, a name, and every field that is required. */
export function manifestSnippet(known: KnownKind, definitions: Definitions): string {
  const stops = new Stops();
  const name = stops.next('name');
  const lines = [`apiVersion: ${known.apiVersion}`, `kind: ${known.kind}`, 'metadata:', `  name: ${name}`];
  const root = deref(known.schema, definitions);
  const spec = root.properties?.spec;
  const wanted = new Set((root.required ?? []).filter((field) => !['apiVersion', 'kind', 'metadata'].includes(field)));
  if (spec && deref(spec, definitions).required) wanted.add('spec');
  for (const field of wanted) {
    const property = root.properties?.[field];
    if (property) lines.push(...fieldLines(field, property, definitions, stops, 0));
  }
  if (wanted.size === 0 && spec) lines.push('spec:', `  ${stops.next()}`);
  return `${lines.join('\n')}\n`;
}

/** The required fields of a schema as lines of a snippet, without indentation; one empty stop when there are none. */
export function requiredSnippet(schema: StructuralSchema, definitions: Definitions): readonly string[] {
  return valueLines(schema, definitions, new Stops(), 0);
}

/** A field with all that is required below it; undefined when nothing is. */
export function fieldSnippet(name: string, schema: StructuralSchema, definitions: Definitions): string | undefined {
  const target = deref(schema, definitions);
  const required = deref(target.items ?? schema, definitions).required ?? [];
  const labelled = name === 'selector' && target.properties?.matchLabels;
  if (required.length === 0 && !labelled && name !== 'template') return undefined;
  if (target.type !== 'object' && target.type !== 'array') return undefined;
  return fieldLines(name, schema, definitions, new Stops(), 0).join('\n');
}

function valueLines(schema: StructuralSchema, definitions: Definitions, stops: Stops, depth: number): string[] {
  const target = deref(schema, definitions);
  const definition = refName(schema);
  const required = depth < depthLimit ? (target.required ?? []).filter((field) => !isExcused(definition, field)) : [];
  const lines = required.flatMap((field) => {
    const property = target.properties?.[field];
    return property ? fieldLines(field, property, definitions, stops, depth + 1) : [];
  });
  return lines.length === 0 ? [stops.next()] : lines;
}

function fieldLines(name: string, schema: StructuralSchema, definitions: Definitions, stops: Stops, depth: number): string[] {
  const target = deref(schema, definitions);
  if (target.enum && target.enum.length > 0) return [`${name}: ${stops.choice(target.enum.map(String).filter((value) => value !== ''))}`];
  if (target.type === 'array') {
    const [first, ...rest] = target.items ? valueLines(target.items, definitions, stops, depth) : [stops.next()];
    return [`${name}:`, `  - ${first}`, ...rest.map((line) => `    ${line}`)];
  }
  if (name === 'selector' && target.properties?.matchLabels) return [`${name}:`, '  matchLabels:', `    app: ${stops.next('name')}`];
  if (name === 'template' && target.properties?.metadata) return templateLines(target, definitions, stops, depth);
  if (target.type === 'object') return [`${name}:`, ...valueLines(schema, definitions, stops, depth).map((line) => `  ${line}`)];
  return [`${name}: ${stops.next(name === 'name' ? 'name' : '')}`];
}

/** A pod template must carry the labels that its owner selects by, though no schema says so. */
function templateLines(target: StructuralSchema, definitions: Definitions, stops: Stops, depth: number): string[] {
  const spec = target.properties?.spec;
  const lines = ['template:', '  metadata:', '    labels:', `      app: ${stops.next('name')}`];
  if (spec) lines.push(...fieldLines('spec', spec, definitions, stops, depth).map((line) => `  ${line}`));
  return lines;
}
