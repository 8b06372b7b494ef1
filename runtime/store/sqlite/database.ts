import { Memory, type SqliteModule } from './module.ts';

/** What can be bound: strings as TEXT, bytes as BLOB, whole numbers up to 2^53 as INTEGER. */
export type Bindable = number | string | Uint8Array | null;

const row = 100;
const done = 101;
const firstScratch = 4096;
const nullType = 5;

/** SQLite refused; `code` is its primary result code. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code & 0xff;
  }
  /** SQLITE_CORRUPT and SQLITE_NOTADB. */
  get damaged(): boolean {
    return this.code === 11 || this.code === 26;
  }
}

/** A connection. Everything is synchronous. */
export class Database {
  readonly #module: SqliteModule;
  readonly #memory: Memory;
  readonly #pointer: number;
  readonly #statements = new Set<Statement>();

  /** Opens or makes the file. Nothing of it is read yet. */
  constructor(module: SqliteModule, path: string) {
    this.#module = module;
    this.#memory = new Memory(module.memory);
    const { functions } = module;
    const name = functions.stringToNewUTF8(path);
    const result = functions._malloc(4);
    const code = functions._sqlite3_open(name, result);
    this.#pointer = this.#memory.view.getUint32(result, true);
    functions._free(name);
    functions._free(result);
    if (code !== 0) {
      const error = this.#error(code);
      functions._sqlite3_close_v2(this.#pointer);
      throw error;
    }
  }

  /** Runs statements that take and give nothing. */
  execute(sql: string): void {
    const { functions } = this.#module;
    const text = functions.stringToNewUTF8(sql);
    const code = functions._sqlite3_exec(this.#pointer, text, 0, 0, 0);
    functions._free(text);
    if (code !== 0) {
      throw this.#error(code);
    }
  }

  /** The statement lives until the database is closed. */
  prepare(sql: string): Statement {
    const { functions } = this.#module;
    const text = functions.stringToNewUTF8(sql);
    const result = functions._malloc(4);
    const code = functions._sqlite3_prepare_v2(this.#pointer, text, -1, result, 0);
    const pointer = this.#memory.view.getUint32(result, true);
    functions._free(text);
    functions._free(result);
    if (code !== 0) {
      throw this.#error(code);
    }
    const statement = new Statement(this.#module, this.#memory, pointer, (error) => this.#error(error));
    this.#statements.add(statement);
    return statement;
  }

  /** The first column of the first row, as text. */
  text(sql: string): string | undefined {
    const statement = this.prepare(sql);
    try {
      return statement.step() ? statement.text(0) : undefined;
    } finally {
      this.#statements.delete(statement);
      statement.free();
    }
  }

  close(): void {
    for (const statement of this.#statements) {
      statement.free();
    }
    this.#statements.clear();
    const code = this.#module.functions._sqlite3_close_v2(this.#pointer);
    if (code !== 0) {
      throw this.#error(code);
    }
  }

  #error(code: number): SqliteError {
    const { functions } = this.#module;
    return new SqliteError(functions.UTF8ToString(functions._sqlite3_errmsg(this.#pointer)), code);
  }
}

/** A prepared statement. Arguments of one binding lie side by side in a buffer that is kept. */
export class Statement {
  readonly #module: SqliteModule;
  readonly #memory: Memory;
  readonly #pointer: number;
  readonly #error: (code: number) => SqliteError;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #scratch = 0;
  #capacity = 0;

  constructor(module: SqliteModule, memory: Memory, pointer: number, error: (code: number) => SqliteError) {
    this.#module = module;
    this.#memory = memory;
    this.#pointer = pointer;
    this.#error = error;
  }

  /** Binds all arguments, the first to ?1; the statement must be reset. */
  bind(...values: readonly Bindable[]): this {
    const { functions } = this.#module;
    this.#reserve(values);
    let at = this.#scratch;
    for (const [index, value] of values.entries()) {
      const parameter = index + 1;
      let code: number;
      if (typeof value === 'number') {
        code =
          (value | 0) === value
            ? functions._sqlite3_bind_int(this.#pointer, parameter, value)
            : functions._sqlite3_bind_double(this.#pointer, parameter, value);
      } else if (value === null) {
        code = functions._sqlite3_bind_blob(this.#pointer, parameter, 0, 0, 0);
      } else {
        let length: number;
        if (typeof value === 'string') {
          length = this.#encoder.encodeInto(value, this.#memory.bytes.subarray(at, at + value.length * 3)).written;
        } else {
          this.#memory.bytes.set(value, at);
          length = value.length;
        }
        code =
          typeof value === 'string'
            ? functions._sqlite3_bind_text(this.#pointer, parameter, at, length, 0)
            : functions._sqlite3_bind_blob(this.#pointer, parameter, at, length, 0);
        at += length;
      }
      if (code !== 0) {
        throw this.#error(code);
      }
    }
    return this;
  }

  /** Goes to the next row; false when there is none. The statement is reset after the last row and after an error. */
  step(): boolean {
    const code = this.#module.functions._sqlite3_step(this.#pointer);
    if (code === row) {
      return true;
    }
    const error = code === done ? undefined : this.#error(code);
    this.reset();
    if (error) {
      throw error;
    }
    return false;
  }

  /** Binds, runs to the end and resets. */
  run(...values: readonly Bindable[]): void {
    this.bind(...values);
    while (this.step()) {
      // A pragma may answer with rows that nobody wants.
    }
  }

  reset(): void {
    this.#module.functions._sqlite3_reset(this.#pointer);
  }

  isNull(column: number): boolean {
    return this.#module.functions._sqlite3_column_type(this.#pointer, column) === nullType;
  }

  /** Exact up to 2^53. */
  number(column: number): number {
    return this.#module.functions._sqlite3_column_double(this.#pointer, column);
  }

  text(column: number): string {
    const { functions } = this.#module;
    const at = functions._sqlite3_column_text(this.#pointer, column);
    return this.#decoder.decode(this.#memory.bytes.subarray(at, at + functions._sqlite3_column_bytes(this.#pointer, column)));
  }

  /** A view that is good until the next step. */
  blob(column: number): Uint8Array {
    const { functions } = this.#module;
    const at = functions._sqlite3_column_blob(this.#pointer, column);
    return this.#memory.bytes.subarray(at, at + functions._sqlite3_column_bytes(this.#pointer, column));
  }

  free(): void {
    this.#module.functions._sqlite3_finalize(this.#pointer);
    this.#module.functions._free(this.#scratch);
  }

  /** Room for all arguments at once, as growing it half-way would move what is bound already. */
  #reserve(values: readonly Bindable[]): void {
    // A blob of no bytes still needs an address, or it would be NULL.
    let size = 1;
    for (const value of values) {
      if (typeof value === 'string') {
        size += value.length * 3;
      } else if (value instanceof Uint8Array) {
        size += value.length;
      }
    }
    if (size > this.#capacity) {
      const { functions } = this.#module;
      functions._free(this.#scratch);
      this.#capacity = Math.max(firstScratch, size * 2);
      this.#scratch = functions._malloc(this.#capacity);
    }
  }
}
