import { type CompletionItem, CompletionItemKind, type Range } from 'vscode-languageserver';
import type { Placed } from '../documents/file.ts';
import { Manifest } from '../documents/manifest.ts';
import { type DocumentFacts, type Occurrence, selects } from '../index/facts.ts';
import { readFacts } from '../index/read-facts.ts';
import { sortOf } from '../index/symbol.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';

/** Stands for what is not written yet; long and odd enough to be nobody's name. */
const placeholder = 'kubeside-placeholder-7b1d';

/**
 * Names of real things that could stand at the cursor. What is wanted there is found by writing a placeholder and reading the document's
 * facts: whatever refers to the placeholder says what kind of name it would be. `word` is what is written before the cursor.
 */
export function nameItems(placed: Placed, offset: number, word: string, replaced: Range, index: WorkspaceIndex): CompletionItem[] {
  const { text } = placed.manifest;
  const rest = /^[\w./-]*/.exec(text.slice(offset))?.[0] ?? '';
  const before = text.slice(0, offset - word.length);
  const after = text.slice(offset + rest.length);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const asEntry = /^\s*(-\s+)?$/.test(line) || /[{,]\s*$/.test(line);
  const facts = readFacts(new Manifest(`${before}${placeholder}${asEntry ? `: ${placeholder}` : ''}${after}`));
  const wanted = facts?.occurrences.find(({ symbol }) => symbol.includes(placeholder));
  if (!facts || !wanted || (wanted.role === 'declaration' && sortOf(wanted.symbol) !== 'label')) return [];
  const range = { start: replaced.start, end: { ...replaced.end, character: replaced.end.character + rest.length } };
  const names = candidates(wanted, facts, index);
  return [...names].map(([name, detail]) => ({
    label: name,
    kind: CompletionItemKind.Reference,
    detail,
    sortText: `0${name}`,
    textEdit: { range, newText: needsQuotes(name) && !wanted.quoted ? `"${name}"` : name },
  }));
}

/** Names with a word about each. */
function candidates(wanted: Occurrence, facts: DocumentFacts, index: WorkspaceIndex): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const words = wanted.symbol.split(' ');
  const [, first = '', second = '', third = ''] = words;
  switch (sortOf(wanted.symbol)) {
    case 'object':
      for (const { what } of index.objects(first, second)) {
        if (what.name !== '') names.set(what.name, `${what.kind}${what.namespace === '' ? '' : ` in ${what.namespace}`}`);
      }
      break;
    case 'key':
      for (const { what } of index.objects(first, second)) {
        if (what.name === third) for (const key of what.keys ?? []) names.set(key, `${first}/${third}`);
      }
      break;
    case 'port':
      for (const { what } of [...index.inNamespace(first), ...facts.objects.map((object) => ({ what: object }))]) {
        if (!what.pod || !wanted.pods) continue;
        const meant =
          'selector' in wanted.pods
            ? selects(wanted.pods.selector, what.pod.labels)
            : JSON.stringify(what.pod.labels) === JSON.stringify(wanted.pods.labels);
        for (const { name, number } of meant ? what.pod.ports : []) {
          if (name !== undefined) names.set(name, `${number ?? 'port'} of ${what.kind}/${what.name}`);
        }
      }
      break;
    case 'volume':
      for (const { symbol, role } of facts.occurrences) {
        const prefix = `volume ${first} `;
        if (role === 'declaration' && symbol.startsWith(prefix)) names.set(symbol.slice(prefix.length), 'volume');
      }
      break;
    case 'label':
      for (const { what } of index.inNamespace(first)) {
        for (const [key, value] of Object.entries({ ...what.labels, ...what.pod?.labels })) {
          if (second === placeholder) names.set(`${key}: ${value}`, `${what.kind}/${what.name}`);
          else if (key === second) names.set(value, `${what.kind}/${what.name}`);
        }
      }
      break;
    case 'kind':
      break;
  }
  return names;
}

function needsQuotes(name: string): boolean {
  return /^([-+.\d].*|~|null|true|false|yes|no|on|off|y|n)$/i.test(name);
}
