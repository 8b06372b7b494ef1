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

interface Numbered {
  readonly values: readonly string[];
  number: number;
}

/** Numbers that are kept by the values of their labels; counting is one look into a map. */
export class Numbers implements Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  private readonly labels: readonly string[];
  private readonly rows = new Map<string, Numbered>();

  constructor(type: 'counter' | 'gauge', name: string, help: string, labels: readonly string[]) {
    this.type = type;
    this.name = name;
    this.help = help;
    this.labels = labels;
  }

  /** Adds to the number under these values of the labels, in their order. */
  add(values: readonly string[], amount = 1): void {
    const key = values.join('\n');
    const row = this.rows.get(key);
    if (row === undefined) this.rows.set(key, { values, number: amount });
    else row.number += amount;
  }

  /** A gauge goes on: what it tells is there still. */
  reset(): void {
    if (this.type === 'counter') this.rows.clear();
  }

  samples(): Sample[] {
    return [...this.rows.values()].map(({ values, number }) => ({
      name: this.name,
      labels: labelled(this.labels, values),
      value: number,
    }));
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

interface Observed {
  readonly values: readonly string[];
  /** How many fell into each bucket, the last one without an upper bound. */
  readonly counts: number[];
  sum: number;
}

/** How values spread over buckets. */
export class Histogram implements Family {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  private readonly labels: readonly string[];
  private readonly bounds: readonly number[];
  private readonly rows = new Map<string, Observed>();

  /** `bounds`: the upper bounds of the buckets, ascending. */
  constructor(name: string, help: string, labels: readonly string[], bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.labels = labels;
    this.bounds = bounds;
  }

  observe(values: readonly string[], value: number): void {
    const key = values.join('\n');
    let row = this.rows.get(key);
    if (row === undefined) {
      row = { values, counts: new Array<number>(this.bounds.length + 1).fill(0), sum: 0 };
      this.rows.set(key, row);
    }
    const found = this.bounds.findIndex((bound) => value <= bound);
    const bucket = found < 0 ? this.bounds.length : found;
    row.counts[bucket] = (row.counts[bucket] ?? 0) + 1;
    row.sum += value;
  }

  reset(): void {
    this.rows.clear();
  }

  samples(): Sample[] {
    return [...this.rows.values()].flatMap(({ values, counts, sum }) => {
      const labels = labelled(this.labels, values);
      let total = 0;
      const buckets = counts.map((count, i) => {
        total += count;
        return { name: `${this.name}_bucket`, labels: { ...labels, le: this.bounds[i] ?? '+Inf' }, value: total };
      });
      return [...buckets, { name: `${this.name}_sum`, labels, value: sum }, { name: `${this.name}_count`, labels, value: total }];
    });
  }
}

/** Writes families in the form that Prometheus reads. */
export type MetricsWriter = (families: readonly Family[]) => Promise<{ readonly contentType: string; readonly text: string }>;
