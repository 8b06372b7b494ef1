/** Where a group version stands among all others: its group's place first, then its own in the group; higher is earlier. */
export interface Priority {
  readonly group: number;
  readonly version: number;
}

const groups: Readonly<Record<string, number>> = {
  '': 18000,
  apps: 17800,
  'events.k8s.io': 17750,
  'authentication.k8s.io': 17700,
  'authorization.k8s.io': 17600,
  autoscaling: 17500,
  batch: 17400,
  'certificates.k8s.io': 17300,
  'networking.k8s.io': 17200,
  policy: 17100,
  'rbac.authorization.k8s.io': 17000,
  'storage.k8s.io': 16800,
  'admissionregistration.k8s.io': 16700,
  'apiextensions.k8s.io': 16700,
  'scheduling.k8s.io': 16600,
  'coordination.k8s.io': 16500,
  'node.k8s.io': 16300,
  'discovery.k8s.io': 16200,
  'resource.k8s.io': 16200,
  'flowcontrol.apiserver.k8s.io': 16100,
  'internal.apiserver.k8s.io': 16000,
  'storagemigration.k8s.io': 15800,
};

/** Those that are not what most versions of their stability have. */
const versions: Readonly<Record<string, number>> = {
  '/v1': 1,
  'autoscaling/v2': 30,
  'resource.k8s.io/v1': 20,
  'resource.k8s.io/v1beta2': 15,
  'resource.k8s.io/v1alpha3': 1,
  'flowcontrol.apiserver.k8s.io/v1': 21,
  'authentication.k8s.io/v1alpha1': 1,
  'certificates.k8s.io/v1alpha1': 1,
  'storage.k8s.io/v1alpha1': 1,
  'admissionregistration.k8s.io/v1beta1': 12,
  'coordination.k8s.io/v1beta1': 13,
  'coordination.k8s.io/v1alpha2': 12,
};

/** Custom groups come after those built in, whatever their number. */
export const customPriority: Priority = { group: 1000, version: 100 };

/** The aggregation layer's own group comes first of all. Upstream: `APIRegistrationGroupPriority`. */
const aggregatorPriority: Priority = { group: 20001, version: 0 };

/**
 * The place of a built-in group version; nothing for a group that is none. Upstream: `apiVersionPriorities` of cmd/kube-apiserver/app/aggregator.go
 * and `DefaultGenericAPIServicePriorities` of pkg/controlplane/apiserver/aggregator.go.
 */
export function builtinPriority(group: string, version: string): Priority | undefined {
  const ofGroup = groups[group];
  if (ofGroup === undefined) return undefined;
  return { group: ofGroup, version: versions[`${group}/${version}`] ?? (/^v\d+$/.test(version) ? 15 : 9) };
}

/** The place of a group version of this server, when nobody has given it another. */
export function usualPriority(group: string, version: string): Priority {
  return group === 'apiregistration.k8s.io' ? aggregatorPriority : (builtinPriority(group, version) ?? customPriority);
}
