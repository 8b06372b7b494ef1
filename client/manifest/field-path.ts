/** One step into an object: a key, an index, or the item of a list whose fields have these values. */
export type Step = string | number | { readonly where: Readonly<Record<string, string>> };

/** Reads a field path as the API server writes it: `spec.containers[0].name`, `metadata.labels[app.kubernetes.io/name]`, `.ports[containerPort=80,protocol="TCP"]`. */
export function parseFieldPath(path: string): Step[] {
  const steps: Step[] = [];
  const pattern = /\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]|([^.[\]]+)/g;
  for (const [, bracket, name] of path.matchAll(pattern)) {
    if (name !== undefined) steps.push(name);
    else if (bracket !== undefined) steps.push(bracketStep(bracket));
  }
  return steps;
}

function bracketStep(text: string): Step {
  if (/^\d+$/.test(text)) return Number(text);
  const pairs = [...text.matchAll(/([\w.-]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g)];
  if (pairs.length > 0 && pairs.map(([pair]) => pair).join(',') === text) {
    return { where: Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, unquote(value)])) };
  }
  return unquote(text);
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
