import { isScalar, type Scalar } from 'yaml';
import type { Problem } from '../documents/problem.ts';
import type { Span } from '../documents/span.ts';
import { rangeOf, Tree } from '../documents/tree.ts';

/** A patch that stands in a value of a kustomization. */
export interface Embedded {
  /** The patch itself, YAML or JSON of its own. */
  readonly tree: Tree;
  /** Where the patch begins in the text around it; undefined when its text stands there only with escapes. */
  readonly start: number | undefined;
  /** The whole value. */
  readonly whole: Span;
}

/** The patch in a text; undefined of what is no text or a plain one, which no patch fits into. */
export function embeddedIn(outer: Tree, node: unknown): Embedded | undefined {
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  const whole = rangeOf(node);
  const start = verbatimFrom(outer.textOf(whole), node);
  if (start === undefined) return node.type === 'PLAIN' ? undefined : { tree: new Tree(node.value), start, whole };
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const end = isBlock ? whole.end : whole.end - 1;
  return { tree: new Tree(outer.textOf({ start: whole.start + start, end })), start: whole.start + start, whole };
}

/** Where in a value its text stands as it is read; undefined when nowhere. */
function verbatimFrom(source: string, { type }: Scalar): number | undefined {
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return source.indexOf('\n') + 1 || undefined;
  const content = source.slice(1, -1);
  // Line breaks between quotes become spaces, which only JSON does not mind.
  if (content.includes('\n') && !content.startsWith('[')) return undefined;
  if (type === 'QUOTE_SINGLE') return content.includes("''") ? undefined : 1;
  return type === 'QUOTE_DOUBLE' && !content.includes('\\') ? 1 : undefined;
}

/** Problems of a patch where they stand in the text around it. */
export function placedIn({ start, whole }: Embedded, problems: readonly Problem[]): Problem[] {
  return problems.map(({ fix, also, edit, ...problem }) => {
    // What stands there otherwise than it is read cannot be replaced piece by piece.
    if (start === undefined) return { ...problem, ...whole };
    const moved = <T extends Span>(span: T): T => ({ ...span, start: span.start + start, end: span.end + start });
    return {
      ...moved(problem),
      ...(fix !== undefined && { fix }),
      ...(also && { also: moved(also) }),
      ...(edit && { edit: moved(edit) }),
    };
  });
}
