import type { ManagedFieldsEntry } from '../generated/types/meta/v1.ts';
import { ApplyConflictError } from './apply-error.ts';
import { type FieldsV1, pathsOf } from './fields-v1.ts';
import { formatPath } from './path-element.ts';

/** Fields of another manager that an application would change. */
export interface Conflict {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldsV1;
}

/** The error for conflicts, in the words of apimachinery's `managedfields`. There must be at least one field. */
export function conflictError(conflicts: readonly Conflict[]): ApplyConflictError {
  const managers = conflicts
    .map(({ entry, fields }) => ({ name: describe(entry), paths: pathsOf(fields).map(formatPath) }))
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  const causes = managers.flatMap(({ name, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict' as const, message: `conflict with ${name}`, field })),
  );
  const [only] = causes;
  if (only !== undefined && causes.length === 1) {
    return new ApplyConflictError(`Apply failed with 1 conflict: ${only.message}: ${only.field}`, causes);
  }
  const lines = managers.flatMap(({ name, paths }) => [`conflicts with ${name}:`, ...paths.map((path) => `- ${path}`)]);
  return new ApplyConflictError(`Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`, causes);
}

function describe({ manager = '', operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const name = JSON.stringify(manager);
  const place = subresource ? `${name} with subresource ${JSON.stringify(subresource)}` : name;
  return operation === 'Update' ? `${place} using ${apiVersion ?? ''}` : place;
}
