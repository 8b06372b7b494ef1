import type { PolicyRule } from '../generated/types/rbac/v1.ts';
import { eventRule, resourceRule } from './policy-rule.ts';

/** What every kubelet may do: the rules of ClusterRole `system:node`, and of the node authorizer after it has looked at what belongs to the node. Upstream: `NodeRules`. */
export const nodeRules: readonly PolicyRule[] = [
  resourceRule('create', 'authentication.k8s.io', 'tokenreviews'),
  resourceRule('create', 'authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews'),
  resourceRule('get list watch', '', 'services'),
  resourceRule('create get list watch', '', 'nodes'),
  resourceRule('update patch', '', 'nodes/status'),
  resourceRule('update patch', '', 'nodes'),
  eventRule('create update patch'),
  resourceRule('get list watch', '', 'pods'),
  resourceRule('create delete', '', 'pods'),
  resourceRule('update patch', '', 'pods/status'),
  resourceRule('create', '', 'pods/eviction'),
  resourceRule('get list watch', '', 'configmaps secrets'),
  resourceRule('get', '', 'persistentvolumeclaims persistentvolumes'),
  resourceRule('get', '', 'endpoints'),
  resourceRule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
  resourceRule('get create update patch delete', 'coordination.k8s.io', 'leases'),
  resourceRule('get', 'storage.k8s.io', 'volumeattachments'),
  resourceRule('create', '', 'serviceaccounts/token'),
  resourceRule('get update patch', '', 'persistentvolumeclaims/status'),
  resourceRule('get watch list', 'storage.k8s.io', 'csidrivers'),
  resourceRule('get create update patch delete', 'storage.k8s.io', 'csinodes'),
  resourceRule('get list watch', 'node.k8s.io', 'runtimeclasses'),
  resourceRule('get', 'resource.k8s.io', 'resourceclaims'),
  resourceRule('deletecollection', 'resource.k8s.io', 'resourceslices'),
  resourceRule('get', '', 'serviceaccounts'),
];
