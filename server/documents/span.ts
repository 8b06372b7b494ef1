/** From here to there; offsets from the document's start. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
