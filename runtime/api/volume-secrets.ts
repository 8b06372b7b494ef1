import type { PersistentVolume } from './generated/types/core/v1.ts';

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** The secrets that nodes need for a volume; those of a claim are in its namespace where no other is said. Upstream: `VisitPVSecretNames`. */
export function nodeSecrets({ spec }: PersistentVolume): readonly SecretName[] {
  if (spec === undefined) return [];
  const { azureFile, cephfs, cinder, csi, flexVolume, iscsi, rbd, scaleIO, storageos } = spec;
  const own = spec.claimRef?.namespace ?? '';
  const found: SecretName[] = [];
  const add = (name: string | undefined, namespace: string | undefined) => {
    if (name) found.push({ namespace: namespace ?? '', name });
  };
  add(azureFile?.secretName, azureFile?.secretNamespace || own);
  for (const source of [cephfs, flexVolume, rbd, scaleIO, iscsi]) add(source?.secretRef?.name, source?.secretRef?.namespace || own);
  for (const source of [cinder, storageos]) add(source?.secretRef?.name, source?.secretRef?.namespace);
  for (const secret of [csi?.nodePublishSecretRef, csi?.nodeStageSecretRef, csi?.nodeExpandSecretRef]) add(secret?.name, secret?.namespace);
  return found;
}
