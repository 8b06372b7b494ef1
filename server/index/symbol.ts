/** A name that documents share. Two places that mean the same thing have equal symbols. */
export type SharedName = string;

/** The namespace of objects that name none. */
export const defaultNamespace = 'default';

/** Kinds that belong to no namespace and are referred to by name. */
const clusterWide = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
  'RuntimeClass',
  'IngressClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]);

/** The namespace that a name of a kind is looked up in: empty for kinds that belong to none. */
export function namespaceOf(kind: string, namespace: string): string {
  return clusterWide.has(kind) ? '' : namespace;
}

export const symbols = {
  /** An object. Kinds of the same name in different groups are few, and manifests refer to them by kind alone. */
  object: (kind: string, namespace: string, name: string): SharedName => `object ${kind} ${namespaceOf(kind, namespace)} ${name}`,
  /** A key of a ConfigMap or Secret, or a port's name of a Service. */
  key: (kind: string, namespace: string, name: string, key: string): SharedName => `key ${kind} ${namespace} ${name} ${key}`,
  label: (namespace: string, name: string, value: string): SharedName => `label ${namespace} ${name} ${value}`,
  /** The name of a label, whatever its value. */
  labelName: (namespace: string, name: string): SharedName => `labelName ${namespace} ${name}`,
  /** A container's name in the pods that one object describes. */
  container: (owner: string, name: string): SharedName => `container ${owner} ${name}`,
  /** A port's name in the pods of a namespace; which pods, their labels decide. */
  port: (namespace: string, name: string): SharedName => `port ${namespace} ${name}`,
  /** A port's name that a monitor asks for, of Services or pods; which ones, the monitor decides. */
  monitored: (kind: 'Service' | 'Pod', name: string): SharedName => `monitored ${kind} ${name}`,
  /** A volume's name in the pods that one object describes. */
  volume: (owner: string, name: string): SharedName => `volume ${owner} ${name}`,
  /** A kind that a CustomResourceDefinition defines. */
  kind: (group: string, kind: string): SharedName => `kind ${group} ${kind}`,
};

/** The first word of a symbol. */
export function sortOf(
  symbol: SharedName,
): 'object' | 'key' | 'label' | 'labelName' | 'port' | 'volume' | 'container' | 'kind' | 'monitored' {
  return symbol.slice(0, symbol.indexOf(' ')) as ReturnType<typeof sortOf>;
}

/** The name as it is written where the symbol stands: its last word. */
export function nameOf(symbol: SharedName): string {
  return symbol.slice(symbol.lastIndexOf(' ') + 1);
}

/** The same symbol with another name. */
export function renamed(symbol: SharedName, name: string): SharedName {
  return symbol.slice(0, symbol.lastIndexOf(' ') + 1) + name;
}

/** What owns volumes and containers: an object, by what it is. */
export function ownerOf(kind: string, namespace: string, name: string | number): string {
  return `${kind}/${namespace}/${name}`;
}
