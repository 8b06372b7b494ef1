import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import type { ApiObject } from './api-object.ts';

const advice = 'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests';

/** Drops owner references that stand there twice, with a warning, before or after admission plugins have had the object. */
export function dropDuplicateOwners({ metadata }: ApiObject, warn: (text: string) => void, afterAdmission = false): void {
  const { ownerReferences = [] } = metadata;
  if (ownerReferences.length < 2) return;
  const kept: OwnerReference[] = [];
  const duplicates: string[] = [];
  const known = new Set<string>();
  for (const owner of ownerReferences) {
    const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = owner;
    const key = JSON.stringify([apiVersion, kind, name, uid, controller, blockOwnerDeletion]);
    if (known.has(key)) duplicates.push(uid);
    else {
      known.add(key);
      kept.push(owner);
    }
  }
  if (duplicates.length === 0) return;
  metadata.ownerReferences = kept;
  const when = afterAdmission ? ' after mutating admission happens' : '';
  warn(`.metadata.ownerReferences contains duplicate entries${when}; ${advice}; duplicate UID(s) observed: ${duplicates.join(', ')}`);
}
