import type { Step } from './frame.ts';
import { Failure, keyOf, List, Uint, type Value } from './values.ts';

/**
 * Whether a value is in a list that is always the same: looked up in a set, which costs nothing, as cel-go's optimizer has it. Undefined when the list has
 * something in it that cannot be looked up.
 */
export function membership(item: Step, list: Value): { readonly run: Step; readonly constant?: Value } | undefined {
  if (!(list instanceof List)) return undefined;
  if (list.size === 0) return { run: () => false, constant: false };
  const values = list.items();
  if (!values.every(isKey)) return undefined;
  const keys = new Set(values.map(keyOf));
  return {
    run: (frame) => {
      const value = item(frame);
      return value instanceof Failure ? value : keys.has(keyOf(value)) && !Number.isNaN(value);
    },
  };
}

function isKey(value: Value): boolean {
  return (value !== null && typeof value !== 'object') || value instanceof Uint;
}
