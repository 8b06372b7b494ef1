import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/**
 * Starts the language server as a process. Compiling is half of a start, so what V8 has compiled by the time that the first problems are told is kept for
 * the next one, in the folder that `KUBESIDE_COMPILE_CACHE` names. Node's own cache (from 22 on) keeps only a part of it: starts take half as long again.
 */

/** The file that `node.ts` is bundled into, named after what is in it: what was compiled of another file is never taken for it. */
declare const PROGRAM: string;

/** A script has nothing of Node's modules; the program is a function that is handed what it needs of them. */
type Program = (require: NodeJS.Require, module: { exports: Partial<typeof import('./node.ts')> }) => void;

/** Reading the first manifest is over by then, and so is what follows it at once. */
const calmMilliseconds = 1000;

const ending = '.compiled';
const sumLength = 4;
const filename = join(__dirname, PROGRAM);
const folder = process.env.KUBESIDE_COMPILE_CACHE;
const kept = folder === undefined ? undefined : join(folder, PROGRAM + ending);
const cachedData = kept === undefined ? undefined : compiledIn(kept);

// The program is written in ASCII. V8 looks itself whether what was compiled is of its own version and settings, but not whether it is whole.
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
const module: Parameters<Program>[1] = { exports: {} };
(script.runInThisContext() as Program)(createRequire(filename), module);

if (folder !== undefined && kept !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
  module.exports.firstTold?.then(() => void setTimeout(() => keep(folder, kept), calmMilliseconds).unref());
}

/**
 * What was kept, without the sum at its end. A file that lost its middle to a power cut or a failing disk would crash V8 at this start and all later
 * ones. Before 20.15 Node has no sums: nothing is kept then.
 */
function compiledIn(path: string): Buffer | undefined {
  try {
    const file = readFileSync(path);
    const data = file.subarray(0, -sumLength);
    return file.readUInt32LE(data.length) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what is compiled by now, and nothing that was kept of other programs. Without it the next start takes longer, which is no error. */
function keep(folder: string, path: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    // What an earlier attempt left unfinished goes, too.
    for (const name of readdirSync(folder)) if (name.endsWith(ending) && join(folder, name) !== path) rmSync(join(folder, name));
    const data = script.createCachedData();
    const sum = Buffer.alloc(sumLength);
    sum.writeUInt32LE(crc32(data));
    const unfinished = join(folder, `${process.pid}${ending}`);
    writeFileSync(unfinished, Buffer.concat([data, sum]));
    renameSync(unfinished, path);
  } catch {}
}
