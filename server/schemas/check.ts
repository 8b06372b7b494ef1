import { t } from '@vscode/l10n';
import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Span } from '../../runtime/api/kinds/history.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { decodedPath, type FieldPath, firstKey, formatPath, objectKey } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { type Entry, rangeOf, type Tree } from '../documents/tree.ts';
import { deprecatedField } from '../versions/deprecated.ts';
import { absence, newest } from '../versions/history.ts';
import { closedValues, valueChanges } from './closed-values.ts';
import { defaulted } from './defaulted.ts';
import { meantBy } from './distance.ts';
import { isExcused } from './excused.ts';
import { homeOf } from './field-home.ts';
import { isReadByHand } from './json-forms.ts';
import { type Failure, numberFailure, stringFailure } from './scalars.ts';
import { deref, refName, type StructuralSchema } from './structural.ts';
import { shortName } from './templates.ts';
import { unknownField } from './unknown-field.ts';
import { keySurprise, nullSurprise, type Surprise, surpriseOf } from './yaml-surprises.ts';

/** Where a check stands on its way down. */
interface Spot {
  readonly path: FieldPath;
  /** What to underline when the thing itself is missing something: its name. */
  readonly key: Node;
  /** Status is written by controllers and dropped on apply, so nobody has to write it in full. */
  readonly inStatus: boolean;
  /** Whether it is an entry of a map, whose names the writer chooses. */
  readonly inMap?: boolean;
  /** Whether the API server drops what it does not know here, without a word. */
  readonly dropping?: boolean;
  /** Values of the field that came or went. */
  readonly values?: Readonly<Record<string, Span>> | undefined;
  /** What the field may hold in the release, where its schema does not say and other releases allow other values. */
  readonly closed?: readonly string[] | undefined;
}

/** What is not looked at. */
interface Leniency {
  /** Whether only values are. */
  readonly valuesOnly?: boolean;
  /** Whether names of fields may be written in any case, as Go's own reader of JSON takes them. */
  readonly anyCase?: boolean;
}

/**
 * Compares a manifest with the schema of its kind and says what the API server's decoder and its schema validation would say,
 * each at its place. Aliases are followed once per schema, so shared parts cost no more than they weigh.
 */
export class SchemaCheck {
  readonly problems: Problem[] = [];
  /** What is missing in a spec that was not written at all: of interest when nothing else is wrong. */
  readonly unwritten: Problem[] = [];
  /** Fields that are still taken but should not be written any more. */
  readonly deprecated: Problem[] = [];
  readonly #tree: Tree;
  readonly #definitions: Definitions;
  readonly #release: string;
  /** Inside `anyOf` and its like only values are looked at: the structure is told by the schema around it. */
  readonly #valuesOnly: boolean;
  readonly #anyCase: boolean;
  readonly #homes = new Map<string, string | undefined>();
  readonly #visited = new Map<Node, Set<StructuralSchema>>();
  /** The object that is checked, when it is a whole one, and how far down in the document it stands. */
  #root: { readonly schema: StructuralSchema; readonly depth: number } | undefined;

  /** `definitions` are those of `release`. */
  constructor(tree: Tree, definitions: Definitions, release: string, { valuesOnly = false, anyCase = false }: Leniency = {}) {
    this.#tree = tree;
    this.#definitions = definitions;
    this.#release = release;
    this.#valuesOnly = valuesOnly;
    this.#anyCase = anyCase;
  }

  /** Checks an object against the schema of its kind. */
  object(root: YAMLMap, schema: StructuralSchema, path: FieldPath): void {
    this.#root = { schema, depth: path.length };
    this.#value(root, schema, { path, key: objectKey(this.#tree, root), inStatus: false });
  }

  /** Checks a value that stands apart from its object; `path` says which field it is for, `key` what stands for it. */
  value(value: Node, schema: StructuralSchema, path: FieldPath, key: Node): void {
    this.#value(value, schema, { path, key, inStatus: path[0] === 'status' });
  }

  #report(node: Node, code: string, path: string, message: string, fix?: string): void {
    this.problems.push({ ...rangeOf(node), severity: 'error', code, path, message, ...(fix !== undefined && { fix }) });
  }

  #fail(node: Node, { path }: Spot, failure: Failure): void {
    const field = formatPath(path);
    this.#report(node, failure.code, field, `${field}: ${failure.message}`, failure.fix);
  }

  /** Says what may not be meant; inside `anyOf` and its like nothing, where every problem counts as a refusal. */
  #surprise(node: Node, { path }: Pick<Spot, 'path'>, surprise: Surprise | undefined): void {
    if (!surprise || this.#valuesOnly) return;
    const { other, message, ...told } = surprise;
    const field = formatPath(path);
    const edit = other && { title: other.title, ...rangeOf(node), newText: other.text };
    this.problems.push({ ...rangeOf(node), ...told, code: 'yaml', path: field, message: `${field}: ${message}`, ...(edit && { edit }) });
  }

  #deprecate(key: Node, path: FieldPath, message: string): void {
    this.deprecated.push({ ...rangeOf(key), severity: 'hint', code: 'deprecated', path: formatPath(path), deprecated: true, message });
  }

  #missing(path: FieldPath, { key }: Spot): Problem {
    const field = formatPath(path);
    return { ...rangeOf(key), severity: 'error', code: 'required', path: field, message: `${field}: Required value` };
  }

  #value(raw: Node, reference: StructuralSchema, spot: Spot): void {
    const node = this.#tree.resolve(raw);
    const schema = deref(reference, this.#definitions);
    // An absent value and `null` are the same to the API server.
    if (!node || (isScalar(node) && node.value === null)) {
      if (node && !spot.inStatus)
        this.#surprise(
          raw.range?.[0] === raw.range?.[1] ? spot.key : raw,
          spot,
          nullSurprise(node.source ?? '', schema, spot.inMap === true),
        );
      if (isSpec(spot)) this.problems.push(...this.#emptySpec(schema, refName(reference), spot));
      return;
    }
    const visited = this.#visited.get(node) ?? new Set();
    if (visited.has(schema)) return;
    this.#visited.set(node, visited.add(schema));

    if (isMap(node)) {
      if (!this.#typeFits(schema, 'object')) this.#wrongType(spot.key, spot, schema, '"object"');
      else this.#object(node, schema, refName(reference), spot);
    } else if (isSeq(node)) {
      if (!this.#typeFits(schema, 'array')) this.#wrongType(spot.key, spot, schema, '"array"');
      else this.#array(node, schema, spot);
    } else if (isScalar(node)) {
      this.#scalar(raw, node, schema, spot);
    }
    this.#combined(raw, schema, spot);
  }

  #typeFits(schema: StructuralSchema, type: 'object' | 'array'): boolean {
    return (schema.type === undefined && !schema['x-kubernetes-int-or-string']) || schema.type === type;
  }

  #wrongType(node: Node, spot: Spot, schema: StructuralSchema, shown: string): void {
    const wanted = schema['x-kubernetes-int-or-string'] ? 'integer or string' : (schema.type ?? 'any');
    this.#fail(node, spot, { code: 'type', message: `Invalid value: ${shown}: must be of type ${wanted}` });
  }

  #scalar(raw: Node, node: Scalar, schema: StructuralSchema, spot: Spot): void {
    const value: unknown = node.value;
    if (schema.type === 'object' || schema.type === 'array') {
      this.#wrongType(raw, spot, schema, JSON.stringify(value) ?? '');
      return;
    }
    const failure = typeof value === 'string' ? stringFailure(value, schema) : numberFailure(value, node, schema);
    if (failure) {
      this.#fail(raw, spot, failure);
      return;
    }
    if (!spot.inStatus) this.#surprise(raw, spot, surpriseOf(node, schema, spot.path.at(-1)));
    // The zero value of an optional enumeration means that it was left out.
    const allowed: readonly unknown[] | undefined = schema.enum ?? spot.closed;
    if (!allowed || allowed.includes(value) || value === '' || spot.inStatus) return;
    const change = spot.values?.[String(value)];
    const supported = allowed.map((item) => JSON.stringify(item));
    const meant =
      typeof value === 'string'
        ? meantBy(
            value,
            allowed.filter((item) => typeof item === 'string'),
          )
        : undefined;
    const hint = meant === undefined || supported.length <= 3 ? '' : t(' (did you mean {0}?)', JSON.stringify(meant));
    this.#fail(raw, spot, {
      code: 'enum',
      message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.sort().join(', ')}${absence(change, this.#release) || hint}`,
      ...(meant !== undefined && { fix: meant }),
    });
  }

  #object(map: YAMLMap, schema: StructuralSchema, definition: string | undefined, spot: Spot): void {
    const entries = this.#tree.entries(map);
    const present = new Set<string>();
    const written = new Set(entries.map(({ name }) => name));
    const misspelt: string[] = [];
    const free = schema['x-kubernetes-preserve-unknown-fields'] || (!schema.properties && !schema.additionalProperties);
    for (const { name, key, value } of entries) {
      const node = this.#tree.resolve(value);
      const property = this.#property(schema, name) ?? schema.additionalProperties;
      // What may be null is there as null, too.
      if (node && (property?.nullable || !(isScalar(node) && node.value === null))) present.add(name);
      const inStatus = spot.inStatus || (spot.path.length === 0 && name === 'status');
      const isField = property !== schema.additionalProperties || spot.path.length === 0;
      const inMap = property !== undefined && !isField;
      const path = isField ? [...spot.path, name] : [...spot.path.slice(0, -1), `${spot.path.at(-1)}[${name}]`];
      if (inMap && isScalar(key) && !inStatus) this.#surprise(key, { path }, keySurprise(key));
      if (property) {
        const values = valueChanges(definition, name);
        const closed =
          values && this.#release !== newest ? closedValues(`${shortName(definition ?? '')}.${name}`, this.#release) : undefined;
        const deprecated = isField && !inStatus && !this.#valuesOnly ? deprecatedField(definition, name) : undefined;
        if (deprecated !== undefined) this.#deprecate(key, path, deprecated);
        const byHand = isReadByHand(definition, name);
        if (byHand && this.#isOtherForm(name, this.#tree.resolve(value))) continue;
        const dropping = spot.dropping === true || byHand;
        if (value) this.#value(value, property, { path, key, inStatus, inMap, dropping, values, closed });
        else if (isSpec({ path })) {
          this.problems.push(...this.#emptySpec(deref(property, this.#definitions), refName(property), { path, key, inStatus }));
        }
      } else if (!free && !this.#valuesOnly) {
        const field = decodedPath([...spot.path, name]);
        const home = () => this.#homeOf(spot.path, name);
        const { message, meant } = unknownField(field, name, schema, definition, this.#release, home);
        const severity = spot.dropping ? 'warning' : 'error';
        this.problems.push({
          ...rangeOf(key),
          severity,
          code: 'unknown-field',
          path: field,
          message,
          ...(meant !== undefined && !written.has(meant) && { fix: meant }),
        });
        // A field that is only misspelt is not missing as well.
        if (meant !== undefined) misspelt.push(meant);
      }
    }
    if (!spot.inStatus) this.#required(schema, definition, spot, entries, new Set([...present, ...misspelt]));
    const count = present.size;
    if (count < (schema.minProperties ?? 0)) {
      this.#fail(spot.key, spot, {
        code: 'count',
        message: `Invalid value: ${count}: should have at least ${schema.minProperties} properties`,
      });
    }
    if (count > (schema.maxProperties ?? Number.POSITIVE_INFINITY)) {
      this.#fail(spot.key, spot, { code: 'count', message: `Too many: ${count}: must have at most ${schema.maxProperties} items` });
    }
  }

  /** Where in the object a field belongs; many items of a list may have the same one in the wrong place. */
  #homeOf(path: FieldPath, name: string): string | undefined {
    if (!this.#root) return undefined;
    const { schema, depth } = this.#root;
    const here = path.slice(depth).filter((step) => typeof step === 'string');
    const key = `${name} ${here.join()}`;
    if (!this.#homes.has(key)) this.#homes.set(key, homeOf(schema, here, name, this.#definitions));
    return this.#homes.get(key);
  }

  #property({ properties = {} }: StructuralSchema, name: string): StructuralSchema | undefined {
    if (Object.hasOwn(properties, name)) return properties[name];
    const lower = name.toLowerCase();
    return this.#anyCase ? Object.entries(properties).find(([known]) => known.toLowerCase() === lower)?.[1] : undefined;
  }

  #required(
    schema: StructuralSchema,
    definition: string | undefined,
    spot: Spot,
    entries: readonly Entry[],
    given: ReadonlySet<string>,
  ): void {
    const written = (name: string) => entries.some((entry) => entry.name === name);
    const spec = schema.properties?.spec;
    if (spec && isSpec({ path: [...spot.path, 'spec'] }) && !written('spec') && !schema.required?.includes('spec')) {
      this.unwritten.push(...this.#emptySpec(deref(spec, this.#definitions), refName(spec), { ...spot, path: [...spot.path, 'spec'] }));
    }
    for (const name of schema.required ?? []) {
      if (given.has(name) || isExcused(definition, name)) continue;
      const path = [...spot.path, name];
      // Of an empty spec it is told what belongs into it.
      if (isSpec({ path }) && written(name) && spec && refName(spec) !== undefined && deref(spec, this.#definitions).required) continue;
      this.problems.push(this.#missing(path, spot));
    }
  }

  /**
   * A spec of a type of Go that is left empty or out is an empty mapping to the API server: told once for each field it must have.
   * One of a custom resource, which has no definition, is just not there.
   */
  #emptySpec(schema: StructuralSchema, definition: string | undefined, spot: Spot): Problem[] {
    if (this.#valuesOnly || definition === undefined) return [];
    return (schema.required ?? []).filter((name) => !isExcused(definition, name)).map((name) => this.#missing([...spot.path, name], spot));
  }

  #array(list: YAMLSeq, schema: StructuralSchema, spot: Spot): void {
    const { items } = schema;
    list.items.forEach((item, index) => {
      if (!items || !isNode(item)) return;
      this.#value(item, items, { ...spot, path: [...spot.path, index], key: firstKey(item), inMap: false });
    });
    const count = list.items.length;
    if (count < (schema.minItems ?? 0)) {
      this.#fail(spot.key, spot, { code: 'count', message: `Invalid value: ${count}: should have at least ${schema.minItems} items` });
    }
    if (count > (schema.maxItems ?? Number.POSITIVE_INFINITY)) {
      this.#fail(spot.key, spot, { code: 'count', message: `Too many: ${count}: must have at most ${schema.maxItems} items` });
    }
  }

  #combined(raw: Node, schema: StructuralSchema, spot: Spot): void {
    for (const part of schema.allOf ?? []) this.problems.push(...this.#tryOut(raw, part, spot));
    if (!schema.anyOf && !schema.oneOf && !schema.not) return;
    const place = JSON.stringify(formatPath(spot.path));
    // The API server gives an object its defaults first.
    const whole = defaulted(this.#tree, raw, schema);
    const valid = (parts: readonly StructuralSchema[]) => parts.filter((part) => this.#tryOut(whole, part, spot).length === 0).length;
    const fail = (message: string) => this.#report(spot.key, 'combined', formatPath(spot.path), message);
    if (schema.anyOf && valid(schema.anyOf) === 0) fail(`${place} must validate at least one schema (anyOf)`);
    const matches = schema.oneOf ? valid(schema.oneOf) : 1;
    if (matches !== 1) {
      fail(`${place} must validate one and only one schema (oneOf). Found ${matches === 0 ? 'none' : matches} valid`);
    }
    if (schema.not && valid([schema.not]) === 1) fail(`${place} must not validate the schema (not)`);
  }

  /** Whether a schema is given otherwise than as one: `items` as a list of schemas, the others as true or false. */
  #isOtherForm(field: string, node: Node | null): boolean {
    if (field !== 'items') return isScalar(node) && typeof node.value === 'boolean';
    return isSeq(node) && node.items.every((item) => isMap(this.#tree.resolve(item as Node)));
  }

  #tryOut(raw: Node, schema: StructuralSchema, spot: Spot): readonly Problem[] {
    const check = new SchemaCheck(this.#tree, this.#definitions, this.#release, { valuesOnly: true, anyCase: this.#anyCase });
    check.#value(raw, schema, spot);
    return check.problems;
  }
}

/** Whether a path leads to the spec of an object, which may be an item of a List. */
function isSpec({ path }: { readonly path: FieldPath }): boolean {
  return path.at(-1) === 'spec' && (path.length === 1 || (path.length === 3 && path[0] === 'items'));
}

function isNode(item: unknown): item is Node {
  return typeof item === 'object' && item !== null && 'range' in item;
}
