import type { Field } from '../documents/field.ts';
import { equivalents, type Linter } from './equivalents.ts';

/** The annotation that lists rules which do not apply to an object, separated by commas; `*` stands for all. */
export const ignoreAnnotation = 'kubeside/ignore';

const comment = /#\s*kubeside:\s*ignore\s+([\w*,\s-]+?)\s*$/;

/** Annotations whose name says which check of a linter does not apply. */
const perCheck: readonly (readonly [Linter, RegExp])[] = [
  ['kube-linter', /^ignore-check\.kube-linter\.io\/(.+)$/],
  ['polaris', /^polaris\.fairwinds\.com\/(.+)-exempt$/],
  ['datree', /^datree\.skip\/(.+)$/],
];

/** Where a document's comments (`# kubeside: ignore <id>`) say that a rule does not apply: to the line below, or to the line they end. */
export class Silence {
  readonly #lines = new Map<number, ReadonlySet<string>>();
  /** Comments above everything else hold for the whole document. */
  readonly #everywhere = new Set<string>();
  readonly #text: string;

  constructor(text: string, content: number) {
    this.#text = text;
    if (!text.includes('kubeside:')) return;
    let start = 0;
    for (const [index, line] of text.split('\n').entries()) {
      const ids = idsOf(comment.exec(line)?.[1]);
      if (ids.size > 0) {
        if (start + line.length <= content) for (const id of ids) this.#everywhere.add(id);
        const whole = line.trimStart().startsWith('#');
        this.#lines.set(whole ? index + 1 : index, ids);
      }
      start += line.length + 1;
    }
  }

  /** Whether a rule is silenced at an offset. */
  covers(id: string, offset: number): boolean {
    if (has(this.#everywhere, id)) return true;
    if (this.#lines.size === 0) return false;
    let line = 0;
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < offset; at = this.#text.indexOf('\n', at + 1)) line++;
    const ids = this.#lines.get(line);
    return ids !== undefined && has(ids, id);
  }
}

/** The rules that an object's annotations silence: our own, and those of other linters for what they would find. */
export function silencedBy(object: Field): ReadonlySet<string> {
  const silenced = new Set<string>();
  for (const [name, { text }] of object.get('metadata', 'annotations').entries()) {
    if (name === ignoreAnnotation) for (const id of idsOf(text)) silenced.add(id);
    for (const id of foreign(name, text)) silenced.add(id);
  }
  return silenced;
}

/** The rules that an annotation for another linter silences. */
function foreign(name: string, text: string | undefined): readonly string[] {
  if (name === 'kube-linter.io/ignore-all' || (name === 'polaris.fairwinds.com/exempt' && text === 'true')) return ['*'];
  if (name === 'kube-score/ignore') return [...idsOf(text)].flatMap((id) => equivalents['kube-score'][id] ?? []);
  for (const [linter, pattern] of perCheck) {
    const rule = equivalents[linter][pattern.exec(name)?.[1] ?? ''];
    if (rule !== undefined) return [rule];
  }
  return [];
}

export function has(ids: ReadonlySet<string>, id: string): boolean {
  return ids.has(id) || ids.has('*');
}

function idsOf(list: string | undefined): ReadonlySet<string> {
  return new Set(list?.split(/[,\s]+/).filter((id) => id !== ''));
}
