import type { CustomResourceColumnDefinition } from '../generated/types/apiextensions/v1.ts';
import { goJson } from '../go-json.ts';
import { formatGoNumber } from '../go-number.ts';
import type { Json, KubeObject } from '../object.ts';
import { canonicalTime } from '../structure/time.ts';
import { since } from '../tables/human-duration.ts';
import { type ColumnDefinition, column, nameColumn, nameOf, type Printer } from '../tables/printer.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';

/** The column that custom resources have when their definition names none. */
const ageColumn: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  jsonPath: '.metadata.creationTimestamp',
};

/** Lays custom resources out by the columns of their definition. Follows upstream's `tableconvertor` of custom resources. */
export function customPrinter(columns: readonly CustomResourceColumnDefinition[] | undefined): Printer {
  const wanted = columns === undefined || columns.length === 0 ? [ageColumn] : columns;
  const shown: ReadColumn[] = [];
  // Columns from the first whose path cannot be read on are left out.
  for (const each of wanted) {
    const path = attemptPath(each.jsonPath);
    if (path === undefined) break;
    shown.push({ ...each, path });
  }
  return {
    columns: [nameColumn, ...shown.map(columnOf)],
    cells: (object, now) => [nameOf(object), ...shown.map((each) => cellOf(object, each, now))],
  };
}

/** A column whose path has been read. */
interface ReadColumn extends CustomResourceColumnDefinition {
  readonly path: JsonPath;
}

function attemptPath(text: string): JsonPath | undefined {
  try {
    return parseJsonPath(text);
  } catch {
    return undefined;
  }
}

function columnOf({ name, type, format = '', description = '', priority = 0, jsonPath }: CustomResourceColumnDefinition): ColumnDefinition {
  const text = description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description;
  return { ...column(name, text, columnType(type)), format, priority };
}

function columnType(type: string): ColumnDefinition['type'] {
  return type === 'integer' || type === 'number' || type === 'boolean' || type === 'date' ? type : 'string';
}

function cellOf(object: KubeObject, { type, path }: ReadColumn, now: number): Json {
  const found = path.find(object)[0];
  if (found === undefined) return null;
  switch (type) {
    case 'string':
      return textOf(found);
    case 'integer':
      return typeof found === 'number' ? Math.trunc(found) : null;
    case 'number':
      return typeof found === 'number' ? found : null;
    case 'boolean':
      return typeof found === 'boolean' ? found : null;
    case 'date':
      return typeof found === 'string' ? ageOf(found, now) : null;
    default:
      return null;
  }
}

/** A value in a column of texts, as Go prints it: lists and objects are JSON. */
function textOf(value: unknown): string {
  if (value === null) return '<no value>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatGoNumber(value);
  return typeof value === 'object' ? goJson(value) : String(value);
}

function ageOf(text: string, now: number): string {
  if (text === '' || text === 'null') return '<unknown>';
  try {
    return since(canonicalTime(text, 'seconds'), now);
  } catch {
    return '<invalid>';
  }
}
