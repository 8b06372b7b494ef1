import { writeSync } from 'node:fs';
import { openFileStore } from '../../runtime/host/node/store/file-store.ts';

/**
 * A process that opens a store and tells on its output, one JSON line each, what it was told. `hold` opens and waits;
 * `load` writes without end from many sides at once.
 */
const [mode, directory = '', wasmPath = ''] = process.argv.slice(2);

function say(line: object): void {
  const text = `${JSON.stringify(line)}\n`;
  for (;;) {
    try {
      // In one call to the kernel, so that a kill cannot come between an acknowledgement and its line.
      writeSync(1, text);
      return;
    } catch (error) {
      // The reader is behind: the pipe takes nothing for the moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function load(): Promise<void> {
  const store = await openFileStore({ directory, wasmPath, onFailure: (error) => say({ failed: error.message }) });
  say({ opened: store.revision, keys: store.current('').length });
  const write = async (writer: number) => {
    for (let round = 0; ; round++) {
      const key = `/k/${writer}/${round % 50}`;
      const value = new Uint8Array(200 + ((round * 997) % 6000)).fill(round % 256);
      const revision = await store.commit([{ key, value }]);
      say({ key, revision, size: value.length });
    }
  };
  const compact = async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      await store.compact(Math.max(1, store.revision - 100));
    }
  };
  await Promise.all([...Array.from({ length: 16 }, (_, writer) => write(writer)), compact()]);
}

async function hold(): Promise<void> {
  await openFileStore({ directory, wasmPath });
  say({ opened: true });
  setInterval(() => {}, 1000);
}

(mode === 'load' ? load() : hold()).catch((error: Error) => {
  say({ error: error.name, message: error.message });
  process.exit(1);
});
