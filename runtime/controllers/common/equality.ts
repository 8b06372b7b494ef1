/** Whether two JSON values are the same; fields that are undefined count as absent. */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => jsonEqual(item, right[index]))
    );
  }
  const a = Object.entries(left).filter(([, value]) => value !== undefined);
  const b = right as Record<string, unknown>;
  const size = Object.values(b).filter((value) => value !== undefined).length;
  return a.length === size && a.every(([key, value]) => jsonEqual(value, b[key]));
}
