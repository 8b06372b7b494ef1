import { SymbolKind } from 'vscode-languageserver';

const byKind: Readonly<Record<string, SymbolKind>> = {
  Namespace: SymbolKind.Namespace,
  ConfigMap: SymbolKind.Constant,
  Secret: SymbolKind.Key,
  Service: SymbolKind.Interface,
  Ingress: SymbolKind.Interface,
  IngressClass: SymbolKind.Interface,
  HTTPRoute: SymbolKind.Interface,
  Gateway: SymbolKind.Interface,
  NetworkPolicy: SymbolKind.Operator,
  PodDisruptionBudget: SymbolKind.Operator,
  HorizontalPodAutoscaler: SymbolKind.Operator,
  ResourceQuota: SymbolKind.Operator,
  LimitRange: SymbolKind.Operator,
  Deployment: SymbolKind.Class,
  StatefulSet: SymbolKind.Class,
  DaemonSet: SymbolKind.Class,
  ReplicaSet: SymbolKind.Class,
  ReplicationController: SymbolKind.Class,
  Job: SymbolKind.Function,
  CronJob: SymbolKind.Event,
  PersistentVolume: SymbolKind.File,
  PersistentVolumeClaim: SymbolKind.File,
  StorageClass: SymbolKind.File,
  ServiceAccount: SymbolKind.Property,
  Role: SymbolKind.Enum,
  ClusterRole: SymbolKind.Enum,
  RoleBinding: SymbolKind.EnumMember,
  ClusterRoleBinding: SymbolKind.EnumMember,
  CustomResourceDefinition: SymbolKind.TypeParameter,
};

/** The icon of an object, so that sorts of objects are told apart at a glance. */
export function iconOf(kind: string): SymbolKind {
  return byKind[kind] ?? SymbolKind.Object;
}

interface Item {
  readonly icon: SymbolKind;
  /** The fields that say the most about it; the first that is there is shown behind its name. */
  readonly detail: readonly string[];
}

const byList: Readonly<Record<string, Item>> = {
  containers: { icon: SymbolKind.Module, detail: ['image'] },
  initContainers: { icon: SymbolKind.Module, detail: ['image'] },
  ephemeralContainers: { icon: SymbolKind.Module, detail: ['image'] },
  ports: { icon: SymbolKind.Interface, detail: ['containerPort', 'port'] },
  env: { icon: SymbolKind.Variable, detail: ['value'] },
  volumes: { icon: SymbolKind.File, detail: [] },
  volumeMounts: { icon: SymbolKind.File, detail: ['mountPath'] },
  paths: { icon: SymbolKind.Interface, detail: ['path'] },
  subjects: { icon: SymbolKind.Property, detail: ['kind'] },
};

/** How the items of a list are shown. */
export function itemsOf(list: string): Item {
  return byList[list] ?? { icon: SymbolKind.Struct, detail: [] };
}
