/**
 * Calls `run` `count` times in batches of 1, 2, 4, 8 …, each batch at once, and stops after a batch in which one failed,
 * so that what the server refuses is not asked for hundreds of times. Gives the successes and the first failure.
 */
export async function slowStart(
  count: number,
  run: () => Promise<void>,
): Promise<{ readonly successes: number; readonly error?: unknown }> {
  let successes = 0;
  for (let size = Math.min(1, count); size > 0; size = Math.min(2 * size, count - successes)) {
    const results = await Promise.allSettled(Array.from({ length: size }, run));
    const failed = results.find((result) => result.status === 'rejected');
    successes += results.filter((result) => result.status === 'fulfilled').length;
    if (failed !== undefined) return { successes, error: failed.reason };
  }
  return { successes };
}
