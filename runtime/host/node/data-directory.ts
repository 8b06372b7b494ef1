import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from './make-directory.ts';
import { syncDirectory, syncParent } from './store/directory-storage.ts';

const unfinishedSuffix = '.new';

/**
 * The folder in which one cluster lives: `pki/`, `store/`, its kubeconfig and the port it had last. Only what is named here is ever
 * written or removed.
 */
export class DataDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get store(): string {
    return join(this.path, 'store');
  }

  /** How many bytes the files of the store take. */
  storeSize(): number {
    return readdirSync(this.store).reduce(
      (total, name) => total + (statSync(join(this.store, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  get kubeconfig(): string {
    return join(this.path, 'kubeconfig');
  }

  /** The text of a file below the folder, or undefined when it is not there. */
  read(name: string): string | undefined {
    try {
      return readFileSync(join(this.path, name), 'utf8');
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  write(name: string, text: string): void {
    const file = join(this.path, name);
    makeDirectory(dirname(file), 0o700);
    writeFileSync(file, text, { mode: 0o600 });
  }

  /** Makes a folder with files, on disk when the call returns; a kill or power cut on the way leaves none. */
  writeFolder(name: string, files: ReadonlyMap<string, string>): void {
    const folder = join(this.path, name);
    const unfinished = folder + unfinishedSuffix;
    rmSync(unfinished, { recursive: true, force: true });
    makeDirectory(unfinished, 0o700);
    for (const [file, text] of files) {
      // Keys are for the owner's eyes only, as in `/etc/kubernetes/pki`.
      const mode = file.endsWith('.crt') || file.endsWith('.pub') ? 0o644 : 0o600;
      writeFileSync(join(unfinished, file), text, { mode, flush: true });
    }
    syncDirectory(unfinished);
    renameSync(unfinished, folder);
    syncParent(folder);
  }

  /** Whether a cluster has been started here before; `store/` is made first of all. */
  get holdsCluster(): boolean {
    return existsSync(this.store);
  }

  /** Removes what the cluster has made and, when nothing else is left in it, the folder itself. */
  remove(): void {
    for (const name of ['pki', `pki${unfinishedSuffix}`, 'store', 'kubeconfig', 'port'])
      rmSync(join(this.path, name), { recursive: true, force: true });
    try {
      rmdirSync(this.path);
    } catch (error) {
      // Somebody keeps files of their own here.
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
