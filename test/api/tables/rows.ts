import type { KubeObject } from '../../../runtime/api/object.ts';
import { tableFor } from '../../../runtime/api/tables/table.ts';

export const now = Date.parse('2030-01-01T00:00:00Z');
export const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
export const kindOf = (kind: string, group = '', version = 'v1') => ({ group, version, kind });

/** Cells by column name. */
export function rowOf(kind: { group: string; version: string; kind: string }, object: object) {
  const { columnDefinitions, rows } = tableFor(kind, [object as KubeObject], { now });
  return Object.fromEntries(columnDefinitions.map((column, index) => [column.name, rows[0]?.cells[index]]));
}
