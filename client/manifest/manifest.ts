import { t } from '@vscode/l10n';
import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import { isListKind, typeOf, typeOfItem } from '../../runtime/api/kinds/listed.ts';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { isTemplate } from '../../runtime/api/yaml/template.ts';
import { parseFieldPath, type Step } from './field-path.ts';

/** Offsets into the text of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ManifestProblem {
  readonly span: Span;
  readonly message: string;
}

/** An object of a manifest, ready to be sent. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Where a field stands in the file, or the nearest field above it that does. */
  locate(path: string): Span;
}

/** One document of a file: the objects in it (several when it is a List), or what is wrong with it. */
export interface ManifestDocument {
  readonly span: Span;
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly ManifestProblem[];
}

/** What the API server takes as one request body, in bytes. */
const requestLimit = 3 * 1024 * 1024;

/** How often aliases may repeat what they stand for. */
const maxAliasCount = 1000;

/** Cuts a file at its `---` lines and reads each document that has something in it. Gives way to others between documents. */
export async function readManifest(text: string): Promise<ManifestDocument[]> {
  const documents: ManifestDocument[] = [];
  for (const span of cut(text)) {
    documents.push(readDocument(text, span));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return documents;
}

/** The documents of a file that hold more than comments and directives, with the lines of their own `---` left out. */
export function cut(text: string): Span[] {
  const spans: Span[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  const push = (end: number) => {
    if (/^(?![#%]|\s*(?:#|$)).*\S/m.test(text.slice(start, end))) spans.push({ start, end });
  };
  for (const mark of text.matchAll(/^\uFEFF?(---(?=[ \t\r\n]|$)|\.\.\.[ \t\r]*$)/gm)) {
    push(mark.index);
    start = mark.index + mark[0].length;
  }
  push(text.length);
  return spans;
}

function readDocument(text: string, span: Span): ManifestDocument {
  const source = text.slice(span.start, span.end);
  const first = firstLine(text, span);
  const broken = (...problems: ManifestProblem[]): ManifestDocument => ({ span, objects: [], problems });
  const bytes = Buffer.byteLength(source);
  if (bytes > requestLimit) {
    return broken({
      span: first,
      message: t('This document is {0} MiB; the API server takes at most 3 MiB.', (bytes / 1024 / 1024).toFixed(1)),
    });
  }
  if (isTemplate(source)) {
    const message = t('This is a template, not yet a manifest. Render it first, with helm template or helm install for example.');
    return broken({ span: first, message });
  }
  const document = parseDocument(source, {
    ...kubernetesYaml,
    prettyErrors: false,
  });
  if (document.errors.length > 0) {
    return broken(
      ...document.errors.map(({ pos, message }) => ({
        span: { start: span.start + pos[0], end: span.start + Math.max(pos[1], pos[0] + 1) },
        message: message.split('\n')[0] ?? message,
      })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount });
  } catch {
    return broken({ span: first, message: t('The aliases of this document repeat their anchors too often. It is not read.') });
  }
  if (!isRecord(value)) return broken({ span: first, message: t('A manifest is a mapping with apiVersion and kind.') });
  const at = (path: readonly Step[]) => locate(document, path, span.start) ?? first;
  if (isListKind(value.kind) && Array.isArray(value.items)) {
    const list = typeOf(value);
    const typed = (item: unknown) => (isRecord(item) ? { ...typeOfItem(list, typeOf(item)), ...item } : item);
    const items = value.items.map((item: unknown, index) => readObject(typed(item), ['items', index], at));
    return { span, objects: items.flatMap(({ object }) => object ?? []), problems: items.flatMap(({ problem }) => problem ?? []) };
  }
  const { object, problem } = readObject(value, [], at);
  return object === undefined ? broken(...(problem ? [problem] : [])) : { span, objects: [object], problems: [] };
}

function readObject(
  value: unknown,
  base: readonly Step[],
  at: (path: readonly Step[]) => Span,
): { readonly object?: ManifestObject; readonly problem?: ManifestProblem } {
  const wrong = (message: string, ...path: Step[]) => ({ problem: { span: at([...base, ...path]), message } });
  if (!isRecord(value)) return wrong(t('A manifest is a mapping with apiVersion and kind.'));
  const { apiVersion, kind, metadata } = value;
  if (kind === undefined || kind === null) return wrong("Object 'Kind' is missing.");
  if (typeof kind !== 'string' || kind === '') return wrong(t('kind must be a word such as Pod.'), 'kind');
  if (apiVersion === undefined || apiVersion === null) return wrong(t('{0} has no apiVersion.', kind), 'kind');
  if (typeof apiVersion !== 'string') return wrong(t('apiVersion must be text such as v1 or apps/v1.'), 'apiVersion');
  if (!isRecord(metadata)) return wrong(t('{0} has no metadata with a name.', kind), metadata === undefined ? 'kind' : 'metadata');
  const { name, namespace } = metadata;
  if (name === undefined && metadata.generateName !== undefined)
    return wrong(t('An object with generateName cannot be applied: it has no name to find it by.'), 'metadata', 'generateName');
  if (typeof name !== 'string' || name === '')
    return wrong(t('The resource needs a name: a text in quotes when it looks like a number.'), 'metadata', 'name');
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string')
    return wrong(t('namespace must be text.'), 'metadata', 'namespace');
  return {
    object: {
      apiVersion,
      kind,
      name,
      ...(namespace ? { namespace } : {}),
      body: value,
      locate: (path) => at([...base, ...parseFieldPath(path)]),
    },
  };
}

/** The value a path leads to, or the key of the last step that could be made. */
function locate(document: Document.Parsed, path: readonly Step[], offset: number): Span | undefined {
  let node: unknown = document.contents;
  let found: Node | undefined;
  for (const step of path) {
    const next = enter(isAlias(node) ? node.resolve(document) : node, step);
    if (next === undefined) break;
    found = isScalar(next.value) && next.value.range && next.value.range[1] > next.value.range[0] ? next.value : (next.key ?? found);
    node = next.value;
  }
  if (found === undefined && isMap(node)) found = scalarKey(node.items[0]);
  if (!found?.range) return undefined;
  return { start: offset + found.range[0], end: offset + found.range[1] };
}

function enter(node: unknown, step: Step): { readonly key?: Scalar; readonly value: unknown } | undefined {
  if (isMap(node) && typeof step !== 'object') {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
    const key = scalarKey(pair);
    return pair && { ...(key ? { key } : {}), value: pair.value };
  }
  if (!isSeq(node)) return undefined;
  if (typeof step === 'number') return inList(node.items[step]);
  if (typeof step === 'object') {
    return inList(
      node.items.find((item) => isMap(item) && Object.entries(step.where).every(([key, value]) => String(item.get(key)) === value)),
    );
  }
  // Decoding errors name fields without the place in a list: the first item that has the field is meant.
  const item = node.items.find((candidate) => isMap(candidate) && candidate.has(step));
  return item === undefined ? undefined : enter(item, step);
}

function inList(item: unknown): { readonly key?: Scalar; readonly value: unknown } | undefined {
  if (item === undefined) return undefined;
  const key = isMap(item) ? scalarKey(item.items[0]) : undefined;
  return { ...(key ? { key } : {}), value: item };
}

function scalarKey(pair: Pair | undefined): Scalar | undefined {
  return isScalar(pair?.key) ? pair.key : undefined;
}

function firstLine(text: string, span: Span): Span {
  const start = span.start + (/^(?:\s|#.*$)*/m.exec(text.slice(span.start, span.end))?.[0].length ?? 0);
  const line = /^[^\r\n]*/.exec(text.slice(start, span.end))?.[0].length ?? 0;
  return { start, end: start + line };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isCollection(value);
}
