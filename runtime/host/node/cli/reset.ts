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

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(question)).trim());
  } finally {
    prompt.close();
  }
}
