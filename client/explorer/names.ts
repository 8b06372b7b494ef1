/** A long name with its middle left out: both ends tell objects apart. */
export function shortName(name: string, limit = 28): string {
  if (name.length <= limit) return name;
  const parts = name.split('-');
  const last = parts.at(-1) ?? '';
  const tail = last.length > 0 && last.length <= 10 ? `-${last}` : name.slice(-6);
  const head = name.slice(0, Math.max(4, limit - tail.length - 2));
  return `${head.replace(/-+$/, '')}-…${tail}`;
}

/** What tells a pod from its brothers under the same owner. */
export function podSuffix(name: string): string {
  return name.split('-').at(-1) ?? name;
}
