import { parse } from 'yaml';
import type { FieldPath } from '../../documents/path.ts';
import { step, walk } from '../../schemas/describe.ts';
import { Skeleton, withDefaults } from '../../schemas/skeleton.ts';
import { deref } from '../../schemas/structural.ts';
import type { ActionContext } from './action.ts';

/** What a snippet would write as a field of an object, with the defaults of its stops; undefined for a field that nobody knows. */
export function templateFor({ known, object, definitions }: ActionContext, parent: FieldPath, name: string): unknown {
  const holder = walk(known.schema, parent.slice(object.path.length), definitions);
  const field = holder && step(holder.schema, name, definitions);
  if (!field) return undefined;
  const skeleton = new Skeleton(definitions);
  const ofHolder = written(skeleton.value(holder.schema))?.[name];
  return ofHolder ?? written(skeleton.field(name, field.schema))?.[name] ?? placeholder(deref(field.schema, definitions).type);
}

function written(lines: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  const value: unknown = parse(withDefaults(lines.join('\n')), { version: '1.1' });
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

/** What stands where a snippet leaves a tab stop empty. */
function placeholder(type: string | undefined): unknown {
  switch (type) {
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return '';
  }
}
