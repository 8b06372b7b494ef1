import {
  type ClientCapabilities,
  type Connection,
  DidChangeWatchedFilesNotification,
  type Disposable,
  type FileSystemWatcher,
} from 'vscode-languageserver';
import type { Environment } from './environment.ts';
import type { Kustomizations } from './kustomize/kustomizations.ts';

/** Somebody who types the name of a file gets to its end before it is watched, in milliseconds. */
const typingDelay = 1000;

/** What is watched from the start: manifests, and what files of variables are mostly called. */
const globs = ['**/*.{yaml,yml}', '**/*.{env,properties}', '**/.env*'];
const isWatchedAnyway = /\.(ya?ml|env|properties)$|\/\.env[^/]*$/;

export interface WatchedFilesParts {
  readonly connection: Connection;
  readonly environment: Environment;
  readonly kustomizations: Kustomizations;
  /** What the editor can do; known once it has started the server. */
  capabilities(): ClientCapabilities;
  failed(error: unknown): void;
}

/** Asks the editor to tell of files that change: some by their names, others because kustomizations name them. */
export class WatchedFiles {
  readonly #parts: WatchedFilesParts;
  #cancel: (() => void) | undefined;
  #named = '';
  #registered: Promise<Disposable> | undefined;
  #generation = -1;

  constructor(parts: WatchedFilesParts) {
    this.#parts = parts;
  }

  get #able(): { readonly dynamicRegistration?: boolean; readonly relativePatternSupport?: boolean } {
    return this.#parts.capabilities().workspace?.didChangeWatchedFiles ?? {};
  }

  /** Watches what is of interest whatever the workspace holds. */
  async start(): Promise<void> {
    if (this.#able.dynamicRegistration) await this.#register(globs.map((globPattern) => ({ globPattern })));
  }

  /** The same as `follow`, once nobody types any more. */
  followSoon(): void {
    this.stop();
    this.#cancel = this.#parts.environment.after(typingDelay, () => {
      this.follow().catch((error) => this.#parts.failed(error));
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Watches the files that kustomizations name by now, and those of before no longer. */
  async follow(): Promise<void> {
    const { kustomizations } = this.#parts;
    if (!this.#able.dynamicRegistration || kustomizations.generation === this.#generation) return;
    this.#generation = kustomizations.generation;
    const files = [...kustomizations.namedFiles()].filter((uri) => !isWatchedAnyway.test(uri)).sort();
    const named = files.join('\n');
    if (named === this.#named) return;
    this.#named = named;
    const before = this.#registered;
    this.#registered = files.length === 0 ? undefined : this.#register(this.#watchersOf(files));
    // The new ones are there before the old ones go: nothing is missed in between.
    await this.#registered;
    (await before)?.dispose();
  }

  #register(watchers: FileSystemWatcher[]): Promise<Disposable> {
    return this.#parts.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }

  /** One watcher for each folder, where the editor knows such: hundreds of generators may name a file each. */
  #watchersOf(files: readonly string[]): FileSystemWatcher[] {
    const { relativePatternSupport } = this.#able;
    const folders = new Map<string, string[]>();
    for (const uri of files) {
      const slash = uri.lastIndexOf('/');
      const names = folders.get(uri.slice(0, slash)) ?? [];
      names.push(literally(decodeURIComponent(uri.slice(slash + 1))));
      folders.set(uri.slice(0, slash), names);
    }
    return [...folders].map(([baseUri, names]) => {
      const pattern = names.length === 1 ? names.join('') : `{${names.join(',')}}`;
      return { globPattern: relativePatternSupport ? { baseUri, pattern } : `**/${pattern}` };
    });
  }
}

/** A name as a pattern that fits nothing else. */
function literally(name: string): string {
  return name.replace(/[*?{}[\],]/g, '?');
}
