/** Something wrong with a document; offsets from the document's start. */
export interface Problem {
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  /** What sort of problem it is, for filters and quick fixes: `unknown-field`, `syntax` … */
  readonly code: string;
  /** What to write in place of the range, where that is likely what was meant. */
  readonly fix?: string;
}
