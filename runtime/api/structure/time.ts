/** Times as Go reads and writes them: RFC 3339, in UTC, whole seconds or microseconds. */

const layouts = { seconds: '2006-01-02T15:04:05Z07:00', micros: '2006-01-02T15:04:05.000000Z07:00' } as const;

const canonicalSeconds = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Reads a time and writes it as it is stored. @throws Error in Go's words. */
export function canonicalTime(text: string, precision: 'seconds' | 'micros'): string {
  if (precision === 'seconds' && canonicalSeconds.test(text)) return text;
  return new TimeParser(text, layouts[precision]).parse(precision);
}

class TimeParser {
  readonly #text: string;
  readonly #layout: string;
  #rest: string;

  constructor(text: string, layout: string) {
    this.#text = text;
    this.#layout = layout;
    this.#rest = text;
  }

  parse(precision: 'seconds' | 'micros'): string {
    const year = this.#number(4, '2006');
    this.#literal('-');
    const month = this.#number(2, '01');
    if (month < 1 || month > 12) throw this.#outOfRange('month');
    this.#literal('-');
    const day = this.#number(2, '02');
    this.#literal('T');
    const hour = this.#number(2, '15');
    if (hour > 23) throw this.#outOfRange('hour');
    this.#literal(':');
    const minute = this.#number(2, '04');
    if (minute > 59) throw this.#outOfRange('minute');
    this.#literal(':');
    const second = this.#number(2, '05');
    if (second > 59) throw this.#outOfRange('second');
    const fraction = /^\.(\d+)/.exec(this.#rest);
    if (precision === 'micros' && fraction?.[1]?.length !== 6) throw this.#cannotParse('.000000');
    if (fraction !== null) this.#rest = this.#rest.slice(fraction[0].length);
    const offsetMinutes = this.#zone();
    if (this.#rest !== '') throw new Error(`parsing time ${this.#quoted(this.#text)}: extra text: ${this.#quoted(this.#rest)}`);
    const date = new Date(0);
    // Unlike `Date.UTC` it does not take the first hundred years for those from 1900 on.
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw this.#outOfRange('day');
    date.setUTCHours(hour, minute - offsetMinutes, second);
    const utc = date.toISOString().slice(0, 19);
    return precision === 'seconds' ? `${utc}Z` : `${utc}.${fraction?.[1] ?? '000000'}Z`;
  }

  #number(digits: number, element: string): number {
    const match = new RegExp(`^\\d{${digits}}`).exec(this.#rest);
    if (match === null) throw this.#cannotParse(element);
    this.#rest = this.#rest.slice(digits);
    return Number(match[0]);
  }

  #literal(character: string): void {
    if (!this.#rest.startsWith(character)) throw this.#cannotParse(character);
    this.#rest = this.#rest.slice(1);
  }

  #zone(): number {
    if (this.#rest.startsWith('Z')) {
      this.#rest = this.#rest.slice(1);
      return 0;
    }
    const match = /^([+-])(\d\d):(\d\d)/.exec(this.#rest);
    if (match === null) throw this.#cannotParse('Z07:00');
    this.#rest = this.#rest.slice(6);
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return match[1] === '-' ? -minutes : minutes;
  }

  #cannotParse(element: string): Error {
    return new Error(
      `parsing time ${this.#quoted(this.#text)} as ${this.#quoted(this.#layout)}: cannot parse ${this.#quoted(this.#rest)} as ${this.#quoted(element)}`,
    );
  }

  #outOfRange(what: string): Error {
    return new Error(`parsing time ${this.#quoted(this.#text)}: ${what} out of range`);
  }

  #quoted(text: string): string {
    return JSON.stringify(text);
  }
}
