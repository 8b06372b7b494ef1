import type { PodSpec, ResourceRequirements } from '../../generated/types/core/v1.ts';
import { aggregateContainers } from '../../pod-resources.ts';
import { canonicalQuantity, compareQuantities, formatQuantity, parseQuantity } from '../../quantity.ts';
import { type Errors, sortedEntries } from '../checks.ts';
import { forbidden, invalid, notSupported } from '../field-error.ts';
import type { Path } from '../path.ts';
import { checkResourceName, isHugePageName, validateResourceRequirements } from '../resources.ts';

/** Resources of a pod as a whole. */

function checkPodLevelResourceName(name: string, path: Path, errors: Errors): void {
  if (!checkResourceName(name, path, errors)) return;
  if (name !== 'cpu' && name !== 'memory' && !isHugePageName(name)) errors.push(notSupported(path, name, ['cpu', 'hugepages-', 'memory']));
}

export function validatePodResources(spec: PodSpec, claimNames: ReadonlySet<string>, path: Path, errors: Errors): void {
  if (spec.resources === undefined) return;
  if (spec.os?.name === 'windows') {
    errors.push(forbidden(path, 'may not be set for a windows pod'));
    return;
  }
  if (spec.resources.claims !== undefined) errors.push(forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level'));
  validateResourceRequirements(spec.resources, claimNames, path, errors, checkPodLevelResourceName);
  validateConsistency(spec, spec.resources, path, errors);
}

/** What the containers ask for together must fit what the pod asks for, and no container may have more than the pod. */
function validateConsistency(spec: PodSpec, { limits = {}, requests = {} }: ResourceRequirements, path: Path, errors: Errors): void {
  for (const side of ['requests', 'limits'] as const) {
    const own = side === 'requests' ? requests : limits;
    for (const [name, amount] of [...aggregateContainers(spec, side)].sort(([left], [right]) => (left < right ? -1 : 1))) {
      const asked = own[name];
      // Limits may be promised more than once, but for huge pages.
      if (asked === undefined || (side === 'limits' && !isHugePageName(name)) || compareQuantities(amount, parseQuantity(asked)) <= 0)
        continue;
      const detail = `must be greater than or equal to aggregate container ${side} of ${formatQuantity(amount)}`;
      errors.push(invalid(path.child(side).key(name), canonicalQuantity(asked), detail));
    }
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [name, amount] of sortedEntries(container.resources?.limits)) {
      const limit = limits[name];
      if (limit === undefined || compareQuantities(parseQuantity(amount), parseQuantity(limit)) <= 0) continue;
      const detail = `must be less than or equal to pod limits of ${canonicalQuantity(limit)}`;
      errors.push(invalid(path.child('containers').index(index).key(name).child('limits'), canonicalQuantity(amount), detail));
    }
  }
}
