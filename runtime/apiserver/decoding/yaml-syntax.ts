import { type Alias, isAlias, isMap, isNode, isPair, isScalar, isSeq, type LineCounter, type Node, type Scalar } from 'yaml';
import { type Finder, faultAt, YamlFault } from './yaml-fault.ts';

/** Half a pair of UTF-16, a character beyond the last one, and the escaped slash that only JSON and YAML 1.2 have; other escapes are passed over. */
const refusedEscape = /\\(?:(u[dD][89a-fA-F]|U0000[dD][89a-fA-F]|U(?!00(?:0[\da-fA-F]|10))[\da-fA-F]{8})|(\/)|[\s\S])/g;
const anchorName = /^[\w-]+/;

/** The nodes that aliases stand for. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

/**
 * Holds what YAML 1.2 and this library take against what go-yaml's scanner and parser take of YAML 1.1.
 *
 * @throws YamlFault
 */
export function checkSyntax(root: Node | null, text: string, lines: LineCounter): AliasTargets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const fault = (at: number, why: string, finder: Finder) => faultAt(lines.linePos(at).line, why, finder);

  /** `end` is what ends the brackets in which the node stands. */
  function visit(node: unknown, end: string): void {
    if (!isNode(node)) return;
    const at = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      const [name] = anchorName.exec(node.source) ?? [];
      const target = name === undefined ? undefined : anchors.get(name);
      if (target === undefined) throw new YamlFault(`yaml: unknown anchor '${name ?? node.source}' referenced`);
      targets.set(node, target);
      return;
    }
    if (node.anchor !== undefined) {
      if (anchorName.exec(node.anchor)?.[0] !== node.anchor) {
        throw fault(at, 'did not find expected alphabetic or numeric character', 'scanner');
      }
      anchors.set(node.anchor, node);
    }
    if (isScalar(node)) checkScalar(node, at, end);
    else if (isSeq(node)) for (const item of node.items) visit(item, node.flow === true ? ']' : '');
    else if (isMap(node)) {
      const inner = node.flow === true ? '}' : '';
      for (const pair of node.items) {
        if (!isPair(pair)) continue;
        checkKey(pair.key, inner !== '' || end !== '');
        visit(pair.key, inner);
        visit(pair.value, inner);
      }
    }
  }

  function checkScalar({ type, range, source }: Scalar, at: number, end: string): void {
    if (type === 'QUOTE_DOUBLE') {
      const written = text.slice(at, range?.[1]);
      if (!written.includes('\\')) return;
      for (const [, character, slash] of written.matchAll(refusedEscape)) {
        if (character !== undefined) throw fault(at, 'found invalid Unicode character escape code', 'scanner');
        if (slash !== undefined) throw fault(at, 'found unknown escape character', 'scanner');
      }
    } else if (type === 'PLAIN' && end !== '' && source?.includes('?') === true) {
      throw fault(at, `did not find expected ',' or '${end}'`, 'parser');
    }
  }

  /** A key may be nothing only behind a question mark. */
  function checkKey(key: unknown, inBrackets: boolean): void {
    if (!isScalar(key) || key.source !== '' || key.type !== 'PLAIN' || key.tag !== undefined || key.anchor !== undefined) return;
    const at = key.range?.[0] ?? 0;
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trimEnd();
    if (before.endsWith('?')) return;
    if (inBrackets) throw fault(at, 'did not find expected node content', 'parser');
    if (before === '') throw fault(at, 'did not find expected key', 'parser');
    throw fault(at, 'mapping values are not allowed in this context', 'scanner');
  }

  visit(root, '');
  return targets;
}

const directiveLine = /(?:[ \t]*(?:#.*)?|%(.*))(?:\r?\n|$)/y;

/** Checks the directives before the first document: only YAML 1.1 is known, and only `%TAG` besides. @throws YamlFault */
export function checkDirectives(text: string): void {
  if (!text.includes('%')) return;
  let hasVersion = false;
  directiveLine.lastIndex = 0;
  for (let line = 1; directiveLine.lastIndex < text.length; line++) {
    const found = directiveLine.exec(text);
    if (found === null) return;
    const [name, value] = found[1]?.split(/[ \t]+/) ?? [];
    if (name === undefined || name === 'TAG') continue;
    if (name !== 'YAML') throw faultAt(line, 'found unknown directive name', 'scanner');
    if (hasVersion) throw faultAt(line, 'found duplicate %YAML directive', 'parser');
    if (value !== '1.1') throw faultAt(line, 'found incompatible YAML document', 'parser');
    hasVersion = true;
  }
}
