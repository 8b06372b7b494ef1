/** What one evaluation may cost, as upstream's `PerCallLimit`. */
export const perCallLimit = 1_000_000;

/** What all rules of one object may cost together, as upstream's `RuntimeCELCostBudget`. */
export const objectBudget = 10_000_000;

/** What it costs to look at a character of a text, in CEL's cost units. */
export const traversal = 0.1;

/** By what a character of a pattern makes looking at a text dearer. */
export const regularExpression = 0.25;

/** What it costs to make a list, a map or an object, whatever its size. */
export const listCreation = 10;
export const mapCreation = 30;
export const structCreation = 40;

/**
 * How many parts of values one evaluation may look at or copy within single steps. Costs do not tell: what is compared or written with all that is in it
 * costs little upstream, but values share their parts, and so may be larger than anything that was ever paid for.
 */
const workLimit = 2_000_000;

/** The same of all evaluations about one object. */
export const objectWork = 20_000_000;

/** What is said of an evaluation that has cost more than it may. */
export const costExceeded = 'operation cancelled: actual cost limit exceeded';

/** An evaluation has cost more than it may. */
export class CostExceeded extends Error {
  constructor() {
    super(costExceeded);
  }
}

/** Counts what an evaluation costs, in CEL's cost units as cel-go's `CostTracker`, and what it does beside that. */
export class Meter {
  cost = 0;
  /** How many parts of values have been looked at or copied within single steps. */
  done = 0;

  /** @throws CostExceeded */
  spend(cost: number): void {
    this.cost += cost;
    if (this.cost > perCallLimit) throw new CostExceeded();
  }

  /** Before `parts` parts of values are looked at or copied. @throws CostExceeded */
  work(parts: number): void {
    this.done += parts;
    if (this.done > workLimit) throw new CostExceeded();
  }
}
