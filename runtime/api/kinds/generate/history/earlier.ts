import type { Lifecycle } from '../../history.ts';

/**
 * What the sources' lifecycles do not tell: kinds that were gone, or moved, before there were any (from the deprecated API migration guide), and
 * kinds that are deprecated in words and warnings only.
 */
export const earlier: Readonly<Record<string, Lifecycle>> = {
  'apiextensions.k8s.io/v1 CustomResourceDefinition': { introduced: '1.16' },
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition': {
    introduced: '1.7',
    deprecated: '1.16',
    removed: '1.22',
    replacement: 'apiextensions.k8s.io/v1 CustomResourceDefinition',
  },
  'apiregistration.k8s.io/v1beta1 APIService': {
    introduced: '1.7',
    deprecated: '1.19',
    removed: '1.22',
    replacement: 'apiregistration.k8s.io/v1 APIService',
  },
  'rbac.authorization.k8s.io/v1alpha1 ClusterRole': rbac('ClusterRole'),
  'rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding': rbac('ClusterRoleBinding'),
  'rbac.authorization.k8s.io/v1alpha1 Role': rbac('Role'),
  'rbac.authorization.k8s.io/v1alpha1 RoleBinding': rbac('RoleBinding'),
  'node.k8s.io/v1alpha1 RuntimeClass': { introduced: '1.12', removed: '1.22', replacement: 'node.k8s.io/v1 RuntimeClass' },
  'scheduling.k8s.io/v1alpha1 PriorityClass': {
    introduced: '1.8',
    deprecated: '1.14',
    removed: '1.17',
    replacement: 'scheduling.k8s.io/v1 PriorityClass',
  },
  'batch/v2alpha1 CronJob': { introduced: '1.5', deprecated: '1.8', removed: '1.21', replacement: 'batch/v1 CronJob' },
  'v1 ComponentStatus': { introduced: '1.0', deprecated: '1.19' },
  'v1 Endpoints': { introduced: '1.0', deprecated: '1.33', replacement: 'discovery.k8s.io/v1 EndpointSlice' },
  'settings.k8s.io/v1alpha1 PodPreset': { introduced: '1.6', removed: '1.20' },
  'auditregistration.k8s.io/v1alpha1 AuditSink': { introduced: '1.13', removed: '1.19' },
};

function rbac(kind: string): Lifecycle {
  return { introduced: '1.6', deprecated: '1.20', removed: '1.22', replacement: `rbac.authorization.k8s.io/v1 ${kind}` };
}
