/**
 * Whether two values mean the same to Kubernetes: absent, null and an empty list or map are equal. Quantities and times must be in canonical form,
 * which `checkStructure` gives them.
 */
export function semanticEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isNothing(left) && isNothing(right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => semanticEqual(item, right[index]));
  }
  const leftFields = left as Record<string, unknown>;
  const rightFields = right as Record<string, unknown>;
  for (const key in leftFields) {
    if (!semanticEqual(leftFields[key], rightFields[key])) return false;
  }
  for (const key in rightFields) {
    if (!(key in leftFields) && !isNothing(rightFields[key])) return false;
  }
  return true;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) ? value.length === 0 : false;
}
