import { listCreation, perCallLimit, regularExpression, traversal } from '../evaluate/meter.ts';
import { characters, costSize, Dictionary, List, type Value } from '../evaluate/values.ts';
import type { CallCost } from './form.ts';

/** What calls cost, after cel-go's `CostTracker` and upstream's `CostEstimator`. */

/** Of looking at some characters. */
export function scan(characters: number): number {
  return Math.ceil(characters * traversal);
}

/** Looks at the first argument once. */
export const scanning: CallCost = (text) => scan(costSize(text));

/** Looks at the first argument, and makes what comes of it. */
export const rewriting: CallCost = (text) => Math.ceil(costSize(text) * 2 * traversal);

/** A pattern is taken to have a part for each four of its characters. */
export const matching: CallCost = (text, pattern) => patternCost(costSize(text), costSize(pattern));

export function patternCost(characters: number, patternLength: number): number {
  return scan(1 + characters) * Math.ceil(patternLength * regularExpression);
}

/** Looks at what both have in common. */
export const comparing: CallCost = (a, b) => {
  if (typeof a === 'object' || typeof b === 'object' || typeof a !== typeof b) return scan(Math.min(costSize(a), costSize(b)));
  return typeof a === 'string' && typeof b === 'string' ? scan(Math.min(charactersUpTo(a, b), charactersUpTo(b, a))) : 1;
};

/** How many characters a text has; of one that surely has more than another, no more than that may have. */
function charactersUpTo(text: string, other: string): number {
  return text.length > 2 * other.length ? other.length : characters(text);
}

/** Puts both together. */
export const joining: CallCost = (a, b) => scan(costSize(a) + costSize(b));

/** Looks at everything within the first argument, and stops where that is too much. */
export const walking: CallCost = (value) => {
  let cost = 0;
  let looked = 0;
  const walk = (part: Value | undefined): void => {
    if (++looked > perCallLimit || cost > perCallLimit) return;
    if (typeof part === 'string') cost += Math.floor(bytesIn(part) * traversal);
    else if (part instanceof Uint8Array) cost += Math.floor(part.length * traversal);
    else if (part instanceof List) for (let index = 0; index < part.size && looked <= perCallLimit; index++) walk(part.at(index));
    else if (part instanceof Dictionary) for (const key of part.keys()) [key, part.find(key)].forEach(walk);
    else cost++;
  };
  walk(value);
  return looked > perCallLimit ? perCallLimit + 1 : cost;
};

function bytesIn(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Each half of a pair takes two bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** Of a call that makes a list. */
export function listCost(size: number, factor = 1): number {
  return Math.floor(size * factor) + 1 + listCreation;
}

/** Each item of a list is compared with every other. */
export function selfComparison(list: Value | undefined): number {
  if (!(list instanceof List) || list.size === 0) return listCost(0);
  const head = list.at(0);
  return listCost(list.size ** 2, typeof head === 'string' || head instanceof Uint8Array ? 2 + traversal : 2);
}
