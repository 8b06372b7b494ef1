type JsonObject = { readonly [key: string]: unknown };

/** The annotation in which kubectl keeps what was applied last; kept the same way, so that both can apply the same objects. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** A JSON merge patch that brings `live` to `wanted` and takes away what was applied before and is not wanted any more. */
export function threeWayPatch(before: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!(key in wanted) && key in live) patch[key] = null;
  for (const [key, value] of Object.entries(wanted)) {
    const there = live[key];
    if (isObject(value) && isObject(there)) {
      const past = before[key];
      const inner = threeWayPatch(isObject(past) ? past : {}, value, there);
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
