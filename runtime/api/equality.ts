/**
 * Whether two values say the same in JSON: fields that are undefined or null count as absent, but an empty list or map is not the same as none
 * (for that see `semanticEqual`).
 */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if ((left ?? null) === (right ?? null)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => jsonEqual(item, right[index]))
    );
  }
  const a = left as Record<string, unknown>;
  const b = right as Record<string, unknown>;
  for (const key of Object.keys(a)) if (!jsonEqual(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if ((b[key] ?? null) !== null && !Object.hasOwn(a, key)) return false;
  return true;
}
