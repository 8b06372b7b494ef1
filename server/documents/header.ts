/** A value of a manifest's head and where it stands; offsets from the document's start. */
export interface HeaderValue {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a document says about itself. Read by looking at lines, because every document of a file is asked on every edit. */
export interface Header {
  readonly apiVersion?: HeaderValue;
  readonly kind?: HeaderValue;
  readonly name?: HeaderValue;
  readonly namespace?: HeaderValue;
  /** The first character that is neither white space, comment nor marker; -1 in an empty document. */
  readonly content: number;
  /** Whether the document is written in flow style (`{…}`), so that its lines say nothing. */
  readonly flow: boolean;
}

type Field = 'apiVersion' | 'kind' | 'name' | 'namespace';

const rootField = /^(?:"(apiVersion|kind|metadata)"|'(apiVersion|kind|metadata)'|(apiVersion|kind|metadata))[ \t]*:(?=[ \t]|$)/;
const metadataField = /^(?:"(name|namespace)"|'(name|namespace)'|(name|namespace))[ \t]*:(?=[ \t]|$)/;

/** The scalar that begins at `at` in a line: without quotes, anchors and the comment behind it. */
function scalarAt(line: string, at: number, lineStart: number): HeaderValue | undefined {
  let start = at;
  while (line[start] === ' ' || line[start] === '\t') start++;
  const quote = line[start];
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, start + 1);
    if (end < 0) return undefined;
    return { text: line.slice(start + 1, end), start: lineStart + start, end: lineStart + end + 1 };
  }
  const comment = line.slice(start).search(/(^|[ \t])#/);
  const text = (comment < 0 ? line.slice(start) : line.slice(start, start + comment)).trimEnd();
  if (text === '' || /^[&*!|>{[]/.test(text)) return undefined;
  return { text, start: lineStart + start, end: lineStart + start + text.length };
}

/** A field of a mapping in flow style, `metadata: { name: web }`, as far as one line tells. */
function flowField(line: string, name: string, at: number, lineStart: number): HeaderValue | undefined {
  const match = new RegExp(`^\\s*\\{(?:.*[,{])?\\s*["']?${name}["']?:[ \\t]*(?:"([^"]*)"|'([^']*)'|([^\\s,}"'{[]+))`).exec(line.slice(at));
  const text = match?.[1] ?? match?.[2] ?? match?.[3];
  if (!match || text === undefined) return undefined;
  const end = lineStart + at + match[0].length;
  return { text, start: end - text.length, end };
}

/** Reads the head of a document. */
export function readHeader(text: string): Header {
  const found: Partial<Record<Field, HeaderValue>> = {};
  let content = -1;
  let flow = false;
  let metadataIndent: number | undefined;
  let inMetadata = false;
  const take = (field: Field, value: HeaderValue | undefined) => {
    if (value !== undefined && found[field] === undefined) found[field] = value;
  };
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    let start = at;
    if (start === 0 && text.charCodeAt(0) === 0xfeff) start = 1;
    // Inside `spec`, lines are indented: most are passed over by their first character.
    const first = text.charCodeAt(start);
    if (first === 32 && content >= 0 && !inMetadata) {
      at = next;
      continue;
    }
    let line = text.slice(start, next).trimEnd();
    if (content < 0 && /^---([ \t]|$)/.test(line)) {
      line = `   ${line.slice(3)}`;
      const inline = line.search(/\S/);
      if (inline >= 0 && line[inline] !== '#') {
        content = start + inline;
        flow = line[inline] === '{';
      }
      at = next;
      continue;
    }
    const indent = line.search(/\S/);
    if (indent < 0 || line[indent] === '#' || (content < 0 && line[indent] === '%')) {
      at = next;
      continue;
    }
    if (content < 0) {
      content = start + indent;
      flow = line[indent] === '{';
    }
    if (indent === 0) {
      const match = rootField.exec(line);
      const name = match?.[1] ?? match?.[2] ?? match?.[3];
      inMetadata = name === 'metadata';
      if (inMetadata && match) {
        take('name', flowField(line, 'name', match[0].length, start));
        take('namespace', flowField(line, 'namespace', match[0].length, start));
      }
      metadataIndent = undefined;
      if (match && (name === 'apiVersion' || name === 'kind')) take(name, scalarAt(line, match[0].length, start));
    } else if (inMetadata) {
      metadataIndent ??= indent;
      if (indent === metadataIndent) {
        const match = metadataField.exec(line.slice(indent));
        const name = match?.[1] ?? match?.[2] ?? match?.[3];
        if (match && (name === 'name' || name === 'namespace')) take(name, scalarAt(line, indent + match[0].length, start));
      }
    }
    at = next;
  }
  return { ...found, content, flow };
}
