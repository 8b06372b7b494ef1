import type { EndpointSlice } from '../generated/types/discovery/v1.ts';
import type { Ingress, IngressClass, NetworkPolicy } from '../generated/types/networking/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/networking/v1` */
export const networkingDefaults: DefaultsByKind = {
  'networking.k8s.io/v1/Ingress': (ingress: Ingress) => {
    ingress.status ??= {};
    ingress.status.loadBalancer ??= {};
  },
  'networking.k8s.io/v1/IngressClass': ({ spec }: IngressClass) => {
    if (spec?.parameters !== undefined) spec.parameters.scope ??= 'Cluster';
  },
  'networking.k8s.io/v1/NetworkPolicy': (policy: NetworkPolicy) => {
    // It is there whether or not it was written.
    policy.spec ??= { podSelector: {} };
    const { spec } = policy;
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
    }
    if ((spec.policyTypes?.length ?? 0) === 0) spec.policyTypes = (spec.egress?.length ?? 0) > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
};

/** `pkg/apis/discovery/v1` */
export const discoveryDefaults: DefaultsByKind = {
  'discovery.k8s.io/v1/EndpointSlice': (slice: EndpointSlice) => {
    for (const port of slice.ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
};
