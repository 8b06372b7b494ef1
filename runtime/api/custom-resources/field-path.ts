import { type JsonSchema, openFields, propertyOf } from './json-schema.ts';

/** Where a path leads in a schema, or why it leads nowhere. */
export type FieldPath =
  | { readonly problem: string; readonly steps?: never; readonly schema?: never; readonly text?: never }
  | {
      readonly problem?: never;
      /** Names of fields and keys. */
      readonly steps: readonly string[];
      readonly schema: JsonSchema;
      /** As errors write it: `spec.labels[key]`. */
      readonly text: string;
    };

const notAField = 'does not refer to a valid field';
const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', "'": "'", '\\': '\\' };

/** Follows a path such as `.spec.labels['key']` through a schema. Follows upstream's `ValidFieldPath`. */
export function validateFieldPath(path: string, schema: JsonSchema, { withBrackets = true } = {}): FieldPath {
  const steps: string[] = [];
  let at: JsonSchema = schema;
  let text = '';
  const tokens = tokensOf(path);
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    let name: string;
    if (token === '.') {
      const next = tokens[++index];
      if (next === undefined) return { problem: 'unexpected end of JSON path' };
      name = next;
    } else if (token === '[') {
      if (!withBrackets) return { problem: 'array notation is not allowed' };
      const next = tokens[++index];
      if (next === undefined) return { problem: 'unexpected end of JSON path' };
      if (next.length < 2 || !next.startsWith("'") || !next.endsWith("'"))
        return { problem: `expected single quoted string but got ${next}` };
      const inner = next.slice(1, -1);
      const wrong = [...inner.matchAll(/\\(.)/gs)].find((match) => escapes[match[1] ?? ''] === undefined);
      if (wrong !== undefined) return { problem: `invalid string literal: invalid escape char ${wrong[0]}` };
      name = inner.replace(/\\(.)/gs, (_all, letter: string) => escapes[letter] ?? letter);
      const close = tokens[++index];
      if (close === undefined) return { problem: 'unexpected end of JSON path' };
      if (close !== ']') return { problem: `expected ] but got ${close}` };
    } else return { problem: `expected [ or . but got: ${token}` };
    const open = openFields(at);
    if (at.properties === undefined && !open.allowed) return { problem: notAField };
    const named = at.properties !== undefined;
    const next = named ? propertyOf(at, name) : (open.schema ?? {});
    if (next === undefined) return { problem: notAField };
    text = named ? (text === '' ? name : `${text}.${name}`) : `${text}[${name}]`;
    steps.push(name);
    at = next;
  }
  return { steps, schema: at, text };
}

/** Cuts a path at dots and brackets; texts in single quotes stay whole. */
function tokensOf(path: string): readonly string[] {
  return path.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]']+|'/gs) ?? [];
}
