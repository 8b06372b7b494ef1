import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; gives the topmost one made, undefined when it was there. Node's own `recursive` never comes back on file
 * systems where nothing can be made, such as /proc.
 * @throws the system's error
 */
export function makeDirectory(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, mode);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return undefined;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || existsSync(parent)) throw error;
    const topmost = makeDirectory(parent, mode);
    mkdirSync(path, mode);
    return topmost;
  }
}
