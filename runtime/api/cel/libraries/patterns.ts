import type { RE2JS } from 're2js';
import { compileExpression, isCompiled } from '../../custom-resources/regular-expressions.ts';
import type { Meter } from '../evaluate/meter.ts';

/** What compiling takes for each instruction of what comes of it. */
const compilingWork = 16;

/** How many instructions of an expression are looked at in the time that a part of a value takes. */
const instructionsPerPart = 16;

/**
 * An expression that is about to be held against a text. Repetitions make short patterns long, so that their length says little of the time that they take.
 * @throws Error for what is no expression
 */
export function expressionFor(pattern: string, text: string, meter: Meter): RE2JS {
  const isNew = !isCompiled(pattern);
  if (isNew) meter.work(pattern.length);
  const expression = compileExpression(pattern);
  const size = expression.programSize();
  meter.work((size * text.length) / instructionsPerPart + (isNew ? size * compilingWork : 0));
  return expression;
}
