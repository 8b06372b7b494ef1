import { t } from '@vscode/l10n';
import { type CompletionItem, CompletionItemKind, type CompletionList, type Range, type TextEdit } from 'vscode-languageserver';
import type { TypeMeta } from '../../../runtime/api/kinds/listed.ts';
import type { Definitions } from '../../../runtime/api/kinds/schema.ts';
import type { ManifestFile, Placed } from '../../documents/file.ts';
import type { OutlineNode } from '../../documents/outline-node.ts';
import type { Kinds, KnownKind } from '../../schemas/kinds.ts';
import { manifestSnippet } from '../../schemas/skeleton.ts';
import type { Writing } from './writing.ts';

/** Kinds that people write most come first where all are offered. */
const common = [
  'Deployment',
  'Service',
  'ConfigMap',
  'Pod',
  'Secret',
  'Ingress',
  'StatefulSet',
  'Job',
  'CronJob',
  'DaemonSet',
  'Namespace',
];

/** Stable versions before beta before alpha, then by name. */
function versionRank(apiVersion: string): number {
  return apiVersion.includes('alpha') ? 2 : apiVersion.includes('beta') ? 1 : 0;
}

/** Versions come in the order of the kinds that people write most. */
function placeOf(members: readonly KnownKind[]): string {
  const names = new Set(members.map(({ kind }) => kind));
  const place = common.findIndex((kind) => names.has(kind));
  return String(place < 0 ? common.length : place).padStart(2, '0');
}

function sortText(known: KnownKind): string {
  const place = common.indexOf(known.kind);
  const rank = place < 0 || versionRank(known.apiVersion) > 0 ? 50 + versionRank(known.apiVersion) : place + 10;
  return `${rank}${known.kind}`;
}

const heads: ReadonlySet<string | number> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'data', 'stringData', 'rules']);

/** What an edit needs to know of the file it is for. */
export interface Edited {
  readonly file: ManifestFile;
  readonly placed: Placed;
}

/** Every kind; choosing one of another version changes the object's apiVersion with it, or writes one. */
export function kindItems(object: OutlineNode, writing: Writing, kinds: Kinds, edited: Edited): CompletionItem[] {
  const apiVersion = object.child('apiVersion');
  const kind = object.child('kind');
  const fits = kinds.all().some((known) => known.apiVersion === apiVersion?.text);
  return kinds.all().map((known) => {
    const edit =
      known.apiVersion === apiVersion?.text ? undefined : pairing(apiVersion, kind, 'apiVersion', known.apiVersion, object, edited);
    return writing.item(known.kind, [known.kind], {
      labelDetails: { description: known.apiVersion },
      kind: CompletionItemKind.Class,
      sortText: `${fits && known.apiVersion === apiVersion?.text ? '0' : '1'}${sortText(known)}`,
      ...(edit && { additionalTextEdits: [edit] }),
    });
  });
}

/** Every version; those that have the object's kind come first, and one with a single kind brings that along. */
export function versionItems(object: OutlineNode, writing: Writing, kinds: Kinds, edited: Edited): CompletionItem[] {
  const kind = object.child('kind');
  const versions = new Map<string, KnownKind[]>();
  for (const known of kinds.all()) versions.set(known.apiVersion, [...(versions.get(known.apiVersion) ?? []), known]);
  return [...versions].map(([version, members]) => {
    const fits = kind?.text !== undefined && members.some((known) => known.kind === kind.text);
    const [only] = members;
    const edit =
      kind?.text === undefined && members.length === 1 && only
        ? pairing(kind, object.child('apiVersion'), 'kind', only.kind, object, edited)
        : undefined;
    return writing.item(version, [version], {
      labelDetails: { description: fits ? (kind?.text ?? '') : members.length === 1 && only ? only.kind : t('{0} kinds', members.length) },
      kind: CompletionItemKind.Module,
      sortText: `${fits ? 0 : 1}${versionRank(version)}${placeOf(members)}${version}`,
      ...(edit && { additionalTextEdits: [edit] }),
    });
  });
}

/** The edit that gives the other half of the pair its value: in its place, or in a line before or behind the half that is being written. */
function pairing(
  other: OutlineNode | undefined,
  half: OutlineNode | undefined,
  name: 'apiVersion' | 'kind',
  value: string,
  object: OutlineNode,
  { file, placed }: Edited,
): TextEdit | undefined {
  if (other?.value) return { range: file.range(placed, other.value.start, other.value.end), newText: value };
  if (other || !half || object.flow) return undefined;
  const { text } = placed.manifest;
  const lineStart = text.lastIndexOf('\n', half.start - 1) + 1;
  const column = half.column;
  if (name === 'apiVersion') {
    const at: Range = file.range(placed, half.start, half.start);
    return { range: at, newText: `apiVersion: ${value}\n${' '.repeat(column)}` };
  }
  const newline = text.indexOf('\n', half.start);
  const end = newline < 0 ? text.length : newline;
  if (lineStart > end) return undefined;
  return { range: file.range(placed, end, end), newText: `\n${' '.repeat(column)}kind: ${value}` };
}

/** The two lines that say what an object is, and the others that each has, as long as no kind says more. */
export function headItems(object: OutlineNode, writing: Writing, kinds: Kinds): CompletionItem[] {
  const apiVersion = object.textAt('apiVersion');
  // What looks like nothing of Kubernetes is left alone.
  if (object.children.length > 0 && !object.children.some(({ name }) => heads.has(name))) return [];
  const only = kinds.all().filter((known) => known.apiVersion === apiVersion);
  const kind = only.length === 1 ? (only[0]?.kind ?? '') : '';
  const lines: Readonly<Record<string, readonly string[]>> = {
    apiVersion: ['apiVersion: $1'],
    kind: [`kind: ${kind}$1`],
    metadata: ['metadata:', `${' '.repeat(writing.style.field)}name: \${1:name}`],
  };
  return Object.entries(lines).flatMap(([name, text], rank) => {
    const present = object.children.some((child) => child !== writing.place.self && child.name === name);
    if (present) return [];
    return [writing.item(name, writing.place.self ? [name] : text, { kind: CompletionItemKind.Property, sortText: `1${rank}` })];
  });
}

/** Whole manifests where an object begins, of what is known of its type; where its apiVersion was written, also the rest of it. */
export function manifestItems(
  object: OutlineNode | undefined,
  type: TypeMeta,
  writing: Writing,
  kinds: Kinds,
  definitions: Definitions,
): CompletionItem[] {
  const begun = object?.textAt('apiVersion');
  // What is there already would be written twice.
  if (object?.children.some(({ name }) => name !== 'apiVersion') || writing.inFlow) return [];
  return kinds
    .all()
    .filter(({ apiVersion, kind }) => apiVersion === (type.apiVersion ?? apiVersion) && kind === (type.kind ?? kind))
    .map((known) => manifestItem(known, writing, definitions, (lines) => (begun === undefined ? lines : lines.slice(1))));
}

/**
 * Whole manifests behind one that is complete, each a document of its own: of the kinds that people write most, and of others once their letters are
 * written. Every new line of a file is such a place, and all manifests together are fifty thousand characters.
 */
export function nextManifestItems(
  object: OutlineNode,
  offset: number,
  text: string,
  writing: Writing,
  kinds: Kinds,
  definitions: Definitions,
): CompletionList {
  if (writing.place.column !== 0 || !object.child('metadata') || !isLast(text, offset)) return { items: [], isIncomplete: false };
  const all = kinds.all();
  const wanted = all.filter(writing.typed === '' ? isCommon : ({ kind }) => hasLetters(kind, writing.typed));
  const items = wanted.map((known) => ({
    ...manifestItem(known, writing, definitions, (lines) => ['---', ...lines]),
    labelDetails: { detail: ` ${t('new document')}`, description: known.apiVersion },
  }));
  return { items, isIncomplete: wanted.length < all.length };
}

function isCommon({ kind, builtIn }: KnownKind): boolean {
  return builtIn !== undefined && common.includes(kind);
}

/** Whether letters stand in a name in their order, as editors look for what is typed. */
function hasLetters(name: string, typed: string): boolean {
  const lower = name.toLowerCase();
  let from = 0;
  for (const letter of typed.toLowerCase()) {
    const at = lower.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/** Whether nothing stands in the line before the word at the offset, and nothing but comments behind it. */
function isLast(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const behind = text.slice(offset).replace(/^\w*/, '');
  return /^\w*$/.test(text.slice(lineStart, offset)) && !/^[^\S\n]*[^\s#]/m.test(behind);
}

function manifestItem(
  known: KnownKind,
  writing: Writing,
  definitions: Definitions,
  chosen: (lines: readonly string[]) => readonly string[],
): CompletionItem {
  const lines = manifestSnippet(known, definitions, writing.style).trimEnd().split('\n');
  return writing.item(known.kind, chosen(lines), {
    labelDetails: { description: known.apiVersion },
    kind: CompletionItemKind.Class,
    detail: `${known.kind} ${known.apiVersion}`,
    sortText: `2${sortText(known)}`,
    filterText: `${known.kind} kind`,
  });
}
