/**
 * How many letters must be changed, added, removed or swapped to come from one word to the other. More than `limit` is not counted to its end:
 * then it is any number above that.
 */
export function distance(left: string, right: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      current.push(best);
      least = Math.min(least, best);
    }
    // From row to row it does not become less: letters that are swapped look back over two rows, but cost one.
    if (least > limit) return least;
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/** The known word that a person most likely meant; undefined when none is near. Letter case counts for little. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const limit = word.length <= 3 ? 1 : word.length <= 8 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue;
    const found = distance(lower, candidate.toLowerCase(), bestDistance - 1);
    if (found < bestDistance && found < candidate.length) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** Values as kubectl shows them in short. */
const abbreviations: Readonly<Record<string, string>> = {
  RWO: 'ReadWriteOnce',
  ROX: 'ReadOnlyMany',
  RWX: 'ReadWriteMany',
  RWOP: 'ReadWriteOncePod',
};

/** The value of a list that a person most likely meant, by what comes near or by what it is in short. */
export function meantBy(word: string, known: readonly string[]): string | undefined {
  const whole = abbreviations[word.toUpperCase()];
  return whole !== undefined && known.includes(whole) ? whole : nearest(word, known);
}
