import type { ColumnDefinition } from '../../api/tables/printer.ts';

type Descriptions = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

/** A column as a Table carries it. */
export type ServedColumn = Omit<ColumnDefinition, 'description'> & { readonly description: string };

let loading: Promise<void> | undefined;
let descriptions: Descriptions = {};
const served = new WeakMap<readonly ColumnDefinition[], readonly ServedColumn[]>();

/** Reads what the API says of its fields, once, for the columns that quote it: most requests want no Table. */
export function loadColumnDescriptions(): Promise<void> {
  loading ??= import('../../api/generated/descriptions.json', { with: { type: 'json' } }).then((read) => {
    descriptions = read.default;
  });
  return loading;
}

/** The columns with their descriptions in words. `loadColumnDescriptions` comes before. */
export function servedColumns(columns: readonly ColumnDefinition[]): readonly ServedColumn[] {
  let all = served.get(columns);
  if (all === undefined) {
    all = columns.map((column) => ({ ...column, description: words(column.description) }));
    served.set(columns, all);
  }
  return all;
}

function words(description: ColumnDefinition['description']): string {
  if (typeof description === 'string') return description;
  const prefix = description.type.startsWith('meta.') ? 'io.k8s.apimachinery.pkg.apis' : 'io.k8s.api';
  const text = descriptions[`${prefix}.${description.type}`]?.[description.field] ?? '';
  // The OpenAPI documents add what values there are; Go's documentation of the field, which upstream quotes, does not.
  return text.split('\n\nPossible enum values:\n')[0] ?? '';
}
