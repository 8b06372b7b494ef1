/** Go's `UnmarshalTypeError`: a value that is not of the type that stands where it is. Upstream: `sigs.k8s.io/json`. */
export class TypeMismatch {
  readonly #what: string;
  readonly #goType: string;
  readonly #struct: string;
  readonly #fields: readonly string[];

  /**
   * @param what `string`, `number 1.5`
   * @param struct The struct that holds the last of the fields.
   * @param fields Names of fields on the way, with those of inlined structs among them; none for the value as a whole.
   */
  constructor(what: string, goType: string, struct: string, fields: readonly string[]) {
    this.#what = what;
    this.#goType = goType;
    this.#struct = struct;
    this.#fields = [...fields];
  }

  /** The same, as it is told by the decoder that let a value read itself: of its own struct, and with the way that it had come before. */
  within(struct: string, fields: readonly string[]): TypeMismatch {
    return fields.length === 0 ? this : new TypeMismatch(this.#what, this.#goType, struct, [...fields, ...this.#fields]);
  }

  toString(): string {
    const where = this.#fields.length === 0 ? 'Go value' : `Go struct field ${this.#struct}.${this.#fields.join('.')}`;
    return `json: cannot unmarshal ${this.#what} into ${where} of type ${this.#goType}`;
  }
}
