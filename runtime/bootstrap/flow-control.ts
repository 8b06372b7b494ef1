import type {
  FlowSchema,
  FlowSchemaSpec,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
  ResourcePolicyRule,
  Subject,
} from '../api/generated/types/flowcontrol/v1.ts';
import { mandatoryFlowSchemas, mandatoryPriorityLevels } from '../api/validation/mandatory-flow-control.ts';

/** The objects of flow control that kube-apiserver puts into a cluster, after `k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap`. */

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
/** Annotation that says whether the server puts the spec back when somebody has changed it. */
export const autoUpdate = 'apf.kubernetes.io/autoupdate-spec';
const annotations = { [autoUpdate]: 'true' };

const group = (name: string): Subject => ({ kind: 'Group', group: { name } });
const user = (name: string): Subject => ({ kind: 'User', user: { name } });
const everybody = [group('system:unauthenticated'), group('system:authenticated')];
const nodes = [group('system:nodes')];
const systemAccounts: Subject = { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } };

function resourceRule(verbs: string[], apiGroup: string, resources: string[], clusterScope: boolean): ResourcePolicyRule {
  return { verbs, apiGroups: [apiGroup], resources, namespaces: ['*'], ...(clusterScope && { clusterScope }) };
}

const leases = (verbs: string[]): ResourcePolicyRule => resourceRule(verbs, 'coordination.k8s.io', ['leases'], false);

function anything(subjects: Subject[]): PolicyRulesWithSubjects {
  const nonResourceRules = [{ verbs: ['*'], nonResourceURLs: ['*'] }];
  return { subjects, resourceRules: [resourceRule(['*'], '*', ['*'], true)], nonResourceRules };
}

function schema(
  level: string,
  matchingPrecedence: number,
  by: 'ByUser' | 'ByNamespace' | undefined,
  rule: PolicyRulesWithSubjects,
): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence,
    ...(by !== undefined && { distinguisherMethod: { type: by } }),
    rules: [rule],
  };
}

const suggestedSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  'system-nodes': schema('system', 500, 'ByUser', anything(nodes)),
  'system-node-high': schema('node-high', 400, 'ByUser', {
    subjects: nodes,
    resourceRules: [resourceRule(['*'], '', ['nodes', 'nodes/status'], true), leases(['*'])],
  }),
  probes: schema('exempt', 2, undefined, {
    subjects: everybody,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  }),
  'system-leader-election': schema('leader-election', 100, 'ByUser', {
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), systemAccounts],
    resourceRules: [leases(['get', 'create', 'update'])],
  }),
  'kube-controller-manager': schema('workload-high', 800, 'ByNamespace', anything([user('system:kube-controller-manager')])),
  'kube-scheduler': schema('workload-high', 800, 'ByNamespace', anything([user('system:kube-scheduler')])),
  'kube-system-service-accounts': schema('workload-high', 900, 'ByNamespace', anything([systemAccounts])),
  'service-accounts': schema('workload-low', 9000, 'ByUser', anything([group('system:serviceaccounts')])),
  'global-default': schema('global-default', 9900, 'ByUser', anything(everybody)),
};

function limited(
  nominalConcurrencyShares: number,
  lendablePercent: number,
  queuing: Pick<QueuingConfiguration, 'queues' | 'handSize'>,
): PriorityLevelConfigurationSpec {
  const limitResponse = { type: 'Queue', queuing: { ...queuing, queueLengthLimit: 50 } };
  return { type: 'Limited', limited: { nominalConcurrencyShares, lendablePercent, limitResponse } };
}

const suggestedLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  system: limited(30, 33, { queues: 64, handSize: 6 }),
  'node-high': limited(40, 25, { queues: 64, handSize: 6 }),
  'leader-election': limited(10, 0, { queues: 16, handSize: 4 }),
  'workload-high': limited(40, 50, { queues: 128, handSize: 6 }),
  'workload-low': limited(100, 90, { queues: 128, handSize: 6 }),
  'global-default': limited(20, 50, { queues: 128, handSize: 6 }),
};

export const flowSchemas: readonly FlowSchema[] = Object.entries({ ...mandatoryFlowSchemas, ...suggestedSchemas }).map(
  ([name, spec]): FlowSchema => ({ apiVersion, kind: 'FlowSchema', metadata: { name, annotations }, spec }),
);

export const priorityLevels: readonly PriorityLevelConfiguration[] = Object.entries({ ...mandatoryPriorityLevels, ...suggestedLevels }).map(
  ([name, spec]): PriorityLevelConfiguration => ({ apiVersion, kind: 'PriorityLevelConfiguration', metadata: { name, annotations }, spec }),
);
