import type { DaemonSet, Deployment, StatefulSet } from '../generated/types/apps/v1.ts';
import { checkNonNegative, type Errors } from './checks.ts';
import { invalid } from './field-error.ts';
import { Path } from './path.ts';

/** What controllers report of their workloads. */

const statusPath = Path.of('status');

type Counts = Readonly<Record<string, unknown>>;

/** Counts of a status: none negative, no part greater than the whole. */
function validateStatusCounts(
  status: object | undefined,
  counts: readonly string[],
  parts: readonly (readonly [part: string, whole: string, detail: string])[],
  errors: Errors,
): void {
  const values = (status ?? {}) as Counts;
  const numberOf = (name: string): number => (typeof values[name] === 'number' ? values[name] : 0);
  for (const count of counts) checkNonNegative(numberOf(count), statusPath.child(count), errors);
  for (const [part, whole, detail] of parts) {
    if (numberOf(part) > numberOf(whole)) errors.push(invalid(statusPath.child(part), numberOf(part), detail));
  }
}

const ofReplicas = 'cannot be greater than status.replicas';

export function validateDeploymentStatus({ status }: Deployment, old: Deployment, errors: Errors): void {
  validateStatusCounts(
    status,
    [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'terminatingReplicas',
      'collisionCount',
    ],
    [
      ['updatedReplicas', 'replicas', ofReplicas],
      ['readyReplicas', 'replicas', ofReplicas],
      ['availableReplicas', 'replicas', ofReplicas],
      ['availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'],
    ],
    errors,
  );
  checkCollisionCount(status?.collisionCount, old.status?.collisionCount, errors);
}

function checkCollisionCount(count: number | undefined, old: number | undefined, errors: Errors): void {
  if (old !== undefined && (count ?? 0) < old)
    errors.push(invalid(statusPath.child('collisionCount'), count ?? 0, 'cannot be decremented'));
}

export function validateReplicaSetStatus({ status }: { readonly status?: object }, _old: unknown, errors: Errors): void {
  validateStatusCounts(
    status,
    ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration', 'terminatingReplicas'],
    [
      ['fullyLabeledReplicas', 'replicas', ofReplicas],
      ['readyReplicas', 'replicas', ofReplicas],
      ['availableReplicas', 'replicas', ofReplicas],
      ['availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'],
    ],
    errors,
  );
}

export function validateStatefulSetStatus({ status }: StatefulSet, old: StatefulSet, errors: Errors): void {
  validateStatusCounts(
    status,
    ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount'],
    [
      ['readyReplicas', 'replicas', ofReplicas],
      ['currentReplicas', 'replicas', ofReplicas],
      ['updatedReplicas', 'replicas', ofReplicas],
      ['availableReplicas', 'replicas', ofReplicas],
      ['availableReplicas', 'readyReplicas', 'cannot be greater than status.readyReplicas'],
    ],
    errors,
  );
  checkCollisionCount(status?.collisionCount, old.status?.collisionCount, errors);
}

export function validateDaemonSetStatus({ status }: DaemonSet, old: DaemonSet, errors: Errors): void {
  const counts = [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ];
  validateStatusCounts(status, counts, [], errors);
  checkCollisionCount(status?.collisionCount, old.status?.collisionCount, errors);
}
