type JsonObject = { readonly [key: string]: unknown };

/** The annotation in which kubectl keeps what was applied last; kept the same way, so that both can apply the same objects. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields by which Kubernetes tells the items of its lists apart, in the order they are tried. */
const listKeys = ['name', 'mountPath', 'devicePath', 'containerPort', 'port', 'topologyKey', 'ip', 'uid', 'key', 'type'];

/**
 * A JSON merge patch that brings `live` to `wanted`: what was applied `before` and is not wanted any more goes, and what
 * the server or others added stays.
 */
export function threeWayPatch(before: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
  return difference(live, mergeObjects(before, wanted, live));
}

function mergeObjects(before: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
  const kept = Object.entries(live).filter(([key]) => key in wanted || !(key in before));
  const merged: Record<string, unknown> = Object.fromEntries(kept);
  for (const [key, value] of Object.entries(wanted)) merged[key] = merge(before[key], value, live[key]);
  return merged;
}

function merge(before: unknown, wanted: unknown, live: unknown): unknown {
  if (isObject(wanted) && isObject(live)) return mergeObjects(isObject(before) ? before : {}, wanted, live);
  if (!Array.isArray(wanted) || !Array.isArray(live)) return wanted;
  const past: readonly unknown[] = Array.isArray(before) ? before : [];
  const key = listKeys.find((candidate) => [wanted, live, past].every((list) => tellsApart(list, candidate)));
  if (key === undefined) return wanted;
  const item = (list: readonly unknown[], name: unknown) => (list as readonly JsonObject[]).find((each) => each[key] === name);
  const items = (wanted as readonly JsonObject[]).map((each) => merge(item(past, each[key]), each, item(live, each[key])));
  const added = (live as readonly JsonObject[]).filter((each) => !item(wanted, each[key]) && !item(past, each[key]));
  return [...items, ...added];
}

function tellsApart(list: readonly unknown[], key: string): boolean {
  const names = list.map((item) => (isObject(item) ? item[key] : undefined));
  return !names.includes(undefined) && new Set(names).size === names.length;
}

function difference(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    const there = from[key];
    if (isObject(value) && isObject(there)) {
      const inner = difference(there, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (JSON.stringify(value) !== JSON.stringify(there)) {
      patch[key] = value;
    }
  }
  return patch;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
