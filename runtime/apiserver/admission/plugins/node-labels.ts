type Labels = Readonly<Record<string, string>> | undefined;

/** Labels of Kubernetes itself that kubelets set. Upstream's `kubeletLabels`. */
const kubeletLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const kubeletNamespaces = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const kubernetesNamespaces = ['kubernetes.io', 'k8s.io'];
const restricted = ['node-restriction.kubernetes.io'];

/** The keys whose values differ, sorted. */
export function modifiedLabels(now: Labels = {}, before: Labels = {}): readonly string[] {
  const keys = new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...keys].filter((key) => !Object.hasOwn(now, key) || !Object.hasOwn(before, key) || now[key] !== before[key]).sort();
}

/** Of these keys those that are not for kubelets to touch: with them a node could draw pods to itself. */
export function forbiddenLabels(keys: readonly string[]): readonly string[] {
  return keys.filter(
    (key) => isIn(key, restricted) || (isIn(key, kubernetesNamespaces) && !kubeletLabels.has(key) && !isIn(key, kubeletNamespaces)),
  );
}

/** Whether the part before the slash is one of these domains, or below one. */
function isIn(key: string, domains: readonly string[]): boolean {
  const slash = key.indexOf('/');
  const namespace = slash < 0 ? '' : key.slice(0, slash);
  return domains.some((domain) => namespace === domain || namespace.endsWith(`.${domain}`));
}
