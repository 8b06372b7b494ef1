import { t } from '@vscode/l10n';
import { isNode, type Scalar } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { decodedPath, type FieldPath, formatPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Span } from '../documents/span.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';
import { SchemaCheck } from '../schemas/check.ts';
import type { KnownKind } from '../schemas/kinds.ts';
import { unknownField } from '../schemas/unknown-field.ts';
import type { Operation } from './json-patch.ts';
import { escapeStep, stepsOf } from './json-pointer.ts';
import { inPatch } from './patch-problems.ts';
import type { PatchedKinds } from './patched-kinds.ts';
import { type DeadEnd, follow, type Pointed } from './pointed-field.ts';

/** What patches are compared with. */
export interface Schemas {
  readonly definitions: Definitions;
  /** The release of Kubernetes that the definitions are of. */
  readonly release: string;
}

/** What the kinds that are patched refuse of an operation: paths that lead nowhere, and values that do not fit. */
export function fieldProblems(tree: Tree, operation: Operation, { kinds, certain }: PatchedKinds, schemas: Schemas): Problem[] {
  const told = kinds.map((known) => {
    const problems = problemsFor(tree, operation, known, schemas);
    return kinds.length === 1 ? problems : problems.map((problem) => ({ ...problem, message: `${known.kind}: ${problem.message}` }));
  });
  // Of kinds that only may be meant, one that takes the operation is enough.
  if (!certain && told.some((problems) => problems.length === 0)) return [];
  return told.find((problems) => problems.length > 0) ?? [];
}

function problemsFor(tree: Tree, operation: Operation, { schema }: KnownKind, { definitions, release }: Schemas): Problem[] {
  const op = operation.scalar('op')?.text;
  const problems: Problem[] = [];
  for (const name of ['from', 'path'] as const) {
    if (name === 'from' && op !== 'move' && op !== 'copy') continue;
    const pointer = operation.pointer(name);
    // One without its first slash is told as such.
    if (!pointer?.text.startsWith('/')) continue;
    const isAdded = name === 'path' && (op === 'add' || op === 'move' || op === 'copy');
    const pointed = follow(schema, stepsOf(pointer.text), isAdded, definitions);
    if (pointed.deadEnd) problems.push(refusal(pointed.deadEnd, pointed.path, tree, pointer.node, release));
    else if (name === 'path') problems.push(...valueProblems(tree, operation, op, pointed, { definitions, release }));
  }
  return problems;
}

function refusal({ step, schema, definition, isList }: DeadEnd, path: FieldPath, tree: Tree, node: Scalar, release: string): Problem {
  const field = decodedPath(path);
  const span = spanIn(tree, node, step);
  const problem = { ...span, severity: 'error' as const, path: field };
  if (isList) {
    const why = step.name === '-' ? t('"-" is the place behind the last item, where one can only be added') : notAnIndex(step.name);
    return {
      ...problem,
      code: 'pattern',
      message: `${formatPath(path.slice(0, -1))}: Invalid value: ${JSON.stringify(step.name)}: ${why}`,
    };
  }
  const { message, meant } = unknownField(field, step.name, schema, definition, release);
  const isExact = span.end - span.start === step.end - step.start;
  return { ...problem, code: 'unknown-field', message, ...(meant !== undefined && isExact && { fix: escapeStep(meant) }) };
}

/** As evanphx/json-patch says it. */
function notAnIndex(name: string): string {
  return `value was not a proper array index: '${name}'`;
}

function valueProblems(
  tree: Tree,
  operation: Operation,
  op: unknown,
  { schema, path }: Pointed,
  { definitions, release }: Schemas,
): Problem[] {
  const entry = operation.entry('value');
  if (!schema || !isNode(entry?.value) || path.length === 0 || (op !== 'add' && op !== 'replace' && op !== 'test')) return [];
  const check = new SchemaCheck(tree, definitions, release);
  check.value(entry.value, schema, path, entry.key);
  return inPatch(check.problems);
}

/** Where a part of a scalar's text stands; the whole scalar when it is written otherwise than it is read. */
export function spanIn(tree: Tree, node: Scalar, part: Span): Span {
  const whole = rangeOf(node);
  const text = String(node.value);
  const start = whole.start + (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0);
  if (tree.textOf({ start, end: start + text.length }) !== text) return whole;
  return { start: start + part.start, end: start + part.end };
}
