import { equalValues, isObject } from './json-schema.ts';

/**
 * The part of kubectl's JSONPath that printer columns and selectable fields are written in: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`,
 * `.metadata.annotations.example\.com/size`, `.spec.ports[0].port`, `.items[*].name`, `..name`.
 */
export interface JsonPath {
  /** What stands at the path, in order; nothing where a step leads nowhere. */
  find(value: unknown): readonly unknown[];
}

/** What a step leads to; undefined where the path cannot be followed, which upstream takes for a failure of the whole. */
type Step = (values: readonly unknown[]) => readonly unknown[] | undefined;

/** Reads a path, as client-go's `jsonpath` does. @throws Error when it is none, or one of those that are not known here */
export function parseJsonPath(text: string): JsonPath {
  const steps = stepsOf(text);
  return { find: (value) => follow(steps, [value]) ?? [] };
}

function stepsOf(text: string): readonly Step[] {
  return new PathParser(text).parse();
}

function follow(steps: readonly Step[], values: readonly unknown[]): readonly unknown[] | undefined {
  return steps.reduce<readonly unknown[] | undefined>((found, step) => found && step(found), values);
}

class PathParser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(): readonly Step[] {
    const steps: Step[] = [];
    if (this.text.startsWith('$') || this.text.startsWith('@')) this.at++;
    while (this.at < this.text.length) steps.push(this.step());
    return steps;
  }

  private step(): Step {
    if (this.text.startsWith('..', this.at)) {
      this.at += 2;
      return recursive(this.name());
    }
    if (this.text[this.at] === '.') {
      this.at++;
      // A dot before a bracket, and one at the end, say nothing.
      if (this.at === this.text.length || this.text[this.at] === '[') return (values) => [...values];
      return field(this.name());
    }
    if (this.text[this.at] === '[') return this.bracket();
    throw this.unrecognized();
  }

  private name(): string {
    let name = '';
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] ?? '';
      if (character === '\\') name += this.text[++this.at] ?? '';
      else if (character === '.' || character === '[') break;
      else if (/[\s{}()]/.test(character)) throw this.unrecognized();
      else name += character;
    }
    if (name === '') throw this.unrecognized();
    return name;
  }

  private bracket(): Step {
    const end = this.closing();
    const inner = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    const filter = /^\?\((.*)\)$/s.exec(inner);
    if (filter !== null) return filtered(filter[1] ?? '');
    const parts = inner.split(',');
    if (parts.length > 1) return union(parts.map((part) => stepsOf(`[${part.trim()}]`)));
    // A quoted name is read as a path again, so that its dots divide it unless they are escaped.
    const quoted = /^'([^']*)'$/.exec(inner);
    if (quoted !== null) return union([stepsOf(`.${quoted[1]}`)]);
    const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inner === '*' ? ':' : inner);
    if (slice === null) throw new Error(`invalid array index ${inner}`);
    const [, from = '', to, by] = slice;
    return items(optionalNumber(from), to === undefined ? undefined : (optionalNumber(to.slice(1)) ?? 'end'), optionalNumber(by?.slice(1)));
  }

  private closing(): number {
    let depth = 0;
    let quote = '';
    for (let at = this.at; at < this.text.length; at++) {
      const character = this.text[at] ?? '';
      if (quote !== '') {
        if (character === '\\') at++;
        else if (character === quote) quote = '';
      } else if (character === '"' || character === "'") quote = character;
      else if (character === '[') depth++;
      else if (character === ']' && --depth === 0) return at;
    }
    throw new Error('unterminated array');
  }

  private unrecognized(): Error {
    return new Error(`unrecognized character in action: ${JSON.stringify(this.text[this.at] ?? '')}`);
  }
}

function quotedText(text: string): string | undefined {
  const match = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/s.exec(text);
  return match === null ? undefined : (match[1] ?? match[2] ?? '').replace(/\\(.)/gs, '$1');
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

function below(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function field(name: string): Step {
  if (name === '*') return (values) => values.flatMap(below);
  return (values) => values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
}

/** All that any of some paths leads to. */
function union(paths: readonly (readonly Step[])[]): Step {
  return (values) => {
    const found = paths.map((steps) => follow(steps, values));
    return found.includes(undefined) ? undefined : found.flatMap((each) => each ?? []);
  };
}

/** Every so many of the items of lists; without `to` the one at `from`. Numbers below zero count from the end. Upstream: `evalArray`. */
function items(from = 0, to: number | 'end' | undefined = undefined, by = 1): Step {
  return (values) => {
    const found: unknown[] = [];
    for (const list of values) {
      if (list === null) continue;
      if (!Array.isArray(list)) return undefined;
      const start = from < 0 ? from + list.length : from;
      const last = to ?? from + 1;
      const end = last === 'end' ? list.length : last < 0 || (last === 0 && to === undefined) ? last + list.length : last;
      if (start === end) return found;
      if (start < 0 || end < start || end > list.length || by < 1) return undefined;
      for (let at = start; at < end; at += by) found.push(list[at]);
    }
    return found;
  };
}

function recursive(name: string): Step {
  const search = (value: unknown): unknown[] => {
    const own = name === '*' ? below(value) : isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];
    return [...own, ...below(value).flatMap(search)];
  };
  return (values) => values.flatMap(search);
}

/** `@.type=="Ready"`, `@.count>2`, `@.name` */
function filtered(text: string): Step {
  const keeps = condition(text);
  return (values) => (values.every(Array.isArray) ? values.flatMap((list) => below(list).filter(keeps)) : undefined);
}

function condition(text: string): (value: unknown) => boolean {
  const comparison = /^(.*?)(==|!=|<=|>=|<|>)(.*)$/s.exec(text);
  if (comparison === null) {
    const path = parseJsonPath(text.trim());
    return (value) => path.find(value).length > 0;
  }
  const [, left = '', operator = '', right = ''] = comparison;
  const [leftOf, rightOf] = [operand(left.trim()), operand(right.trim())];
  return (value) => compare(leftOf(value), operator, rightOf(value));
}

function operand(text: string): (value: unknown) => unknown {
  if (text.startsWith('@')) {
    const path = parseJsonPath(text);
    return (value) => path.find(value)[0];
  }
  const quoted = quotedText(text);
  if (quoted !== undefined) return () => quoted;
  if (text === 'true' || text === 'false') return () => text === 'true';
  if (text !== '' && !Number.isNaN(Number(text))) return () => Number(text);
  throw new Error(`unrecognized identifier ${text}`);
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  if (operator === '==') return equalValues(left, right);
  if (operator === '!=') return !equalValues(left, right);
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  const order = left < (right as typeof left) ? -1 : left === right ? 0 : 1;
  return operator === '<' ? order < 0 : operator === '<=' ? order <= 0 : operator === '>' ? order > 0 : order >= 0;
}
