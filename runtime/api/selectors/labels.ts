import type { LabelSelector } from '../generated/types/meta/v1.ts';
import { labelValueProblems, qualifiedNameProblems } from '../names/labels.ts';

export type Labels = Readonly<Record<string, string>>;

export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt' | 'exists' | '!';

/** One condition on one label. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted. One for `=`, `==`, `!=`, `gt` and `lt`; none for `exists` and `!`. */
  readonly values: readonly string[];
}

/** A condition on labels: all of its requirements together, or nothing at all. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** Whether there is no requirement, so that everything matches. */
  readonly empty: boolean;
  matches(labels: Labels | undefined): boolean;
}

const noLabels: Labels = {};
const integer = /^[+-]?[0-9]+$/;
const binaryOperators = 'in, notin, =, ==, !=, gt, lt';

/** Matches every object. */
export const everything: Selector = {
  requirements: [],
  empty: true,
  matches: () => true,
};

/** Matches no object. */
export const nothing: Selector = {
  requirements: [],
  empty: false,
  matches: () => false,
};

/** A selector that asks for all of the given requirements. */
export function selectorOf(requirements: readonly Requirement[]): Selector {
  if (requirements.length === 0) return everything;
  return {
    requirements,
    empty: false,
    matches: (labels) => requirements.every((requirement) => requirementMatches(requirement, labels ?? noLabels)),
  };
}

/** Whether labels satisfy one requirement. */
export function requirementMatches(requirement: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && requirement.values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt': {
      if (value === undefined || !integer.test(value)) return false;
      const bound = BigInt(requirement.values[0] ?? '0');
      return requirement.operator === 'gt' ? BigInt(value) > bound : BigInt(value) < bound;
    }
  }
}

/** Makes a requirement and checks it. @throws Error with upstream's words. */
export function requirementOf(key: string, operator: Operator, values: readonly string[]): Requirement {
  const problems: string[] = [];
  const invalid = (field: string, value: string, detail: string): void => {
    problems.push(`${field}: Invalid value: ${value}: ${detail}`);
  };
  const keyProblems = qualifiedNameProblems(key);
  if (keyProblems.length > 0) invalid('key', JSON.stringify(key), keyProblems.join('; '));
  const shown = JSON.stringify(values);
  switch (operator) {
    case 'in':
    case 'notin':
      if (values.length === 0) invalid('values', shown, "for 'in', 'notin' operators, values set can't be empty");
      break;
    case '=':
    case '==':
    case '!=':
      if (values.length !== 1) invalid('values', shown, 'exact-match compatibility requires one single value');
      break;
    case 'exists':
    case '!':
      if (values.length !== 0) invalid('values', shown, 'values set must be empty for exists and does not exist');
      break;
    case 'gt':
    case 'lt':
      if (values.length !== 1) invalid('values', shown, "for 'Gt', 'Lt' operators, exactly one value is required");
      for (const [index, value] of values.entries()) {
        if (!integer.test(value))
          invalid(`values[${index}]`, JSON.stringify(value), "for 'Gt', 'Lt' operators, the value must be an integer");
      }
      break;
  }
  for (const [index, value] of values.entries()) {
    const valueProblems = labelValueProblems(value);
    if (valueProblems.length > 0) invalid(`values[${index}][${key}]`, JSON.stringify(value), valueProblems.join('; '));
  }
  if (problems.length > 0) throw new Error(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`);
  return { key, operator, values: [...new Set(values)].sort() };
}

type Token = 'identifier' | 'end' | 'error' | 'in' | 'notin' | '=' | '==' | '!=' | '>' | '<' | '!' | '(' | ')' | ',';

interface Lexeme {
  readonly token: Token;
  readonly literal: string;
}

const special = new Set<string>(['=', '!', '(', ')', ',', '>', '<']);
const whitespace = new Set<string>([' ', '\t', '\r', '\n']);
const symbols = new Map<string, Token>((['=', '==', '!=', '>', '<', '!', '(', ')', ','] as const).map((symbol) => [symbol, symbol]));

function lex(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (whitespace.has(character)) {
      at++;
    } else if (special.has(character)) {
      const two = text.slice(at, at + 2);
      const literal = symbols.has(two) ? two : character;
      lexemes.push({ token: symbols.get(literal) ?? 'error', literal });
      at += literal.length;
    } else {
      let end = at;
      while (end < text.length && !special.has(text[end] ?? '') && !whitespace.has(text[end] ?? '')) end++;
      const literal = text.slice(at, end);
      lexemes.push({
        token: literal === 'in' || literal === 'notin' ? literal : 'identifier',
        literal,
      });
      at = end;
    }
  }
  return lexemes;
}

const end: Lexeme = { token: 'end', literal: '' };

class Parser {
  readonly #lexemes: readonly Lexeme[];
  #at = 0;

  constructor(text: string) {
    this.#lexemes = lex(text);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const next = this.#peek();
      if (next.token === 'end') break;
      if (next.token !== 'identifier' && next.token !== '!') {
        throw new Error(`found '${next.literal}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const separator = this.#take();
      if (separator.token === 'end') break;
      if (separator.token !== ',') throw new Error(`found '${separator.literal}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.token !== 'identifier' && after.token !== '!') throw new Error(`found '${after.literal}', expected: identifier after ','`);
    }
    return requirements.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  }

  /** `in` and `notin` are words like others wherever a key or value is expected. */
  #peek(asOperator = false): Lexeme {
    const lexeme = this.#lexemes[this.#at] ?? end;
    return !asOperator && (lexeme.token === 'in' || lexeme.token === 'notin') ? { token: 'identifier', literal: lexeme.literal } : lexeme;
  }

  #take(asOperator = false): Lexeme {
    const lexeme = this.#peek(asOperator);
    this.#at++;
    return lexeme;
  }

  #requirement(): Requirement {
    try {
      return this.#requirementOrThrow();
    } catch (error) {
      throw new Error(`unable to parse requirement: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #requirementOrThrow(): Requirement {
    let lexeme = this.#take();
    const negated = lexeme.token === '!';
    if (negated) lexeme = this.#take();
    if (lexeme.token !== 'identifier') throw new Error(`found '${lexeme.literal}', expected: identifier`);
    const key = lexeme.literal;
    const problems = qualifiedNameProblems(key);
    if (problems.length > 0) throw new Error(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`);
    if (negated) return requirementOf(key, '!', []);
    const next = this.#peek().token;
    if (next === 'end' || next === ',') return requirementOf(key, 'exists', []);
    const operator = this.#operator();
    return requirementOf(key, operator, operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()]);
  }

  #operator(): Operator {
    const { token, literal } = this.#take(true);
    switch (token) {
      case 'in':
      case 'notin':
      case '=':
      case '==':
      case '!=':
        return token;
      case '>':
        return 'gt';
      case '<':
        return 'lt';
      default:
        throw new Error(`found '${literal}', expected: ${binaryOperators}`);
    }
  }

  #values(): string[] {
    const open = this.#take();
    if (open.token !== '(') throw new Error(`found '${open.literal}' expected: '('`);
    const first = this.#peek();
    if (first.token === ')') {
      this.#take();
      return [''];
    }
    if (first.token !== 'identifier' && first.token !== ',') throw new Error(`found '${first.literal}', expected: ',', ')' or identifier`);
    const values = this.#list();
    this.#take();
    return values;
  }

  /** Reads up to, but not including, the closing parenthesis. Commas without a word between them stand for the empty value. */
  #list(): string[] {
    const values: string[] = [];
    for (;;) {
      const lexeme = this.#take();
      if (lexeme.token === 'identifier') {
        values.push(lexeme.literal);
        const next = this.#peek();
        if (next.token === ')') return values;
        if (next.token !== ',') throw new Error(`found '${next.literal}', expected: ',' or ')'`);
      } else if (lexeme.token === ',') {
        if (values.length === 0) values.push('');
        const next = this.#peek().token;
        if (next === ')') return [...values, ''];
        if (next === ',') values.push('');
      } else {
        throw new Error(`found '${lexeme.literal}', expected: ',', or identifier`);
      }
    }
  }

  #exactValue(): string {
    const next = this.#peek().token;
    if (next === 'end' || next === ',') return '';
    const lexeme = this.#take();
    if (lexeme.token !== 'identifier') throw new Error(`found '${lexeme.literal}', expected: identifier`);
    return lexeme.literal;
  }
}

/**
 * Reads a label selector as `kubectl -l` and `labelSelector=` take it: `app=web,tier!=cache,env in (a,b),!legacy`.
 * Follows `k8s.io/apimachinery/pkg/labels`. @throws Error with upstream's words.
 */
export function parseLabelSelector(text: string): Selector {
  return selectorOf(new Parser(text).parse());
}

/** A selector that asks for exactly these labels; none asked for matches everything. */
export function selectorFromLabels(labels: Labels | undefined): Selector {
  const requirements = Object.entries(labels ?? noLabels).map(([key, value]): Requirement => ({ key, operator: '=', values: [value] }));
  return selectorOf(requirements.sort((left, right) => (left.key < right.key ? -1 : 1)));
}

const operators: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/**
 * The selector an object's `LabelSelector` stands for: none matches nothing, an empty one everything.
 * @throws Error when the operator is unknown or a requirement breaks the rules.
 */
export function selectorFromLabelSelector(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return nothing;
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? noLabels)) requirements.push(requirementOf(key, '=', [value]));
  for (const expression of selector.matchExpressions ?? []) {
    const operator = Object.hasOwn(operators, expression.operator) ? operators[expression.operator] : undefined;
    if (operator === undefined) throw new Error(`${JSON.stringify(expression.operator)} is not a valid label selector operator`);
    requirements.push(requirementOf(expression.key, operator, expression.values ?? []));
  }
  return selectorOf(requirements.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)));
}

/** Writes a selector as it may be parsed again. */
export function formatSelector(selector: Selector): string {
  return selector.requirements.map(formatRequirement).join(',');
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case '!':
      return `!${key}`;
    case 'exists':
      return key;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0] ?? ''}`;
    case 'lt':
      return `${key}<${values[0] ?? ''}`;
    default:
      return `${key}${operator}${values[0] ?? ''}`;
  }
}
