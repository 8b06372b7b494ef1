import { RE2JS } from 're2js';

/** Expressions of the language that Go's `regexp` knows, matched in time linear in the text, so that no pattern can hold the server up. */

/** How many instructions and characters of patterns are kept: patterns may come from objects, and each may be as large as one. */
const maxCached = 50_000;
const compiled = new Map<string, RE2JS | Error>();
let cached = 0;

/** Whether an expression can be had without compiling it. */
export function isCompiled(pattern: string): boolean {
  return compiled.has(pattern);
}

/** Compiles an expression. @throws Error in Go's words: `error parsing regexp: missing closing ): ...` */
export function compileExpression(pattern: string): RE2JS {
  let known = compiled.get(pattern);
  if (known === undefined) {
    known = attempt(pattern);
    if (cached >= maxCached) {
      compiled.clear();
      cached = 0;
    }
    compiled.set(pattern, known);
    cached += pattern.length + (known instanceof Error ? 1 : known.programSize());
  }
  if (known instanceof Error) throw known;
  return known;
}

/** Whether an expression is found anywhere in a text. @throws Error for what is no expression */
export function matchesExpression(pattern: string, text: string): boolean {
  return compileExpression(pattern).matcher(text).find();
}

function attempt(pattern: string): RE2JS | Error {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return new Error(text.startsWith('error parsing regexp') ? text : `error parsing regexp: ${text}`);
  }
}
