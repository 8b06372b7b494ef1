/** Indexes of an indexed job, written as `1,3-5`. */

/** How many indexes `1,3-5` names, or why it cannot be understood. */
export function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let last: number | undefined;
  let total = 0;
  for (const interval of text.split(',')) {
    const ends = interval.split('-');
    if (ends.length > 2) {
      return `the fragment "${interval}" violates the requirement that an index interval can have at most two parts separated by '-'`;
    }
    const numbers: number[] = [];
    for (const end of ends) {
      if (!/^[+-]?\d+$/.test(end)) return `cannot convert string to integer for index: "${end}"`;
      if (Number(end) >= completions) return `too large index: "${end}"`;
      numbers.push(Number(end));
    }
    const [first = 0, second = first] = numbers;
    if (ends.length === 2 && first >= second) return `non-increasing order, previous: ${first}, current: ${second}`;
    if (last !== undefined && last >= first) return `non-increasing order, previous: ${last}, current: ${first}`;
    total += second - first + 1;
    last = second;
  }
  return total;
}

type Interval = readonly [first: number, last: number];

function readIntervals(text: string): Interval[] {
  return text.split(',').flatMap((interval) => {
    const [first, last = first] = interval.split('-').map(Number);
    return first === undefined || last === undefined || Number.isNaN(first) || Number.isNaN(last) ? [] : [[first, last] as const];
  });
}

/** Why indexes that have failed cannot have been completed too, or nothing. */
export function overlapProblem(completed: string, failed: string): string | undefined {
  if (completed === '' || failed === '') return undefined;
  const done = readIntervals(completed);
  for (const [first, last] of readIntervals(failed)) {
    const both = done.find((interval) => interval[0] <= last && first <= interval[1]);
    if (both !== undefined) return `failedIndexes and completedIndexes overlap at index: ${Math.max(first, both[0])}`;
  }
  return undefined;
}
