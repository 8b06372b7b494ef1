import { t } from '@vscode/l10n';
import { type CompletionItem, CompletionItemKind, CompletionItemTag, MarkupKind } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../../runtime/api/kinds/schema.ts';
import { defaultOf, type Field, factsOf, isDeprecated, markdownOf, purposeOf, step } from '../../schemas/describe.ts';
import { fieldInFlow, inFlow } from '../../schemas/flow-snippet.ts';
import { escapeSnippet, Skeleton } from '../../schemas/skeleton.ts';
import { deref, refName, type StructuralSchema, typeName } from '../../schemas/structural.ts';
import { usageRank } from '../../schemas/usage.ts';
import type { Context } from './context.ts';
import type { Writing } from './writing.ts';

/** The fields that a mapping, or a new item of a list, may get: without those that are there. */
export function fieldItems(context: Context, schema: StructuralSchema, writing: Writing): CompletionItem[] {
  const { definitions, descriptions } = context;
  const { place } = writing;
  const target = deref(schema, definitions);
  const present = new Set(place.kind === 'field' ? place.node.children.map(({ name }) => name) : []);
  if (place.self) present.delete(place.self.name);
  // A kustomization is described by no definition of the API.
  const type = refName(schema) ?? (place.node === context.object ? context.known.kind : undefined);
  return Object.keys(target.properties ?? {}).flatMap((name) => {
    const field = present.has(name) ? undefined : step(schema, name, definitions);
    if (!field || (name === 'status' && place.node === context.object)) return [];
    const rank = rankOf(name, field, type, descriptions);
    // An object has a name; what an object is made from needs none.
    const named = name === 'metadata' && place.node === context.object && !place.self && !place.node.flow;
    const version = name === 'apiVersion' && place.node === context.object && !place.self && !place.node.flow;
    const lines = named
      ? ['metadata:', `${' '.repeat(writing.style.field)}name: \${1:name}`]
      : version
        ? [`apiVersion: ${context.known.apiVersion}`]
        : undefined;
    return [fieldItem(name, field, rank, writing, definitions, descriptions, lines)];
  });
}

/** One field: its name, and with it what belongs below. */
export function fieldItem(
  name: string,
  field: Field,
  rank: string,
  writing: Writing,
  definitions: Definitions,
  descriptions: Descriptions,
  lines: readonly string[] = linesOf(name, field, writing, definitions),
): CompletionItem {
  const type = typeName(field.schema, definitions);
  const fallback = defaultOf(field, definitions, descriptions);
  const dash = writing.place.kind === 'item' && writing.place.ownLine;
  return writing.item(name, lines, {
    kind: CompletionItemKind.Property,
    detail: factsOf(field, definitions, descriptions, ''),
    labelDetails: {
      detail: field.required ? ` ${t('required')}` : '',
      description: fallback === undefined ? type : `${type} = ${fallback}`,
    },
    documentation: { kind: MarkupKind.Markdown, value: purposeOf(field, definitions, descriptions) },
    sortText: `${dash ? '2' : '1'}${rank}${name}`,
    ...(isDeprecated(field, descriptions) && { tags: [CompletionItemTag.Deprecated] }),
  });
}

function linesOf(name: string, field: Field, writing: Writing, definitions: Definitions): readonly string[] {
  // A name that is only being changed keeps what stands behind it.
  if (writing.place.self) return [name];
  // In JSON all names have quotes.
  if (writing.inFlow && writing.quote !== '') return [`${name}: $1`];
  const lines = new Skeleton(definitions, writing.style).field(name, field.schema);
  return writing.place.node.flow ? [fieldInFlow(lines)] : lines;
}

/** What only the server writes. */
const ofServer = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'uid',
]);

/** Required ones first, then what people write most, then the rest; what is deprecated last. */
function rankOf(name: string, field: Field, type: string | undefined, descriptions: Descriptions): string {
  if (isDeprecated(field, descriptions)) return '9';
  if (type?.endsWith('.ObjectMeta') && ofServer.has(name)) return '8';
  const rank = usageRank(type, name);
  if (field.required) return `0${String(rank ?? 0).padStart(2, '0')}`;
  return rank === undefined ? '5' : `1${String(rank).padStart(2, '0')}`;
}

/** A whole new item of a list, with all that it must have. */
export function wholeItem(list: StructuralSchema, writing: Writing, context: Context): CompletionItem | undefined {
  const { definitions, descriptions } = context;
  const { items } = deref(list, definitions);
  if (!items) return undefined;
  const lines = new Skeleton(definitions, writing.style).value(items);
  const field: Field = { schema: items, required: false };
  const label = typeName(items, definitions);
  return writing.item(writing.inFlow ? label : `- ${label}`, writing.inFlow ? [inFlow(lines)] : lines, {
    kind: CompletionItemKind.Struct,
    detail: t('new item'),
    documentation: { kind: MarkupKind.Markdown, value: markdownOf(field, definitions, descriptions) },
    sortText: '0',
  });
}

/** What belongs below a field whose value is a mapping or a list, written from behind its colon. */
export function belowItems(context: Context, name: string, field: Field, writing: Writing): CompletionItem[] {
  const { definitions, descriptions } = context;
  const target = deref(field.schema, definitions);
  const lines = new Skeleton(definitions, writing.style).field(name, field.schema);
  const label = typeName(field.schema, definitions);
  const documentation = { kind: MarkupKind.Markdown, value: markdownOf(field, definitions, descriptions) };
  const empty = target.type === 'array' ? '[]' : '{}';
  const items = [writing.item(empty, [escapeSnippet(empty)], { kind: CompletionItemKind.Value, detail: t('empty'), sortText: '9' })];
  if (lines.length > 1)
    items.unshift(
      writing.item(label, writing.inFlow ? [inFlow(lines.slice(1))] : ['', ...lines.slice(1)], {
        kind: CompletionItemKind.Struct,
        documentation,
        sortText: '0',
      }),
    );
  return items;
}
