import type { Errors } from '../validation/checks.ts';
import type { Path } from '../validation/path.ts';
import type { JsonSchema } from './json-schema.ts';

/** Judges the rules of a schema before it is served: whether they compile, and what they may cost. */
export class SchemaRules {
  constructor(_root: JsonSchema, _unchanged: boolean) {}

  /** Judges the rules of one schema, which stands within others. */
  check(_schema: JsonSchema, _within: readonly JsonSchema[], _path: Path, _uncorrelatable: Path | undefined, _errors: Errors): void {}

  /** Reports rules that together cost more than a definition may. */
  reportTotal(_path: Path, _errors: Errors): void {}
}
