import { jsonEqual } from '../../api/equality.ts';
import type { Endpoint, EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { type AddressType, type EndpointGroup, groupKey } from './desired-endpoints.ts';

/** Most endpoints one slice holds. */
const maxEndpoints = 100;

/** The fewest writes that bring a service's slices to what they should hold. */
export interface SlicePlan {
  readonly create: readonly { readonly group: EndpointGroup; readonly endpoints: Endpoint[] }[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly endpoints: Endpoint[] }[];
  readonly remove: readonly EndpointSlice[];
}

/**
 * Plans as upstream's reconciler does: endpoints stay in the slice they are in; new ones go into slices that change anyway, then into those with room,
 * then into new ones. Each address family keeps one slice even when it is empty, so that its readers know there is nothing rather than not yet anything.
 */
export function planSlices(
  desired: ReadonlyMap<string, EndpointGroup>,
  slices: readonly EndpointSlice[],
  families: readonly AddressType[],
): SlicePlan {
  const create: { group: EndpointGroup; endpoints: Endpoint[] }[] = [];
  const update: { slice: EndpointSlice; endpoints: Endpoint[] }[] = [];
  const remove: EndpointSlice[] = [];
  const left = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const key = groupKey(slice.addressType, slice.ports ?? []);
    left.set(key, [...(left.get(key) ?? []), slice]);
  }
  const served = new Set<string>();
  for (const [key, group] of desired) {
    served.add(group.addressType);
    planGroup(group, left.get(key) ?? [], create, update, remove);
    left.delete(key);
  }
  const unused = [...left.values()].flat();
  for (const family of families) {
    if (served.has(family)) continue;
    const [keep] = unused.filter((slice) => slice.addressType === family && (slice.ports ?? []).length === 0);
    if (keep === undefined) create.push({ group: { addressType: family, ports: [], endpoints: [] }, endpoints: [] });
    else {
      unused.splice(unused.indexOf(keep), 1);
      if ((keep.endpoints ?? []).length > 0) update.push({ slice: keep, endpoints: [] });
    }
  }
  return { create, update, remove: [...remove, ...unused] };
}

function planGroup(
  group: EndpointGroup,
  slices: readonly EndpointSlice[],
  create: { group: EndpointGroup; endpoints: Endpoint[] }[],
  update: { slice: EndpointSlice; endpoints: Endpoint[] }[],
  remove: EndpointSlice[],
): void {
  const waiting = new Map(group.endpoints.map((endpoint) => [identity(endpoint), endpoint]));
  const plans = slices.map((slice) => {
    const endpoints: Endpoint[] = [];
    let changed = false;
    for (const endpoint of slice.endpoints ?? []) {
      const wanted = waiting.get(identity(endpoint));
      waiting.delete(identity(endpoint));
      if (wanted !== undefined) endpoints.push(wanted);
      if (wanted === undefined || !jsonEqual(endpoint, wanted)) changed = true;
    }
    return { slice, endpoints, changed };
  });
  const rest = [...waiting.values()];
  const fill = (plan: (typeof plans)[number]) => {
    const taken = rest.splice(0, Math.max(0, maxEndpoints - plan.endpoints.length));
    if (taken.length > 0) plan.changed = true;
    plan.endpoints.push(...taken);
  };
  for (const plan of plans) if (plan.changed) fill(plan);
  // One slice with room for all that is left costs one write instead of several.
  const roomy = plans.find((plan) => !plan.changed && plan.endpoints.length + rest.length <= maxEndpoints);
  if (rest.length > 0 && rest.length < maxEndpoints && roomy !== undefined) fill(roomy);
  for (const { slice, endpoints, changed } of plans) {
    if (endpoints.length === 0) remove.push(slice);
    else if (changed) update.push({ slice, endpoints });
  }
  while (rest.length > 0) create.push({ group, endpoints: rest.splice(0, maxEndpoints) });
}

function identity({ targetRef, addresses }: Endpoint): string {
  return targetRef?.uid ?? addresses.join();
}
