import type { State } from '../cluster/state/states.ts';

/** A row of the tree, free of the editor's own types. */
export interface Row {
  /** Unique in the tree and the same from one drawing to the next. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Gives the icon its colour; groups have none. */
  readonly state?: State;
  /** `kind;state;mode` */
  readonly context: string;
  readonly tooltip?: Tooltip;
  /** A letter at the end of the row: `!` failing, `?` pending, `~` changing, or a count. */
  readonly badge?: string;
  /** Colours the label too, as in the list of what needs attention. */
  readonly loud?: true;
  /** What the row stands for, for commands. */
  readonly object?: ObjectRef;
  readonly open?: boolean;
  readonly children?: readonly Row[];
}

export interface ObjectRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Tooltip {
  readonly title: string;
  /** The state in words. */
  readonly status?: string;
  readonly message?: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}
