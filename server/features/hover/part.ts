import { t } from '@vscode/l10n';
import type { Position } from 'vscode-languageserver';
import type { Field } from '../../documents/field.ts';
import type { FieldPath } from '../../documents/path.ts';
import type { NameSource } from '../../index/names.ts';
import type { KnownKind } from '../../schemas/kinds.ts';

/** The field under the mouse, for whatever can be told of it besides its documentation. */
export interface Hovered {
  readonly uri: string;
  readonly position: Position;
  readonly known: KnownKind;
  /** The object, and the field in it. */
  readonly object: Field;
  readonly field: Field;
  /** The path from the object. */
  readonly path: FieldPath;
  /** The field of a type that the path belongs to, `core.v1.Container.image`, and the steps from there on. */
  readonly owner: string;
  readonly rest: FieldPath;
  /** The format of the value by its schema: `quantity`, `int32` … */
  readonly format: string | undefined;
  readonly namespace: string;
  readonly names: NameSource;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A few lines of Markdown about a field; undefined when there is nothing to say. */
export type HoverPart = (hovered: Hovered) => string | undefined;

/** The field so many steps above. */
export function above({ object, path }: Hovered, steps: number): Field {
  return object.at([...object.path, ...path.slice(0, -steps)]);
}

/** The field up to and with the last step of that name; undefined when there is none on the way. */
export function nearestNamed({ object, path }: Hovered, names: readonly string[]): Field | undefined {
  const at = path.findLastIndex((step) => typeof step === 'string' && names.includes(step));
  return at < 0 ? undefined : object.at([...object.path, ...path.slice(0, at + 1)]);
}

/** Names, and how many of them were left out when there are too many. */
export function andMore(names: string, more: number): string {
  return more > 0 ? t('{0} and {1} more', names, more) : names;
}

/** `90 s`, `5 min`, `1 h 30 min`: seconds as people say them. */
export function duration(seconds: number): string {
  if (Math.abs(seconds) < 120) return t('{0} s', seconds);
  const parts = [
    [86400, (count: number) => t('{0} d', count)],
    [3600, (count: number) => t('{0} h', count)],
    [60, (count: number) => t('{0} min', count)],
    [1, (count: number) => t('{0} s', count)],
  ] as const;
  let rest = seconds;
  const said: string[] = [];
  for (const [size, inUnit] of parts) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) said.push(inUnit(count));
  }
  return said.join(' ');
}
