import type { PodSpec } from '../../generated/types/core/v1.ts';
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity, zero } from '../../quantity.ts';
import { type Errors, sortedEntries } from '../checks.ts';
import { invalid, notSupported } from '../field-error.ts';
import type { Path } from '../path.ts';
import { checkResourceName, isHugePageName } from '../resources.ts';

/** Resources of a pod as a whole. */

export function checkPodLevelResourceName(name: string, path: Path, errors: Errors): void {
  if (!checkResourceName(name, path, errors)) return;
  if (name !== 'cpu' && name !== 'memory' && !isHugePageName(name)) errors.push(notSupported(path, name, ['cpu', 'hugepages-', 'memory']));
}

/** What the containers ask for together must fit what the pod asks for, and no container may have more than the pod. */
export function validatePodResourceConsistency(spec: PodSpec, path: Path, errors: Errors): void {
  const limits = spec.resources?.limits ?? {};
  for (const [name, amount] of [...aggregateRequests(spec)].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const asked = spec.resources?.requests?.[name];
    const quantity = asked === undefined ? zero : parseQuantity(asked);
    if (compareQuantities(amount, quantity) > 0) {
      const detail = `must be greater than or equal to aggregate container requests of ${formatQuantity(amount)}`;
      errors.push(invalid(path.child('requests').key(name), formatQuantity(quantity), detail));
    }
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [name, amount] of sortedEntries(container.resources?.limits)) {
      const limit = limits[name];
      if (limit === undefined || compareQuantities(parseQuantity(amount), parseQuantity(limit)) <= 0) continue;
      const detail = `must be less than or equal to pod limits of ${formatQuantity(parseQuantity(limit))}`;
      errors.push(invalid(path.child('containers').index(index).key(name).child('limits'), formatQuantity(parseQuantity(amount)), detail));
    }
  }
}

/** Containers run together; an init container runs beside the sidecars that were started before it. */
function aggregateRequests(spec: PodSpec): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  const sidecars = new Map<string, Quantity>();
  const peak = new Map<string, Quantity>();
  for (const container of spec.containers ?? []) addAll(total, container.resources?.requests);
  for (const container of spec.initContainers ?? []) {
    const requests = container.resources?.requests;
    if (container.restartPolicy === 'Always') {
      addAll(total, requests);
      addAll(sidecars, requests);
      raise(peak, sidecars);
    } else {
      const together = new Map(sidecars);
      addAll(together, requests);
      raise(peak, together);
    }
  }
  raise(total, peak);
  return total;
}

function addAll(sum: Map<string, Quantity>, list: Readonly<Record<string, string | number>> | undefined): void {
  for (const [name, amount] of Object.entries(list ?? {})) sum.set(name, addQuantities(sum.get(name) ?? zero, parseQuantity(amount)));
}

function raise(to: Map<string, Quantity>, from: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of from) if (compareQuantities(amount, to.get(name) ?? zero) > 0) to.set(name, amount);
}
