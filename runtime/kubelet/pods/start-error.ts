/** Why a container could not be started, as its `waiting` state tells. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly reason: string;
  /** When to try again, in milliseconds from now; undefined: at the usual time. */
  readonly retryAfter: number | undefined;

  constructor(reason: string, message: string, retryAfter?: number) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}
