import { createInterface } from 'node:readline/promises';
import { DataDirectory } from '../data-directory.ts';
import { holderOf } from '../store/index.ts';
import { CommandError } from './arguments.ts';

/** `kubeside reset`: removes the cluster after asking. */
export async function reset({ data, yes }: { readonly data: string; readonly yes: boolean }): Promise<void> {
  const directory = new DataDirectory(data);
  if (!directory.exists || directory.read('pki/ca.crt') === undefined) throw new CommandError(`there is no cluster in ${data}`);
  const holder = await holderOf(directory.store);
  if (holder !== undefined) throw new CommandError(`the cluster in ${data} is running (${holder}); stop it first`);
  if (!yes && !(await confirm(`Remove the cluster in ${data} and everything in it? [y/N] `))) {
    throw new CommandError('nothing was removed');
  }
  directory.remove();
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
