import type { FlowSchemaSpec, PriorityLevelConfigurationSpec, Subject } from '../generated/types/flowcontrol/v1.ts';

/** Objects of flow control that every cluster has and nobody changes, after `k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap`. */

const everything: Pick<FlowSchemaSpec, never> & { verbs: string[] } = { verbs: ['*'] };

function group(name: string): Subject {
  return { kind: 'Group', group: { name } };
}

function schema(precedence: number, level: string, subjects: Subject[], byUser: boolean): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: precedence,
    ...(byUser && { distinguisherMethod: { type: 'ByUser' } }),
    rules: [
      {
        subjects,
        resourceRules: [{ ...everything, apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
        nonResourceRules: [{ ...everything, nonResourceURLs: ['*'] }],
      },
    ],
  };
}

/** By name. */
export const mandatoryFlowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  exempt: schema(1, 'exempt', [group('system:masters')], false),
  'catch-all': schema(10_000, 'catch-all', [group('system:unauthenticated'), group('system:authenticated')], true),
};

/** By name. */
export const mandatoryPriorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'catch-all': {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
  },
};
