import type { Diagnostic } from 'vscode-languageserver';
import type { Definitions } from '../runtime/api/kinds/schema.ts';
import type { ManifestFile } from './documents/file.ts';
import type { Problem } from './documents/problem.ts';
import type { Environment } from './environment.ts';
import { diagnosticsOf, problemsOf, tooLongDiagnostics } from './features/diagnostics.ts';
import type { Kinds } from './schemas/kinds.ts';

/** After so many characters of fresh documents other requests get their turn. */
const stride = 16 * 1024;

export interface CheckerParts {
  readonly environment: Environment;
  readonly kinds: Kinds;
  definitions(): Promise<Definitions>;
  /** The file as it is now; undefined once it is closed. */
  current(uri: string): ManifestFile | undefined;
  publish(uri: string, version: number, diagnostics: Diagnostic[]): void;
  failed(error: unknown): void;
}

/** Decides when files are checked. A check whose file was edited meanwhile ends without a word: the edit has asked for the next one. */
export class Checker {
  readonly #parts: CheckerParts;
  readonly #waiting = new Map<string, () => void>();
  #stopped = false;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  /** Checks a file `delay` milliseconds from now, unless it is asked for again before. */
  schedule(uri: string, delay: number): void {
    if (this.#stopped) return;
    this.forget(uri);
    const cancel = this.#parts.environment.after(delay, () => {
      this.#waiting.delete(uri);
      this.#check(uri).catch((error) => this.#parts.failed(error));
    });
    this.#waiting.set(uri, cancel);
  }

  forget(uri: string): void {
    this.#waiting.get(uri)?.();
    this.#waiting.delete(uri);
  }

  stop(): void {
    this.#stopped = true;
    for (const uri of [...this.#waiting.keys()]) this.forget(uri);
  }

  /** The problems of every document of a file, by index. When the file changes under way, of those looked at so far. */
  async problems(file: ManifestFile): Promise<readonly (readonly Problem[])[]> {
    if (file.tooLong) return [];
    const { environment, kinds } = this.#parts;
    const definitions = await this.#parts.definitions();
    const { version } = file;
    const found: (readonly Problem[])[] = [];
    let fresh = 0;
    for (const { manifest } of file.documents) {
      if (manifest.problems(kinds.generation) === undefined) fresh += manifest.text.length;
      if (fresh > stride) {
        fresh = 0;
        await new Promise<void>((resolve) => void environment.after(0, resolve));
        if (this.#stopped || file.version !== version) return found;
      }
      found.push(problemsOf(manifest, kinds, definitions));
    }
    return found;
  }

  async #check(uri: string): Promise<void> {
    const file = this.#parts.current(uri);
    if (!file) return;
    const { version } = file;
    const { generation } = this.#parts.kinds;
    const problems = await this.problems(file);
    if (this.#stopped || this.#parts.current(uri) !== file || file.version !== version) return;
    if (this.#parts.kinds.generation !== generation) return;
    this.#parts.publish(uri, version, file.tooLong ? tooLongDiagnostics(file) : diagnosticsOf(file, problems));
  }
}
