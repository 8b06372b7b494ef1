/** One open file. All calls are synchronous, as SQLite's are, and throw when they fail. Offsets and sizes are bytes. */
export interface StorageFile {
  /** Fills `target` from `offset` and returns how many bytes there were; fewer than asked for means the end of the file. */
  read(target: Uint8Array, offset: number): number;
  write(data: Uint8Array, offset: number): void;
  truncate(size: number): void;
  /** Returns once everything written is on stable storage. */
  sync(): void;
  /**
   * As {@link StorageFile.sync}, but may resolve later instead of holding up the thread. A single one who waits is served soonest in place;
   * when there are more, others are likely to have something to do meanwhile.
   */
  flush(waiting: number): void | Promise<void>;
  size(): number;
  close(): void;
}

/** The files of one database. Names are plain, without folders. */
export interface Storage {
  /** Opens for reading and writing; a missing file is made when `create` is set and an error otherwise. */
  open(name: string, create: boolean): StorageFile;
  /** Deletes the file; nothing happens when there is none. */
  delete(name: string): void;
  exists(name: string): boolean;
}
