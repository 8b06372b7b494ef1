/** Something wrong with a document; offsets from the document's start. */
export interface Problem {
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  /** The field it is about, as the API server writes it; left out where it is about no field. */
  readonly path?: string;
  /** What sort of problem it is, for filters and quick fixes: `unknown-field`, `syntax` … */
  readonly code: string;
  /** What to write in place of the range, where that is likely what was meant. */
  readonly fix?: string;
  /** What to write elsewhere at the same time. */
  readonly also?: { readonly start: number; readonly end: number; readonly newText: string };
  /** The version that the object whose `apiVersion` stands here can be brought to. */
  readonly migrateTo?: string;
  /** What to write elsewhere to set it right. */
  readonly edit?: { readonly title: string; readonly start: number; readonly end: number; readonly newText: string };
  /** Whether it is about something that should not be written any more; editors strike it through. */
  readonly deprecated?: true;
  /** Whether the code is a rule's, which can be silenced. */
  readonly rule?: true;
  /** The object that a rule speaks of, as a path in the document, and what other rules say of it bit by bit. */
  readonly told?: {
    readonly object: string;
    readonly bits?: { readonly rules: readonly string[]; readonly count: number; readonly first?: boolean };
  };
}
