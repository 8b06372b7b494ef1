import { type ApiObject, copyJson, jsonEqual } from '../registry/api-object.ts';
import type { Attributes } from './admission.ts';

/** Who of a plugin's mutators has had a look at one write so far. */
export class Round {
  /** Whether all plugins run for the second time. */
  isRepeated = false;
  /** Mutators that want to be asked again when others change the object after them. */
  private readonly repeatable = new Set<string>();
  /** Those of them after whom it was changed. */
  private readonly due = new Set<string>();
  /** The object as the plugin left it. */
  private output: ApiObject | undefined;

  /** The second run begins: what other plugins have changed since counts, too. */
  repeat(object: ApiObject | undefined): void {
    this.isRepeated = true;
    if (!jsonEqual(this.output, object)) this.changed();
  }

  /** Whether a mutator is to be asked in this run. */
  wants(id: string): boolean {
    return !this.isRepeated || this.due.has(id);
  }

  /** The object was changed: whoever has seen it before wants to see it again. */
  changed(): void {
    for (const id of this.repeatable) this.due.add(id);
    this.repeatable.clear();
  }

  /** A mutator that wants to be asked again has been asked. */
  seenBy(id: string): void {
    this.repeatable.add(id);
  }

  finish(object: ApiObject | undefined): void {
    this.output = copyJson(object);
  }
}

/** The rounds of one plugin, by write. Follows upstream's reinvocation contexts. */
export class Rounds {
  private readonly byWrite = new WeakMap<Attributes, Round>();

  /** The round of a write, which is repeated when the plugin has had it before. */
  enter(attributes: Attributes): Round {
    const previous = this.byWrite.get(attributes);
    if (previous !== undefined) {
      previous.repeat(attributes.object);
      return previous;
    }
    const round = new Round();
    this.byWrite.set(attributes, round);
    return round;
  }
}
