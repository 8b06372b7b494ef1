import type { QuotaEvaluator } from './evaluator.ts';
import { countedResource, objectCounts } from './object-counts.ts';
import { persistentVolumeClaimEvaluator } from './persistent-volume-claims.ts';
import { podEvaluator } from './pods.ts';
import { resourceClaimEvaluator } from './resource-claims.ts';
import { serviceEvaluator } from './services.ts';

export { type QuotaEvaluator, type QuotaWrite, type Scope, scopesOf } from './evaluator.ts';

const own: readonly QuotaEvaluator[] = [podEvaluator, serviceEvaluator, persistentVolumeClaimEvaluator, resourceClaimEvaluator];
const counters = new Map<string, QuotaEvaluator>();

/** How a resource counts against quotas. */
export function evaluatorOf(group: string, plural: string): QuotaEvaluator {
  const special = own.find((each) => each.group === group && each.plural === plural);
  if (special !== undefined) return special;
  const id = `${plural}.${group}`;
  const known = counters.get(id) ?? objectCounts(group, plural);
  counters.set(id, known);
  return known;
}

/** The evaluators that together know what is used of these resources. */
export function evaluatorsFor(names: readonly string[]): readonly QuotaEvaluator[] {
  const found = new Set(own.filter((evaluator) => names.some((name) => evaluator.matchesResource(name))));
  for (const name of names) {
    const counted = countedResource(name);
    if (counted !== undefined && counted.plural !== '') found.add(evaluatorOf(counted.group, counted.plural));
  }
  return [...found];
}
