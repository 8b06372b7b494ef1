import table from './internal-structs.json' with { type: 'json' };
import { mapInGo, selectorInGo } from './internal-types.ts';

/**
 * The larger internal types of `pkg/apis/core/types.go` and `pkg/apis/certificates/types.go`: each field as its name in Go (`-` when it has none), its
 * name in the manifest, and what it holds.
 */
const structs: Readonly<Record<string, readonly string[]>> = table;

type Field = readonly [name: string, field: string, kind: string];

const fields = new Map<string, readonly Field[]>();

function fieldsOf(type: string): readonly Field[] {
  let known = fields.get(type);
  if (known === undefined) {
    known = (structs[type] ?? []).map((line): Field => {
      const [name = '', field = '', kind = ''] = line.split(' ');
      return [name, field, kind];
    });
    fields.set(type, known);
  }
  return known;
}

/** What stands where nothing is set, by the kind of a field: pointers and lists are null. */
const unset: Readonly<Record<string, unknown>> = { s: '', n: 0, b: false, i: 0, q: '0' };

/** A value of the manifest, or a list of such values, as field errors show it: as JSON of upstream's internal type. */
export function structInGo(type: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => structInGo(type, item));
  if (typeof value !== 'object' || value === null) return null;
  const held = type === 'PodSpec' ? withHostFields(value) : (value as Readonly<Record<string, unknown>>);
  const shown: Record<string, unknown> = {};
  for (const [name, field, kind] of fieldsOf(type)) {
    if (name === '-') Object.assign(shown, metadataInGo(held[field]));
    else shown[name] = fieldInGo(kind, held[field]);
  }
  return shown;
}

function fieldInGo(kind: string, value: unknown): unknown {
  if (kind === 'm') return mapInGo(value);
  if (kind === 'selector') return selectorInGo(value);
  if (kind === 'meta') return metadataInGo(value);
  if (kind.startsWith('*')) return structInGo(kind.slice(1), value);
  if (kind.startsWith('.')) return structInGo(kind.slice(1), value ?? {});
  return value ?? unset[kind] ?? null;
}

/** Metadata has names for JSON, and leaves out what is not set. */
function metadataInGo(metadata: unknown): Readonly<Record<string, unknown>> {
  const { labels, annotations, ...rest } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  const isGiven = (map: unknown): boolean => typeof map === 'object' && map !== null && Object.keys(map).length > 0;
  return {
    ...rest,
    ...(isGiven(labels) && { labels: mapInGo(labels) }),
    ...(isGiven(annotations) && { annotations: mapInGo(annotations) }),
  };
}

/** What a pod shares with its node stands in the internal security context, which is therefore never missing. */
function withHostFields(spec: object): Readonly<Record<string, unknown>> {
  const given = spec as Readonly<Record<string, unknown>>;
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = given;
  const context = { ...(given.securityContext as object | undefined), hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers };
  return { ...given, securityContext: context };
}
