import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from '../../../api/generated/types/core/v1.ts';
import { podLimits, podRequests } from '../../../api/pod-resources.ts';
import { formatQuantity, type Quantity } from '../../../api/quantity.ts';
import { type ResourceList, readList, type WrittenList } from '../../../api/resource-list.ts';

/** What one container, pod or claim asks for and may use. */
interface Observed {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

type Constraint = (type: string, resource: string, enforced: Quantity, observed: Observed) => string | undefined;

/** What of a pod is outside a range, in the words of upstream's `PodValidateLimitFunc`. */
export function podViolations(range: LimitRange, pod: Pod): string[] {
  const violations: string[] = [];
  for (const item of range.spec?.limits ?? []) {
    if (item.type === 'Container') {
      for (const { resources } of [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]) {
        violations.push(...check(item, { requests: readList(resources?.requests), limits: readList(resources?.limits) }));
      }
    } else if (item.type === 'Pod') {
      const options = { withoutOverhead: true };
      violations.push(...check(item, { requests: podRequests(pod, options), limits: podLimits(pod, options) }));
    }
  }
  return violations;
}

/** What of a claim is outside a range. Claims have no limits: the maximum holds for what they ask for. */
export function claimViolations(range: LimitRange, claim: PersistentVolumeClaim): string[] {
  const observed: Observed = { requests: readList(claim.spec?.resources?.requests), limits: new Map() };
  return (range.spec?.limits ?? [])
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap(({ type, min, max }) => [...each(type, min, observed, minimum), ...each(type, max, observed, maximumRequest)]);
}

function check({ type, min, max, maxLimitRequestRatio }: LimitRangeItem, observed: Observed): string[] {
  return [
    ...each(type, min, observed, minimum),
    ...each(type, max, observed, maximum),
    ...each(type, maxLimitRequestRatio, observed, ratio),
  ];
}

function each(type: string, bounds: WrittenList | undefined, observed: Observed, constraint: Constraint): string[] {
  return [...readList(bounds)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, enforced]) => constraint(type, name, enforced, observed))
    .filter((text) => text !== undefined);
}

function minimum(type: string, resource: string, enforced: Quantity, { requests, limits }: Observed): string | undefined {
  const bound = `minimum ${resource} usage per ${type} is ${formatQuantity(enforced)}`;
  const [request, limit] = [requests.get(resource), limits.get(resource)];
  if (request === undefined) return `${bound}.  No request is specified`;
  if (request.nanos < enforced.nanos) return `${bound}, but request is ${formatQuantity(request)}`;
  return limit !== undefined && limit.nanos < enforced.nanos ? `${bound}, but limit is ${formatQuantity(limit)}` : undefined;
}

function maximum(type: string, resource: string, enforced: Quantity, { requests, limits }: Observed): string | undefined {
  const bound = `maximum ${resource} usage per ${type} is ${formatQuantity(enforced)}`;
  const [request, limit] = [requests.get(resource), limits.get(resource)];
  if (limit === undefined) return `${bound}.  No limit is specified`;
  if (limit.nanos > enforced.nanos) return `${bound}, but limit is ${formatQuantity(limit)}`;
  return request !== undefined && request.nanos > enforced.nanos ? `${bound}, but request is ${formatQuantity(request)}` : undefined;
}

function maximumRequest(type: string, resource: string, enforced: Quantity, { requests }: Observed): string | undefined {
  const bound = `maximum ${resource} usage per ${type} is ${formatQuantity(enforced)}`;
  const request = requests.get(resource);
  if (request === undefined) return `${bound}.  No request is specified`;
  return request.nanos > enforced.nanos ? `${bound}, but request is ${formatQuantity(request)}` : undefined;
}

function ratio(type: string, resource: string, enforced: Quantity, { requests, limits }: Observed): string | undefined {
  const bound = `${resource} max limit to request ratio per ${type} is ${formatQuantity(enforced)}`;
  const request = requests.get(resource)?.nanos ?? 0n;
  const limit = limits.get(resource)?.nanos ?? 0n;
  if (request === 0n) return `${bound}, but no request is specified or request is 0`;
  if (limit === 0n) return `${bound}, but no limit is specified or limit is 0`;
  // limit / request > enforced, without rounding.
  if (limit * 1_000_000_000n <= enforced.nanos * request) return undefined;
  return `${bound}, but provided ratio is ${(Number(limit) / Number(request)).toFixed(6)}`;
}
