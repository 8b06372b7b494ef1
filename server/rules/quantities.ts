import { addQuantities, compareQuantities, type Quantity, tryParseQuantity, zero } from '../../runtime/api/quantity.ts';
import type { Field } from '../documents/field.ts';

/** Whether a quantity that is written is more than another; what is no quantity is not. */
export function isMore(one: string | undefined, other: string | undefined): boolean {
  const left = one === undefined ? undefined : tryParseQuantity(one);
  const right = other === undefined ? undefined : tryParseQuantity(other);
  return left !== undefined && right !== undefined && compareQuantities(left, right) > 0;
}

/** What a number of pods ask for of a resource when each of their containers asks for these amounts; undefined where one does not say. */
export function totalOf(amounts: readonly Field[], pods: number): Quantity | undefined {
  let ofOne = zero;
  for (const { amount } of amounts) {
    const quantity = amount === undefined ? undefined : tryParseQuantity(amount);
    if (!quantity) return undefined;
    ofOne = addQuantities(ofOne, quantity);
  }
  return { ...ofOne, nanos: ofOne.nanos * BigInt(pods) };
}

/** What a container asks for of a resource; where it names only a limit, that. */
export function asked(container: Field, sort: 'requests' | 'limits', resource: string): Field {
  const field = container.get('resources', sort, resource);
  return field.exists || sort === 'limits' ? field : container.get('resources', 'limits', resource);
}
