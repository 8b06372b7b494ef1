import type {
  DaemonSet,
  DaemonSetSpec,
  Deployment,
  DeploymentSpec,
  ReplicaSet,
  ReplicaSetSpec,
  StatefulSet,
  StatefulSetSpec,
} from '../generated/types/apps/v1.ts';
import type { DefaultsByKind } from './defaults.ts';
import { defaultPodTemplate } from './pods.ts';
import { defaultPersistentVolumeClaim } from './volumes.ts';

/** `pkg/apis/apps/v1` */
export const appsDefaults: DefaultsByKind = {
  'apps/v1/DaemonSet': defaultDaemonSet,
  'apps/v1/Deployment': defaultDeployment,
  'apps/v1/ReplicaSet': (replicaSet: ReplicaSet) => {
    replicaSet.spec ??= {} as ReplicaSetSpec;
    const spec: Partial<ReplicaSetSpec> = replicaSet.spec;
    spec.template = defaultPodTemplate(spec.template);
    spec.replicas ??= 1;
  },
  'apps/v1/StatefulSet': defaultStatefulSet,
};

function defaultDeployment(deployment: Deployment): void {
  deployment.spec ??= {} as DeploymentSpec;
  const spec: Partial<DeploymentSpec> = deployment.spec;
  spec.template = defaultPodTemplate(spec.template);
  spec.replicas ??= 1;
  spec.strategy ??= {};
  spec.strategy.type ||= 'RollingUpdate';
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate ??= {};
    spec.strategy.rollingUpdate.maxUnavailable ??= '25%';
    spec.strategy.rollingUpdate.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
}

/** What `apps/v1` makes of a field of earlier versions; the server counts it. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

function defaultDaemonSet(daemonSet: DaemonSet): void {
  daemonSet.metadata ??= {};
  daemonSet.metadata.annotations = { [templateGeneration]: '0', ...daemonSet.metadata.annotations };
  daemonSet.spec ??= {} as DaemonSetSpec;
  const spec: Partial<DaemonSetSpec> = daemonSet.spec;
  spec.template = defaultPodTemplate(spec.template);
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= 'RollingUpdate';
  if (spec.updateStrategy.type === 'RollingUpdate') {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
}

function defaultStatefulSet(statefulSet: StatefulSet): void {
  statefulSet.spec ??= {} as StatefulSetSpec;
  const spec: Partial<StatefulSetSpec> = statefulSet.spec;
  spec.template = defaultPodTemplate(spec.template);
  // No defaults of upstream's, but fields that Go always writes.
  spec.serviceName ??= '';
  if (spec.ordinals !== undefined) spec.ordinals.start ??= 0;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= 'v1';
    claim.kind ??= 'PersistentVolumeClaim';
    defaultPersistentVolumeClaim(claim);
  }
  spec.podManagementPolicy ||= 'OrderedReady';
  spec.updateStrategy ??= {};
  if (!spec.updateStrategy.type) {
    spec.updateStrategy.type = 'RollingUpdate';
    spec.updateStrategy.rollingUpdate ??= {};
  }
  if (spec.updateStrategy.type === 'RollingUpdate' && spec.updateStrategy.rollingUpdate !== undefined) {
    spec.updateStrategy.rollingUpdate.partition ??= 0;
  }
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain';
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain';
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
}
