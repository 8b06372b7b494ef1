/** The store met an error it cannot go on after, such as a failed sync; what is on disk is what was acknowledged. */
export class StoreFailedError extends Error {
  override readonly name = 'StoreFailedError';
  constructor(cause: unknown) {
    super(`the store has failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The store was used after `close`. */
export class StoreClosedError extends Error {
  override readonly name = 'StoreClosedError';
  constructor() {
    super('the store is closed');
  }
}

/** The database was written by a newer version of the program. Its files have not been touched. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
  readonly found: number;
  readonly supported: number;
  constructor(found: number, supported: number) {
    super(`the database has schema version ${found}, and this version of Kubeside knows ${supported} at most: update Kubeside to open it`);
    this.found = found;
    this.supported = supported;
  }
}

/** The file is no database of the store, or is damaged. Its files have not been touched. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
  readonly detail: string;
  constructor(detail: string) {
    super(`the database cannot be read: ${detail}`);
    this.detail = detail;
  }
}
