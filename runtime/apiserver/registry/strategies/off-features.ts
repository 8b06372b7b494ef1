import { type ApiObject, isDict, valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

/** Where a kind has the specification of pods. */
const podSpecs: Readonly<Record<string, string>> = {
  '/pods': 'spec',
  '/podtemplates': 'template.spec',
  '/replicationcontrollers': 'spec.template.spec',
  'apps/daemonsets': 'spec.template.spec',
  'apps/deployments': 'spec.template.spec',
  'apps/replicasets': 'spec.template.spec',
  'apps/statefulsets': 'spec.template.spec',
  'batch/cronjobs': 'spec.jobTemplate.spec.template.spec',
  'batch/jobs': 'spec.template.spec',
};

/** Fields that come and go together: once one of them is there, all may be written. `*` stands for each item of a list or map. */
type Feature = readonly string[];

/** What Kubernetes 1.36 knows of pods, but leaves off. */
const offInPods: readonly Feature[] = [
  ['schedulingGroup'],
  ['volumes.*.projected.sources.*.clusterTrustBundle'],
  ['volumes.*.projected.sources.*.podCertificate'],
  ['containers', 'initContainers', 'ephemeralContainers'].map((list) => `${list}.*.lifecycle.stopSignal`),
];

/** The same of groups of pods, and of templates for them. */
const offInPodGroups: readonly Feature[] = [
  ['schedulingConstraints'],
  ['resourceClaims'],
  ['disruptionMode', 'priorityClassName', 'priority'],
];

const within = (path: string, features: readonly Feature[]) => features.map((feature) => feature.map((field) => `${path}.${field}`));

/** The same of other kinds. */
const offElsewhere: Readonly<Record<string, readonly Feature[]>> = {
  '/nodes': [['spec.configSource'], ['status.config']],
  'apps/statefulsets': [['spec.updateStrategy.rollingUpdate.maxUnavailable']],
  'coordination.k8s.io/leases': [['spec.strategy'], ['spec.preferredHolder']],
  'resource.k8s.io/resourceslices': [
    ['spec.devices.*.nodeAllocatableResourceMappings'],
    ['bools', 'ints', 'strings', 'versions'].map((list) => `spec.devices.*.attributes.*.${list}`),
  ],
  'scheduling.k8s.io/podgroups': within('spec', offInPodGroups),
  'scheduling.k8s.io/workloads': within('spec.podGroupTemplates.*', offInPodGroups),
  'storage.k8s.io/csidrivers': [['spec.preventPodSchedulingIfMissing']],
};

/** The same of what is written through the status. */
const offInStatus: Readonly<Record<string, readonly Feature[]>> = {
  '/nodes': [['status.config']],
  '/pods': [
    ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'].map(
      (list) => `status.${list}.*.volumeMounts.*.volumeStatus`,
    ),
    ['status.nodeAllocatableResourceClaimStatuses'],
  ],
  'scheduling.k8s.io/podgroups': [['status.resourceClaimStatuses']],
};

/** Structs that are left out when nothing is left in them. */
const goneWhenEmpty = 'lifecycle';

/**
 * A strategy with the fields of features that are off left out, without a word. What stands there already stays. Follows the `dropDisabledFields` of
 * upstream's strategies.
 */
export function withoutOffFeatures(key: string, strategy: Strategy): Strategy {
  const podSpec = podSpecs[key];
  const ofPods = podSpec === undefined ? [] : within(podSpec, offInPods);
  const features = pathsOf([...ofPods, ...(offElsewhere[key] ?? [])]);
  const inStatus = pathsOf(offInStatus[key] ?? []);
  if (features.length + inStatus.length === 0) return strategy;
  return {
    ...strategy,
    prepareForCreate(object, user, warn) {
      drop(features, object, undefined);
      strategy.prepareForCreate?.(object, user, warn);
    },
    prepareForUpdate(object, old, now) {
      drop(features, object, old);
      strategy.prepareForUpdate?.(object, old, now);
    },
    prepareForStatusUpdate(object, old, now) {
      drop(inStatus, object, old);
      strategy.prepareForStatusUpdate?.(object, old, now);
    },
  };
}

type Path = readonly string[];

function pathsOf(features: readonly Feature[]): readonly (readonly Path[])[] {
  return features.map((paths) => paths.map((path) => path.split('.')));
}

function drop(features: readonly (readonly Path[])[], object: ApiObject, old: ApiObject | undefined): void {
  for (const paths of features) {
    if (old !== undefined && paths.some((path) => isSet(old, path))) continue;
    for (const path of paths) dropAt(object, path);
  }
}

function isSet(value: unknown, [step, ...rest]: Path): boolean {
  if (step === undefined) return value !== undefined;
  return below(value, step).some((next) => isSet(next, rest));
}

function dropAt(value: unknown, [step = '', ...rest]: Path): void {
  if (rest.length === 0) {
    if (isDict(value)) delete value[step];
    return;
  }
  for (const next of below(value, step)) {
    if (step === goneWhenEmpty) dropStruct(value, next, rest);
    else dropAt(next, rest);
  }
}

/** Leaves a field of a struct out, and the struct with it when that was all. */
function dropStruct(parent: unknown, struct: unknown, path: Path): void {
  const wasThere = isSet(struct, path);
  dropAt(struct, path);
  if (wasThere && isDict(parent) && isDict(struct) && Object.keys(struct).length === 0) delete parent[goneWhenEmpty];
}

function below(value: unknown, step: string): readonly unknown[] {
  const found = step !== '*' ? [valueAt(value, step)] : Array.isArray(value) ? value : isDict(value) ? Object.values(value) : [];
  return found.filter((next) => next !== undefined);
}
