import type { Field } from '../documents/field.ts';
import type { ObjectFacts, Occurrence } from '../index/facts.ts';
import type { ObjectNames } from '../index/inquiry.ts';
import type { Kinds } from '../schemas/kinds.ts';

export type Severity = 'hint' | 'information' | 'warning' | 'error';

/** What a rule looks at: one object, and for rules of the workspace the names around it. */
export interface Subject {
  readonly uri: string;
  readonly object: Field;
  readonly facts: ObjectFacts;
  /** The names that the object declares and refers to. */
  readonly occurrences: readonly Occurrence[];
  /** The pods it makes: its template, or itself; undefined for other kinds. */
  readonly pod: Field | undefined;
  /** The containers of those pods, those that run before the others among them. */
  readonly containers: readonly Field[];
  readonly index: ObjectNames;
  readonly kinds: Kinds;
  /** Whether the connected cluster has an object. */
  isInCluster(kind: string, namespace: string, name: string): boolean;
}

export interface Finding {
  readonly message: string;
  /** The field it is about. */
  readonly at: Field;
  /** Whether to mark the field's name and not its value. */
  readonly onName?: boolean;
  /** In place of the rule's own severity, where there is less reason to worry. */
  readonly severity?: Severity;
  readonly fix?: Fix;
  /** Rules that tell the same of an object bit by bit. */
  readonly bits?: Bits;
}

/** What other rules tell in bits, which is not to be told twice. */
export interface Bits {
  readonly rules: readonly string[];
  /** How many bits it is made of: where the others tell them all, this need not be told. */
  readonly count: number;
  /** Whether this is told whatever others have to say, and they are not. */
  readonly first?: boolean;
}

/**
 * How to set it right: another value in place of the field's, or of another one's; a field (`name: value`) to add to a mapping, or an item to add to
 * a list.
 */
export type Fix =
  | { readonly replace: string; readonly of?: Field }
  | { readonly add: string; readonly to: Field }
  | { readonly item: string; readonly of: Field };

/** Something worth saying about manifests that Kubernetes itself would take. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  /** Why it matters, in a sentence. */
  readonly why: string;
  /** How it is told unless the settings say otherwise. */
  readonly severity: Severity | 'off';
  /** A rule of some houses and not of others: told only where the settings name it. */
  readonly house?: true;
  /** Whether it finds what should not be written any more: editors strike it through. */
  readonly deprecated?: true;
  /** Whether it looks beyond the object, so that an edit elsewhere may change what it finds. */
  readonly scope: 'object' | 'workspace';
  check(subject: Subject): readonly Finding[];
}
