import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';

/** What is read of a schema of OpenAPI 2. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

export type Definitions = Readonly<Record<string, Schema>>;

/** Texts that fields without a word of their own are given: names, addresses, paths, times, expressions. */
const texts = ['a', 'standing', 'example.com/a', '10.0.0.1', '10.0.0.0/24', 'fd00::1', '/a', '1h', 'true', '*', 'self == self', 'AAAA', ''];
const numbers = [0, 1, 2, 80, 443, 30000, 65535, 65536, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 53];
/** Values of what has a form of its own, by the end of its definition's name. */
const formed: Readonly<Record<string, readonly unknown[]>> = {
  Quantity: ['1', '100m', '1Gi', '1e3', '-1', 2],
  IntOrString: [1, '25%', 'http', '101%'],
  Time: ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'],
  MicroTime: ['2026-01-01T00:00:00.000001Z'],
  FieldsV1: [{ 'f:metadata': { 'f:labels': {} } }],
  RawExtension: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, {}],
  JSONSchemaProps: [{ type: 'object', properties: { spec: { type: 'object' } } }, { type: 'string' }],
};
const deepest = 7;

/** Makes values of schemas by chance; the same seed makes the same ones. */
export class SchemaValues {
  private readonly definitions: Definitions;
  private readonly random: () => number;

  constructor(definitions: Definitions, seed: number) {
    this.definitions = definitions;
    const random = createSeededRandom(seed);
    this.random = () => random.next();
  }

  /** One of several. */
  pick<T>(of: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = of[Math.floor(this.random() * of.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A value that a schema allows, but for what only the server knows. */
  valueOf(schema: Schema, depth = 0): unknown {
    const { $ref, type, description = '' } = schema;
    if ($ref !== undefined) return this.valueOfDefinition($ref.replace('#/definitions/', ''), depth, description);
    if (schema.enum !== undefined) return this.pick(schema.enum);
    switch (type) {
      case 'string':
        return schema.format === 'byte' ? this.pick(['AA==', '', 'bm8=']) : this.textOf(description);
      case 'integer':
      case 'number':
        return this.pick(numbers);
      case 'boolean':
        return this.chance(0.5);
      case 'array':
        return Array.from({ length: this.length(depth) }, () => this.valueOf(schema.items ?? {}, depth + 1));
      default:
        return this.objectOf(schema, depth);
    }
  }

  private valueOfDefinition(name: string, depth: number, description: string): unknown {
    const form = formed[name.split('.').at(-1) ?? ''];
    if (form !== undefined) return this.pick(form);
    return this.valueOf({ description, ...this.definitions[name] }, depth);
  }

  private objectOf({ properties, required = [], additionalProperties }: Schema, depth: number): Record<string, unknown> {
    if (properties === undefined) {
      if (additionalProperties === undefined) return {};
      return Object.fromEntries(
        Array.from({ length: this.length(depth) }, () => [this.pick(texts), this.valueOf(additionalProperties, depth + 1)]),
      );
    }
    // The further down, the less: there would be no end to it.
    const likely = depth < 2 ? 0.6 : depth < deepest ? 1.5 / (depth + Object.keys(properties).length) : 0;
    const chosen = Object.entries(properties).filter(([name]) => (required.includes(name) ? this.chance(0.97) : this.chance(likely)));
    return Object.fromEntries(chosen.map(([name, schema]) => [name, this.valueOf(schema, depth + 1)]));
  }

  private length(depth: number): number {
    return depth > deepest ? 0 : this.pick([0, 1, 1, 1, 2, 3]);
  }

  /** Often one of the words that a field's description quotes, as those are the values that it may have. */
  private textOf(description: string): string {
    const quoted = [...description.matchAll(/["'`]([\w./-]{1,40})["'`]/g)].flatMap(([, word]) => word ?? []);
    return quoted.length > 0 && this.chance(0.8) ? this.pick(quoted) : this.pick(texts);
  }
}
