import { Checker, type Declarations } from './checker.ts';
import { displayIssues, Issues } from './issues.ts';
import { parseSyntax } from './parser.ts';
import { occurrences, type Syntax } from './syntax.ts';
import { type CelType, errorType } from './types.ts';
import { TooComplex } from './unify.ts';
import { validateLiterals } from './validators.ts';

export type { Declarations } from './checker.ts';
export { displayIssues } from './issues.ts';
export { bindMacro } from './macros.ts';
export * from './types.ts';

/** What is known of an expression. */
export interface Checked {
  readonly type: CelType;
  /** The greatest size of a type of its parts. */
  readonly largestType: number;
  readonly error?: string;
}

const noTypes: Checked = { type: errorType, largestType: errorType.size };

/** What an expression evaluates to, or what is wrong with it in the words of cel-go's compiler: `ERROR: <input>:1:5: undefined field 'foo'…`. */
export function checkCel(source: string, declarations: Declarations): Checked {
  const issues = new Issues();
  const found = typesOf(source, declarations, issues);
  return issues.total === 0 ? found : { ...found, error: displayIssues(source, issues.kept, issues.total) };
}

function typesOf(source: string, declarations: Declarations, issues: Issues): Checked {
  const syntax = parseSyntax(source, issues, declarations.macros ?? new Set());
  if (issues.total > 0) return noTypes;
  try {
    const checker = new Checker(declarations, issues);
    checker.check(syntax);
    const typeOf = (part: Syntax) => checker.typeOf(part);
    if (issues.total === 0) validateLiterals(syntax, typeOf, issues);
    const sizes = [...occurrences(syntax).keys()].map((part) => typeOf(part).size);
    return { type: typeOf(syntax), largestType: sizes.reduce((a, b) => Math.max(a, b)) };
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    issues.push({ message: error.message, at: -1 });
    return noTypes;
  }
}
