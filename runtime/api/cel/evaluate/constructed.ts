import type { CelType } from '../check/types.ts';
import { equal } from './equality.ts';
import type { Meter } from './meter.ts';
import { type Opaque, Struct, type Value } from './values.ts';

/** An object that an expression has constructed: `Object{spec: …}`. */
export class Constructed extends Struct {
  readonly type: CelType;
  readonly fields: ReadonlyMap<string, Value>;

  constructor(type: CelType, fields: ReadonlyMap<string, Value>) {
    super();
    this.type = type;
    this.fields = fields;
  }

  /** To upstream the texts of a patch are empty when they are not set, and nothing can be selected from an `Object`. */
  field(name: string): Value | undefined {
    if (!this.isPatch) return undefined;
    return this.fields.get(name) ?? (name === 'value' ? null : '');
  }

  isSet(name: string): boolean {
    return this.isPatch && (name === 'value' ? this.fields.has(name) : this.field(name) !== '');
  }

  equals(other: Opaque, meter: Meter): boolean {
    if (!(other instanceof Constructed) || this.type.name !== other.type.name) return false;
    const names = new Set([...this.fields.keys(), ...other.fields.keys()]);
    return [...names].every((name) => {
      meter.work(1);
      const [first, second] =
        this.isPatch && name !== 'value' ? [this.field(name), other.field(name)] : [this.fields.get(name), other.fields.get(name)];
      return first !== undefined && second !== undefined && equal(first, second, meter);
    });
  }

  private get isPatch(): boolean {
    return this.type.name === 'JSONPatch';
  }
}
