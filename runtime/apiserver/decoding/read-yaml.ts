import { Composer, type Document, isAlias, isMap, isNode, isScalar, LineCounter, Parser, visit, type YAMLParseError } from 'yaml';
import { formatGoDouble } from '../../api/go-number.ts';
import { parseJson } from '../../api/parse-json.ts';
import { duplicateFields } from '../../api/structure/index.ts';
import { kubernetesYaml } from '../../api/yaml/dialect.ts';
import { withoutLoneSurrogates } from './well-formed.ts';
import { lineNestedTooDeep, maxYamlDepth } from './yaml-depth.ts';

/** What YAML says. */
export interface YamlValue {
  readonly value: unknown;
  /** What strict reading has against keys that stand twice in one map, of which the last counts, in go-yaml's words. */
  readonly duplicates?: string;
}

/** YAML that cannot be read, in go-yaml's words: `yaml: line 3: did not find expected key`. */
export class YamlFault extends Error {
  override readonly name = 'YamlFault';
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const mostAliases = 100;

/**
 * Reads the first document of a body, as Kubernetes has it; what comes after it is not looked at. Aliases that would explode are refused.
 *
 * @throws YamlFault
 */
export function parseYaml(body: Uint8Array): YamlValue {
  const text = withoutLoneSurrogates(decoder.decode(body));
  const deep = lineNestedTooDeep(text);
  if (deep !== undefined) throw new YamlFault(`yaml: ${atLine(deep)}exceeded max depth of ${maxYamlDepth}`);
  const json = text.startsWith('{') ? readPlainJson(text) : undefined;
  if (json !== undefined) return { value: json };
  const lines = new LineCounter();
  const composer = new Composer({ ...kubernetesYaml, uniqueKeys: false, logLevel: 'error' });
  const [document] = composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length);
  if (document === undefined) return { value: null };
  const [error] = document.errors;
  if (error !== undefined) throw yamlFault(error, lines);
  const duplicates = checkNodes(document, lines);
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return { value, ...(duplicates !== undefined && { duplicates }) };
  } catch (failure) {
    throw new YamlFault(`yaml: ${wordsForAliases(failure)}`);
  }
}

/** Clients mostly send JSON where YAML is asked for, and reading that costs a fraction; undefined for what YAML may judge otherwise. */
function readPlainJson(text: string): unknown {
  try {
    const value: unknown = parseJson(text);
    return duplicateFields(text).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keys that stand twice in one mapping, each by the line of its later value. Throws for numbers that JSON has not, and for what contains itself. */
function checkNodes(document: Document.Parsed, lines: LineCounter): string | undefined {
  const found: string[] = [];
  visit(document, {
    Scalar(_, { value }) {
      if (typeof value === 'number' && !Number.isFinite(value)) throw new YamlFault(`json: unsupported value: ${formatGoDouble(value)}`);
    },
    Alias(_, { source }, above) {
      if (above.some((node) => isNode(node) && !isAlias(node) && node.anchor === source)) {
        throw new YamlFault(`yaml: anchor '${source}' value contains itself`);
      }
    },
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key, value } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          const node = isScalar(value) || isMap(value) ? value : key;
          found.push(`line ${lines.linePos(node.range?.[0] ?? 0).line}: key ${JSON.stringify(key.value)} already set in map`);
        }
        keys.add(key.value);
      }
    },
  });
  return found.length === 0 ? undefined : `yaml: unmarshal errors:\n  ${found.join('\n  ')}`;
}

/** The warnings that tell of keys that stand twice: one for each. Upstream: `parseYAMLWarnings`. */
export function duplicateWarnings(duplicates: string): readonly string[] {
  return duplicates
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

/** What go-yaml's scanner and parser say of what this library finds. */
const scannerWords: Partial<Record<YAMLParseError['code'], string>> = {
  BAD_DQ_ESCAPE: 'found unknown escape character',
  BAD_SCALAR_START: 'found character that cannot start any token',
  // Nested less deep than go-yaml goes, and deeper than this library can.
  RESOURCE_EXHAUSTION: `exceeded max depth of ${maxYamlDepth}`,
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found character that cannot start any token',
};

/** What go-yaml says of an error that this library, told to leave it plain, has found. */
export function yamlFault(error: YAMLParseError, lines: LineCounter): YamlFault {
  return new YamlFault(`yaml: ${wordsFor(error, lines.linePos(error.pos[0]).line)}`);
}

/** Where go-yaml's scanner has found something, of which it tells no line in the first one. */
function atLine(line: number): string {
  return line === 1 ? '' : `line ${line}: `;
}

/** Go-yaml tells no line of what is in the first one, and those of its parser are one too small. */
function wordsFor(error: YAMLParseError, line: number): string {
  const at = (shown: number) => (shown > 0 ? `line ${shown}: ` : '');
  const scanned = scannerWords[error.code];
  if (scanned !== undefined) return `${atLine(line)}${scanned}`;
  const flow = /^Flow (sequence|map) /.exec(error.message)?.[1];
  if (flow !== undefined) return `${at(line - 1)}did not find expected ',' or '${flow === 'map' ? '}' : ']'}'`;
  if (error.code === 'BAD_INDENT') return `${at(line - 1)}did not find expected key`;
  const [first = '', ...rest] = error.message;
  return `${at(line)}${first.toLowerCase()}${rest.join('')}`;
}

function wordsForAliases(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  const unknown = /^Unresolved alias \(the anchor must be set before the alias\): (.*)$/s.exec(message)?.[1];
  if (unknown !== undefined) return `unknown anchor '${unknown}' referenced`;
  return message.startsWith('Excessive alias count') ? 'document contains excessive aliasing' : message;
}
