// The build for browsers runs everywhere, as it asks for nothing; the one for Node wants `require` and `__dirname`, which a module has not.
import initSqlJs from 'sql.js/dist/sql-wasm-browser.js';

/** The part of sql.js' compiled module that is used: SQLite's own C interface. Pointers are numbers. */
export interface SqliteFunctions {
  _malloc(size: number): number;
  _free(pointer: number): void;
  addFunction(run: (...args: never[]) => number, signature: string): number;
  stringToNewUTF8(text: string): number;
  UTF8ToString(pointer: number): string;
  _sqlite3_open(name: number, result: number): number;
  _sqlite3_close_v2(database: number): number;
  _sqlite3_exec(database: number, sql: number, callback: number, argument: number, message: number): number;
  _sqlite3_errmsg(database: number): number;
  _sqlite3_prepare_v2(database: number, sql: number, length: number, result: number, tail: number): number;
  _sqlite3_bind_text(statement: number, index: number, text: number, length: number, destructor: number): number;
  _sqlite3_bind_blob(statement: number, index: number, bytes: number, length: number, destructor: number): number;
  _sqlite3_bind_int(statement: number, index: number, value: number): number;
  _sqlite3_bind_double(statement: number, index: number, value: number): number;
  _sqlite3_clear_bindings(statement: number): number;
  _sqlite3_step(statement: number): number;
  _sqlite3_reset(statement: number): number;
  _sqlite3_finalize(statement: number): number;
  _sqlite3_column_type(statement: number, column: number): number;
  _sqlite3_column_double(statement: number, column: number): number;
  _sqlite3_column_text(statement: number, column: number): number;
  _sqlite3_column_blob(statement: number, column: number): number;
  _sqlite3_column_bytes(statement: number, column: number): number;
}

/** sql.js with its memory and function table, which it does not hand out itself. */
export interface SqliteModule {
  readonly functions: SqliteFunctions;
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
}

/** The bytes of `sql-wasm.wasm` as shipped with sql.js, or the module compiled from them. */
export type SqliteBinary = BufferSource | WebAssembly.Module;

/**
 * Instantiates sql.js and finds its memory and table among the exports by what they are, as their names are minified.
 * sql.js itself keeps one instance per thread, whatever it is asked for.
 */
export async function instantiateSqlite(binary: SqliteBinary): Promise<SqliteModule> {
  const compiled = binary instanceof WebAssembly.Module ? binary : await WebAssembly.compile(binary);
  let exported: unknown[] = [];
  const functions = await new Promise<unknown>((resolve, reject) => {
    initSqlJs({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(compiled, imports as WebAssembly.Imports).then((instance) => {
          exported = Object.values(instance.exports);
          receive(instance);
        }, reject);
        return {};
      },
    }).then(resolve, reject);
  });
  const memory = exported.find((value) => value instanceof WebAssembly.Memory);
  const table = exported.find((value) => value instanceof WebAssembly.Table);
  if (!memory || !table) {
    throw new Error('this build of sql.js exports no memory or no table');
  }
  return { functions: functions as SqliteFunctions, memory, table };
}

/** Views of the module's memory, made anew when it has grown. */
export class Memory {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  get view(): DataView {
    this.#refresh();
    return this.#view;
  }

  #refresh(): void {
    if (this.#bytes.buffer !== this.#memory.buffer) {
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#view = new DataView(this.#memory.buffer);
    }
  }
}
