import { Checker, type Declarations } from './checker.ts';
import { displayIssues, Issues } from './issues.ts';
import { parseSyntax } from './parser.ts';
import { type CelType, errorType } from './types.ts';
import { TooComplex } from './unify.ts';
import { validateLiterals } from './validators.ts';

export type { Declarations } from './checker.ts';
export { displayIssues } from './issues.ts';
export { bindMacro } from './macros.ts';
export * from './types.ts';

/** What an expression evaluates to, or what is wrong with it in the words of cel-go's compiler: `ERROR: <input>:1:5: undefined field 'foo'…`. */
export function checkCel(source: string, declarations: Declarations): { readonly type: CelType; readonly error?: string } {
  const issues = new Issues();
  const type = typeOfExpression(source, declarations, issues);
  return issues.total === 0 ? { type } : { type, error: displayIssues(source, issues.kept, issues.total) };
}

function typeOfExpression(source: string, declarations: Declarations, issues: Issues): CelType {
  const syntax = parseSyntax(source, issues, declarations.macros ?? new Set());
  if (issues.total > 0) return errorType;
  try {
    const checker = new Checker(declarations, issues);
    checker.check(syntax);
    const type = checker.typeOf(syntax);
    if (issues.total === 0) validateLiterals(syntax, (part) => checker.typeOf(part), issues);
    return type;
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    issues.push({ message: error.message, at: -1 });
    return errorType;
  }
}
