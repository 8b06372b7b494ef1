import { t } from '@vscode/l10n';
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { ManifestFile, Placed } from '../documents/file.ts';
import type { Span } from '../documents/span.ts';
import { rangeOf } from '../documents/tree.ts';

/** An anchor with the aliases that stand for it; the ranges are those of its name. */
export interface AnchorPlaces {
  readonly name: string;
  /** The one that was asked for. */
  readonly here: Range;
  /** Whether that one is an alias. */
  readonly isAlias: boolean;
  readonly anchor: Range;
  readonly aliases: readonly Range[];
  /** What they stand for. */
  readonly value: Range;
}

interface Named {
  readonly name: string;
  readonly anchor: Span;
  readonly value: Span;
  readonly aliases: Span[];
}

/** The anchor at a position, or the one that an alias there stands for. */
export function anchorAt(file: ManifestFile, position: Position): AnchorPlaces | undefined {
  const placed = file.at(position);
  if (!placed || file.tooLong || placed.manifest.tooLong || !placed.manifest.tree.sound) return undefined;
  const offset = file.offsetAt(position) - placed.start;
  // The sign before the name belongs to it.
  const covers = ({ start, end }: Span) => start - 1 <= offset && offset <= end;
  const range = ({ start, end }: Span) => file.range(placed, start, end);
  for (const { name, anchor, aliases, value } of anchorsOf(placed)) {
    const here = [anchor, ...aliases].find(covers);
    if (!here) continue;
    const isAliasHere = here !== anchor;
    return { name, here: range(here), isAlias: isAliasHere, anchor: range(anchor), aliases: aliases.map(range), value: range(value) };
  }
  return undefined;
}

/** The edits that give an anchor and its aliases another name; a text that says why when it is not allowed. */
export function renameAnchor({ anchor, aliases }: AnchorPlaces, newName: string): TextEdit[] | string {
  if (!/^[^\s,[\]{}]+$/.test(newName)) return t('The name of an anchor has neither spaces nor any of {0} in it.', ', [ ] { }');
  return [anchor, ...aliases].map((range) => ({ range, newText: newName }));
}

/** All anchors of a document. A name may be given anew: aliases stand for the last one above them. */
function anchorsOf({ manifest }: Placed): Named[] {
  const { tree, text } = manifest;
  const anchors: Named[] = [];
  const inForce = new Map<string, Named>();
  const nameAt = (name: string, sign: number): Span => ({ start: sign + 1, end: sign + 1 + name.length });
  const walk = (node: unknown) => {
    if (isAlias(node)) {
      inForce.get(node.source)?.aliases.push(nameAt(node.source, rangeOf(node).start));
      return;
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return;
    if (node.anchor !== undefined) {
      const { anchor: name } = node;
      const value = rangeOf(node);
      const named = { name, value, anchor: nameAt(name, text.lastIndexOf(`&${name}`, value.start)), aliases: [] };
      anchors.push(named);
      inForce.set(name, named);
    }
    for (const item of isScalar(node) ? [] : node.items) {
      if (isPair(item)) {
        walk(item.key);
        walk(item.value);
      } else walk(item);
    }
  };
  walk(tree.root);
  return anchors;
}
