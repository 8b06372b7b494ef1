import type { Position } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { ManifestFile } from '../documents/file.ts';
import { type FieldPath, placeAt } from '../documents/path.ts';
import type { Explanation } from '../protocol.ts';
import { descriptionOf, type Field, step, walk } from '../schemas/describe.ts';
import { kindAt } from '../schemas/kind-at.ts';
import type { Kinds, KnownKind } from '../schemas/kinds.ts';
import { deref, refName, type StructuralSchema } from '../schemas/structural.ts';

export interface ExplainParts {
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly descriptions: Descriptions;
}

/** So many values of an enumeration are named in a list of fields. */
const valuesLimit = 4;

/** Explains the field under the cursor; on the kind, the name or outside of fields the kind itself. `null` where no kind is known. */
export function explainAt(file: ManifestFile, position: Position, parts: ExplainParts): Explanation | null {
  const placed = file.at(position);
  if (!placed || file.tooLong || placed.manifest.tooLong || placed.manifest.empty) return null;
  const place = placeAt(placed.manifest.tree, file.offsetAt(position) - placed.start);
  const found = kindAt(placed.manifest, place?.path ?? [], parts.kinds);
  if (!found) return null;
  const { known, rest } = found;
  const path = ['kind', 'apiVersion'].includes(String(rest[0])) ? [] : nearestKnown(known, rest, parts.definitions);
  return {
    title: [known.kind.toLowerCase(), ...path.filter((name) => typeof name === 'string')].join('.'),
    text: explain(known, path, parts),
  };
}

/** The path without list indices and keys that a writer chose; of an unknown field that of its nearest known parent. */
function nearestKnown(known: KnownKind, path: FieldPath, definitions: Definitions): FieldPath {
  for (let length = path.length; length > 0; length--) {
    const field = walk(known.schema, path.slice(0, length), definitions);
    if (field?.owner) return path.slice(0, length);
  }
  return [];
}

/** The text of `kubectl explain`, after upstream's template of kubectl/pkg/explain/v2. */
export function explain(known: KnownKind, path: FieldPath, { definitions, descriptions }: ExplainParts): string {
  const field: Field = walk(known.schema, path, definitions) ?? { schema: known.schema, required: false };
  const version = known.apiVersion.slice(known.apiVersion.indexOf('/') + 1);
  const head = [
    ...(known.group === '' ? [] : [`GROUP:      ${known.group}`]),
    `KIND:       ${known.kind}`,
    `VERSION:    ${version}`,
    '',
    ...(path.length === 0
      ? []
      : [`FIELD: ${String(path.findLast((name) => typeof name === 'string'))} <${typeOf(field.schema, definitions)}>`]),
    ...(path.length === 0 ? [] : [...longValues(field.schema), '']),
  ];
  const about = textsAbout(field, definitions, descriptions);
  const fields = fieldLines(field.schema, definitions, descriptions);
  const lines = [...head, 'DESCRIPTION:', ...indent(wrap(about.join('\n') || '<empty>', 76), 4)];
  lines.push(...(about.length > 0 ? ['    '] : []), ...(fields.length > 0 ? ['FIELDS:', ...fields] : []));
  return `${lines.join('\n')}\n\n`;
}

/** What is said of the field, of its type, and of the type of its items. */
function textsAbout(field: Field, definitions: Definitions, descriptions: Descriptions): string[] {
  const own = descriptionOf(field, descriptions);
  const texts = own === '' ? [] : [own];
  const { items, additionalProperties } = deref(field.schema, definitions);
  for (const schema of [field.schema, items, additionalProperties]) {
    const type = schema && refName(schema);
    const text = type === undefined ? schema !== field.schema && schema?.description : descriptions[type]?.[''];
    if (text && !texts.includes(text)) texts.push(text);
  }
  return texts;
}

function fieldLines(schema: StructuralSchema, definitions: Definitions, descriptions: Descriptions): string[] {
  const target = deref(schema, definitions);
  const lines = Object.keys(target.properties ?? {})
    .sort()
    .flatMap((name) => {
      const field = step(schema, name, definitions);
      if (!field) return [];
      const required = target.required?.includes(name) ? ' -required-' : '';
      const text = descriptionOf(field, descriptions);
      return [
        `  ${name}\t<${typeOf(field.schema, definitions)}>${required}`,
        ...shortValues(field.schema),
        ...indent(wrap(text || '<no description>', 76), 4),
        '',
      ];
    });
  const below = [target.items, target.additionalProperties].filter((inner) => inner !== undefined);
  return [...lines, ...below.flatMap((inner) => fieldLines(inner, definitions, descriptions))];
}

function shown(values: readonly unknown[]): string[] {
  return values.map((value) => (value === '' ? '""' : String(value)));
}

function longValues({ enum: values }: StructuralSchema): string[] {
  return values ? ['ENUM:', ...indent(shown(values), 4)] : [''];
}

function shortValues({ enum: values }: StructuralSchema): string[] {
  if (!values) return [];
  return [`  enum: ${shown(values).slice(0, valuesLimit).join(', ')}${values.length > valuesLimit ? ', ....' : ''}`];
}

/** The type as kubectl writes it: `[]Container`, `map[string]Quantity`, `Object`. */
function typeOf(schema: StructuralSchema, definitions: Definitions): string {
  const name = refName(schema);
  const target = deref(schema, definitions);
  if (target.items && name === undefined) return `[]${typeOf(target.items, definitions)}`;
  if (target.additionalProperties && name === undefined) return `map[string]${typeOf(target.additionalProperties, definitions)}`;
  const isOwnType = target.format === 'quantity' || target['x-kubernetes-int-or-string'];
  if (name !== undefined && (isOwnType || target.type === undefined || target.type === 'object'))
    return name.slice(name.lastIndexOf('.') + 1);
  return target.type === undefined || target.type === 'object' ? 'Object' : target.type;
}

/** Words in lines of at most so many characters, white space before them kept; a longer word has a line of its own. */
function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const [, space = '', word = ''] of paragraph.matchAll(/([^\S\n]*)(\S+)/g)) {
      if (line !== '' && line.length + space.length + word.length > width) {
        lines.push(line);
        line = word;
      } else line += space + word;
    }
    return [...lines, line];
  });
}

function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}
