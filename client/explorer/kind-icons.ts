/** The codicon of each kind. */
export const kindIcons: Readonly<Record<string, string>> = {
  Node: 'vm',
  Namespace: 'symbol-namespace',
  Deployment: 'layers',
  ReplicaSet: 'copy',
  StatefulSet: 'database',
  DaemonSet: 'broadcast',
  Job: 'tasklist',
  CronJob: 'watch',
  Pod: 'package',
  Container: 'symbol-method',
  Service: 'plug',
  Ingress: 'globe',
  NetworkPolicy: 'workspace-trusted',
  ConfigMap: 'settings',
  Secret: 'key',
  PersistentVolumeClaim: 'archive',
  ServiceAccount: 'account',
};

/** The icon of a kind; one for all that have none of their own. */
export function iconOf(kind: string): string {
  return kindIcons[kind] ?? 'symbol-interface';
}
