/** A patch that cannot be applied. `code` is the HTTP status upstream answers with; `message` is the library's own text. */
export class PatchError extends Error {
  /**
   * 400 for a patch that is malformed, 413 for one with too many operations, 422 for one that does not fit the document, 500 for what upstream
   * does not classify (merge keys, unknown directives). For 422 upstream hides the text behind "the server rejected our request due to an
   * error in our request".
   */
  readonly code: 400 | 413 | 422 | 500;

  constructor(code: 400 | 413 | 422 | 500, message: string) {
    super(message);
    this.name = 'PatchError';
    this.code = code;
  }
}
