/** One number under its labels. */
export interface Sample {
  /** The family's name, for histograms with `_bucket`, `_sum` or `_count`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** All samples of one name, as Prometheus knows them. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  samples(): Sample[];
  /** Forgets what has been counted; left out where there is nothing to forget. */
  reset?(): void;
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
}

/** One number under the values of its labels. */
export class Count {
  readonly values: readonly string[];
  number = 0;
  /** Whether there is anything to tell of it. */
  isTold = false;

  constructor(values: readonly string[]) {
    this.values = values;
  }

  add(amount = 1): void {
    this.number += amount;
    this.isTold = true;
  }

  set(number: number): void {
    this.number = number;
    this.isTold = true;
  }

  reset(): void {
    this.number = 0;
    this.isTold = false;
  }
}

/** What is kept by the values of labels. */
class Rows<T> {
  private readonly make: (values: readonly string[]) => T;
  private readonly rows = new Map<string, T>();

  constructor(make: (values: readonly string[]) => T) {
    this.make = make;
  }

  of(values: readonly string[]): T {
    const key = values.join('\n');
    let row = this.rows.get(key);
    if (row === undefined) {
      row = this.make(values);
      this.rows.set(key, row);
    }
    return row;
  }

  all(): T[] {
    return [...this.rows.values()];
  }
}

/** Numbers that are kept by the values of their labels; counting is one look into a map, or none for who keeps a {@link Count}. */
export class Numbers implements Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  private readonly labels: readonly string[];
  private readonly rows = new Rows((values) => new Count(values));

  constructor(type: 'counter' | 'gauge', name: string, help: string, labels: readonly string[]) {
    this.type = type;
    this.name = name;
    this.help = help;
    this.labels = labels;
  }

  /** The number under these values of the labels, in their order. */
  of(values: readonly string[]): Count {
    return this.rows.of(values);
  }

  /** Adds to the number under these values of the labels. */
  add(values: readonly string[], amount = 1): void {
    this.rows.of(values).add(amount);
  }

  /** A gauge goes on: what it tells is there still. */
  reset(): void {
    if (this.type === 'counter') for (const count of this.rows.all()) count.reset();
  }

  samples(): Sample[] {
    const told = this.rows.all().filter(({ isTold }) => isTold);
    return told.map(({ values, number }) => ({ name: this.name, labels: labelled(this.labels, values), value: number }));
  }
}

/** A gauge of what has happened at all: 1 under the values of the labels for which it has. */
export class Flags implements Family {
  readonly name: string;
  readonly help: string;
  readonly type = 'gauge';
  private readonly labels: readonly string[];
  private readonly raised = new Map<string, readonly string[]>();

  constructor(name: string, help: string, labels: readonly string[]) {
    this.name = name;
    this.help = help;
    this.labels = labels;
  }

  raise(values: readonly string[]): void {
    this.raised.set(values.join('\n'), values);
  }

  /** Upstream's reset forgets these, too, so that one can see whether anybody asks still. */
  reset(): void {
    this.raised.clear();
  }

  samples(): Sample[] {
    return [...this.raised.values()].map((values) => ({ name: this.name, labels: labelled(this.labels, values), value: 1 }));
  }
}

/** A gauge that is read when it is asked for. */
export class Reading implements Family {
  readonly name: string;
  readonly help: string;
  readonly type = 'gauge';
  private readonly read: () => Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>;

  constructor(name: string, help: string, read: Reading['read']) {
    this.name = name;
    this.help = help;
    this.read = read;
  }

  samples(): Sample[] {
    return [...this.read()].map(([labels, value]) => ({ name: this.name, labels, value }));
  }
}

/** How the values under certain values of labels spread over buckets. */
export class Spread {
  readonly values: readonly string[];
  /** How many fell into each bucket, the last one without an upper bound. */
  readonly counts: number[];
  sum = 0;
  private readonly bounds: readonly number[];

  constructor(values: readonly string[], bounds: readonly number[]) {
    this.values = values;
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.sum += value;
  }

  reset(): void {
    this.counts.fill(0);
    this.sum = 0;
  }
}

/** How values spread over buckets. */
export class Histogram implements Family {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  private readonly labels: readonly string[];
  private readonly bounds: readonly number[];
  private readonly rows: Rows<Spread>;

  /** `bounds`: the upper bounds of the buckets, ascending. */
  constructor(name: string, help: string, labels: readonly string[], bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.labels = labels;
    this.bounds = bounds;
    this.rows = new Rows((values) => new Spread(values, bounds));
  }

  /** What is observed under these values of the labels, in their order. Who observes often keeps it. */
  of(values: readonly string[]): Spread {
    return this.rows.of(values);
  }

  observe(values: readonly string[], value: number): void {
    this.rows.of(values).observe(value);
  }

  reset(): void {
    for (const spread of this.rows.all()) spread.reset();
  }

  samples(): Sample[] {
    return this.rows.all().flatMap(({ values, counts, sum }) => {
      let total = 0;
      const sums = counts.map((count) => {
        total += count;
        return total;
      });
      if (total === 0) return [];
      const labels = labelled(this.labels, values);
      const buckets = sums.map((value, i) => ({ name: `${this.name}_bucket`, labels: { ...labels, le: this.bounds[i] ?? '+Inf' }, value }));
      return [...buckets, { name: `${this.name}_sum`, labels, value: sum }, { name: `${this.name}_count`, labels, value: total }];
    });
  }
}

/** Writes families in the form that Prometheus reads; `ofProcess`: with what the process tells of itself behind them. */
export type MetricsWriter = (
  families: readonly Family[],
  ofProcess: boolean,
) => Promise<{ readonly contentType: string; readonly text: string }>;
