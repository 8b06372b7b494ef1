import { t } from '@vscode/l10n';
import { type CompletionItem, CompletionItemKind, MarkupKind, type Position, type Range } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { Json } from '../../runtime/api/object.ts';
import { isMap } from '../../runtime/api/patches/json-tree.ts';
import type { ManifestFile } from '../documents/file.ts';
import { operations, operationsOf } from '../kustomize/json-patch.ts';
import { escapeStep, type PointerStep, stepsOf } from '../kustomize/json-pointer.ts';
import { kindsOf } from '../kustomize/patched-kinds.ts';
import type { PatchAt, Patches } from '../kustomize/patches.ts';
import { follow } from '../kustomize/pointed-field.ts';
import { valueAt } from '../kustomize/value-at.ts';
import { type Field, markdownOf, step } from '../schemas/describe.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { deref, typeName } from '../schemas/structural.ts';

export interface PatchCompletionParts {
  readonly patches: Patches;
  readonly kinds: Kinds;
  definitions(): Promise<Definitions>;
  descriptions(): Promise<Descriptions>;
}

/** A step that a path could go on with. */
interface Proposal {
  readonly name: string;
  readonly detail: string;
  readonly field?: Field;
  /** Whether an object that is patched has it. */
  readonly isThere: boolean;
}

/** What an operation does, in a few words. */
function about(op: string): string {
  switch (op) {
    case 'add':
      return t('sets a field, or puts an item into a list');
    case 'remove':
      return t('takes away what is there');
    case 'replace':
      return t('puts another value in its place');
    case 'move':
      return t('takes a value from elsewhere');
    case 'copy':
      return t('copies a value from elsewhere');
    default:
      return t('fails where the value is another one');
  }
}

/** What could be written where the cursor stands in a JSON patch: operations, and steps of paths. Undefined outside of one. */
export async function completeInPatch(
  file: ManifestFile,
  position: Position,
  parts: PatchCompletionParts,
): Promise<CompletionItem[] | undefined> {
  const placed = file.tooLong ? undefined : file.at(position);
  if (!placed || !parts.patches.concerns(file.uri, placed.manifest)) return undefined;
  const offset = file.offsetAt(position) - placed.start;
  const { text } = placed.manifest;
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const [, member, written] = /(?:^|[\s{,-])["']?(op|path|from)["']?\s*:\s*["']?([^\s"',}]*)$/.exec(before) ?? [];
  const patch = written === undefined ? undefined : await parts.patches.at(file.uri, placed.manifest, offset);
  if (member === undefined || written === undefined || !patch) return undefined;
  const rest = /^[^\s/"',}\]]*/.exec(text.slice(offset))?.[0].length ?? 0;
  const rangeFrom = (from: number): Range => file.range(placed, from, offset + rest);
  if (member === 'op') return opItems(rangeFrom(offset - written.length));
  const slash = written.lastIndexOf('/');
  const op = operationsOf(patch.tree)
    .findLast(({ spot }) => patch.start + spot.start <= offset)
    ?.scalar('op')?.text;
  const adds = member === 'path' && op !== 'remove' && op !== 'replace' && op !== 'test';
  const [definitions, descriptions] = await Promise.all([parts.definitions(), parts.descriptions()]);
  const proposals = proposalsAt(patch, stepsOf(written.slice(0, Math.max(slash, 0))), adds, parts.kinds, definitions);
  return proposals.map((proposal) => {
    // The slash belongs to what is chosen, where none is written yet.
    const newText = (slash < 0 ? '/' : '') + escapeStep(proposal.name);
    const documentation = proposal.field && markdownOf(proposal.field, definitions, descriptions);
    return {
      label: newText,
      kind: proposal.field ? CompletionItemKind.Field : CompletionItemKind.Value,
      detail: proposal.detail,
      sortText: `${proposal.isThere || adds ? 0 : 1}${/^\d+$/.test(proposal.name) ? proposal.name.padStart(6, '0') : proposal.name}`,
      commitCharacters: ['/'],
      textEdit: { range: rangeFrom(slash < 0 ? offset - written.length : offset - written.length + slash + 1), newText },
      ...(documentation && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    };
  });
}

function opItems(range: Range): CompletionItem[] {
  return Object.keys(operations).map((op) => ({
    label: op,
    kind: CompletionItemKind.EnumMember,
    detail: about(op),
    textEdit: { range, newText: op },
  }));
}

/** What may stand below a place of the objects that are patched: by their kinds, and by what they have there. */
function proposalsAt(
  { applied }: PatchAt,
  steps: readonly PointerStep[],
  adds: boolean,
  kinds: Kinds,
  definitions: Definitions,
): Proposal[] {
  const found = new Map<string, Proposal>();
  const propose = (proposal: Proposal) => {
    if (!found.has(proposal.name)) found.set(proposal.name, proposal);
  };
  const objects = applied.flatMap(({ resources }) => resources.map(({ object }) => object));
  const values = objects.map((object) => valueAt(object, steps)).filter((value) => value !== undefined);
  const isThere = (name: string) => values.some((value) => isMap(value) && Object.hasOwn(value, name));
  for (const { schema } of applied.flatMap((one) => kindsOf(one, kinds).kinds)) {
    const parent = follow(schema, steps, false, definitions).schema;
    const target = parent && deref(parent, definitions);
    for (const name of Object.keys(target?.properties ?? {})) {
      const field = parent && step(parent, name, definitions);
      if (field) propose({ name, field, detail: typeName(field.schema, definitions), isThere: isThere(name) });
    }
    if (!target?.items) continue;
    if (adds) propose({ name: '-', detail: t('behind the last item'), isThere: false });
    if (values.length === 0) propose({ name: '0', detail: t('the first item'), isThere: false });
  }
  for (const value of values) for (const [name, detail] of entriesOf(value)) propose({ name, detail, isThere: true });
  return [...found.values()];
}

/** The fields of a mapping with what they say, the places of a list with the names of what is there. */
function entriesOf(value: Json): [name: string, detail: string][] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), isMap(item) ? textOf(item.name) : textOf(item)]);
  return isMap(value) ? Object.entries(value).map(([name, entry]) => [name, textOf(entry)]) : [];
}

function textOf(value: Json | undefined): string {
  return value === undefined || typeof value === 'object' ? '' : String(value);
}
