import { Duration, type Environment } from '@marcbachmann/cel-js/evaluator';
import { type Comparing, same } from './equality.ts';

/** `k8s.io/apiserver/pkg/cel/library` lists, and cel-go's lists and sets. */
export function registerLists(environment: Environment): void {
  const sync = { async: false };
  environment
    .registerFunction(
      'list<A>.isSorted(): bool',
      (list: readonly unknown[]) => list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0),
      sync,
    )
    .registerFunction('list<A>.sum(): A', sum, sync)
    .registerFunction('list<A>.min(): A', (list: readonly unknown[]) => extreme(list, -1, 'min'), sync)
    .registerFunction('list<A>.max(): A', (list: readonly unknown[]) => extreme(list, 1, 'max'), sync)
    .registerFunction(
      'list<A>.__indexOf(A): int',
      function (this: Comparing, list: readonly unknown[], item: unknown) {
        return BigInt(list.findIndex((each) => same(this, each, item)));
      },
      sync,
    )
    .registerFunction(
      'list<A>.__lastIndexOf(A): int',
      function (this: Comparing, list: readonly unknown[], item: unknown) {
        return BigInt(list.findLastIndex((each) => same(this, each, item)));
      },
      sync,
    );

  class Lists {}
  environment
    .registerType('ListsNamespace', Lists)
    .registerConstant('lists', 'ListsNamespace', new Lists())
    .registerFunction('ListsNamespace.range(int): list<int>', (_lists: Lists, length: bigint) => range(length), sync)
    .registerFunction('list<A>.slice(int, int): list<A>', slice, sync)
    .registerFunction('list<list<A>>.flatten(): list<A>', (list: readonly unknown[]) => flatten(list, 1n), sync)
    .registerFunction('list<A>.flatten(int): list<dyn>', flatten, sync)
    .registerFunction('list<A>.sort(): list<A>', sorted, sync)
    .registerFunction('list<A>.reverse(): list<A>', (list: readonly unknown[]) => list.toReversed(), sync)
    .registerFunction('list<A>.distinct(): list<A>', distinct, sync);

  class Sets {}
  environment
    .registerType('SetsNamespace', Sets)
    .registerConstant('sets', 'SetsNamespace', new Sets())
    .registerFunction(
      'SetsNamespace.contains(list<A>, list<A>): bool',
      function (this: Comparing, _sets: Sets, list: readonly unknown[], sub: readonly unknown[]) {
        return containsAll(this, list, sub);
      },
      sync,
    )
    .registerFunction(
      'SetsNamespace.equivalent(list<A>, list<A>): bool',
      function (this: Comparing, _sets: Sets, a: readonly unknown[], b: readonly unknown[]) {
        return containsAll(this, a, b) && containsAll(this, b, a);
      },
      sync,
    )
    .registerFunction(
      'SetsNamespace.intersects(list<A>, list<A>): bool',
      function (this: Comparing, _sets: Sets, a: readonly unknown[], b: readonly unknown[]) {
        return a.some((item) => b.some((other) => same(this, item, other)));
      },
      sync,
    );
}

function containsAll(evaluator: Comparing, list: readonly unknown[], sub: readonly unknown[]): boolean {
  return sub.every((item) => list.some((each) => same(evaluator, each, item)));
}

function range(length: bigint): bigint[] {
  return Array.from({ length: Math.max(0, Number(length)) }, (_, index) => BigInt(index));
}

function slice(list: readonly unknown[], start: bigint, end: bigint): unknown[] {
  const refuse = (reason: string): Error => new Error(`cannot slice(${start}, ${end}), ${reason}`);
  if (start < 0n || end < 0n) throw refuse('negative indexes not supported');
  if (start > end) throw refuse('start index must be less than or equal to end index');
  if (end > BigInt(list.length)) throw refuse(`list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

function flatten(list: readonly unknown[], depth: bigint): unknown[] {
  if (depth < 0n) throw new Error('level must be non-negative');
  return list.flat(Number(depth));
}

function sorted(list: readonly unknown[]): unknown[] {
  return list.toSorted((a, b) => {
    if (typeof a !== typeof b) throw new Error('list elements must have the same type');
    return compare(a, b);
  });
}

function distinct(this: Comparing, list: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  for (const item of list) if (!found.some((each) => same(this, each, item))) found.push(item);
  return found;
}

/** Negative when `a` comes before `b`. */
function compare(a: unknown, b: unknown): number {
  const [left, right] = [comparable(a), comparable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparable(value: unknown): string | number | bigint {
  if (value instanceof Date || value instanceof Duration) return value.valueOf();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new Error('no such overload');
}

function extreme(list: readonly unknown[], sign: number, name: string): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
}

function sum(list: readonly unknown[]): unknown {
  if (list.every((item) => typeof item === 'bigint')) return list.reduce((total: bigint, item) => total + item, 0n);
  if (list.every((item) => item instanceof Duration)) {
    return Duration.fromMilliseconds(list.reduce((total: number, item) => total + item.valueOf(), 0));
  }
  if (list.every((item) => typeof item === 'number')) return list.reduce((total: number, item) => total + item, 0);
  throw new Error('no such overload');
}
