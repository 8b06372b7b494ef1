import type { FieldChange, History, Lifecycle, Span } from '../../history.ts';
import type { Schema } from '../../schema.ts';
import { type Draft, handMade } from '../definition.ts';
import type { GoStruct } from './go-types.ts';
import type { Release, ReleasedKind } from './release.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends Readonly<Record<string, infer Value>> ? Record<string, Value> : T[Key] };

/** Compares releases, oldest first, so that each can be derived from the newest. */
export function compare(releases: ReadonlyMap<string, Release>, lifecycles: ReadonlyMap<string, Lifecycle>): History {
  const names = [...releases.keys()];
  const served = new Map([...releases].map(([name, release]) => [name, servedKinds(release, name, lifecycles)]));
  const history: Writable<History> = { releases: names, kinds: {}, gone: {}, definitions: {}, fields: {}, values: {}, deprecated: {} };
  const kindsOf = (name: string) => served.get(name) ?? new Map<string, ReleasedKind>();

  for (const [kind, lifecycle] of sorted(lifecycles)) if (!kind.endsWith('List')) history.kinds[kind] = lifecycle;
  for (const kind of new Set(names.flatMap((name) => [...kindsOf(name).keys()]))) {
    const span = spanOf(names, (name) => kindsOf(name).has(kind));
    const last = kindsOf(names.findLast((name) => kindsOf(name).has(kind)) ?? '').get(kind);
    if (span.removed !== undefined && last) history.gone[kind] = { ...last, ...span };
    const introduced = span.added !== undefined && { introduced: span.added };
    const removed = span.removed !== undefined && { removed: span.removed };
    if (introduced || removed) history.kinds[kind] = { ...introduced, ...history.kinds[kind], ...removed };
  }
  const roots = names.flatMap((name) => [...kindsOf(name).values()].map((kind) => kind.definition));
  const last = names.slice(-1);
  const current = reach(
    new Map([...releases].filter(([name]) => last.includes(name))),
    last.flatMap((name) => [...kindsOf(name).values()].map((kind) => kind.definition)),
  );
  for (const definition of [...reach(releases, roots)].sort()) compareDefinition(definition, current.has(definition), releases, history);
  return history;
}

function compareDefinition(
  definition: string,
  isCurrent: boolean,
  releases: ReadonlyMap<string, Release>,
  history: Writable<History>,
): void {
  const having = [...releases].filter(([, release]) => release.structs.has(definition));
  const last = having.at(-1)?.[1];
  const struct = last?.structs.get(definition);
  if (!last || !struct) return;
  const names = having.map(([name]) => name);
  const fieldIn = (name: string, field: string) => releases.get(name)?.structs.get(definition)?.fields.get(field);
  if (!isCurrent) history.definitions[definition] = schemaOf(struct, last);

  const fields: Record<string, FieldChange> = {};
  const values: Record<string, Record<string, Span>> = {};
  for (const field of new Set(names.flatMap((name) => [...(releases.get(name)?.structs.get(definition)?.fields.keys() ?? [])]))) {
    const span = spanOf(names, (name) => fieldIn(name, field) !== undefined);
    const final = names.findLast((name) => fieldIn(name, field)) ?? '';
    const { schema, required, named = '' } = fieldIn(final, field) ?? {};
    if (span.removed !== undefined && schema) {
      fields[field] = { ...span, schema: plain(schema, releases.get(final)), ...(required && { required }) };
    } else if (span.added !== undefined) fields[field] = span;
    const valuesIn = (name: string) => releases.get(name)?.enums.get(fieldIn(name, field)?.named ?? named);
    const known = names.filter((name) => valuesIn(name));
    const changed = new Set(known.flatMap((name) => valuesIn(name) ?? []));
    for (const value of changed) {
      const change = spanOf(known, (name) => valuesIn(name)?.includes(value) ?? false);
      if (change.added ?? change.removed) values[field] = { ...values[field], [value]: change };
    }
  }
  if (Object.keys(fields).length > 0) history.fields[definition] = fields;
  if (Object.keys(values).length > 0) history.values[definition] = values;
  const deprecated = [...struct.fields].filter(([, field]) => field.deprecated).map(([name]) => name);
  if (deprecated.length > 0) history.deprecated[definition] = deprecated;
}

/** The kinds that a release serves: their types stay in the sources long after. */
function servedKinds(release: Release, name: string, everyLifecycle: ReadonlyMap<string, Lifecycle>): Map<string, ReleasedKind> {
  return new Map(
    sorted(release.kinds).filter(([kind]) => {
      const { introduced, removed } = release.lifecycles.get(kind) ?? everyLifecycle.get(kind) ?? {};
      const isGone = removed !== undefined && minorOf(removed) <= minorOf(name);
      return !isGone && !(introduced !== undefined && minorOf(introduced) > minorOf(name)) && !kind.startsWith('meta ');
    }),
  );
}

const minorOf = (name: string) => Number(name.split('.')[1]);

function spanOf(names: readonly string[], has: (name: string) => boolean): Span {
  const added = names.findIndex(has);
  const removed = names.findLastIndex(has) + 1;
  const first = names[added];
  const after = names[removed];
  return { ...(added > 0 && first !== undefined && { added: first }), ...(after !== undefined && { removed: after }) };
}

/** The definitions that kinds refer to in any release. */
function reach(releases: ReadonlyMap<string, Release>, roots: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const pending = [...roots];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const release of releases.values()) {
      const fields = release.structs.get(name)?.fields.values() ?? [];
      for (const { schema } of fields)
        for (const [, target = ''] of JSON.stringify(schema).matchAll(/#\/definitions\/([^"]+)/g)) pending.push(target);
    }
  }
  return reached;
}

function schemaOf(struct: GoStruct, release: Release): Schema {
  const fields = sorted(struct.fields);
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map(([name, { schema, named }]) => [name, plain(schema, release, named)])),
  };
}

/** A schema whose references lead somewhere: what is no struct is a named string, with its values where they are closed. */
function plain(schema: Draft, release: Release | undefined, named?: string): Schema {
  const target = schema.$ref?.slice('#/definitions/'.length);
  const values = release?.enums.get(named ?? target ?? '');
  if (target !== undefined && !handMade[target] && !release?.structs.has(target))
    return { type: 'string', ...(values && { enum: values }) };
  const { items, additionalProperties } = schema;
  return {
    ...(schema as Schema),
    ...(items && { items: plain(items, release, named) }),
    ...(additionalProperties && { additionalProperties: plain(additionalProperties, release) }),
    ...(schema.type === 'string' && values && { enum: values }),
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
