import type { Condition } from '../generated/types/meta/v1.ts';
import type { Json, KubeObject } from '../object.ts';
import { since } from './human-duration.ts';

/** One column of a `meta.k8s.io/v1` Table. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` for the column that holds the object's name. */
  readonly format: string;
  readonly description: string | FieldDocumentation;
  /** 0 is always shown, 1 only in wide output. */
  readonly priority: number;
}

/** A field that the API documents. Whoever answers with the column looks the words up: they are many, and rarely read. */
export interface FieldDocumentation {
  /** The end of the type's name in the OpenAPI documents, such as `core.v1.PodSpec`. */
  readonly type: string;
  readonly field: string;
}

export function documented(type: string, field: string): FieldDocumentation {
  return { type, field };
}

/** What a row says about its object beyond the cells: today only that it is completed. */
export type RowCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** How the objects of one kind are laid out as rows. */
export interface Printer {
  readonly columns: readonly ColumnDefinition[];
  /** One cell per column. `now` in milliseconds since 1970. */
  cells(object: KubeObject, now: number): Json[];
  conditions?(object: KubeObject): readonly RowCondition[];
  /** How rows are sorted, where that is another order than the objects'. */
  order?(left: KubeObject, right: KubeObject): number;
}

/** Printers of one group, by kind. */
export type Printers = Readonly<Record<string, Printer>>;

/** A printer over the type of its objects. Stored objects are of their kind's type because nothing invalid is stored. */
export function printer<T extends KubeObject>(
  columns: readonly ColumnDefinition[],
  cells: (object: T, now: number) => Json[],
  { conditions, order }: { conditions?: (object: T) => readonly RowCondition[]; order?: (left: T, right: T) => number } = {},
): Printer {
  return {
    columns,
    cells: (object, now) => cells(object as T, now),
    ...(conditions && { conditions: (object: KubeObject) => conditions(object as T) }),
    ...(order && { order: (left: KubeObject, right: KubeObject) => order(left as T, right as T) }),
  };
}

export function column(
  name: string,
  description: ColumnDefinition['description'],
  type: ColumnDefinition['type'] = 'string',
): ColumnDefinition {
  return { name, type, format: '', description, priority: 0 };
}

/** A column of wide output. */
export function wide(
  name: string,
  description: ColumnDefinition['description'],
  type: ColumnDefinition['type'] = 'string',
): ColumnDefinition {
  return { ...column(name, description, type), priority: 1 };
}

export const nameColumn: ColumnDefinition = { ...column('Name', documented('meta.v1.ObjectMeta', 'name')), format: 'name' };
export const ageColumn = column('Age', documented('meta.v1.ObjectMeta', 'creationTimestamp'));

export function nameOf(object: KubeObject): string {
  return object.metadata?.name ?? '';
}

export function ageOf(object: KubeObject, now: number): string {
  return since(object.metadata?.creationTimestamp, now);
}

/** Kinds of which only name and age are shown. */
export const plainPrinter: Printer = { columns: [nameColumn, ageColumn], cells: (object, now) => [nameOf(object), ageOf(object, now)] };
