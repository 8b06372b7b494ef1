/** Stands where an action of a template was masked: a character for private use, which no manifest has. */
export const maskCharacter = '\uE000';

/** What only Helm and its like say. Others, Argo Workflows and Prometheus among them, write `{{ … }}` into texts of plain manifests. */
const chartWords =
  /\{\{-?\s*(?:[^{}]*[\s(])?(?:\$?\.(?:Values|Release|Chart|Capabilities|Template|Files)\b|(?:include|template|define|tpl)\s+["(.$])/;

/** An object's name that is only known when it is rendered; texts of plain manifests have braces elsewhere. */
const unnamed = /^metadata:[ \t]*\r?\n(?:[ \t].*\n)*?[ \t]+(?:name|namespace):[ \t]*["'][^"'\n]*\{\{/m;

const textHeader = /^(?:\s*(?:-\s+)*(?:\S.*?:|-))\s+(?:[&!]\S+\s+)*[|>][-+\d]*\s*(?:#.*)?$/;

/**
 * Whether a document is a template, which becomes a manifest only when it is rendered: an action stands where YAML would expect a field or a
 * value, or it asks for what Helm alone has. Actions inside blocks of text and in quotes are otherwise the text's own business.
 */
export function isTemplate(text: string): boolean {
  if (!text.includes('{{')) return false;
  if (chartWords.test(text) || unnamed.test(text)) return true;
  let textIndent = -1;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (indent < 0 || (textIndent >= 0 && indent > textIndent)) continue;
    textIndent = textHeader.test(line) ? indent : -1;
    if (/^\s*(?:-\s+)*(?:[\w./-]+:\s+)?\{\{(?!\s*\})/.test(line)) return true;
  }
  return false;
}

/**
 * The document with its actions masked, character for character, so that every place stays where it is. Lines of actions alone become blank;
 * elsewhere mask characters stand for what is not known before rendering.
 */
export function maskTemplate(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  const parts = new NamedParts();
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', from)) {
    const end = actionEnd(text, start + 2);
    // An action without an end swallows the rest, which says nothing about the YAML in it.
    if (end < 0) break;
    const [first = '', ...rest] = text.slice(start, end).split('\n');
    pieces.push(text.slice(from, start));
    const part = parts.closedBy(text, start, end, pieces.length);
    if (part !== undefined) for (let at = part; at < pieces.length; at++) pieces[at] = (pieces[at] ?? '').replace(/[^\r\n]/g, ' ');
    pieces.push([maskCharacter.repeat(first.length), ...rest.map(blank)].join('\n'));
    from = end;
  }
  pieces.push(text.slice(from));
  return pieces.join('').replace(onlyActions, blank);
}

const opening = /^\{\{-?\s*(?:if|with|range|block|define)\b/;

/** Follows the blocks of actions, to find parts that are defined for use elsewhere: they are none of the manifest's own lines. */
class NamedParts {
  #depth = 0;
  /** Where the part that is open begins: in the text, and among the pieces that are made of it. */
  #open: { readonly depth: number; readonly text: number; readonly piece: number } | undefined;

  /** The first piece of the part that an action ends; undefined when it ends none, or one that is a manifest itself. */
  closedBy(text: string, start: number, end: number, pieces: number): number | undefined {
    const action = text.slice(start, end);
    if (opening.test(action)) {
      this.#depth++;
      if (!this.#open && /^\{\{-?\s*define\b/.test(action)) this.#open = { depth: this.#depth, text: end, piece: pieces + 1 };
      return undefined;
    }
    if (!/^\{\{-?\s*end\b/.test(action)) return undefined;
    const open = this.#open;
    const closes = open !== undefined && open.depth === this.#depth;
    this.#depth--;
    if (!closes) return undefined;
    this.#open = undefined;
    return /^\s*(?:apiVersion|kind):/m.test(text.slice(open.text, start)) ? undefined : open.piece;
  }
}

const onlyActions = new RegExp(`^[ \\t]*${maskCharacter}[${maskCharacter} \\t]*(?=\\r?$)`, 'gm');

/** Quotes in one line, and the beginnings of what may go over several. */
const tokens = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`|\/\*|\}\}/g;

/** The end of an action; what stands in quotes or in a comment does not end it. -1 when nothing does. */
function actionEnd(text: string, from: number): number {
  tokens.lastIndex = from;
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const end = found.index + found[0].length;
    if (found[0] === '}}') return end;
    const closing = found[0] === '`' ? '`' : found[0] === '/*' ? '*/' : undefined;
    if (closing === undefined) continue;
    const closed = text.indexOf(closing, end);
    if (closed < 0) return -1;
    tokens.lastIndex = closed + closing.length;
  }
  return -1;
}

function blank(text: string): string {
  return text.replace(/[^\r]/g, ' ');
}

/** A masked text as people may see it. */
export function unmask(text: string): string {
  return text.replace(new RegExp(`${maskCharacter}+`, 'g'), '{{…}}');
}

/** Whether a text is not wholly known before rendering. */
export function isMasked(text: unknown): boolean {
  return typeof text === 'string' && text.includes(maskCharacter);
}
