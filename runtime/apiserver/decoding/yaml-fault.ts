import type { LineCounter, YAMLParseError } from 'yaml';
import { maxYamlDepth } from './yaml-depth.ts';

/** YAML that cannot be read, in go-yaml's words: `yaml: line 3: did not find expected key`. */
export class YamlFault extends Error {
  override readonly name = 'YamlFault';
}

/** Who finds a fault, which decides which line is told: go-yaml counts the lines of its parser from zero, and never tells of the first line. */
export type Finder = 'scanner' | 'parser';

/** A fault in a line, which is counted from one. */
export function faultAt(line: number, why: string, finder: Finder): YamlFault {
  const shown = line === 1 ? 0 : finder === 'scanner' ? line : line - 1;
  return new YamlFault(`yaml: ${shown > 0 ? `line ${shown}: ` : ''}${why}`);
}

const notAlphanumeric = 'did not find expected alphabetic or numeric character';

/** What go-yaml says of what this library finds, which tells it by a code. */
const wordsByCode: Partial<Record<YAMLParseError['code'], readonly [Finder, string]>> = {
  BAD_DQ_ESCAPE: ['scanner', 'found unknown escape character'],
  BAD_SCALAR_START: ['scanner', 'found character that cannot start any token'],
  // Nested less deep than go-yaml goes, and deeper than this library can.
  RESOURCE_EXHAUSTION: ['scanner', `exceeded max depth of ${maxYamlDepth}`],
  BLOCK_AS_IMPLICIT_KEY: ['scanner', 'mapping values are not allowed in this context'],
  TAB_AS_INDENT: ['scanner', 'found character that cannot start any token'],
  BAD_INDENT: ['parser', 'did not find expected key'],
  BAD_ALIAS: ['scanner', notAlphanumeric],
  ALIAS_PROPS: ['parser', 'did not find expected key'],
  MULTIPLE_ANCHORS: ['parser', 'did not find expected key'],
};

/** The same for what only a message tells. */
const wordsByMessage: readonly (readonly [message: RegExp, words: readonly [Finder, string]])[] = [
  [/^Flow map /, ['parser', "did not find expected ',' or '}'"]],
  [/^Flow sequence /, ['parser', "did not find expected ',' or ']'"]],
  [/^Missing closing /, ['scanner', 'found unexpected end of stream']],
  [/^Unexpected , in flow/, ['parser', 'did not find expected node content']],
  [/^Unexpected block-seq-ind on same line/, ['scanner', 'block sequence entries are not allowed in this context']],
  [/^Block collection cannot start on same line/, ['scanner', 'mapping values are not allowed in this context']],
  [/^Block scalar header includes extra characters: .*0/, ['scanner', 'found an indentation indicator equal to 0']],
  [/^Block scalar header includes extra characters/, ['scanner', 'did not find expected comment or line break']],
  [/^(?:Unexpected .* at node end|Unexpected scalar token)$/, ['parser', 'did not find expected key']],
  [/^Missing directives-end\/doc-start/, ['parser', 'did not find expected <document start>']],
  [/^Could not resolve tag/, ['parser', 'found undefined tag handle']],
];

/** What go-yaml says of an error that this library, told to leave it plain, has found. */
export function yamlFault({ code, message, pos }: YAMLParseError, lines: LineCounter): YamlFault {
  const { line } = lines.linePos(pos[0]);
  const [, words = wordsByCode[code]] = wordsByMessage.find(([pattern]) => pattern.test(message)) ?? [];
  if (words !== undefined) return faultAt(line, words[1], words[0]);
  const [first = '', ...rest] = message;
  return new YamlFault(`yaml: line ${line}: ${first.toLowerCase()}${rest.join('')}`);
}
