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

/** Paths at which two values differ, each with what was and what is; for messages. */
export function describeChanges(before: unknown, after: unknown, path = ''): string[] {
  if (semanticEqual(before, after)) return [];
  const deep = typeof before === 'object' && typeof after === 'object' && before !== null && after !== null;
  if (deep && Array.isArray(before) === Array.isArray(after) && (!Array.isArray(before) || before.length === (after as unknown[]).length)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const isList = Array.isArray(before);
    return [...keys].flatMap((key) =>
      describeChanges(
        (before as Record<string, unknown>)[key],
        (after as Record<string, unknown>)[key],
        isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  const lines: string[] = [];
  if (before !== undefined) lines.push(`-\t${path}: ${JSON.stringify(before)}`);
  if (after !== undefined) lines.push(`+\t${path}: ${JSON.stringify(after)}`);
  return lines;
}
