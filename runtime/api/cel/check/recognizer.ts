import type { Issues } from './issues.ts';
import { type Token, type TokenType, tokenTypes } from './tokens.ts';

/** The tokens that may come next; `end` when the rule may be over. */
export interface TokenSet {
  readonly types: ReadonlySet<TokenType>;
  readonly end: boolean;
}

export function tokenSet(...types: readonly TokenType[]): TokenSet {
  return { types: new Set(types), end: false };
}

export function orEnd({ types }: TokenSet): TokenSet {
  return { types, end: true };
}

export function joined(...sets: readonly TokenSet[]): TokenSet {
  return { types: new Set(sets.flatMap(({ types }) => [...types])), end: sets.some(({ end }) => end) };
}

/** Ends a rule; the rule's own {@link Recognizer.rule} goes on after it. */
class Mismatch extends Error {
  readonly text: string;
  readonly token: Token;
  readonly state: string;

  constructor(text: string, token: Token, state: string) {
    super(text);
    this.text = text;
    this.token = token;
    this.state = state;
  }
}

/** Too much is wrong to go on. */
export class GaveUp extends Error {}

const maxRecoveries = 30;
const reservedInput = /no viable alternative at input '.(true|false|null)'/;

/**
 * What is reported of tokens that do not fit, and how reading goes on after them: ANTLR's default error strategy, by which cel-go's parser works. A
 * single token that is too much is left out, one that is missing is taken for given, and otherwise a rule ends at what may follow it.
 */
export class Recognizer {
  private readonly tokens: readonly Token[];
  private readonly issues: Issues;
  private position = 0;
  /** What follows each rule that is being read, in the rule around it; the outermost first. */
  private readonly follows: TokenSet[] = [];
  /** Nothing is reported between an error and the next token that fits. */
  private recovering = false;
  private lastErrorAt = -1;
  private lastErrorStates = new Set<string>();
  private recoveries = 0;

  constructor(tokens: readonly Token[], issues: Issues) {
    this.tokens = tokens;
    this.issues = issues;
  }

  next(ahead = 1): Token {
    const token = this.tokens[Math.min(this.position + ahead - 1, this.tokens.length - 1)];
    if (token === undefined) throw new Error('no tokens');
    return token;
  }

  is(...types: readonly TokenType[]): boolean {
    return types.includes(this.next().type);
  }

  /** Reads a rule that `follow` may come after; `broken` is what it stands for when it cannot be read. */
  rule<T>(follow: TokenSet, read: () => T, broken: (error: number) => T): T {
    this.follows.push(follow);
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      this.report(error.text, error.token);
      this.recover(error.state);
      return broken(error.token.at);
    } finally {
      this.follows.pop();
    }
  }

  /** Takes a token that has been seen to fit. */
  take(): Token {
    this.matched();
    const token = this.next();
    this.position++;
    return token;
  }

  /** Takes a token of a type; `after`: what may follow it in the rule. Undefined when it is missing and was taken for given. */
  match(type: TokenType, after: TokenSet, state: string): Token | undefined {
    if (this.next().type === type) return this.take();
    this.countRecovery();
    const expected = tokenSet(type);
    if (this.leaveOut(expected)) return this.take();
    if (this.mayFollow(after, this.next().type)) {
      this.report(`missing ${display(expected)} at ${quoted(this.next())}`, this.next());
      return undefined;
    }
    throw this.mismatch(expected, state);
  }

  /** Before a choice: whether the next token is one of those that it can begin with. */
  sync(expected: TokenSet, state: string): void {
    if (this.recovering || expected.end || expected.types.has(this.next().type) || this.leaveOut(expected)) return;
    throw this.mismatch(expected, state);
  }

  /** After a round of a loop that must go round once: skips what neither goes on with it nor follows it. */
  syncLoop(expected: TokenSet): void {
    if (this.recovering || expected.end || expected.types.has(this.next().type)) return;
    this.report(`extraneous input ${quoted(this.next())} expecting ${display(expected)}`, this.next());
    this.skipTo(joined(expected, this.recoverySet()));
  }

  /** No choice begins with the tokens up to the one `ahead`. */
  noAlternative(ahead: number, state: string): Error {
    const last = this.next(ahead);
    const first = this.next();
    const begin = this.position;
    const read = this.tokens.slice(begin, begin + ahead);
    const text =
      first.type === '<EOF>'
        ? '<EOF>'
        : read.map(({ text: own, type, before }, index) => (index === 0 ? own : before + (type === '<EOF>' ? '' : own))).join('');
    const message = `no viable alternative at input ${quote(text)}`;
    return new Mismatch(message.replace(reservedInput, "mismatched input '$1' expecting IDENTIFIER"), last, state);
  }

  private mismatch(expected: TokenSet, state: string): Mismatch {
    return new Mismatch(`mismatched input ${quoted(this.next())} expecting ${display(expected)}`, this.next(), state);
  }

  private leaveOut(expected: TokenSet): boolean {
    if (!expected.types.has(this.next(2).type)) return false;
    this.report(`extraneous input ${quoted(this.next())} expecting ${display(expected)}`, this.next());
    this.position++;
    this.matched();
    return true;
  }

  private mayFollow(after: TokenSet, type: TokenType): boolean {
    let set = after;
    for (let index = this.follows.length - 1; ; index--) {
      if (set.types.has(type)) return true;
      const outer = this.follows[index];
      if (!set.end || outer === undefined) return false;
      set = outer;
    }
  }

  private matched(): void {
    this.recovering = false;
    this.lastErrorStates = new Set();
    this.lastErrorAt = -1;
  }

  private report(text: string, token: Token): void {
    if (this.recovering) return;
    this.recovering = true;
    this.issues.push({ message: `Syntax error: ${text}`, at: token.at });
  }

  private recover(state: string): void {
    this.countRecovery();
    // The same error at the same place: without this nothing would ever be read on.
    if (this.lastErrorAt === this.position && this.lastErrorStates.has(state)) this.skip();
    this.lastErrorAt = this.position;
    this.lastErrorStates.add(state);
    this.skipTo(this.recoverySet());
  }

  private countRecovery(): void {
    if (this.recoveries === maxRecoveries) {
      this.issues.push({ message: `Syntax error: error recovery attempt limit exceeded: ${maxRecoveries}`, at: this.next().at });
      throw new GaveUp();
    }
    this.recoveries++;
  }

  private recoverySet(): TokenSet {
    return joined(...this.follows.slice(1));
  }

  private skipTo({ types }: TokenSet): void {
    while (!this.is('<EOF>') && !types.has(this.next().type)) this.skip();
  }

  private skip(): void {
    if (!this.is('<EOF>')) this.position++;
  }
}

function display({ types }: TokenSet): string {
  const names = tokenTypes.filter((type) => types.has(type));
  return names.length === 1 ? (names[0] ?? '') : `{${names.join(', ')}}`;
}

function quoted({ text }: Token): string {
  return quote(text);
}

function quote(text: string): string {
  return `'${text.replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
