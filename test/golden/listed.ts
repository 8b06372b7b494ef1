/** A kind of difference that is wanted, and the cases that show it. */
export interface Listed {
  /** Where in an answer it is, as it is written in the list. */
  readonly place: string;
  readonly cases: ReadonlySet<string>;
  /** Whether the difference at a place of a case is this one. */
  covers(id: string, place: string): boolean;
}

/** Reads the part "By case" of the list of wanted differences: `` - `place` — why. area: case, case; area: case ``. */
export function listedDifferences(markdown: string): Listed[] {
  const lines = markdown.slice(markdown.indexOf('## By case')).matchAll(/^- `([^`]*)` — .*?\. ((?:[\w-]+: [^;\n]*(?:; |$))+)$/gm);
  return Array.from(lines, ([, place = '', areas = '']) => {
    const cases = new Set(
      areas.split('; ').flatMap((part) => {
        const [area = '', ids = ''] = part.split(': ');
        return ids.split(', ').map((id) => `${area}/${id}`);
      }),
    );
    const pattern = patternOf(place);
    return { place, cases, covers: (id, at) => cases.has(id) && pattern.test(at) };
  });
}

/** `*` is one part of a JSON pointer, `**` any number of them, `{a,b}` either. */
function patternOf(place: string): RegExp {
  const parts = place.split(/(\*\*|\*|\{[^}]*\})/).map((part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part.startsWith('{')) return `(${part.slice(1, -1).split(',').map(escaped).join('|')})`;
    return escaped(part);
  });
  return new RegExp(`^${parts.join('')}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
