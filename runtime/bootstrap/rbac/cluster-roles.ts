import type { ClusterRole, ClusterRoleBinding, PolicyRule } from '../../api/generated/types/rbac/v1.ts';
import { nodeRules } from '../../api/rbac/node-rules.ts';
import { eventRule, resourceRule, urlRule } from '../../api/rbac/policy-rule.ts';
import { bindingOf, eventsRule, group, serviceAccount, user } from './parts.ts';

const read = 'get list watch';
const write = 'create update patch delete deletecollection';
const readWrite = `${read} ${write}`;
const health = '/livez /readyz /healthz';

const role = (name: string, ...rules: PolicyRule[]): ClusterRole => ({ metadata: { name }, rules });

const aggregationLabel = (name: string) => `rbac.authorization.k8s.io/aggregate-to-${name}`;

/** A role that other roles add their rules to by label; `into` names the role that it adds its own to. */
function aggregated(name: string, into?: string): ClusterRole {
  return {
    metadata: { name, ...(into === undefined ? {} : { labels: { [aggregationLabel(into)]: 'true' } }) },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregationLabel(name)]: 'true' } }] },
  };
}

function aggregatedInto(name: string, ...rules: PolicyRule[]): ClusterRole {
  return { metadata: { name: `system:aggregate-to-${name}`, labels: { [aggregationLabel(name)]: 'true' } }, rules };
}

const signerApprover = (name: string): ClusterRole =>
  role(`system:certificates.k8s.io:${name}-approver`, resourceRule('approve', 'certificates.k8s.io', 'signers', `kubernetes.io/${name}`));

/** What the cluster comes with for people and components, beside the controllers. Upstream: `clusterRoles` of bootstrappolicy/policy.go. */
export const clusterRoles: readonly ClusterRole[] = [
  role('cluster-admin', resourceRule('*', '*', '*'), urlRule('*', '*')),
  role('system:discovery', urlRule('get', `${health} /version /version/ /openapi /openapi/* /api /api/* /apis /apis/*`)),
  role(
    'system:monitoring',
    urlRule('get', `/metrics /metrics/slis ${health} /livez/* /readyz/* /healthz/* /flagz /statusz`),
    resourceRule('get', '', 'nodes/metrics'),
  ),
  role(
    'system:basic-user',
    resourceRule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    resourceRule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
  ),
  role('system:public-info-viewer', urlRule('get', `${health} /version /version/`)),
  aggregated('admin'),
  aggregated('edit', 'admin'),
  aggregated('view', 'edit'),
  aggregatedInto(
    'admin',
    resourceRule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
    resourceRule(readWrite, 'rbac.authorization.k8s.io', 'roles rolebindings'),
  ),
  aggregatedInto(
    'edit',
    resourceRule(read, '', 'pods/attach pods/proxy pods/exec pods/portforward secrets services/proxy'),
    resourceRule('impersonate', '', 'serviceaccounts'),
    resourceRule(write, '', 'pods pods/attach pods/proxy pods/exec pods/portforward'),
    resourceRule('create', '', 'pods/eviction'),
    resourceRule(
      write,
      '',
      'replicationcontrollers replicationcontrollers/scale serviceaccounts services services/proxy persistentvolumeclaims configmaps secrets',
    ),
    resourceRule('create', '', 'serviceaccounts/token'),
    eventRule(write),
    resourceRule(
      write,
      'apps',
      'statefulsets statefulsets/scale daemonsets deployments deployments/scale deployments/rollback replicasets replicasets/scale',
    ),
    resourceRule(write, 'autoscaling', 'horizontalpodautoscalers'),
    resourceRule(write, 'batch', 'jobs cronjobs'),
    resourceRule(
      write,
      'extensions',
      'daemonsets deployments deployments/scale deployments/rollback ingresses replicasets replicasets/scale replicationcontrollers/scale networkpolicies',
    ),
    resourceRule(write, 'policy', 'poddisruptionbudgets'),
    resourceRule(write, 'networking.k8s.io', 'networkpolicies ingresses'),
    resourceRule(readWrite, 'coordination.k8s.io', 'leases'),
    resourceRule(write, 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
  ),
  aggregatedInto(
    'view',
    resourceRule(
      read,
      '',
      'pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status endpoints persistentvolumeclaims persistentvolumeclaims/status configmaps',
    ),
    resourceRule(
      read,
      '',
      'limitranges resourcequotas bindings pods/status resourcequotas/status namespaces/status replicationcontrollers/status pods/log',
    ),
    // Read access to namespaces inside a namespace: a reader may see this namespace.
    resourceRule(read, '', 'namespaces'),
    eventRule(read),
    resourceRule(read, 'discovery.k8s.io', 'endpointslices'),
    resourceRule(
      read,
      'apps',
      'controllerrevisions statefulsets statefulsets/status statefulsets/scale daemonsets daemonsets/status deployments deployments/status deployments/scale replicasets replicasets/status replicasets/scale',
    ),
    resourceRule(read, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
    resourceRule(read, 'batch', 'jobs cronjobs cronjobs/status jobs/status'),
    resourceRule(
      read,
      'extensions',
      'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status replicasets replicasets/scale replicasets/status replicationcontrollers/scale networkpolicies',
    ),
    resourceRule(read, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
    resourceRule(read, 'networking.k8s.io', 'networkpolicies ingresses ingresses/status'),
    resourceRule(read, 'resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'),
  ),
  role('system:heapster', resourceRule(read, '', 'events pods nodes namespaces'), resourceRule(read, 'extensions', 'deployments')),
  role('system:node', ...nodeRules),
  role('system:node-problem-detector', resourceRule('get', '', 'nodes'), resourceRule('patch', '', 'nodes/status'), eventsRule),
  role(
    'system:kubelet-api-admin',
    resourceRule(read, '', 'nodes'),
    resourceRule('proxy', '', 'nodes'),
    resourceRule('*', '', 'nodes/proxy nodes/metrics nodes/stats nodes/log'),
    resourceRule('*', '', 'nodes/pods nodes/healthz nodes/configz'),
  ),
  role('system:node-bootstrapper', resourceRule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests')),
  role(
    'system:auth-delegator',
    resourceRule('create', 'authentication.k8s.io', 'tokenreviews'),
    resourceRule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  ),
  role('system:kube-aggregator', resourceRule(read, '', 'services endpoints')),
  role(
    'system:kube-controller-manager',
    eventsRule,
    resourceRule('create', 'coordination.k8s.io', 'leases'),
    resourceRule('get update', 'coordination.k8s.io', 'leases', 'kube-controller-manager'),
    resourceRule('create', '', 'secrets serviceaccounts'),
    resourceRule('delete', '', 'secrets'),
    resourceRule('get', '', 'namespaces secrets serviceaccounts configmaps'),
    resourceRule('update', '', 'secrets serviceaccounts'),
    resourceRule('create', 'authentication.k8s.io', 'tokenreviews'),
    resourceRule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    resourceRule('list watch', '*', '*'),
    resourceRule('create', '', 'serviceaccounts/token'),
  ),
  role('system:kube-dns', resourceRule('list watch', '', 'endpoints services')),
  role(
    'system:persistent-volume-provisioner',
    resourceRule('get list watch create delete', '', 'persistentvolumes'),
    resourceRule('get list watch update', '', 'persistentvolumeclaims'),
    resourceRule(read, 'storage.k8s.io', 'storageclasses'),
    resourceRule('watch', '', 'events'),
    eventsRule,
  ),
  role(
    'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    resourceRule('create', 'certificates.k8s.io', 'certificatesigningrequests/nodeclient'),
  ),
  role(
    'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
    resourceRule('create', 'certificates.k8s.io', 'certificatesigningrequests/selfnodeclient'),
  ),
  role(
    'system:volume-scheduler',
    resourceRule('get list watch update patch', '', 'persistentvolumes'),
    resourceRule(read, 'storage.k8s.io', 'storageclasses'),
    resourceRule('get list watch update patch', '', 'persistentvolumeclaims'),
  ),
  signerApprover('legacy-unknown'),
  signerApprover('kubelet-serving'),
  signerApprover('kube-apiserver-client'),
  signerApprover('kube-apiserver-client-kubelet'),
  role(
    'system:service-account-issuer-discovery',
    urlRule('get', '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/'),
  ),
  role(
    'system:node-proxier',
    resourceRule('list watch', '', 'services endpoints'),
    resourceRule(read, '', 'nodes'),
    eventsRule,
    resourceRule('list watch', 'networking.k8s.io', 'servicecidrs'),
    resourceRule('list watch', 'discovery.k8s.io', 'endpointslices'),
  ),
  role(
    'system:kube-scheduler',
    eventsRule,
    resourceRule('create', 'coordination.k8s.io', 'leases'),
    resourceRule('get update list watch', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
    resourceRule(readWrite, 'coordination.k8s.io', 'leasecandidates'),
    resourceRule(read, '', 'nodes'),
    resourceRule('get list watch delete', '', 'pods'),
    resourceRule('create', '', 'pods/binding bindings'),
    resourceRule('patch update', '', 'pods/status'),
    resourceRule(read, '', 'services replicationcontrollers'),
    resourceRule(read, 'apps extensions', 'replicasets'),
    resourceRule(read, 'apps', 'statefulsets'),
    resourceRule(read, 'policy', 'poddisruptionbudgets'),
    resourceRule(read, '', 'persistentvolumeclaims persistentvolumes'),
    resourceRule('create', 'authentication.k8s.io', 'tokenreviews'),
    resourceRule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    resourceRule(read, 'storage.k8s.io', 'csinodes'),
    resourceRule(read, 'storage.k8s.io', 'volumeattachments'),
    resourceRule(read, '', 'namespaces'),
    resourceRule(read, 'storage.k8s.io', 'csidrivers'),
    resourceRule(read, 'storage.k8s.io', 'csistoragecapacities'),
    resourceRule(read, 'resource.k8s.io', 'deviceclasses'),
    resourceRule('get list watch update patch', 'resource.k8s.io', 'resourceclaims'),
    resourceRule('get list watch update patch', 'resource.k8s.io', 'resourceclaims/status'),
    resourceRule('update', '', 'pods/finalizers'),
    resourceRule(read, 'resource.k8s.io', 'resourceslices'),
    resourceRule('create delete', 'resource.k8s.io', 'resourceclaims'),
    resourceRule('update patch', 'resource.k8s.io', 'resourceclaims/binding'),
  ),
];

const bind = (name: string, ...subjects: Parameters<typeof bindingOf>[1][]): ClusterRoleBinding =>
  bindingOf({ kind: 'ClusterRole', name }, ...subjects);

/** Who holds these roles from the start. Upstream: `clusterRoleBindings` of bootstrappolicy/policy.go. */
export const clusterRoleBindings: readonly ClusterRoleBinding[] = [
  bind('cluster-admin', group('system:masters')),
  bind('system:monitoring', group('system:monitoring')),
  bind('system:discovery', group('system:authenticated')),
  bind('system:basic-user', group('system:authenticated')),
  bind('system:public-info-viewer', group('system:authenticated'), group('system:unauthenticated')),
  bind('system:node-proxier', user('system:kube-proxy')),
  bind('system:kube-controller-manager', user('system:kube-controller-manager')),
  bind('system:kube-dns', serviceAccount('kube-dns')),
  bind('system:kube-scheduler', user('system:kube-scheduler')),
  bind('system:volume-scheduler', user('system:kube-scheduler')),
  // Nobody holds it: the node authorizer decides about nodes.
  bind('system:node'),
  bind('system:service-account-issuer-discovery', group('system:serviceaccounts')),
];
