import type { Endpoints } from '../../../api/generated/types/core/v1.ts';
import type { EndpointSlice } from '../../../api/generated/types/discovery/v1.ts';
import type { Ingress, NetworkPolicy, NetworkPolicyPeer } from '../../../api/generated/types/networking/v1.ts';
import { cidrWarnings, ipWarnings } from '../../../api/names/index.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Warn } from './warn.ts';

const classAnnotation = 'kubernetes.io/ingress.class';

function ingressWarnings({ metadata, spec }: Ingress, old: KubeObject | undefined): readonly string[] {
  if (old !== undefined || metadata?.annotations?.[classAnnotation] === undefined || spec?.ingressClassName !== undefined) return [];
  return [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`];
}

function policyWarnings({ spec }: NetworkPolicy): readonly string[] {
  const ofPeers = (peers: readonly NetworkPolicyPeer[] | undefined, path: string): string[] =>
    (peers ?? []).flatMap(({ ipBlock }, index) => {
      if (ipBlock === undefined) return [];
      const at = `${path}[${index}].ipBlock`;
      const excepted = (ipBlock.except ?? []).flatMap((cidr, each) => cidrWarnings(`${at}.except[${each}]`, cidr));
      return [...cidrWarnings(`${at}.cidr`, ipBlock.cidr), ...excepted];
    });
  const { ingress = [], egress = [] } = spec ?? {};
  return [
    ...ingress.flatMap((rule, index) => ofPeers(rule.from, `spec.ingress[${index}].from`)),
    ...egress.flatMap((rule, index) => ofPeers(rule.to, `spec.egress[${index}].to`)),
  ];
}

function sliceWarnings({ addressType, endpoints }: EndpointSlice): readonly string[] {
  if (addressType === 'FQDN') return ['spec.addressType: FQDN endpoints are deprecated'];
  return (endpoints ?? []).flatMap(({ addresses }, index) =>
    (addresses ?? []).flatMap((address, each) => ipWarnings(`endpoints[${index}].addresses[${each}]`, address)),
  );
}

function endpointsWarnings({ subsets }: Endpoints): readonly string[] {
  return (subsets ?? []).flatMap((subset, index) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, each) => ipWarnings(`subsets[${index}].${list}[${each}].ip`, ip)),
    ),
  );
}

export const networkWarnings: Readonly<Record<string, Warn>> = {
  '/endpoints': endpointsWarnings,
  'discovery.k8s.io/endpointslices': sliceWarnings,
  'networking.k8s.io/ingresses': ingressWarnings,
  'networking.k8s.io/networkpolicies': policyWarnings,
};
