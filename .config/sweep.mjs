import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what earlier builds left in a folder. Programs load some of their parts late, so a cluster that runs while all is built anew
 * must still find its own: what `spared` takes stays.
 * @param {string} folder
 * @param {ReadonlySet<string>} made What this build has made: paths that begin with the folder's own.
 * @param {(path: string, age: number) => boolean} spared Told a path that begins with the folder's own, and milliseconds since it was written.
 * @param {number} now In milliseconds since 1970.
 */
export function sweep(folder, made, spared, now) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) {
      if (!made.has(path) && !spared(path, now - statSync(path).mtimeMs)) rmSync(path);
      continue;
    }
    sweep(path, made, spared, now);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}
