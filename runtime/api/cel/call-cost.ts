import { Optional } from '@marcbachmann/cel-js';
import { isObject } from '../custom-resources/json-schema.ts';
import { listCreation, regularExpression, traversal } from './meter.ts';

/** Takes costs, in CEL's cost units. @throws CostExceeded */
export type Spend = (cost: number) => void;

type Payment = (values: readonly unknown[], spend: Spend) => void;

const comparing: Payment = ([list], spend) => payComparisons(list, list, 2, spend);
const walking: Payment = (values, spend) => {
  for (const value of values) payTraversal(value, spend);
};
const equating: Payment = ([value], spend) => {
  const cheaply: Spend = (cost) => spend(cost * traversal);
  for (const part of partsOf(value)) payTraversal(part, typeof part === 'object' ? spend : cheaply);
};
const intersecting: Payment = ([, a, b], spend) => payComparisons(a, b, 1, spend);
/** A pattern is taken to have a part for each four of its characters. */
const matching: Payment = ([text, pattern], spend) =>
  spend(Math.ceil((1 + lengthOf(text)) * traversal) * Math.ceil(lengthOf(pattern) * regularExpression));
const reading: Payment = ([text], spend) => spend(lengthOf(text) * traversal);
/** Reads a text, and makes what comes of it. */
const rewriting: Payment = ([text], spend) => spend(lengthOf(text) * 2 * traversal);

const payments: ReadonlyMap<string, Payment> = new Map<string, Payment>([
  ['range', ([, length], spend) => spend(listCreation + Math.max(0, Number(length)))],
  ['slice', ([list, start, end], spend) => spend(listCreation + Math.max(0, Math.min(sizeOf(list), Number(end)) - Number(start)))],
  ['reverse', ([list], spend) => spend(listCreation + sizeOf(list))],
  ['flatten', ([list, depth], spend) => payFlatten(list, depth === undefined ? 1 : Number(depth), spend)],
  ['distinct', comparing],
  ['sort', comparing],
  // The method of texts has the same name.
  ['contains', intersecting],
  ['intersects', intersecting],
  ['equivalent', ([, a, b], spend) => payComparisons(a, b, 2, spend)],
  ['isSorted', walking],
  ['sum', walking],
  ['min', walking],
  ['max', walking],
  ['__indexOf', walking],
  ['__lastIndexOf', walking],
  ['__format', walking],
  ['__matches', matching],
  ['find', matching],
  ['findAll', matching],
  ['lowerAscii', reading],
  ['upperAscii', reading],
  ['trim', reading],
  ['__substring', reading],
  ['replace', rewriting],
  ['split', rewriting],
  ['join', ([list], spend) => spend(sizeOf(list) * traversal)],
  ['unwrapOpt', ([list], spend) => spend(sizeOf(list))],
  ['unwrap', ([, list], spend) => spend(sizeOf(list))],
  ['in', ([item, list], spend) => Array.isArray(list) && payComparisons([item], list, 1, spend)],
  ['==', equating],
  ['!=', equating],
  ['+', ([a, b], spend) => Array.isArray(a) && spend((a.length + sizeOf(b)) * traversal)],
]);

/**
 * Lets a call of a function or an operator pay for what it will look at and make, before it does. Follows the trackers of cel-go's lists and sets and
 * upstream's `CallCost`; values that are compared, copied or written with all that is in them pay for that as well, since parts of them may be shared.
 */
export function payCall(name: string, values: readonly unknown[], spend: Spend): void {
  payments.get(name)?.(values, spend);
}

/** Each of the elements of one list is compared with each of the other's. */
function payComparisons(a: unknown, b: unknown, factor: number, spend: Spend): void {
  if (!Array.isArray(a)) return;
  const times = sizeOf(b);
  const head: unknown = a[0];
  spend(a.length * times * (typeof head === 'string' || head instanceof Uint8Array ? factor + traversal : factor));
  const each = Math.max(1, times * traversal);
  for (const item of a) if (typeof item === 'object') payTraversal(item, (cost) => spend(cost * each));
}

function payFlatten(value: unknown, depth: number, spend: Spend): void {
  if (!Array.isArray(value)) return;
  spend(listCreation + value.length * Math.max(0, depth));
  payCopies(value, depth, spend);
}

/** Lists within the list are as long as they are, however cheap they were to have. */
function payCopies(list: readonly unknown[], depth: number, spend: Spend): void {
  if (depth <= 0) return;
  for (const item of list) {
    if (!Array.isArray(item)) continue;
    spend(item.length);
    payCopies(item, depth - 1, spend);
  }
}

/** One for each scalar, list and map in a value, what is empty included, and for texts by their length. */
function payTraversal(value: unknown, spend: Spend): void {
  spend(typeof value === 'string' || value instanceof Uint8Array ? 1 + value.length * traversal : 1);
  for (const part of partsOf(value)) payTraversal(part, spend);
}

function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Optional) return [value.orValue(null)];
  return isObject(value) && !(value instanceof Uint8Array) ? [...Object.keys(value), ...Object.values(value)] : [];
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 1;
}
