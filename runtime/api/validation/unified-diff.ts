/**
 * The difference of two texts as go-difflib writes it, without a heading: what Kubernetes says of objects that should have stayed as they were. It
 * finds what is common as Python's `difflib.SequenceMatcher` does, whose blocks differ from those of other algorithms.
 */

/** From where to where in the one and the other text, the ends not included. */
interface Operation {
  readonly tag: 'equal' | 'replace' | 'delete' | 'insert';
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
}

interface Block {
  readonly start: number;
  readonly other: number;
  readonly size: number;
}

const context = 3;
/** Texts of so many lines have popular ones, which say little about what belongs together. */
const manyLines = 200;
/** What takes longer is told as one change: how long it takes grows with the square of what has changed, and others are kept waiting. */
const mostComparisons = 1_000_000;

/** From where to where in the one text, and in the other, the ends not included. */
type Range = readonly [from: number, to: number, otherFrom: number, otherTo: number];

/** Values as indented JSON, line by line; empty when both are the same. */
export function jsonDifference(before: unknown, after: unknown): string {
  return unifiedDifference(linesOf(before), linesOf(after));
}

function linesOf(value: unknown): string[] {
  // As Go writes it, so that it can stand in HTML.
  const text = JSON.stringify(value, null, 1).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.split('\n');
}

function unifiedDifference(before: readonly string[], after: readonly string[]): string {
  const written: string[] = [];
  for (const group of groupsOf(operationsOf(before, after))) {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) continue;
    written.push(`@@ -${rangeOf(first.from, last.to)} +${rangeOf(first.otherFrom, last.otherTo)} @@`);
    for (const { tag, from, to, otherFrom, otherTo } of group) {
      if (tag === 'equal') written.push(...before.slice(from, to).map((line) => ` ${line}`));
      else {
        written.push(...before.slice(from, to).map((line) => `-${line}`), ...after.slice(otherFrom, otherTo).map((line) => `+${line}`));
      }
    }
  }
  return written.map((line) => `${line}\n`).join('');
}

function rangeOf(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return `${from + 1}`;
  return `${length === 0 ? from : from + 1},${length}`;
}

/** Where each line of the other text stands, without the popular ones. */
function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else known.push(index);
  }
  if (lines.length < manyLines) return places;
  const most = Math.floor(lines.length / 100) + 1;
  for (const [line, found] of places) if (found.length > most) places.delete(line);
  return places;
}

/** Finds what two texts have in common. */
class BlockFinder {
  readonly #before: readonly string[];
  readonly #after: readonly string[];
  readonly #places: ReadonlyMap<string, readonly number[]>;
  /** How often a line has been held against another. */
  #comparisons = 0;

  constructor(before: readonly string[], after: readonly string[]) {
    this.#before = before;
    this.#after = after;
    this.#places = placesOf(after);
  }

  blocks(): Block[] {
    const blocks: Block[] = [];
    const waiting: Range[] = [[0, this.#before.length, 0, this.#after.length]];
    for (let range = waiting.pop(); range !== undefined && this.#comparisons < mostComparisons; range = waiting.pop()) {
      const [from, to, otherFrom, otherTo] = range;
      const block = this.#longestMatch(range);
      if (block.size === 0) continue;
      blocks.push(block);
      if (from < block.start && otherFrom < block.other) waiting.push([from, block.start, otherFrom, block.other]);
      const [end, otherEnd] = [block.start + block.size, block.other + block.size];
      if (end < to && otherEnd < otherTo) waiting.push([end, to, otherEnd, otherTo]);
    }
    return joined(blocks.sort((left, right) => left.start - right.start || left.other - right.other));
  }

  #longestMatch([from, to, otherFrom, otherTo]: Range): Block {
    const [before, after] = [this.#before, this.#after];
    let [start, other, size] = [from, otherFrom, 0];
    let lengths: ReadonlyMap<number, number> = noLengths;
    for (let index = from; index < to; index++) {
      const places = this.#places.get(before[index] ?? '') ?? [];
      this.#comparisons += places.length + 1;
      const next = places.length === 0 ? noLengths : new Map<number, number>();
      for (const place of places) {
        if (place < otherFrom) continue;
        if (place >= otherTo) break;
        const length = (lengths.get(place - 1) ?? 0) + 1;
        next.set(place, length);
        if (length > size) [start, other, size] = [index - length + 1, place - length + 1, length];
      }
      lengths = next;
    }
    // Popular lines beside what was found belong to it.
    while (start > from && other > otherFrom && before[start - 1] === after[other - 1])
      [start, other, size] = [start - 1, other - 1, size + 1];
    while (start + size < to && other + size < otherTo && before[start + size] === after[other + size]) size++;
    return { start, other, size };
  }
}

const noLengths = new Map<number, number>();

function joined(blocks: readonly Block[]): Block[] {
  const whole: Block[] = [];
  for (const block of blocks) {
    const last = whole.at(-1);
    if (last !== undefined && last.start + last.size === block.start && last.other + last.size === block.other) {
      whole[whole.length - 1] = { ...last, size: last.size + block.size };
    } else whole.push(block);
  }
  return whole;
}

function operationsOf(before: readonly string[], after: readonly string[]): Operation[] {
  const operations: Operation[] = [];
  let [at, otherAt] = [0, 0];
  for (const { start, other, size } of [
    ...new BlockFinder(before, after).blocks(),
    { start: before.length, other: after.length, size: 0 },
  ]) {
    const range = { from: at, to: start, otherFrom: otherAt, otherTo: other };
    if (at < start && otherAt < other) operations.push({ tag: 'replace', ...range });
    else if (at < start) operations.push({ tag: 'delete', ...range });
    else if (otherAt < other) operations.push({ tag: 'insert', ...range });
    [at, otherAt] = [start + size, other + size];
    if (size > 0) operations.push({ tag: 'equal', from: start, to: at, otherFrom: other, otherTo: otherAt });
  }
  return operations;
}

/** What is near one another, each with a few lines that are the same before and behind it. */
function groupsOf(operations: readonly Operation[]): Operation[][] {
  const groups: Operation[][] = [];
  let group: Operation[] = [];
  for (const [index, operation] of operations.entries()) {
    if (operation.tag !== 'equal') {
      group.push(operation);
      continue;
    }
    const { to, otherTo } = operation;
    const [isFirst, isLast] = [index === 0, index === operations.length - 1];
    const size = operation.to - operation.from;
    const head: Operation = {
      ...operation,
      to: Math.min(to, operation.from + context),
      otherTo: Math.min(otherTo, operation.otherFrom + context),
    };
    const tail: Operation = {
      ...operation,
      from: Math.max(operation.from, to - context),
      otherFrom: Math.max(operation.otherFrom, otherTo - context),
    };
    if (isFirst) group.push(tail);
    else if (isLast) group.push(head);
    else if (size > 2 * context) {
      groups.push([...group, head]);
      group = [tail];
    } else group.push(operation);
  }
  if (group.some(({ tag }) => tag !== 'equal')) groups.push(group);
  return groups;
}
