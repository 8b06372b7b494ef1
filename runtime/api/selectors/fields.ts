/** One condition on one field. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Conditions on fields, all of which must hold. Which fields may be asked for is each kind's own affair. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  readonly empty: boolean;
  /** Decides over the fields' texts; a field that is absent counts as empty. */
  matches(fields: Readonly<Record<string, string>>): boolean;
}

/**
 * Reads a field selector: `metadata.name=web,status.phase!=Running`. A backslash escapes a comma, an equals sign or itself in a value.
 * Follows `k8s.io/apimachinery/pkg/fields`. @throws Error with upstream's words.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements = splitTerms(text)
    .sort()
    .filter((term) => term !== '')
    .map((term) => parseTerm(text, term));
  return fieldSelectorOf(requirements);
}

/** A selector that asks for all of the given requirements. */
export function fieldSelectorOf(requirements: readonly FieldRequirement[]): FieldSelector {
  return {
    requirements,
    empty: requirements.length === 0,
    matches: (fields) => requirements.every(({ field, operator, value }) => ((fields[field] ?? '') === value) === (operator === '=')),
  };
}

/** Writes a selector as it may be parsed again. */
export function formatFieldSelector(selector: FieldSelector): string {
  return selector.requirements.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(',');
}

/** Escapes what would end a value. */
export function escapeFieldValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function parseTerm(text: string, term: string): FieldRequirement {
  for (let at = 0; at < term.length; at++) {
    const two = term.slice(at, at + 2);
    if (two === '!=')
      return {
        field: term.slice(0, at),
        operator: '!=',
        value: unescapeValue(term.slice(at + 2)),
      };
    if (two === '==')
      return {
        field: term.slice(0, at),
        operator: '=',
        value: unescapeValue(term.slice(at + 2)),
      };
    if (term[at] === '=')
      return {
        field: term.slice(0, at),
        operator: '=',
        value: unescapeValue(term.slice(at + 1)),
      };
  }
  throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
}

function unescapeValue(value: string): string {
  let out = '';
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? '';
    if (character === '\\') {
      const escaped = value[++at];
      if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
        throw new Error(`invalid field selector: invalid escape sequence: \\${escaped ?? ''}`);
      }
      out += escaped;
    } else if (character === ',' || character === '=') {
      throw new Error(`invalid field selector: unescaped character in value: ${character}`);
    } else out += character;
  }
  return out;
}
