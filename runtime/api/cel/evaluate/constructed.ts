import type { CelType } from '../check/types.ts';
import { equal } from './equality.ts';
import { Meter } from './meter.ts';
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

  /** Fields that are not set are null to upstream. */
  field(name: string): Value | undefined {
    return this.fields.get(name) ?? null;
  }

  equals(other: Opaque): boolean {
    if (!(other instanceof Constructed) || this.fields.size !== other.fields.size) return false;
    const meter = new Meter();
    return [...this.fields].every(([name, value]) => {
      const second = other.fields.get(name);
      return second !== undefined && equal(value, second, meter);
    });
  }
}
