import { createInterface } from 'node:readline/promises';
import { DataDirectory } from '../data-directory.ts';
import { LockedError, lockDirectory } from '../store/lock.ts';
import { CommandError } from './arguments.ts';

/** `kubeside reset`: removes the cluster after asking. @throws {@link CommandError} when there is none, it is running, or the answer is no */
export async function reset({ data, yes }: { readonly data: string; readonly yes: boolean }): Promise<void> {
  const directory = new DataDirectory(data);
  if (!directory.holdsCluster) throw new CommandError(`there is no cluster in ${data}`);
  if (!yes && !(await confirm(`Remove the cluster in ${data} and everything in it? [y/N] `))) {
    throw new CommandError('nothing was removed; answer y or say --yes');
  }
  try {
    const lock = await lockDirectory(directory.store);
    directory.remove();
    await lock.release();
    process.stderr.write(`Removed the cluster in ${data}.\n`);
  } catch (error) {
    if (error instanceof LockedError) throw new CommandError(`${error.message}; stop it first`);
    throw error;
  }
}

/** Whether the first line of the input says yes, typed or piped; an input that ends without one says no. */
async function confirm(question: string): Promise<boolean> {
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    process.stderr.write('\n');
    return false;
  } finally {
    lines.close();
  }
}
