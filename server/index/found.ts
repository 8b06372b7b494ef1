import type { Range } from 'vscode-languageserver';

/** Something found in a file; ranges are the file's. */
export interface Found<T> {
  readonly uri: string;
  readonly range: Range;
  readonly what: T;
}
