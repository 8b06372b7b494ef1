import { type Document, isPair, isScalar, type Pair, parseDocument, visit, YAMLParseError } from 'yaml';
import { parseJson } from '../../api/parse-json.ts';
import { duplicateFields } from '../../api/structure/index.ts';
import { kubernetesYaml } from '../../api/yaml/dialect.ts';
import { withoutLoneSurrogates } from './well-formed.ts';

/** What YAML says. */
export interface YamlValue {
  readonly value: unknown;
  /** What strict reading has against keys that stand twice in one map, of which the last counts, in go-yaml's words. */
  readonly duplicates?: string;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads YAML as Kubernetes has it; aliases that would explode are refused. Throws what {@link yamlError} tells of. */
export function parseYaml(body: Uint8Array): YamlValue {
  const text = withoutLoneSurrogates(decoder.decode(body));
  const plain = text.startsWith('{') ? parsePlainJson(text) : undefined;
  return plain === undefined ? parseAsYaml(text) : { value: plain };
}

function parseAsYaml(text: string): YamlValue {
  const document = parseDocument(text, { ...kubernetesYaml, uniqueKeys: true, logLevel: 'error' });
  const [fault] = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (fault !== undefined) throw fault;
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return document.errors.length === 0 ? { value } : { value, duplicates: duplicatesOf(document) };
}

function duplicatesOf(document: Document.Parsed): string {
  const keys = new Map<number, Pair>();
  visit(document, (_, node) => {
    if (isPair(node) && isScalar(node.key) && node.key.range) keys.set(node.key.range[0], node);
  });
  const lines = document.errors.map(({ pos, linePos }) => {
    const key = keys.get(pos[0])?.key;
    const shown = isScalar(key) ? JSON.stringify(key.value) : 'map[interface {}]interface {}{}';
    return `\n  line ${linePos?.[0].line ?? 1}: key ${shown} already set in map`;
  });
  return `yaml: unmarshal errors:${lines.join('')}`;
}

/** Clients mostly send JSON where YAML is asked for, and reading that costs a fraction; undefined for what YAML may judge otherwise. */
function parsePlainJson(text: string): unknown {
  try {
    const value: unknown = parseJson(text);
    return duplicateFields(text).length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The fault as upstream's YAML library tells it: with its line, in small letters. */
export function yamlError(error: unknown): string {
  if (!(error instanceof YAMLParseError)) return `yaml: ${error instanceof Error ? error.message : String(error)}`;
  const [first = '', ...rest] = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
  const line = error.linePos?.[0].line;
  return `yaml: ${line === undefined ? '' : `line ${line}: `}${first.toLowerCase()}${rest.join('')}`;
}
