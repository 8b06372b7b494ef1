import { type Draft, reference } from '../definition.ts';

interface GoField {
  readonly schema: Draft;
  readonly required: boolean;
  readonly deprecated: boolean;
  /** The named type of the field, or of its items, as a definition would be called. */
  readonly named?: string;
}

/** A struct of an API package: its fields as JSON names them. */
export interface GoStruct {
  readonly fields: ReadonlyMap<string, GoField>;
  /** Whether it is a kind that clients make objects of; `namespaced` and `named` say how. */
  readonly kind?: { readonly namespaced: boolean };
}

export interface GoPackage {
  readonly structs: ReadonlyMap<string, GoStruct>;
  /** The `+enum` types with their constants. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

interface Raw {
  readonly name: string;
  readonly comment: string;
  readonly body: readonly string[];
}

const scalars: Readonly<Record<string, Draft>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int: { type: 'integer', format: 'int32' },
  int32: { type: 'integer', format: 'int32' },
  uint32: { type: 'integer', format: 'int64' },
  int64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' },
};

const machinery: Readonly<Record<string, string>> = {
  'k8s.io/apimachinery/pkg/apis/meta/v1': 'io.k8s.apimachinery.pkg.apis.meta.v1',
  'k8s.io/apimachinery/pkg/api/resource': 'io.k8s.apimachinery.pkg.api.resource',
  'k8s.io/apimachinery/pkg/util/intstr': 'io.k8s.apimachinery.pkg.util.intstr',
  'k8s.io/apimachinery/pkg/runtime': 'io.k8s.apimachinery.pkg.runtime',
};

/** The definition prefix of a Go package; undefined for packages whose types are plain strings in JSON (`types.UID`). */
function prefixOf(importPath: string): string | undefined {
  const api = /^k8s\.io\/api\/(\w+)\/(\w+)$/.exec(importPath);
  if (api) return apiPrefix(api[1] ?? '', api[2] ?? '');
  return machinery[importPath];
}

/** `io.k8s.api.core.v1` of a folder of `k8s.io/api`. */
export function apiPrefix(folder: string, version: string): string {
  return `io.k8s.api.${folder === 'apiserverinternal' ? 'internal' : folder}.${version}`;
}

/** Reads the declarations of a `types.go`: enough of Go's grammar for the API packages, which gofmt and their own generators keep in one form. */
export function readTypes(source: string, prefix: string): GoPackage {
  const imports = new Map<string, string>();
  for (const [, alias, path = ''] of source.matchAll(/^\t(?:(\w+) )?"([^"]+)"$/gm))
    imports.set(alias ?? path.split('/').at(-1) ?? '', path);
  const { structs: raw, named } = declarations(source.split('\n'));
  const reader = new StructReader(raw, named, imports, prefix);
  const structs = new Map<string, GoStruct>();
  for (const [name, { comment }] of raw) {
    const kind = /^\/\/ \+genclient$/m.test(comment) && !comment.includes('+genclient:noVerbs');
    const fields = reader.fields(name);
    structs.set(name, { fields, ...(kind && { kind: { namespaced: !comment.includes('+genclient:nonNamespaced') } }) });
  }
  return { structs, enums: enumsOf(source, named) };
}

function declarations(lines: readonly string[]): { structs: Map<string, Raw>; named: Map<string, { type: string; comment: string }> } {
  const structs = new Map<string, Raw>();
  const named = new Map<string, { type: string; comment: string }>();
  let comment: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const struct = /^type (\w+) struct \{(\})?$/.exec(line);
    const other = /^type (\w+) =? ?(\S+)(?: \/\/.*)?$/.exec(line);
    if (struct?.[1]) {
      const end = struct[2] ? at : lines.indexOf('}', at);
      structs.set(struct[1], { name: struct[1], comment: comment.join('\n'), body: lines.slice(at + 1, end) });
      at = end;
      comment = [];
    } else if (other?.[1] && other[2]) {
      named.set(other[1], { type: other[2], comment: comment.join('\n') });
      comment = [];
    } else if (line.startsWith('//') || line === '') {
      // Markers stand apart from the comment, a line above it.
      comment.push(line);
    } else {
      comment = [];
    }
  }
  return { structs, named };
}

class StructReader {
  readonly #raw: ReadonlyMap<string, Raw>;
  readonly #named: ReadonlyMap<string, { type: string }>;
  readonly #imports: ReadonlyMap<string, string>;
  readonly #prefix: string;

  constructor(
    raw: ReadonlyMap<string, Raw>,
    named: ReadonlyMap<string, { type: string }>,
    imports: ReadonlyMap<string, string>,
    prefix: string,
  ) {
    this.#raw = raw;
    this.#named = named;
    this.#imports = imports;
    this.#prefix = prefix;
  }

  fields(name: string): GoStruct['fields'] {
    const fields = new Map<string, GoField>();
    let comment: string[] = [];
    for (const line of this.#raw.get(name)?.body ?? []) {
      const text = line.trim();
      if (text.startsWith('//')) {
        comment.push(text.slice(2).trim());
        continue;
      }
      const match = /^(?:(\w+)\s+)?(\S+)\s+`.*?json:"([^",]*)((?:,\w+)*)"/.exec(text);
      if (match) {
        const [, , type = '', json = '', options = ''] = match;
        if (options.includes('inline') || json === '') {
          if (!type.endsWith('TypeMeta')) for (const [field, value] of this.fields(type.replace(/^\*/, ''))) fields.set(field, value);
          else
            for (const field of ['apiVersion', 'kind'])
              fields.set(field, { schema: { type: 'string' }, required: false, deprecated: false });
        } else if (json !== '-') {
          const named = this.#qualified(type.replace(/^(\*|\[\])*/, ''));
          const required = isRequired(comment, options);
          fields.set(json, {
            schema: this.#schema(type),
            required,
            deprecated: isDeprecated(comment),
            ...(named !== undefined && { named }),
          });
        }
      }
      comment = text === '' ? comment : [];
    }
    return fields;
  }

  #qualified(type: string): string | undefined {
    const [alias = '', name] = type.split('.');
    const prefix = name === undefined ? this.#prefix : prefixOf(this.#imports.get(alias) ?? '');
    return prefix === undefined || scalars[type] ? undefined : `${prefix}.${name ?? alias}`;
  }

  #schema(type: string): Draft {
    if (type.startsWith('*')) return this.#schema(type.slice(1));
    if (type === '[]byte') return { type: 'string', format: 'byte' };
    if (type.startsWith('[]')) return { type: 'array', items: this.#schema(type.slice(2)) };
    const map = /^map\[[^\]]+\](.+)$/.exec(type);
    if (map?.[1]) return { type: 'object', additionalProperties: this.#schema(map[1]) };
    const scalar = scalars[type];
    if (scalar) return { ...scalar };
    const name = type.split('.')[1];
    if (name === undefined) {
      const named = this.#named.get(type);
      return named ? this.#schema(named.type) : reference(`${this.#prefix}.${type}`);
    }
    const definition = this.#qualified(type);
    return definition === undefined ? { type: 'string' } : (structuredClone(foreignMaps[name]) ?? reference(definition));
  }
}

/** Maps that have a name in Go and none in OpenAPI. Named strings of other packages look like references to nothing, see `plain`. */
const foreignMaps: Readonly<Record<string, Draft>> = {
  ResourceList: { type: 'object', additionalProperties: reference('io.k8s.apimachinery.pkg.api.resource.Quantity') },
};

function isRequired(comment: readonly string[], options: string): boolean {
  if (comment.includes('+optional')) return false;
  return comment.includes('+required') || !/omit(empty|zero)/.test(options);
}

function isDeprecated(comment: readonly string[]): boolean {
  const text = comment.filter((line) => !line.startsWith('+')).join(' ');
  return /^Deprecated|\bDeprecated[:.]|^\w+ is deprecated\b|^\w+ is a deprecated\b|\bThis field is deprecated\b/.test(text);
}

function enumsOf(source: string, named: ReadonlyMap<string, { comment: string }>): Map<string, string[]> {
  const enums = new Map<string, string[]>();
  for (const [, , type = '', value = ''] of source.matchAll(/^\t(\w+)\s+(\w+)\s+=\s+"([^"]*)"/gm)) {
    if (/^\/\/ \+enum$/m.test(named.get(type)?.comment ?? '')) enums.set(type, [...(enums.get(type) ?? []), value]);
  }
  return enums;
}
