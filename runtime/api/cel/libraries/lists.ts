import { Duration, type Environment } from '@marcbachmann/cel-js/evaluator';

/** `k8s.io/apiserver/pkg/cel/library` lists, and cel-go's sets. */
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
      (list: readonly unknown[], item: unknown) => BigInt(list.findIndex((each) => same(each, item))),
      sync,
    )
    .registerFunction(
      'list<A>.__lastIndexOf(A): int',
      (list: readonly unknown[], item: unknown) => BigInt(list.findLastIndex((each) => same(each, item))),
      sync,
    );

  class Sets {}
  environment
    .registerType('SetsNamespace', Sets)
    .registerConstant('sets', 'SetsNamespace', new Sets())
    .registerFunction(
      'SetsNamespace.contains(list<A>, list<A>): bool',
      (_sets: Sets, list: readonly unknown[], sub: readonly unknown[]) => containsAll(list, sub),
      sync,
    )
    .registerFunction(
      'SetsNamespace.equivalent(list<A>, list<A>): bool',
      (_sets: Sets, a: readonly unknown[], b: readonly unknown[]) => containsAll(a, b) && containsAll(b, a),
      sync,
    )
    .registerFunction(
      'SetsNamespace.intersects(list<A>, list<A>): bool',
      (_sets: Sets, a: readonly unknown[], b: readonly unknown[]) => a.some((item) => b.some((other) => same(item, other))),
      sync,
    );
}

function containsAll(list: readonly unknown[], sub: readonly unknown[]): boolean {
  return sub.every((item) => list.some((each) => same(each, item)));
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  return false;
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
  if (list.every((item) => typeof item === 'number')) return list.reduce((total: number, item) => total + item, 0);
  throw new Error('no such overload');
}
