/** What one evaluation may cost, as upstream's `PerCallLimit`. */
export const perCallLimit = 1_000_000;

/** What all rules of one object may cost together, as upstream's `RuntimeCELCostBudget`. */
export const objectBudget = 10_000_000;

/** What it costs to look at a character of a text, in CEL's cost units. */
export const traversal = 0.1;

/** By what a character of a pattern makes looking at a text dearer. */
export const regularExpression = 0.25;

/** What it costs to make a list, whatever its length. */
export const listCreation = 10;

/** An evaluation has cost more than it may. */
export class CostExceeded extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/** Counts what an evaluation costs, in CEL's cost units: one for each step, a tenth for each character that is looked at. */
export class Meter {
  private readonly limit: number;
  private used = 0;
  /** Made once: loops that go on after a failure would meet it at each element. */
  private failure: CostExceeded | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  get cost(): number {
    return Math.ceil(this.used);
  }

  get exceeded(): boolean {
    return this.used > this.limit;
  }

  /** @throws CostExceeded */
  spend(cost: number): void {
    this.used += cost;
    if (!this.exceeded) return;
    this.failure ??= new CostExceeded();
    throw this.failure;
  }
}
