import { type CompletionItem, CompletionItemKind, InsertTextFormat, MarkupKind, type Range } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { Cursor } from '../documents/cursor.ts';
import { type Field, markdownOf, step, walk } from '../schemas/describe.ts';
import type { KindAt } from '../schemas/kind-at.ts';
import { requiredSnippet } from '../schemas/skeleton.ts';
import { deref, typeName } from '../schemas/structural.ts';

/** Items of a list on an empty line below its name, before the dash; undefined when no list is open there. */
export function listItems(
  at: KindAt,
  { parent, before }: Cursor,
  replaced: Range,
  definitions: Definitions,
  descriptions: Descriptions,
): CompletionItem[] | undefined {
  if (before.trim() !== '' || parent.length === 0) return undefined;
  const field = walk(at.known.schema, at.rest, definitions);
  if (!field) return undefined;
  const items = deref(field.schema, definitions).items;
  if (!items) return undefined;
  const target = deref(items, definitions);
  const indent = '  ';
  const item = (label: string, lines: readonly string[], sortText: string, described: Field): CompletionItem => ({
    label,
    kind: lines.length > 1 || label.startsWith('- ') ? CompletionItemKind.Struct : CompletionItemKind.Property,
    sortText,
    documentation: { kind: MarkupKind.Markdown, value: markdownOf(described, definitions, descriptions) },
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { range: replaced, newText: `- ${lines.join(`\n${indent}`)}` },
  });
  const whole = item(`- ${typeName(items, definitions)}`, requiredSnippet(items, definitions), '0', { schema: items, required: false });
  const values = (target.enum ?? []).map((value) => item(`- ${value}`, [String(value)], '1', { schema: items, required: false }));
  const fields = Object.keys(target.properties ?? {}).flatMap((name) => {
    const property = step(items, name, definitions);
    if (!property) return [];
    const composed = deref(property.schema, definitions).type;
    const value = composed === 'object' ? `${name}:\n    $1` : composed === 'array' ? `${name}:\n    - $1` : `${name}: $1`;
    return [item(name, [value], `2${name}`, property)];
  });
  return [whole, ...values, ...fields];
}
