import { type PreemptionResult, preempt } from './preemption.ts';

/**
 * What is tried for a pod that fits nowhere, and the words about what did not help, in the order of upstream's PostFilter plugins: giving back
 * claims of devices, of which nothing is allocated here, and preemption. Takes what {@link preempt} takes.
 */
export function postFilter(...[pod, result, nodes, budgets, now]: Parameters<typeof preempt>): PreemptionResult {
  // Upstream's plugin DynamicResources does not find what it would have noted, had not another one refused the pod before; that ends the round.
  if (result.general !== undefined) return { message: 'not found', hopeless: false };
  const found = preempt(pod, result, nodes, budgets, now);
  if ('victims' in found) return found;
  const claims = (pod.spec?.resourceClaims ?? []).length === 0 ? 'no new claims to deallocate' : 'still not schedulable';
  return { ...found, message: `${claims}, ${found.message}` };
}
