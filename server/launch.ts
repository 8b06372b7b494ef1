import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/**
 * Starts the language server as a process. Compiling is half of a start, so what V8 has compiled by the time that the first problems are told is kept for
 * the next one, in the folder that `KUBESIDE_COMPILE_CACHE` names. Node's own cache (from 22 on) keeps only a part of it: starts take half as long again.
 */

/** The file that `node.ts` is bundled into, named after what is in it: what was compiled of another file is never taken for it. */
declare const PROGRAM: string;

/** What a script of the program holds (`.config/scripts.mjs`), each by the name that the others have for it. */
type Parts = Readonly<Record<string, Part | undefined>>;
/** A script has nothing of Node's modules: what a part needs of them and of other parts is handed to it. */
type Part = (require: NodeJS.Require, part: (name: string) => object, late: (name: string) => Promise<object>) => object;

/** Reading the first manifest is over by then, and so is what follows it at once. */
const calmMilliseconds = 1000;

const ending = '.compiled';
const sumLength = 4;
const filename = join(__dirname, PROGRAM);
const folder = process.env.KUBESIDE_COMPILE_CACHE;
const kept = folder === undefined ? undefined : join(folder, basename(PROGRAM) + ending);

const script = compiled();
const parts: Parts = script.runInThisContext();
const ran = new Map<string, object>();
const { firstTold } = part(`./${basename(PROGRAM)}`) as Partial<typeof import('./node.ts')>;

if (folder !== undefined && kept !== undefined && script.cachedDataRejected !== false) {
  firstTold?.then(() => void setTimeout(() => keep(folder, kept), calmMilliseconds).unref());
}

/** What a part exports. The start does without some, which stand in files of their own. */
function part(name: string): object {
  const known = ran.get(name);
  if (known) return known;
  const run = parts[name] ?? partIn(join(filename, '..', name), name);
  const exports = run(require, part, async (other) => part(other));
  ran.set(name, exports);
  return exports;
}

function partIn(filename: string, name: string): Part {
  const found = (new Script(readFileSync(filename, 'latin1'), { filename }).runInThisContext() as Parts)[name];
  if (!found) throw new Error(`there is no ${name} in ${filename}`);
  return found;
}

/** The script of the start, as it was kept if it was. The program is written in ASCII. */
function compiled(): Script {
  // Memory that was never touched before costs more than reading into it, so both files share one piece.
  const memory = Buffer.allocUnsafeSlow(Math.max(sizeOf(filename), kept === undefined ? 0 : sizeOf(kept)));
  const source = read(filename, memory).toString('latin1');
  // V8 looks itself whether what was compiled is of its own version and settings, but not whether it is whole.
  return new Script(source, { filename, cachedData: kept === undefined ? undefined : wholeIn(kept, memory) });
}

/**
 * What was kept, without the sum at its end. A file that lost its middle to a power cut or a failing disk would crash V8 at this start and all later
 * ones. Before 20.15 Node has no sums: nothing is kept then.
 */
function wholeIn(path: string, memory: Buffer): Buffer | undefined {
  try {
    const file = read(path, memory);
    const data = file.subarray(0, -sumLength);
    return file.readUInt32LE(data.length) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function read(path: string, memory: Buffer): Buffer {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let more = 1; more > 0; length += more) more = readSync(file, memory, { offset: length });
    return memory.subarray(0, length);
  } finally {
    closeSync(file);
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
