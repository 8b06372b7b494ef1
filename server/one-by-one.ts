/** Begins what it is handed once all that it was handed before is through, whether or not that went well. */
export function oneByOne(): (run: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (run) => {
    const next = last.then(run);
    last = next.catch(() => undefined);
    return next;
  };
}
