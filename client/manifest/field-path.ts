/** One step into an object: a key, an index, or the item of a list whose fields have these values. */
export type Step = string | number | { readonly where: Readonly<Record<string, string>> };

/** Reads a field path as the API server writes it: `spec.containers[0].name`, `metadata.labels[app.kubernetes.io/name]`, `.ports[containerPort=80,protocol="TCP"]`. */
export function parseFieldPath(path: string): Step[] {
  const steps: Step[] = [];
  const ends = bracketEnds(path);
  const step = /\[|[^.[\]]+/g;
  for (let found = step.exec(path); found !== null; found = step.exec(path)) {
    const [text] = found;
    if (text !== '[') {
      steps.push(text);
      continue;
    }
    const end = ends.get(found.index);
    if (end === undefined) continue;
    steps.push(bracketStep(path.slice(step.lastIndex, end)));
    step.lastIndex = end + 1;
  }
  return steps;
}

/**
 * Where the bracket ends that begins at a place; not within a text in quotes, in which a backslash takes the next character's meaning away. It is found
 * from the end of the path on backwards, for all places in one pass: from each of them forwards, many that do not end would be gone through to the end.
 */
function bracketEnds(path: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  // What the nearest end is to who reads on from the place looked at, from the one behind it, or from the second: outside of quotes, and within them.
  let outside: number | undefined;
  let inside: number | undefined;
  let insideNext: number | undefined;
  for (let at = path.length - 1; at >= 0; at--) {
    const character = path[at] ?? '';
    if (character === '[' && outside !== undefined) ends.set(at, outside);
    const [outsideBehind, insideBehind] = [outside, inside];
    if (character === ']') outside = at;
    else if (character === '"') outside = insideBehind;
    if (character === '"') inside = outsideBehind;
    else if (character === '\\') inside = /[\n\r\u2028\u2029]/.test(path[at + 1] ?? '\n') ? undefined : insideNext;
    insideNext = insideBehind;
  }
  return ends;
}

function bracketStep(text: string): Step {
  if (/^\d+$/.test(text)) return Number(text);
  const pair = /([\w.-]+)=("(?:[^"\\]|\\.)*"|[^,]*)/y;
  const where: [key: string, value: string][] = [];
  for (let found = pair.exec(text); found !== null; found = pair.exec(text)) {
    const [, key = '', value = ''] = found;
    where.push([key, unquote(value)]);
    const end = pair.lastIndex;
    if (end === text.length) return { where: Object.fromEntries(where) };
    if (text[end] !== ',') break;
    pair.lastIndex = end + 1;
  }
  return unquote(text);
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
