import type { Container, PodSpec, Volume } from './generated/types/core/v1.ts';

/** The names of all secrets that a pod uses, in its own namespace. Upstream: `VisitPodSecretNames` of pkg/api/v1/pod. */
export function podSecrets(spec: PodSpec): Set<string> {
  const found = new Set<string>();
  const add = (name: string | undefined) => {
    if (name) found.add(name);
  };
  for (const { name } of spec.imagePullSecrets ?? []) add(name);
  const containers: readonly Pick<Container, 'env' | 'envFrom'>[] = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  for (const { env = [], envFrom = [] } of containers) {
    for (const { secretRef } of envFrom) add(secretRef?.name);
    for (const { valueFrom } of env) add(valueFrom?.secretKeyRef?.name);
  }
  for (const volume of spec.volumes ?? []) for (const name of volumeSecrets(volume)) add(name);
  return found;
}

function volumeSecrets(volume: Volume): (string | undefined)[] {
  const { secret, projected, csi, azureFile, cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos } = volume;
  return [
    secret?.secretName,
    csi?.nodePublishSecretRef?.name,
    azureFile?.secretName,
    ...[cephfs, cinder, flexVolume, rbd, scaleIO, iscsi, storageos].map((source) => source?.secretRef?.name),
    ...(projected?.sources ?? []).map((source) => source.secret?.name),
  ];
}
