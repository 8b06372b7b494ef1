import type { Environment } from '@marcbachmann/cel-js';
import {
  addQuantities,
  compareQuantities,
  isWholeQuantity,
  parseQuantity,
  type Quantity,
  quantityOf,
  subtractQuantities,
  tryParseQuantity,
} from '../../quantity.ts';

/** A quantity as a value of its own type. */
class CelQuantity {
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

const nanosPerUnit = 1_000_000_000n;

/** `k8s.io/apiserver/pkg/cel/library` quantities. */
export function registerQuantities(environment: Environment): void {
  const sync = { async: false };
  const compare = (a: CelQuantity, b: CelQuantity): number => compareQuantities(a.quantity, b.quantity);
  const type = 'kubernetes.Quantity';
  environment
    .registerType(type, CelQuantity)
    .registerOperator(`${type} == ${type}`, (a: CelQuantity, b: CelQuantity) => compare(a, b) === 0)
    .registerFunction(`quantity(string): ${type}`, (text: string) => new CelQuantity(parseQuantity(text)), sync)
    .registerFunction('isQuantity(string): bool', (text: string) => tryParseQuantity(text) !== undefined, sync)
    .registerFunction(`${type}.isInteger(): bool`, ({ quantity }: CelQuantity) => isWholeQuantity(quantity), sync)
    .registerFunction(`${type}.asInteger(): int`, ({ quantity }: CelQuantity) => asInteger(quantity), sync)
    .registerFunction(`${type}.asApproximateFloat(): double`, ({ quantity }: CelQuantity) => Number(quantity.nanos) / 1e9, sync)
    .registerFunction(
      `${type}.sign(): int`,
      ({ quantity }: CelQuantity) => (quantity.nanos > 0n ? 1n : quantity.nanos < 0n ? -1n : 0n),
      sync,
    )
    .registerFunction(`${type}.isLessThan(${type}): bool`, (a: CelQuantity, b: CelQuantity) => compare(a, b) < 0, sync)
    .registerFunction(`${type}.isGreaterThan(${type}): bool`, (a: CelQuantity, b: CelQuantity) => compare(a, b) > 0, sync)
    .registerFunction(`${type}.compareTo(${type}): int`, (a: CelQuantity, b: CelQuantity) => BigInt(Math.sign(compare(a, b))), sync)
    .registerFunction(
      `${type}.add(${type}): ${type}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantities(a.quantity, b.quantity)),
      sync,
    )
    .registerFunction(
      `${type}.add(int): ${type}`,
      (a: CelQuantity, b: bigint) => new CelQuantity(addQuantities(a.quantity, quantityOf(b))),
      sync,
    )
    .registerFunction(
      `${type}.sub(${type}): ${type}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(subtractQuantities(a.quantity, b.quantity)),
      sync,
    )
    .registerFunction(
      `${type}.sub(int): ${type}`,
      (a: CelQuantity, b: bigint) => new CelQuantity(subtractQuantities(a.quantity, quantityOf(b))),
      sync,
    );
}

function asInteger(quantity: Quantity): bigint {
  if (!isWholeQuantity(quantity)) throw new Error('cannot convert value to integer');
  return quantity.nanos / nanosPerUnit;
}
