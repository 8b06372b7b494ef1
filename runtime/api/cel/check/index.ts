import { Checker, type Declarations } from './checker.ts';
import { displayIssues, type Issue } from './issues.ts';
import { parseSyntax } from './parser.ts';
import { type CelType, errorType } from './types.ts';
import { validateLiterals } from './validators.ts';

export type { Declarations } from './checker.ts';
export { displayIssues } from './issues.ts';
export { bindMacro } from './macros.ts';
export * from './types.ts';

/** What an expression evaluates to, or what is wrong with it in the words of cel-go's compiler: `ERROR: <input>:1:5: undefined field 'foo'…`. */
export function checkCel(source: string, declarations: Declarations): { readonly type: CelType; readonly error?: string } {
  const issues: Issue[] = [];
  const syntax = parseSyntax(source, issues, declarations.macros ?? new Set());
  if (issues.length > 0) return { type: errorType, error: displayIssues(source, issues) };
  const checker = new Checker(declarations, issues);
  checker.check(syntax);
  const type = checker.typeOf(syntax);
  if (issues.length === 0) validateLiterals(syntax, (part) => checker.typeOf(part), issues);
  return issues.length === 0 ? { type } : { type, error: displayIssues(source, issues) };
}
