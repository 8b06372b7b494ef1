import { templateGeneration } from '../../api/defaults/index.ts';
import { parseIntProblem } from '../../api/go-number.ts';
import type { Kind } from '../../api/kinds/kind.ts';
import { rollbackTo } from '../../api/validation/index.ts';
import type { ApiObject } from '../registry/api-object.ts';

/** Why the annotations in which a version keeps numbers of fields that it has not cannot be read, after `pkg/apis/apps/v1/conversion.go`; or nothing. */
export function annotationProblem({ group, kind }: Kind, { metadata }: ApiObject): string | undefined {
  if (group !== 'apps') return undefined;
  const { annotations = {} } = metadata;
  const generation = annotations[templateGeneration];
  if (kind === 'DaemonSet') return generation === undefined ? undefined : parseIntProblem(generation);
  const revision = annotations[rollbackTo];
  if (kind !== 'Deployment' || revision === undefined || revision === '') return undefined;
  const problem = parseIntProblem(revision);
  return problem && `failed to parse annotation[${rollbackTo}]=${revision} as int64: ${problem}`;
}
