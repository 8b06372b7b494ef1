import { t } from '@vscode/l10n';
import { type CompletionItem, CompletionItemKind, CompletionItemTag, MarkupKind } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../../runtime/api/kinds/schema.ts';
import { defaultOf, type Field, factsOf, isDeprecated, markdownOf, purposeOf, step } from '../../schemas/describe.ts';
import { fieldInFlow, inFlow } from '../../schemas/flow-snippet.ts';
import type { KnownKind } from '../../schemas/known-kind.ts';
import { escapeSnippet, Skeleton, type Style } from '../../schemas/skeleton.ts';
import { deref, refName, type StructuralSchema, typeName } from '../../schemas/structural.ts';
import { usageRank } from '../../schemas/usage.ts';
import type { Context } from './context.ts';
import type { Writing } from './writing.ts';

/** A field wherever it is proposed. */
interface Proposal {
  readonly name: string;
  readonly field: Field;
  /** Where it stands among the others: lower comes first. */
  readonly rank: string;
  /** Its name, and with it what belongs below, in block style. */
  readonly lines: readonly string[];
  readonly told: Partial<CompletionItem>;
}

/** Proposals by the schema that has the fields, and what else they were made for. */
const proposals = new WeakMap<Descriptions, WeakMap<StructuralSchema, Map<string, readonly Proposal[]>>>();

/** The fields of a type, worked out once: they are asked for with every key. */
function proposalsOf({ definitions, descriptions }: Context, schema: StructuralSchema, type: string | undefined, style: Style) {
  const target = deref(schema, definitions);
  const ofDescriptions = proposals.get(descriptions) ?? new WeakMap<StructuralSchema, Map<string, readonly Proposal[]>>();
  proposals.set(descriptions, ofDescriptions);
  const ofSchema = ofDescriptions.get(target) ?? new Map<string, readonly Proposal[]>();
  ofDescriptions.set(target, ofSchema);
  const key = `${type} ${style.field} ${style.dash}`;
  const known = ofSchema.get(key);
  if (known) return known;
  const made = Object.keys(target.properties ?? {}).flatMap((name): Proposal[] => {
    const field = step(schema, name, definitions);
    if (!field) return [];
    const lines = new Skeleton(definitions, style).field(name, field.schema);
    return [{ name, field, lines, rank: rankOf(name, field, type, descriptions), told: toldOf(field, definitions, descriptions) }];
  });
  ofSchema.set(key, made);
  return made;
}

function toldOf(field: Field, definitions: Definitions, descriptions: Descriptions): Partial<CompletionItem> {
  const type = typeName(field.schema, definitions);
  const fallback = defaultOf(field, definitions, descriptions);
  return {
    kind: CompletionItemKind.Property,
    detail: factsOf(field, definitions, descriptions, ''),
    labelDetails: {
      detail: field.required ? ` ${t('required')}` : '',
      description: fallback === undefined ? type : `${type} = ${fallback}`,
    },
    documentation: { kind: MarkupKind.Markdown, value: purposeOf(field, definitions, descriptions) },
    ...(isDeprecated(field, descriptions) && { tags: [CompletionItemTag.Deprecated] }),
  };
}

/** The fields that a mapping, or a new item of a list, may get: without those that are there. */
export function fieldItems(context: Context, schema: StructuralSchema, writing: Writing): CompletionItem[] {
  const { place } = writing;
  const present = new Set(place.kind === 'field' ? place.node.children.map(({ name }) => name) : []);
  if (place.self) present.delete(place.self.name);
  const isObject = place.node === context.object;
  // A kustomization is described by no definition of the API.
  const type = refName(schema) ?? (isObject ? context.known.kind : undefined);
  const dash = place.kind === 'item' && place.ownLine;
  return proposalsOf(context, schema, type, writing.style)
    .filter(({ name }) => !present.has(name) && !(name === 'status' && isObject))
    .map((proposal) => {
      const { name, rank, told } = proposal;
      const sortText = `${dash ? '2' : '1'}${rank}${name}`;
      return writing.item(name, linesOf(proposal, isObject ? context.known : undefined, writing), { ...told, sortText });
    });
}

/** @param object the kind of the object whose field it is; undefined further down */
function linesOf({ name, lines }: Proposal, object: KnownKind | undefined, writing: Writing): readonly string[] {
  // A name that is only being changed keeps what stands behind it.
  if (writing.place.self) return [name];
  const { flow } = writing.place.node;
  // An object has a name; what an object is made from needs none.
  if (object && !flow && name === 'metadata') return ['metadata:', `${' '.repeat(writing.style.field)}name: \${1:name}`];
  if (object && !flow && name === 'apiVersion') return [`apiVersion: ${object.apiVersion}`];
  // In JSON all names have quotes.
  if (writing.inFlow && writing.quote !== '') return [`${name}: $1`];
  return flow ? [fieldInFlow(lines)] : lines;
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
