import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Who holds a data directory. */
export interface Holder {
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
}

/** Another process, or another store of this one, uses the data directory. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly directory: string;
  /** Undefined when the holder has not written down who it is. */
  readonly holder: Holder | undefined;
  constructor(directory: string, holder: Holder | undefined) {
    const who = holder ? `process ${holder.pid}, since ${holder.since}` : 'another process';
    super(`the data directory ${directory} is in use by ${who}`);
    this.directory = directory;
    this.holder = holder;
  }
}

export interface DirectoryLock {
  /** Calling it twice does nothing more. */
  release(): Promise<void>;
}

const lockName = 'store.lock';
const holderName = 'store.holder.json';

/** O_EXLOCK of macOS and the BSDs, and of libuv on Windows (a file nobody else may open). Node has no name for it. */
const exclusiveLockFlag = process.platform === 'win32' ? 0x10000000 : 0x20;

/**
 * Takes the directory for this process. The lock is the kernel's and goes with the process however that ends, so there are no
 * stale locks to judge. Who holds it is written down beside it for the error message only.
 * Throws {@link LockedError}; errors of the file system pass through.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const holderPath = join(directory, holderName);
  const held = process.platform === 'linux' || process.platform === 'android' ? await holdSocket(directory) : await holdFile(directory);
  if (!held) {
    throw new LockedError(directory, await readHolder(holderPath));
  }
  try {
    const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
    await writeFile(holderPath, JSON.stringify(holder), { mode: 0o600 });
  } catch (error) {
    await held();
    throw error;
  }
  let released: Promise<void> | undefined;
  return {
    release() {
      // Once only: a moment later the file may be the next holder's.
      released ??= rm(holderPath, { force: true }).then(held);
      return released;
    },
  };
}

/** Linux: a listening socket in the abstract namespace, named after the directory's place on disk so that no path has two names. */
async function holdSocket(directory: string): Promise<(() => Promise<void>) | undefined> {
  const { dev, ino } = await stat(directory, { bigint: true });
  const server = createServer((socket) => socket.destroy());
  // The lock alone is no reason for the process to stay.
  server.unref();
  if (!(await listens(server, `\0kubeside-store-${dev}-${ino}`))) {
    return undefined;
  }
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        resolve(false);
      } else {
        reject(error);
      }
    });
    server.listen({ path, exclusive: true }, () => resolve(true));
  });
}

/** Elsewhere: a file opened for this process alone. */
async function holdFile(directory: string): Promise<(() => Promise<void>) | undefined> {
  let file: FileHandle;
  try {
    file = await open(join(directory, lockName), constants.O_RDWR | constants.O_CREAT | (constants.O_NONBLOCK ?? 0) | exclusiveLockFlag);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY')) {
      return undefined;
    }
    throw error;
  }
  return () => file.close();
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof holder === 'object' && holder && 'pid' in holder && 'since' in holder) {
      return { pid: Number(holder.pid), since: String(holder.since) };
    }
  } catch {
    // Not written yet, or gone this moment: the message does without.
  }
  return undefined;
}
