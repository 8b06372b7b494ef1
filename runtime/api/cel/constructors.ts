/** An expression in which constructors (`Object.spec{replicas: 3}`), which the library cannot read, are calls of functions. */
export interface WrittenCalls {
  readonly text: string;
  /** The types that are constructed; the one at index 2 by the function of {@link constructorName} 2. */
  readonly types: readonly ConstructedType[];
  /** Where in the source the character at an offset of the text comes from. */
  origin(offset: number): number;
}

export interface ConstructedType {
  readonly name: string;
  /** Offset of the first brace after it in the source. */
  readonly at: number;
}

/** Name of the function that stands for the constructor of a type. */
export function constructorName(index: number): string {
  return `__construct_${index}`;
}

const space = /\s*/y;
const comment = /\/\/[^\n]*/y;
const text =
  /(?:[bB]?[rR][bB]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')|[bB]?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))/y;
const number = /\d[\w.]*/y;
const path = /[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*/y;
const field = /(?:(\?)\s*)?(?:`([^`\n]*)`|([A-Za-z_]\w*))\s*:/y;

/** What an open bracket belongs to. */
interface Bracket {
  readonly isConstructor: boolean;
  /** The next thing is the name of a field. */
  atField: boolean;
}

/**
 * Writes the constructors of an expression as calls: `Object{a: 1}` becomes `__construct_0({"a": 1})`. Fields that may be left out keep their
 * question mark in the key.
 */
export function writeConstructors(source: string): WrittenCalls {
  const writer = new Writer(source);
  writer.run();
  const { out, origins, types } = writer;
  return { text: out, types, origin: (offset) => origins[offset] ?? source.length };
}

class Writer {
  out = '';
  readonly origins: number[] = [];
  readonly types: ConstructedType[] = [];
  private at = 0;
  private readonly open: Bracket[] = [];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  run(): void {
    while (this.at < this.source.length) this.step();
  }

  private step(): void {
    const bracket = this.open.at(-1);
    if (this.copyMatch(comment) || this.copyMatch(text) || this.copyMatch(number)) return;
    if (bracket?.atField && this.fieldName(bracket)) return;
    if (this.constructorOrPath()) return;
    const character = this.source[this.at] ?? '';
    if (character === '(' || character === '[' || character === '{') {
      this.open.push({ isConstructor: false, atField: false });
    } else if (character === ')' || character === ']' || character === '}') {
      const closed = this.open.pop();
      if (closed?.isConstructor) {
        this.insert('})');
        this.at++;
        return;
      }
    } else if (character === ',' && bracket?.isConstructor) {
      bracket.atField = true;
    }
    this.copy(1);
  }

  private fieldName(bracket: Bracket): boolean {
    const found = this.match(field);
    if (found === undefined) return false;
    const [all, mark = '', quoted, plain = ''] = found;
    const name = quoted ?? plain;
    bracket.atField = false;
    this.insert(`${JSON.stringify(mark + name)}:`, this.at + all.length - 1);
    this.at += all.length;
    return true;
  }

  /** A path of names, which is a constructor when a brace follows it. */
  private constructorOrPath(): boolean {
    const found = this.match(path);
    if (found === undefined) return false;
    const [all] = found;
    space.lastIndex = this.at + all.length;
    const brace = this.at + all.length + (space.exec(this.source)?.[0].length ?? 0);
    const name = all.replace(/\s/g, '');
    if (this.source[brace] !== '{' || name === 'in') {
      this.copy(all.length);
      return true;
    }
    this.insert(`${constructorName(this.types.length)}({`, brace);
    this.types.push({ name, at: brace });
    this.open.push({ isConstructor: true, atField: true });
    this.at = brace + 1;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source) ?? undefined;
  }

  private copyMatch(pattern: RegExp): boolean {
    const found = this.match(pattern);
    if (found === undefined) return false;
    this.copy(found[0].length);
    return true;
  }

  private copy(length: number): void {
    for (let index = 0; index < length; index++) this.origins.push(this.at + index);
    this.out += this.source.slice(this.at, this.at + length);
    this.at += length;
  }

  private insert(what: string, origin = this.at): void {
    for (let index = 0; index < what.length; index++) this.origins.push(origin);
    this.out += what;
  }
}
