/** What a request says beside its method and path. */
export interface RequestOptions {
  readonly body?: unknown;
  /** `application/json` unless told. */
  readonly contentType?: string;
  readonly accept?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What a server answered. */
export interface Reply<T> {
  readonly code: number;
  readonly body: T;
}
