import { type Family, Histogram, Numbers, Reading } from './families.ts';

/** How a queue stands: keys that wait, and when the work under way began, in milliseconds. */
interface State {
  readonly depth: number;
  readonly startTimes: Iterable<number>;
}

/** Upstream's `ExponentialBuckets(10e-9, 10, 10)`. */
const bounds = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10];

/** Counts the work of the components of this process under the names of client-go's work queues. */
export class WorkQueueMetrics {
  private readonly now: () => number;
  private readonly states = new Map<string, (() => State)[]>();
  private readonly adds = new Numbers('counter', 'workqueue_adds_total', 'Keys that were added to a work queue.', ['name']);
  private readonly retries = new Numbers('counter', 'workqueue_retries_total', 'Keys that are tried again after a failure.', ['name']);
  private readonly waited = new Histogram(
    'workqueue_queue_duration_seconds',
    'How long keys waited for work, in seconds.',
    ['name'],
    bounds,
  );
  private readonly worked = new Histogram(
    'workqueue_work_duration_seconds',
    'How long the work on keys took, in seconds.',
    ['name'],
    bounds,
  );

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Begins to count a queue under a name, which several may have. */
  observe(name: string, state: () => State) {
    const labels = [name];
    this.states.set(name, [...(this.states.get(name) ?? []), state]);
    this.adds.add(labels, 0);
    this.retries.add(labels, 0);
    return {
      added: () => this.adds.add(labels),
      taken: (waited: number) => this.waited.observe(labels, waited / 1000),
      done: (worked: number) => this.worked.observe(labels, worked / 1000),
      retried: () => this.retries.add(labels),
    };
  }

  get families(): readonly Family[] {
    return [
      new Reading('workqueue_depth', 'Keys that wait in a work queue.', () =>
        this.readings((states) => sum(states.map(({ depth }) => depth))),
      ),
      this.adds,
      this.waited,
      this.worked,
      this.retries,
      new Reading('workqueue_unfinished_work_seconds', 'The sum of the times that work under way has taken, in seconds.', () =>
        this.readings((states) => sum(this.running(states))),
      ),
      new Reading('workqueue_longest_running_processor_seconds', 'The longest time that work under way has taken, in seconds.', () =>
        this.readings((states) => Math.max(0, ...this.running(states))),
      ),
    ];
  }

  private running(states: readonly State[]): number[] {
    return states.flatMap(({ startTimes }) => Array.from(startTimes, (start) => (this.now() - start) / 1000));
  }

  private *readings(read: (states: readonly State[]) => number): Iterable<[{ name: string }, number]> {
    for (const [name, states] of this.states) yield [{ name }, read(states.map((state) => state()))];
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
