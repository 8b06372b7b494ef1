import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node, type Scalar, type YAMLMap } from 'yaml';
import { formatGoDouble } from '../../api/go-number.ts';
import type { Json } from '../../api/object.ts';
import { isMap as isJsonMap, type JsonMap, setKey } from '../../api/patches/json-tree.ts';
import { plainInteger, plainScalar } from '../../api/yaml/dialect.ts';
import { YamlFault } from './yaml-fault.ts';
import type { AliasTargets } from './yaml-syntax.ts';

/** What go-yaml makes of a scalar: the Go type, short of its size, and what stands for it in JSON. */
type Resolved =
  | { readonly type: 'str'; readonly value: string }
  | { readonly type: 'int'; readonly value: number; readonly digits: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null };

const tagPrefix = 'tag:yaml.org,2002:';
/** Tags that hold text to what they say. */
const judgingTags: ReadonlySet<string> = new Set(['int', 'float', 'bool', 'null', 'timestamp']);
const timestamp = /^\d{4}-\d\d?-\d\d?(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d\d?:\d\d?:\d\d?(?:\.\d+)?)?$/;
/** Base64 as Go's `StdEncoding` takes it, once ends of lines are away. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Where the part of all values that may come from aliases begins to fall from 99 to 10 in a hundred, and where it has fallen. */
const manyValues = 400_000;
const mostValues = 4_000_000;

/**
 * Makes the JSON that `sigs.k8s.io/yaml` makes of a document's nodes, and finds what its strict reading has against keys that stand twice in one map, of
 * which the last counts. Each alias becomes a value of its own. Follows `decode.go` of go-yaml v2 and `convertToJSONableObject`.
 */
export class YamlReader {
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #targets: AliasTargets;
  readonly #inside = new Set<Alias>();
  readonly #duplicates: string[] = [];
  #values = 0;
  #aliasedValues = 0;
  /** What JSON has not; go-yaml's own complaints come first. */
  #notJson: YamlFault | undefined;

  /** `text` is what the nodes were read from, and `targets` what {@link checkSyntax} gave. */
  constructor(text: string, lines: LineCounter, targets: AliasTargets) {
    this.#text = text;
    this.#lines = lines;
    this.#targets = targets;
  }

  /** Keys that stand twice, each by the line of its later value, once a document was read. */
  get duplicates(): readonly string[] {
    return this.#duplicates;
  }

  /** The value of a whole document. @throws YamlFault */
  read(root: Node | null): Json {
    const value = this.#value(root);
    if (this.#notJson !== undefined) throw this.#notJson;
    return value;
  }

  #value(node: unknown): Json {
    this.#count();
    if (isAlias(node)) return this.#follow(node, (target) => this.#value(target));
    if (isMap(node)) return this.#fill(node, {}, new Set());
    if (isSeq(node)) return node.items.map((item) => this.#value(item));
    if (!isScalar(node)) return null;
    const { value } = this.#resolve(node);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#notJson ??= new YamlFault(`json: unsupported value: ${formatGoDouble(value)}`);
    }
    return value;
  }

  /** Counts what is read, and refuses a document most of which aliases have made. */
  #count(): void {
    this.#values++;
    if (this.#inside.size > 0) this.#aliasedValues++;
    if (this.#aliasedValues <= 100 || this.#values <= 1000) return;
    const fallen = Math.min(1, Math.max(0, (this.#values - manyValues) / (mostValues - manyValues)));
    if (this.#aliasedValues / this.#values > 0.99 - 0.89 * fallen) throw new YamlFault('yaml: document contains excessive aliasing');
  }

  #follow<T>(alias: Alias, read: (target: Node | undefined) => T): T {
    if (this.#inside.has(alias)) throw new YamlFault(`yaml: anchor '${alias.source}' value contains itself`);
    this.#inside.add(alias);
    const value = read(this.#targets.get(alias));
    this.#inside.delete(alias);
    return value;
  }

  /** Sets the keys of a map; `known` are those that are set already, by type and text. */
  #fill(node: YAMLMap, map: JsonMap, known: Set<string>): JsonMap {
    for (const { key, value } of node.items) {
      if (isScalar(key) && isMergeKey(key)) {
        this.#merge(value, map, known);
        continue;
      }
      const resolved = this.#key(key);
      const read = this.#value(value);
      const name = `${resolved.type} ${keyText(resolved)}`;
      if (known.has(name)) this.#duplicates.push(`line ${this.#lineOf(value, key)}: key ${keySyntax(resolved)} already set in map`);
      known.add(name);
      const refused = refusedKey(resolved, read);
      if (refused === undefined) setKey(map, keyText(resolved), read);
      else this.#notJson ??= new YamlFault(refused);
    }
    return map;
  }

  #key(node: unknown): Resolved {
    this.#count();
    if (isAlias(node)) return this.#follow(node, (target) => this.#key(target));
    if (isScalar(node)) return this.#resolve(node);
    if (!isNode(node)) return { type: 'null', value: null };
    throw new YamlFault(`yaml: invalid map key: ${goSyntax(this.#value(node))}`);
  }

  /** Sets the keys of other maps: where they stand among the map's own keys decides which of them count. */
  #merge(source: unknown, map: JsonMap, known: Set<string>): void {
    // Earlier ones of a list win.
    const sources = isSeq(source) ? source.items.toReversed() : [source];
    for (const each of sources) {
      const target = isAlias(each) ? this.#targets.get(each) : each;
      if (!isMap(target)) throw new YamlFault('yaml: map merge requires map or sequence of maps as the value');
      this.#count();
      if (isAlias(each)) {
        this.#follow(each, () => {
          this.#count();
          this.#fill(target, map, known);
        });
      } else this.#fill(target, map, known);
    }
  }

  #lineOf(value: unknown, key: unknown): number {
    const node = isNode(value) ? value : key;
    return this.#lines.linePos((isNode(node) ? node.range?.[0] : undefined) ?? 0).line;
  }

  #resolve(node: Scalar): Resolved {
    const { tag } = node;
    const source = this.#sourceOf(node);
    if (tag === undefined) return node.type === 'PLAIN' ? resolvePlain(source, node.value) : { type: 'str', value: source };
    const short = tag.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : '';
    if (short === 'binary') return { type: 'str', value: bytesAsText(source) };
    if (!judgingTags.has(short)) return { type: 'str', value: source };
    if (short === 'timestamp' && timestamp.test(source)) return { type: 'str', value: source };
    const resolved = resolvePlain(source, plainScalar(source).value);
    if (resolved.type === short) return resolved;
    if (short === 'float' && resolved.type === 'int') return { type: 'float', value: resolved.value };
    throw new YamlFault(`yaml: cannot decode !!${resolved.type} \`${source}\` as a !!${short}`);
  }

  /** Its text. To go-yaml a block that ends where the text ends, within a line, does not end with a line. */
  #sourceOf({ source = '', type, range }: Scalar): string {
    if ((type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED') || !source.endsWith('\n') || range?.[1] !== this.#text.length) return source;
    const lastLine = this.#text.slice(this.#text.lastIndexOf('\n') + 1);
    return lastLine.trim() === '' ? source : source.slice(0, -1);
  }
}

function isMergeKey({ source, tag, type }: Scalar): boolean {
  return source === '<<' && (tag === undefined ? type === 'PLAIN' : tag === `${tagPrefix}merge`);
}

/** `value` is what the dialect makes of it. */
function resolvePlain(source: string, value: unknown): Resolved {
  if (value === null) return { type: 'null', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value !== 'number') return { type: 'str', value: source };
  const digits = plainInteger(source);
  return digits === undefined ? { type: 'float', value } : { type: 'int', value, digits };
}

function bytesAsText(source: string): string {
  const written = source.replaceAll(/[\r\n]/g, '');
  if (!base64.test(written)) throw new YamlFault('yaml: !!binary value contains invalid base64 data');
  const bytes = Uint8Array.from(atob(written), (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The key in JSON. */
function keyText(key: Resolved): string {
  if (key.type === 'int') return String(key.digits);
  if (key.type !== 'float') return String(key.value);
  if (Number.isNaN(key.value)) return '.nan';
  if (!Number.isFinite(key.value)) return key.value < 0 ? '-.inf' : '.inf';
  return formatGoDouble(shortestFloat(key.value));
}

/** The number with the fewest digits that single precision does not tell from the nearest to a double. */
function shortestFloat(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}

/** As Go's `%#v` writes it. */
function keySyntax(key: Resolved): string {
  if (key.type === 'str') return JSON.stringify(key.value);
  if (key.type === 'int') return key.digits < 2n ** 63n ? String(key.digits) : `0x${key.digits.toString(16)}`;
  return key.type === 'null' ? '<nil>' : key.type === 'float' ? formatGoDouble(key.value) : String(key.value);
}

/** Why JSON cannot have a key: of numbers beyond 64 bits with a sign there is none, and none of nothing. */
function refusedKey(key: Resolved, value: Json): string | undefined {
  const type = key.type === 'null' ? '%!s(<nil>)' : 'uint64';
  if (key.type !== 'null' && (key.type !== 'int' || key.digits < 2n ** 63n)) return undefined;
  return `unsupported map key of type: ${type}, key: ${keySyntax(key)}, value: ${value === null ? '<nil>' : goSyntax(value)}`;
}

/** A value as Go's `%#v` writes what go-yaml has made. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatGoDouble(value);
  if (!isJsonMap(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[interface {}]interface {}{${entries.map(([key, each]) => `${JSON.stringify(key)}:${goSyntax(each)}`).join(', ')}}`;
}
