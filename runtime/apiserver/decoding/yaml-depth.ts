import { Lexer } from 'yaml';

/** How deep go-yaml goes, in what stands in brackets and in what is indented. */
export const maxYamlDepth = 10_000;

/**
 * The line, counted from one, on which YAML nests deeper than go-yaml goes; undefined if it does not. To be asked before the text is parsed, which
 * takes longer than its length for what nests without end. Of blocks only those on one line are counted: others need more text than a body has.
 */
export function lineNestedTooDeep(text: string): number | undefined {
  if (!mayNestTooDeep(text)) return undefined;
  let inBrackets = 0;
  let onLine = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') inBrackets++;
    else if (lexeme === ']' || lexeme === '}') inBrackets--;
    else if (lexeme === '-' || lexeme === '?') onLine++;
    else if (lexeme.endsWith('\n')) onLine = 0;
    if (inBrackets > maxYamlDepth || onLine > maxYamlDepth) return text.slice(0, offset).split('\n').length;
    if (!isMark(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** Marks that the lexer puts between what it has read: the start of a document, its end and a scalar. */
function isMark(lexeme: string): boolean {
  return lexeme === '\u0002' || lexeme === '\u0018' || lexeme === '\u001f';
}

/** A glance that lets nearly every body pass. */
function mayNestTooDeep(text: string): boolean {
  if (text.length <= maxYamlDepth) return false;
  let openings = 0;
  for (let index = 0; index < text.length && openings <= maxYamlDepth; index++) {
    const code = text.charCodeAt(index);
    if (code === openBracket || code === openBrace || code === dash || code === questionMark) openings++;
  }
  return openings > maxYamlDepth;
}

const openBracket = 0x5b;
const openBrace = 0x7b;
const dash = 0x2d;
const questionMark = 0x3f;
