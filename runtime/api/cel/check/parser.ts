import type { Issue, Issues } from './issues.ts';
import { literalOf } from './literals.ts';
import { expandMacro } from './macros.ts';
import { GaveUp, joined, orEnd, Recognizer, type TokenSet, tokenSet } from './recognizer.ts';
import { type Element, type Entry, type Field, partsOf, type Syntax } from './syntax.ts';
import { type Token, type TokenType, tokensOf } from './tokens.ts';

const maxCharacters = 100_000;
const maxDepth = 250;
const tooNested: Issue = { message: `expression recursion limit exceeded: ${maxDepth}`, at: -1 };
const reserved: ReadonlySet<string> = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(' '),
);

const relations = { "'<'": '_<_', "'<='": '_<=_', "'>='": '_>=_', "'>'": '_>_', "'=='": '_==_', "'!='": '_!=_', "'in'": '@in' } as const;
const products = { "'*'": '_*_', "'/'": '_/_', "'%'": '_%_' } as const;
const sums = { "'+'": '_+_', "'-'": '_-_' } as const;

const nothing = tokenSet();
const end = orEnd(nothing);
const literalFirst = tokenSet("'-'", "'true'", "'false'", "'null'", 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES');
const primaryFirst = joined(literalFirst, tokenSet("'['", "'{'", "'('", "'.'", 'IDENTIFIER'));
const exprFirst = joined(primaryFirst, tokenSet("'!'"));
const optExprFirst = joined(exprFirst, tokenSet("'?'"));
const identFirst = tokenSet('IDENTIFIER', 'ESC_IDENTIFIER');
const optFieldFirst = joined(identFirst, tokenSet("'?'"));
const afterMember = orEnd(tokenSet("'.'", "'['"));
const afterUnary = orEnd(tokenSet("'*'", "'/'", "'%'", "'+'", "'-'"));
const afterCalc = orEnd(tokenSet("'<'", "'<='", "'>='", "'>'", "'=='", "'!='", "'in'"));
const comma = tokenSet("','");
const colon = tokenSet("':'");
const parenthesis = tokenSet("')'");
const argumentFirst = joined(exprFirst, parenthesis);
const inList = joined(optExprFirst, tokenSet("']'", "','"));
const inMap = joined(optExprFirst, tokenSet("'}'", "','"));
const inMessage = joined(optFieldFirst, tokenSet("'}'", "','"));

/** Reads an expression by cel-go's grammar, and reports what is wrong with it in the words and places of its ANTLR parser. */
export function parseSyntax(source: string, issues: Issues, macros: ReadonlySet<string>): Syntax {
  const length = [...source].length;
  if (length > maxCharacters) {
    issues.push({ message: `expression code point size exceeds limit: size: ${length}, limit ${maxCharacters}`, at: -1 });
    return { kind: 'broken', at: -1 };
  }
  try {
    const read = new Parser(tokensOf(source, issues), issues, macros).start();
    if (isTooDeep(read)) issues.push({ message: 'max recursion depth exceeded', at: -1 });
    return read;
  } catch (error) {
    // With little stack left it ends before the limit is reached.
    if (error instanceof RangeError) issues.push(tooNested);
    else if (!(error instanceof GaveUp)) throw error;
    return broken();
  }
}

/** Whether an expression nests more steps and operators than upstream goes down into. */
function isTooDeep(root: Syntax): boolean {
  // No recursion: what is too deep may be much too deep. A part that stands in several places is only looked at again where it is deeper.
  const open: (readonly [Syntax, number])[] = [[root, 0]];
  const deepest = new Map<Syntax, number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [syntax, around] = next;
    if (around <= (deepest.get(syntax) ?? -1)) continue;
    deepest.set(syntax, around);
    const counts = syntax.kind === 'select' || (syntax.kind === 'call' && (syntax.target !== undefined || syntax.args.length > 1));
    const depth = counts ? around + 1 : around;
    if (depth > maxDepth) return true;
    for (const part of partsOf(syntax)) open.push([part, depth]);
  }
  return false;
}

function broken(): Syntax {
  return { kind: 'broken', at: -1 };
}

class Parser {
  private readonly input: Recognizer;
  private readonly issues: Issues;
  private readonly macros: ReadonlySet<string>;
  private depth = 0;

  constructor(tokens: readonly Token[], issues: Issues, macros: ReadonlySet<string>) {
    this.input = new Recognizer(tokens, issues);
    this.issues = issues;
    this.macros = macros;
  }

  start(): Syntax {
    return this.input.rule(
      nothing,
      () => {
        const read = this.expr(tokenSet('<EOF>'));
        this.input.match('<EOF>', end, 'start');
        return read;
      },
      broken,
    );
  }

  private expr(follow: TokenSet): Syntax {
    if (++this.depth > maxDepth) {
      this.issues.push(tooNested);
      throw new GaveUp();
    }
    const read = this.wholeExpr(follow);
    this.depth--;
    return read;
  }

  private wholeExpr(follow: TokenSet): Syntax {
    return this.input.rule(
      follow,
      () => {
        const condition = this.conditionalOr(orEnd(tokenSet("'?'")));
        if (!this.input.is("'?'")) return condition;
        const { at } = this.input.take();
        const then = this.conditionalOr(colon);
        this.input.match("':'", exprFirst, 'expr:');
        return { kind: 'call', name: '_?_:_', args: [condition, then, this.expr(end)], at };
      },
      broken,
    );
  }

  private conditionalOr(follow: TokenSet): Syntax {
    return this.logic(follow, "'||'", '_||_', (after) => this.conditionalAnd(after));
  }

  private conditionalAnd(follow: TokenSet): Syntax {
    return this.logic(follow, "'&&'", '_&&_', (after) => this.relation(after, 0));
  }

  /** Upstream nests many terms as a balanced tree; what is said of them is the same for all at once. */
  private logic(follow: TokenSet, sign: TokenType, name: string, term: (follow: TokenSet) => Syntax): Syntax {
    return this.input.rule(
      follow,
      () => {
        const after = orEnd(tokenSet(sign));
        const first = term(after);
        if (!this.input.is(sign)) return first;
        const args = [first];
        const { at } = this.input.next();
        while (this.input.is(sign)) {
          this.input.take();
          args.push(term(after));
        }
        return { kind: 'call', name, args, at };
      },
      broken,
    );
  }

  private relation(follow: TokenSet, precedence: number): Syntax {
    return this.input.rule(
      follow,
      () => {
        let left = this.calc(afterCalc, 0);
        while (precedence <= 1) {
          const name = operatorAt(this.input.next(), relations);
          if (name === undefined) break;
          const { at } = this.input.take();
          left = { kind: 'call', name, args: [left, this.relation(afterCalc, 2)], at };
        }
        return left;
      },
      broken,
    );
  }

  private calc(follow: TokenSet, precedence: number): Syntax {
    return this.input.rule(
      follow,
      () => {
        let left = this.unary(afterUnary);
        for (;;) {
          const product = precedence <= 2 ? operatorAt(this.input.next(), products) : undefined;
          const sum = precedence <= 1 ? operatorAt(this.input.next(), sums) : undefined;
          const name = product ?? sum;
          if (name === undefined) return left;
          const { at } = this.input.take();
          left = { kind: 'call', name, args: [left, this.calc(afterUnary, product === undefined ? 2 : 3)], at };
        }
      },
      broken,
    );
  }

  private unary(follow: TokenSet): Syntax {
    return this.input.rule(
      follow,
      () => {
        this.input.sync(exprFirst, 'unary');
        if (this.input.is("'!'")) return this.prefixed("'!'", '!_');
        return this.input.is("'-'") && this.beginsNegation() ? this.prefixed("'-'", '-_') : this.member(end);
      },
      (at) => ({ kind: 'literal', type: 'string', value: '<<error>>', at }),
    );
  }

  /** A minus right before a number belongs to it. */
  private beginsNegation(): boolean {
    const { type } = this.input.next(2);
    if (!primaryFirst.types.has(type)) throw this.input.noAlternative(2, 'unary');
    return type !== 'NUM_INT' && type !== 'NUM_FLOAT';
  }

  private prefixed(sign: TokenType, name: string): Syntax {
    const after = joined(primaryFirst, tokenSet(sign));
    const { at } = this.input.next();
    let count = 0;
    do {
      this.input.take();
      count++;
      this.input.syncLoop(after);
      if (sign === "'-'") this.checkAfterMinus();
    } while (this.input.is(sign));
    const operand = this.member(end);
    return count % 2 === 0 ? operand : { kind: 'call', name, args: [operand], at };
  }

  private checkAfterMinus(): void {
    const ahead = this.input.is("'-'") ? 2 : 1;
    if (!primaryFirst.types.has(this.input.next(ahead).type)) throw this.input.noAlternative(ahead, 'unary');
  }

  private member(follow: TokenSet): Syntax {
    return this.input.rule(
      follow,
      () => {
        let operand = this.primary(afterMember);
        while (this.input.is("'.'", "'['")) operand = this.input.is("'['") ? this.indexed(operand) : this.selected(operand);
        return operand;
      },
      broken,
    );
  }

  private indexed(operand: Syntax): Syntax {
    const { at } = this.input.take();
    this.input.sync(optExprFirst, 'member[');
    const optional = this.optionalMark();
    const index = this.expr(tokenSet("']'"));
    this.input.match("']'", afterMember, 'member]');
    return { kind: 'call', name: optional ? '_[?_]' : '_[_]', args: [operand, index], at };
  }

  private selected(operand: Syntax): Syntax {
    const { type } = this.input.next(2);
    if (type !== "'?'" && !identFirst.types.has(type)) throw this.input.noAlternative(2, 'member.');
    if (type === 'IDENTIFIER' && this.input.next(3).type === "'('") {
      this.input.take();
      const name = this.input.take().text;
      const { at } = this.input.take();
      const args = this.callArguments('member(', afterMember);
      return this.callOrMacro(name, operand, args, at);
    }
    const { at } = this.input.take();
    this.input.sync(optFieldFirst, 'member.?');
    const optional = this.optionalMark();
    const field = this.escapeIdent(afterMember);
    if (field === undefined) return { kind: 'broken', at };
    if (!optional) return { kind: 'select', operand, field: field.name, test: false, at };
    return { kind: 'call', name: '_?._', args: [operand, { kind: 'literal', type: 'string', value: field.name, at: field.at }], at };
  }

  private optionalMark(): boolean {
    if (!this.input.is("'?'")) return false;
    this.input.take();
    return true;
  }

  private escapeIdent(follow: TokenSet): { readonly name: string; readonly at: number } | undefined {
    return this.input.rule(
      follow,
      () => {
        this.input.sync(identFirst, 'escapeIdent');
        if (!this.input.is('IDENTIFIER', 'ESC_IDENTIFIER')) throw this.input.noAlternative(1, 'escapeIdent');
        const { type, text, at } = this.input.take();
        if (type === 'ESC_IDENTIFIER') this.issues.push({ message: "unsupported syntax: '`'", at });
        return { name: text, at };
      },
      () => undefined,
    );
  }

  private callArguments(state: string, after: TokenSet): readonly Syntax[] {
    this.input.sync(argumentFirst, state);
    const args = exprFirst.types.has(this.input.next().type) ? this.exprList() : [];
    this.input.match("')'", after, `${state})`);
    return args;
  }

  private exprList(): readonly Syntax[] {
    return this.input.rule(
      parenthesis,
      () => {
        const after = orEnd(comma);
        const list = [this.expr(after)];
        while (this.input.is("','")) {
          this.input.take();
          list.push(this.expr(after));
        }
        return list;
      },
      () => [],
    );
  }

  private callOrMacro(name: string, target: Syntax | undefined, args: readonly Syntax[], at: number): Syntax {
    const expanded = expandMacro({ name, target, args, at }, this.macros);
    if (expanded === undefined) return { kind: 'call', name, target, args, at };
    if (!('message' in expanded)) return expanded;
    this.issues.push(expanded);
    return { kind: 'broken', at: expanded.at };
  }

  private primary(follow: TokenSet): Syntax {
    return this.input.rule(
      follow,
      () => {
        this.input.sync(primaryFirst, 'primary');
        switch (this.input.next().type) {
          case "'('":
            return this.nested();
          case "'['":
            return this.list();
          case "'{'":
            return this.map();
          case "'.'":
          case 'IDENTIFIER':
            return this.named();
          default:
            return this.literal();
        }
      },
      broken,
    );
  }

  private nested(): Syntax {
    this.input.take();
    const inner = this.expr(parenthesis);
    this.input.match("')'", end, 'primary)');
    return inner;
  }

  private named(): Syntax {
    let ahead = this.input.is("'.'") ? 2 : 1;
    if (this.input.next(ahead).type !== 'IDENTIFIER') throw this.input.noAlternative(ahead, 'primary');
    if (this.input.next(ahead + 1).type === "'('") return this.globalCall();
    while (this.input.next(ahead + 1).type === "'.'" && this.input.next(ahead + 2).type === 'IDENTIFIER') ahead += 2;
    if (this.input.next(ahead + 1).type === "'{'") return this.message();
    const { prefix, name, at, begin } = this.leadingName();
    if (!reserved.has(name)) return { kind: 'ident', name: prefix + name, at };
    this.issues.push({ message: `reserved identifier: ${name}`, at: begin });
    return { kind: 'broken', at: begin };
  }

  private leadingName(): { readonly prefix: string; readonly name: string; readonly at: number; readonly begin: number } {
    const begin = this.input.next().at;
    const prefix = this.input.is("'.'") ? this.input.take().text : '';
    const { text, at } = this.input.take();
    return { prefix, name: text, at, begin };
  }

  private globalCall(): Syntax {
    const { prefix, name, begin } = this.leadingName();
    const { at } = this.input.take();
    const args = this.callArguments('primary(', end);
    if (!reserved.has(name)) return this.callOrMacro(prefix + name, undefined, args, at);
    this.issues.push({ message: `reserved identifier: ${name}`, at: begin });
    return { kind: 'broken', at: begin };
  }

  private message(): Syntax {
    let name = '';
    while (!this.input.is("'{'")) name += this.input.take().text;
    const { at } = this.input.take();
    this.input.sync(inMessage, 'primary{field');
    const fields = optFieldFirst.types.has(this.input.next().type) ? this.fieldList() : [];
    this.closeBracket("'}'", 'primary{field}');
    return { kind: 'struct', name, fields, at };
  }

  private list(): Syntax {
    const { at } = this.input.take();
    this.input.sync(inList, 'primary[');
    const elements = optExprFirst.types.has(this.input.next().type) ? this.elementList() : [];
    this.closeBracket("']'", 'primary]');
    return { kind: 'list', elements, at };
  }

  private map(): Syntax {
    const { at } = this.input.take();
    this.input.sync(inMap, 'primary{');
    const entries = optExprFirst.types.has(this.input.next().type) ? this.entryList() : [];
    this.closeBracket("'}'", 'primary}');
    return { kind: 'map', entries, at };
  }

  /** A last comma is allowed. */
  private closeBracket(bracket: TokenType, state: string): void {
    this.input.sync(tokenSet("','", bracket), `${state},`);
    if (this.input.is("','")) this.input.take();
    this.input.match(bracket, end, state);
  }

  private elementList(): readonly Element[] {
    return this.commaList(tokenSet("','", "']'"), optExprFirst, () => this.optExpr(orEnd(comma)));
  }

  private entryList(): readonly Entry[] {
    return this.commaList(tokenSet("','", "'}'"), optExprFirst, () => {
      const { value: key, optional } = this.optExpr(colon);
      this.input.match("':'", exprFirst, 'map:');
      return { key, value: this.expr(orEnd(comma)), optional };
    });
  }

  private fieldList(): readonly Field[] {
    return this.commaList(tokenSet("','", "'}'"), optFieldFirst, () => {
      const { name, optional } = this.optField();
      const at = this.input.match("':'", exprFirst, 'fields:')?.at ?? this.input.next().at;
      return { name, value: this.expr(orEnd(comma)), optional, at };
    });
  }

  private commaList<T>(follow: TokenSet, first: TokenSet, item: () => T): readonly T[] {
    return this.input.rule<readonly T[]>(
      follow,
      () => {
        const list = [item()];
        while (this.input.is("','") && first.types.has(this.input.next(2).type)) {
          this.input.take();
          list.push(item());
        }
        return list;
      },
      () => [],
    );
  }

  private optExpr(follow: TokenSet): Element {
    return this.input.rule<Element>(
      follow,
      () => {
        this.input.sync(optExprFirst, 'optExpr');
        const optional = this.optionalMark();
        return { value: this.expr(end), optional };
      },
      () => ({ value: broken(), optional: false }),
    );
  }

  private optField(): { readonly name: string; readonly optional: boolean } {
    return this.input.rule(
      colon,
      () => {
        this.input.sync(optFieldFirst, 'optField');
        const optional = this.optionalMark();
        return { name: this.escapeIdent(end)?.name ?? '', optional };
      },
      () => ({ name: '', optional: false }),
    );
  }

  private literal(): Syntax {
    return this.input.rule(
      end,
      () => {
        this.input.sync(literalFirst, 'literal');
        const { at } = this.input.next();
        const sign = this.input.is("'-'");
        if (sign && this.input.next(2).type !== 'NUM_INT' && this.input.next(2).type !== 'NUM_FLOAT')
          throw this.input.noAlternative(2, 'literal');
        if (sign) this.input.take();
        const { type, text } = this.input.take();
        const literal = literalOf(type, text, sign);
        if (!('message' in literal)) return { kind: 'literal', ...literal, at };
        this.issues.push({ message: literal.message, at });
        return { kind: 'broken', at };
      },
      broken,
    );
  }
}

function operatorAt({ type }: Token, operators: Readonly<Partial<Record<TokenType, string>>>): string | undefined {
  return operators[type];
}
