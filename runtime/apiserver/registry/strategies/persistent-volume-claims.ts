import { type ApiObject, type Dict, isDict, stringAt, valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

const snapshots = 'snapshot.storage.k8s.io';

/** Rules of `pkg/registry/core/persistentvolumeclaim`. */
export const persistentVolumeClaimStrategy: Strategy = {
  returnsDeleted: true,
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    dropDistantSource(claim);
    dropForeignSource(claim);
    alignSources(claim);
  },
  prepareForUpdate(claim, old) {
    if (valueAt(old, 'spec', 'dataSourceRef') === undefined) {
      dropDistantSource(claim);
      if (valueAt(old, 'spec', 'dataSource') === undefined) dropForeignSource(claim);
    }
    alignSources(claim);
  },
};

/** Sources in other namespaces are a feature that is off in Kubernetes 1.36. */
function dropDistantSource({ spec }: ApiObject): void {
  if (isDict(spec) && stringAt(spec, 'dataSourceRef', 'namespace') !== '') delete spec.dataSourceRef;
}

/** The older field alone knows claims and snapshots; anything else in it is passed over in silence. */
function dropForeignSource({ spec }: ApiObject): void {
  if (!isDict(spec) || !isDict(spec.dataSource) || spec.dataSourceRef !== undefined) return;
  const group = stringAt(spec.dataSource, 'apiGroup');
  const kind = stringAt(spec.dataSource, 'kind');
  if (!(group === '' && kind === 'PersistentVolumeClaim') && !(group === snapshots && kind === 'VolumeSnapshot')) delete spec.dataSource;
}

/** Both fields say the same, whichever of them is given. */
function alignSources({ spec }: ApiObject): void {
  if (!isDict(spec)) return;
  const { dataSource, dataSourceRef }: Dict = spec;
  if (isDict(dataSource) && dataSourceRef === undefined) spec.dataSourceRef = { ...dataSource };
  else if (isDict(dataSourceRef) && dataSource === undefined && stringAt(dataSourceRef, 'namespace') === '') {
    const { namespace: _, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}
