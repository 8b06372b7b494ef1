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
import { type CelType, structType } from '../check/types.ts';
import { Failure, Opaque, type Value } from '../evaluate/values.ts';
import { scanning } from './costs.ts';
import { bool, double, type FunctionForm, fn, int, method, opaque, string } from './form.ts';

export const quantityType = structType('kubernetes.Quantity');

/** A quantity as a value of its own type. */
class CelQuantity extends Opaque {
  readonly type: CelType = quantityType;
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    super();
    this.quantity = quantity;
  }

  equals(other: Opaque): boolean {
    return other instanceof CelQuantity && compare(this, other) === 0;
  }
}

const nanosPerUnit = 1_000_000_000n;
const largestInt = 2n ** 63n - 1n;
const noInteger = new Failure('cannot convert value to integer');

function compare(a: CelQuantity, b: CelQuantity): number {
  return Math.sign(compareQuantities(a.quantity, b.quantity));
}

function read(text: string): Value {
  try {
    return new CelQuantity(parseQuantity(text));
  } catch (error) {
    return new Failure(error instanceof Error ? error.message : String(error));
  }
}

/** The int of a quantity; those beyond 64 bits have none, and the largest stands for all that upstream cuts down to it. */
function integerOf({ quantity: each }: CelQuantity): bigint | undefined {
  const whole = each.nanos / nanosPerUnit;
  return isWholeQuantity(each) && whole < largestInt && whole > -largestInt ? whole : undefined;
}

const quantity = opaque(quantityType, CelQuantity);
const scans = { cost: scanning };
const nominal = { cost: () => 1 };

/** `k8s.io/apiserver/pkg/cel/library` quantities. */
export const quantities: readonly FunctionForm[] = [
  fn('quantity', [string], quantity, read, scans),
  fn('isQuantity', [string], bool, (text) => tryParseQuantity(text) !== undefined, scans),
  fn('sign', [quantity], int, ({ quantity: { nanos } }) => (nanos > 0n ? 1n : nanos < 0n ? -1n : 0n), nominal),
  method('isInteger', [quantity], bool, (each) => integerOf(each) !== undefined, nominal),
  method('asInteger', [quantity], int, (each) => integerOf(each) ?? noInteger, nominal),
  method('asApproximateFloat', [quantity], double, (each) => Number(each.quantity.nanos) / 1e9, nominal),
  method('isLessThan', [quantity, quantity], bool, (a, b) => compare(a, b) < 0, nominal),
  method('isGreaterThan', [quantity, quantity], bool, (a, b) => compare(a, b) > 0, nominal),
  method('compareTo', [quantity, quantity], int, (a, b) => BigInt(compare(a, b)), nominal),
  method('add', [quantity, quantity], quantity, (a, b) => new CelQuantity(addQuantities(a.quantity, b.quantity)), nominal),
  method('add', [quantity, int], quantity, (a, b) => new CelQuantity(addQuantities(a.quantity, quantityOf(b))), nominal),
  method('sub', [quantity, quantity], quantity, (a, b) => new CelQuantity(subtractQuantities(a.quantity, b.quantity)), nominal),
  method('sub', [quantity, int], quantity, (a, b) => new CelQuantity(subtractQuantities(a.quantity, quantityOf(b))), nominal),
];
