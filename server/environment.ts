import type { Definitions, Descriptions } from '../runtime/api/kinds/schema.ts';

/** What the language server needs of the place it runs in. */
export interface Environment {
  /** Calls `run` once, `ms` milliseconds from now; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
  /** The schemas of all built-in kinds; asked for once, when the first manifest needs them. */
  definitions(): Promise<Definitions>;
  /** What people read about fields; asked for once, on the first completion or hover. */
  descriptions(): Promise<Descriptions>;
  /** Called after the problems of a file with manifests were told to the editor, each time. */
  told?(): void;
  /** URIs of the YAML files below the workspace's folders, as the editor writes them. Without it only open files and file events are looked at. */
  listFiles?(folders: readonly string[]): Promise<readonly string[]>;
  /** The text of a file; undefined when it cannot be read. */
  readFile?(uri: string): Promise<string | undefined>;
}
