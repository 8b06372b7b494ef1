import type { Errors } from './checks.ts';
import type { NameRule } from './name-rules.ts';

/** The rules of one kind, beside those on metadata. Each function appends what it finds. */
export interface KindRules<T> {
  /** Absent where a kind leaves its metadata to the general rules. */
  readonly name?: NameRule;
  /** Kinds of the core API family look closer at finalizers. */
  readonly coreMeta?: true;
  create?(object: T, errors: Errors): void;
  /** Without it an update is judged like a new object. */
  update?(object: T, old: T, errors: Errors): void;
  status?(object: T, old: T, errors: Errors): void;
}

/** Rules by `v1/Pod` or `apps/v1/Deployment`. The functions are methods, so that each may take its own kind. */
export type RulesByKind = Readonly<Record<string, KindRules<never>>>;
