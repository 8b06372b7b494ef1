import type { Service } from '../generated/types/core/v1.ts';
import { quantityOf } from '../quantity.ts';
import { countName, type QuotaEvaluator } from './evaluator.ts';

const counted = countName('', 'services');
const names: ReadonlySet<string> = new Set([counted, 'services', 'services.nodeports', 'services.loadbalancers']);

/** Counts services, load balancers and node ports. Follows `pkg/quota/v1/evaluator/core/services.go`. */
export const serviceEvaluator: QuotaEvaluator = {
  group: '',
  plural: 'services',
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matchesResource: (name) => names.has(name),
  matchesScope: () => false,
  usage(object) {
    const { spec }: Service = object;
    return new Map([
      [counted, quantityOf(1)],
      ['services', quantityOf(1)],
      ['services.nodeports', quantityOf(nodePorts(spec))],
      ['services.loadbalancers', quantityOf(spec?.type === 'LoadBalancer' ? 1 : 0)],
    ]);
  },
};

/** A load balancer that is told to take no node ports has only those that are given. */
function nodePorts(spec: Service['spec']): number {
  const ports = spec?.ports ?? [];
  if (spec?.type === 'NodePort') return ports.length;
  if (spec?.type !== 'LoadBalancer') return 0;
  return spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => Boolean(nodePort)).length : ports.length;
}
