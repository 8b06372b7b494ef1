import type { CustomResourceDefinition } from '../generated/types/apiextensions/v1.ts';
import type { APIService } from '../generated/types/apiregistration/v1.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../generated/types/flowcontrol/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1` */
export const apiextensionsDefaults: DefaultsByKind = {
  'apiextensions.k8s.io/v1/CustomResourceDefinition': ({ spec }: CustomResourceDefinition) => {
    if (spec === undefined) return;
    if (spec.names !== undefined) {
      const { kind } = spec.names;
      if (kind !== undefined) {
        spec.names.singular ||= kind.toLowerCase();
        spec.names.listKind ||= `${kind}List`;
      }
    }
    spec.conversion ??= { strategy: 'None' };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service !== undefined) service.port ??= 443;
  },
};

/** `k8s.io/kube-aggregator/pkg/apis/apiregistration/v1` */
export const apiregistrationDefaults: DefaultsByKind = {
  'apiregistration.k8s.io/v1/APIService': ({ spec }: APIService) => {
    if (spec?.service !== undefined) spec.service.port ??= 443;
  },
};

/** `pkg/apis/flowcontrol/v1` */
export const flowcontrolDefaults: DefaultsByKind = {
  'flowcontrol.apiserver.k8s.io/v1/FlowSchema': (flow: FlowSchema) => {
    flow.spec ??= { priorityLevelConfiguration: { name: '' } };
    flow.spec.matchingPrecedence ||= 1000;
  },
  'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration': ({ spec }: PriorityLevelConfiguration) => {
    if (spec?.exempt !== undefined) {
      spec.exempt.nominalConcurrencyShares ??= 0;
      spec.exempt.lendablePercent ??= 0;
    }
    if (spec?.limited !== undefined) {
      spec.limited.nominalConcurrencyShares ??= 30;
      spec.limited.lendablePercent ??= 0;
      const queuing = spec.limited.limitResponse?.queuing;
      if (queuing !== undefined) {
        queuing.queues ||= 64;
        queuing.handSize ||= 8;
        queuing.queueLengthLimit ||= 50;
      }
    }
  },
};
