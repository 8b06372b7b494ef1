import { Composer, type Document, isCollection, isScalar, LineCounter, Parser, type YAMLParseError } from 'yaml';
import { parseJson } from '../../api/parse-json.ts';
import { duplicateFields } from '../../api/structure/index.ts';
import { kubernetesYaml } from '../../api/yaml/dialect.ts';
import { lineNestedTooDeep, maxYamlDepth } from './yaml-depth.ts';
import { faultAt, type YamlFault, yamlFault } from './yaml-fault.ts';
import { checkDirectives, checkSyntax } from './yaml-syntax.ts';
import { yamlText } from './yaml-text.ts';
import { YamlReader } from './yaml-value.ts';

/** What YAML says. */
export interface YamlValue {
  readonly value: unknown;
  /** What strict reading has against keys that stand twice in one map, of which the last counts, in go-yaml's words. */
  readonly duplicates?: string;
}

/**
 * Reads the first document of a body, as Kubernetes has it; what comes after it is not looked at. Aliases that would explode are refused.
 *
 * @throws YamlFault
 */
export function parseYaml(body: Uint8Array): YamlValue {
  const text = yamlText(body);
  const deep = lineNestedTooDeep(text);
  if (deep !== undefined) throw tooDeep(deep);
  const json = text.startsWith('{') ? readPlainJson(text) : undefined;
  if (json !== undefined) return { value: json };
  checkDirectives(text);
  const lines = new LineCounter();
  const composer = new Composer({ ...kubernetesYaml, uniqueKeys: false, logLevel: 'error' });
  const [document] = composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length);
  if (document === undefined) return { value: null };
  const error = document.errors.find((each) => isFault(each, document, text));
  if (error !== undefined) throw yamlFault(error, lines);
  try {
    const reader = new YamlReader(text, lines, checkSyntax(document.contents, text, lines));
    const value = reader.read(document.contents);
    if (reader.duplicates.length === 0) return { value };
    return { value, duplicates: `yaml: unmarshal errors:\n  ${reader.duplicates.join('\n  ')}` };
  } catch (failure) {
    // Aliases within each other nest deeper than the text does.
    if (failure instanceof RangeError) throw tooDeep(1);
    throw failure;
  }
}

function tooDeep(line: number): YamlFault {
  return faultAt(line, `exceeded max depth of ${maxYamlDepth}`, 'scanner');
}

/** Whether go-yaml, too, finds fault with it: it judges tags when it reads values, and reads no more than one token behind a closing bracket or quote. */
function isFault({ code, message, pos }: YAMLParseError, { contents }: Document.Parsed, text: string): boolean {
  if (code === 'TAG_RESOLVE_FAILED') return message.startsWith('Could not resolve tag');
  if (message.startsWith('Comments must be separated')) return false;
  const end = contents?.range[1] ?? 0;
  if (contents === null || pos[0] < end || !/^unexpected /i.test(message) || /^\s*[@`]/.test(text.slice(end))) return true;
  const isClosed = isScalar(contents) ? contents.type?.startsWith('QUOTE') : isCollection(contents) && contents.flow;
  return isClosed !== true;
}

/** JSON that go-yaml reads in its own way: escapes that it has not, and numbers that are too large, which it takes for text. */
const otherInYaml = /\\\/|\\u[dD][89a-fA-F]|[eE]\+?\d{3}|\d{300}/;

/** Clients mostly send JSON where YAML is asked for, and reading that costs a fraction; undefined for what YAML may judge otherwise. */
function readPlainJson(text: string): unknown {
  if (otherInYaml.test(text)) return undefined;
  try {
    const value: unknown = parseJson(text);
    return duplicateFields(text).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The warnings that tell of keys that stand twice: one for each. Upstream: `parseYAMLWarnings`. */
export function duplicateWarnings(duplicates: string): readonly string[] {
  return duplicates
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}
