import type { Container, Pod, PodAffinityTerm } from '../generated/types/core/v1.ts';
import type { KubeObject } from '../object.ts';
import { podLimits, podRequests } from '../pod-resources.ts';
import { type Quantity, quantityOf } from '../quantity.ts';
import { addLists, type ResourceList, readList } from '../resource-list.ts';
import { isExtendedName, isNativeName } from '../validation/resources.ts';
import { countName, type QuotaEvaluator, type Scope, scopeHolds } from './evaluator.ts';

const compute = ['cpu', 'memory', 'ephemeral-storage'] as const;
const names: ReadonlySet<string> = new Set([
  countName('', 'pods'),
  'pods',
  ...compute.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);
/** What every container must say when a quota limits it. */
const compulsory: ReadonlySet<string> = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

// Objects come decoded, and what they are follows from the resource they are of.
const asPod = (object: KubeObject): Pod => object as Pod;

/** Counts pods and what they ask for. Follows `pkg/quota/v1/evaluator/core/pods.go`. */
export const podEvaluator: QuotaEvaluator = {
  group: '',
  plural: 'pods',
  handles: ({ operation, subresource }) =>
    operation === (subresource === 'resize' ? 'UPDATE' : 'CREATE') && /^(|resize)$/.test(subresource),
  matchesResource(name) {
    if (names.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')) return true;
    return name.startsWith('requests.') && !isNativeName(name);
  },
  matchesScope: (scope, object) => inScope(scope, asPod(object)),
  usage: (object, now) => podUsage(asPod(object), now),
  missing: (object, wanted) => missingAmounts(asPod(object), wanted),
};

function podUsage(pod: Pod, now: number): ResourceList {
  const count: ResourceList = new Map([[countName('', 'pods'), quantityOf(1)]]);
  return isOver(pod, now) ? count : addLists(count, amounts(podRequests(pod, { held: true }), podLimits(pod, { held: true })));
}

/** A pod that has ended, or should be gone by now, uses nothing any more; its object still counts. */
function isOver({ metadata, status }: Pod, now: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata ?? {};
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return now > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function amounts(requests: ResourceList, limits: ResourceList): Map<string, Quantity> {
  const usage = new Map([['pods', quantityOf(1)]]);
  for (const name of compute) {
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (request !== undefined) usage.set(name, request).set(`requests.${name}`, request);
    if (limit !== undefined) usage.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    if (name.startsWith('hugepages-')) usage.set(name, request).set(`requests.${name}`, request);
    if (isExtendedName(name)) usage.set(`requests.${name}`, request);
  }
  return usage;
}

/** `limits.cpu for: a,b; requests.memory for: a`. What the pod says of itself need not be said by its containers. */
function missingAmounts({ spec }: Pod, wanted: readonly string[]): string | undefined {
  const said = (of: Pick<Container, 'resources'>) => amounts(readList(of.resources?.requests), readList(of.resources?.limits));
  const ofPod = said({ ...(spec?.resources === undefined ? {} : { resources: spec.resources }) });
  const required = wanted.filter((name) => compulsory.has(name) && !ofPod.has(name)).sort();
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((container) => ({
    name: container.name,
    has: said(container),
  }));
  const texts = required.flatMap((name) => {
    const silent = containers.filter(({ has }) => !has.has(name)).map((container) => container.name);
    return silent.length === 0 ? [] : [`${name} for: ${[...new Set(silent)].sort().join(',')}`];
  });
  return texts.length === 0 ? undefined : `must specify ${texts.join('; ')}`;
}

function inScope(scope: Scope, pod: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return scopeHolds(scope, pod.spec?.priorityClassName ?? '');
    case 'CrossNamespacePodAffinity':
      return looksBeyondNamespace(pod);
    default:
      return false;
  }
}

function isTerminating({ spec }: Pod): boolean {
  return spec?.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
}

function isBestEffort({ spec }: Pod): boolean {
  const some = ({ resources }: Pick<Container, 'resources'>) =>
    [...readList(resources?.requests), ...readList(resources?.limits)].some(
      ([name, amount]) => (name === 'cpu' || name === 'memory') && amount.nanos > 0n,
    );
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return !all.some(some) && !some({ ...(spec?.resources === undefined ? {} : { resources: spec.resources }) });
}

function looksBeyondNamespace({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((affinity) =>
    [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ namespaces, namespaceSelector }: PodAffinityTerm) => (namespaces ?? []).length > 0 || namespaceSelector !== undefined),
  );
}
