import type { CSIDriver, StorageClass } from '../generated/types/storage/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/storage/v1` */
export const storageDefaults: DefaultsByKind = {
  'storage.k8s.io/v1/CSIDriver': (driver: CSIDriver) => {
    // In Go the spec is there whether somebody wrote one or not.
    driver.spec ??= {};
    const { spec } = driver;
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
    spec.volumeLifecycleModes ??= ['Persistent'];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },
  'storage.k8s.io/v1/StorageClass': (storageClass: StorageClass) => {
    storageClass.reclaimPolicy ??= 'Delete';
    storageClass.volumeBindingMode ??= 'Immediate';
  },
};
