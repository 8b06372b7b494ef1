/** A record of these names, each value of which is made when it is first asked for, and then kept. It looks like any other record. */
export function recordOnDemand<Value>(names: Iterable<string>, make: (name: string) => Value): Readonly<Record<string, Value>> {
  const all = new Set(names);
  const known = (made: Record<string, Value>, name: string | symbol): Value | undefined => {
    if (typeof name !== 'string' || !all.has(name)) return undefined;
    const value = made[name] ?? make(name);
    made[name] = value;
    return value;
  };
  return new Proxy<Record<string, Value>>(Object.create(null), {
    get: (made, name) => made[name as string] ?? known(made, name),
    has: (_, name) => all.has(name as string),
    ownKeys: () => [...all],
    getOwnPropertyDescriptor: (made, name) => {
      const value = known(made, name);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true };
    },
  });
}

/**
 * The record that is written in lines: a name, its value as JSON, the next name and so on. `.config/build.mjs` writes large files of `generated/` so: of all
 * the types of an API a program meets few.
 */
export function recordOfLines(lines: string): Readonly<Record<string, unknown>> {
  const parts = lines.split('\n');
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) values.set(parts[at] ?? '', parts[at + 1] ?? '');
  return recordOnDemand<unknown>(values.keys(), (name) => JSON.parse(values.get(name) ?? ''));
}
