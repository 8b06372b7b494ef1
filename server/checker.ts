import type { Diagnostic } from 'vscode-languageserver';
import type { Definitions } from '../runtime/api/kinds/schema.ts';
import type { ManifestFile, Placed } from './documents/file.ts';
import type { Manifest } from './documents/manifest.ts';
import type { Problem } from './documents/problem.ts';
import type { Environment } from './environment.ts';
import { diagnosticsOf, problemsOf, tooLongDiagnostics } from './features/diagnostics.ts';
import { inWorkspace } from './kustomize/in-workspace.ts';
import type { Kustomizations } from './kustomize/kustomizations.ts';
import { findingsOf, type Surroundings } from './rules/run.ts';
import type { Kinds } from './schemas/kinds.ts';
import { isManifest } from './schemas/routing.ts';

/** After so many characters of fresh documents other requests get their turn. */
const stride = 16 * 1024;

/** Other files are checked again this much later than the edited one, in milliseconds. */
const othersDelay = 150;

interface Found {
  readonly key: string;
  readonly problems: readonly Problem[];
}

export interface CheckerParts extends Surroundings {
  readonly environment: Environment;
  readonly kinds: Kinds;
  readonly kustomizations: Kustomizations;
  /** Goes up whenever a name comes to the connected cluster or leaves it. */
  clusterGeneration(): number;
  openFiles(): Iterable<string>;
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
  /** What rules found in a document, by their scope, and what they were asked with. */
  readonly #found = { object: new WeakMap<Manifest, Found>(), workspace: new WeakMap<Manifest, Found>() };
  #indexGeneration = 0;
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
    const isOurs = file.documents.some(({ manifest }) => isManifest(manifest, kinds));
    const definitions = await this.#parts.definitions();
    const { version } = file;
    const found: (readonly Problem[])[] = [];
    let fresh = 0;
    for (const placed of file.documents) {
      const { manifest } = placed;
      if (manifest.problems(kinds.generation) === undefined) fresh += manifest.text.length;
      if (fresh > stride) {
        fresh = 0;
        await new Promise<void>((resolve) => void environment.after(0, resolve));
        if (this.#stopped || file.version !== version) return found;
      }
      const problems = isOurs ? this.#orNone(() => problemsOf(manifest, kinds, definitions)) : [];
      const findings = () =>
        withoutTaken(
          problems,
          this.#orNone(() => this.#findings(file, placed)),
        );
      found.push(inWorkspace(file.uri, manifest, problems, findings, this.#parts.kustomizations));
    }
    return found;
  }

  /** What one check stumbles over must not hide what others find, in this document or another one. */
  #orNone(check: () => readonly Problem[]): readonly Problem[] {
    try {
      return check();
    } catch (error) {
      this.#parts.failed(error);
      return [];
    }
  }

  /** Rules that look at one object alone have nothing new to say until it or the settings change, others until a name does. */
  #findings({ uri }: ManifestFile, { manifest, index: place }: Placed): readonly Problem[] {
    const { index, settings, kustomizations } = this.#parts;
    const facts = index.document(uri, place);
    // Rules ask for what is not there, which in a template nobody can tell.
    if (!facts || manifest.template || !isManifest(manifest, this.#parts.kinds)) return [];
    const names = `${settings.generation} ${index.generation} ${kustomizations.generation} ${this.#parts.clusterGeneration()}`;
    return (['object', 'workspace'] as const).flatMap((scope) => {
      const key = scope === 'object' ? `${settings.generation}` : names;
      const known = this.#found[scope].get(manifest);
      if (known?.key === key) return known.problems;
      const problems = findingsOf(manifest, facts, uri, this.#parts, scope);
      this.#found[scope].set(manifest, { key, problems });
      return problems;
    });
  }

  /** What is said of other files may have changed with the names in this one. */
  #recheckOthers(uri: string): void {
    const { generation } = this.#parts.index;
    if (generation === this.#indexGeneration) return;
    this.#indexGeneration = generation;
    for (const other of this.#parts.openFiles()) if (other !== uri && !this.#waiting.has(other)) this.schedule(other, othersDelay);
  }

  async #check(uri: string): Promise<void> {
    const file = this.#parts.current(uri);
    if (!file) return;
    const { version } = file;
    const { generation } = this.#parts.kinds;
    const problems = await this.problems(file);
    this.#recheckOthers(uri);
    if (this.#stopped || this.#parts.current(uri) !== file || file.version !== version) return;
    if (this.#parts.kinds.generation !== generation) return;
    this.#parts.publish(uri, version, file.tooLong ? tooLongDiagnostics(file) : diagnosticsOf(file, problems));
  }
}

/** Where something is wrong already, no more is said. */
function withoutTaken(problems: readonly Problem[], findings: readonly Problem[]): readonly Problem[] {
  const taken = new Set(problems.map(({ start, end }) => `${start} ${end}`));
  return findings.filter(({ start, end }) => !taken.has(`${start} ${end}`));
}
