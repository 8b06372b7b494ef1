/** Prints one JSON line for a figure: the median of the rounds, with their spread as the machine's noise, and the Node that everything ran on. */
export function report(bench: string, figure: string, unit: string, rounds: readonly number[], goal?: string): void {
  const sorted = [...rounds].sort((a, b) => a - b);
  const round = (value: number) => Number(value.toPrecision(4));
  const line = {
    bench,
    figure,
    unit,
    median: round(percentile(sorted, 0.5)),
    min: round(sorted[0] ?? Number.NaN),
    max: round(sorted.at(-1) ?? Number.NaN),
    rounds: rounds.length,
    node: process.versions.node,
    ...(goal !== undefined && { goal }),
  };
  console.log(JSON.stringify(line));
}

/** The value below which this part of the sorted samples lies. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The middle one of the samples, in whatever order they come. */
export function median(samples: readonly number[]): number {
  return percentile(
    [...samples].sort((a, b) => a - b),
    0.5,
  );
}

/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
