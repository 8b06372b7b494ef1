import { type CompletionItem, CompletionItemKind, InsertTextFormat, type Range } from 'vscode-languageserver';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { Cursor } from '../documents/cursor.ts';
import type { ManifestFile, Placed } from '../documents/file.ts';
import type { Header } from '../documents/header.ts';
import type { Kinds, KnownKind } from '../schemas/kinds.ts';
import { manifestSnippet } from '../schemas/skeleton.ts';

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

function sortText(known: KnownKind): string {
  const place = common.indexOf(known.kind);
  const rank = place < 0 || versionRank(known.apiVersion) > 0 ? 50 + versionRank(known.apiVersion) : place + 10;
  return `${rank}${known.kind}`;
}

/** Values for `kind:` and `apiVersion:` of the document; undefined when the cursor is elsewhere. */
export function headItems(file: ManifestFile, placed: Placed, cursor: Cursor, replaced: Range, kinds: Kinds): CompletionItem[] | undefined {
  const field = /^(?:---[ \t]+)?(kind|apiVersion):[ \t]+["']?[\w./-]*$/.exec(cursor.before)?.[1];
  if (field === undefined || cursor.parent.length > 0) return undefined;
  return field === 'kind' ? kindItems(file, placed, replaced, kinds) : versionItems(placed.manifest.header, replaced, kinds);
}

/** Every kind; choosing one of another version changes the document's apiVersion with it. */
function kindItems(file: ManifestFile, placed: Placed, replaced: Range, kinds: Kinds): CompletionItem[] {
  const { apiVersion } = placed.manifest.header;
  const fits = kinds.all().some((known) => known.apiVersion === apiVersion?.text);
  return kinds.all().map((known) => {
    const item: CompletionItem = {
      label: known.kind,
      labelDetails: { description: known.apiVersion },
      kind: CompletionItemKind.Class,
      sortText: `${fits && known.apiVersion === apiVersion?.text ? '0' : '1'}${sortText(known)}`,
      textEdit: { range: replaced, newText: known.kind },
    };
    if (apiVersion?.text === known.apiVersion) return item;
    const edit = apiVersion
      ? { range: file.range(placed, apiVersion.start, apiVersion.end), newText: known.apiVersion }
      : hasField(placed, 'apiVersion')
        ? undefined
        : { range: lineStart(replaced), newText: `apiVersion: ${known.apiVersion}\n` };
    return edit ? { ...item, additionalTextEdits: [edit] } : item;
  });
}

function hasField(placed: Placed, name: string): boolean {
  return new RegExp(`^${name}:`, 'm').test(placed.manifest.text);
}

function lineStart(range: Range): Range {
  const start = { line: range.start.line, character: 0 };
  return { start, end: start };
}

/** Every version; those that have the document's kind come first. */
function versionItems(header: Header, replaced: Range, kinds: Kinds): CompletionItem[] {
  const versions = new Map<string, KnownKind[]>();
  for (const known of kinds.all()) versions.set(known.apiVersion, [...(versions.get(known.apiVersion) ?? []), known]);
  return [...versions].map(([version, members]) => {
    const fits = header.kind !== undefined && members.some((known) => known.kind === header.kind?.text);
    return {
      label: version,
      labelDetails: { description: fits ? (header.kind?.text ?? '') : `${members.length} kinds` },
      kind: CompletionItemKind.Module,
      sortText: `${fits ? 0 : 1}${versionRank(version)}${version}`,
      textEdit: { range: replaced, newText: version },
    };
  });
}

/** Whole manifests, one per kind, where a document begins; where its head was begun, also the rest of the head. */
export function manifestItems(header: Header, replaced: Range, kinds: Kinds, definitions: Definitions): CompletionItem[] {
  const begun = header.apiVersion !== undefined;
  const items: CompletionItem[] = begun
    ? [{ label: 'kind', kind: CompletionItemKind.Property, sortText: '0', textEdit: { range: replaced, newText: 'kind: ' } }]
    : [{ label: 'apiVersion', kind: CompletionItemKind.Property, sortText: '1', textEdit: { range: replaced, newText: 'apiVersion: ' } }];
  for (const known of kinds.all()) {
    if (begun && known.apiVersion !== header.apiVersion?.text) continue;
    const snippet = manifestSnippet(known, definitions);
    items.push({
      label: known.kind,
      labelDetails: { description: known.apiVersion },
      kind: CompletionItemKind.Class,
      detail: `${known.kind} ${known.apiVersion}`,
      sortText: `2${sortText(known)}`,
      filterText: `${known.kind} kind`,
      insertTextFormat: InsertTextFormat.Snippet,
      textEdit: { range: replaced, newText: begun ? snippet.slice(snippet.indexOf('\n') + 1) : snippet },
    });
  }
  return items;
}
