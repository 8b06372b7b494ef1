import type { Span } from '../documents/span.ts';

/** One step of a JSON pointer, and where it stands in the pointer's text, without its slash. */
export interface PointerStep extends Span {
  readonly name: string;
}

/** The steps of a JSON pointer (RFC 6901); none of the whole document. */
export function stepsOf(pointer: string): PointerStep[] {
  // What stands before the first slash is passed over, as evanphx/json-patch does.
  let start = pointer.indexOf('/') + 1;
  if (start === 0) return [];
  return pointer
    .slice(start)
    .split('/')
    .map((text) => {
      const step = { name: unescapeStep(text), start, end: start + text.length };
      start = step.end + 1;
      return step;
    });
}

/** A name as a pointer has it: `~1` for a slash, `~0` for a tilde. */
export function escapeStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapeStep(text: string): string {
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Where a tilde stands that begins no escape; undefined when all do. */
export function strayTilde(pointer: string): number | undefined {
  const at = pointer.search(/~(?![01])/);
  return at < 0 ? undefined : at;
}
