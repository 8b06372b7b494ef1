import { Checker, type Declarations, type Reference, type ResolvedCall } from './checker.ts';
import { displayIssues, Issues } from './issues.ts';
import { parseSyntax } from './parser.ts';
import type { Syntax } from './syntax.ts';
import { type CelType, errorType } from './types.ts';
import { TooComplex } from './unify.ts';
import { validateLiterals } from './validators.ts';

export type { Declarations, Reference, ResolvedCall } from './checker.ts';
export { displayIssues } from './issues.ts';
export { bindMacro } from './macros.ts';
export * from './syntax.ts';
export * from './types.ts';

/** An expression without faults, with what is known of its parts. */
export interface CheckedExpression {
  readonly root: Syntax;
  typeOf(part: Syntax): CelType;
  referenceOf(part: Syntax): Reference | undefined;
  callOf(part: Syntax): ResolvedCall | undefined;
}

/** What is known of an expression: its type, and either its parts or what is wrong with it. */
export interface Checked {
  readonly type: CelType;
  readonly expression?: CheckedExpression;
  readonly error?: string;
}

/** What an expression evaluates to, or what is wrong with it in the words of cel-go's compiler: `ERROR: <input>:1:5: undefined field 'foo'…`. */
export function checkCel(source: string, declarations: Declarations): Checked {
  const issues = new Issues();
  const found = typesOf(source, declarations, issues);
  return issues.total === 0 ? found : { type: found.type, error: displayIssues(source, issues.kept, issues.total) };
}

function typesOf(source: string, declarations: Declarations, issues: Issues): Checked {
  const root = parseSyntax(source, issues, declarations.macros ?? new Set());
  if (issues.total > 0) return { type: errorType };
  try {
    const checker = new Checker(declarations, issues);
    checker.check(root);
    const typeOf = (part: Syntax) => checker.typeOf(part);
    if (issues.total === 0) validateLiterals(root, typeOf, issues);
    const expression: CheckedExpression = {
      root,
      typeOf,
      referenceOf: (part) => checker.referenceOf(part),
      callOf: (part) => checker.callOf(part),
    };
    return { type: typeOf(root), expression };
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    issues.push({ message: error.message, at: -1 });
    return { type: errorType };
  }
}
