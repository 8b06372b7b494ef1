import type { AdmissionPlugin } from '../admission.ts';

/** The finalizer that keeps an object while something uses it, by group and plural. */
const finalizers: Readonly<Record<string, string>> = {
  '/persistentvolumeclaims': 'kubernetes.io/pvc-protection',
  '/persistentvolumes': 'kubernetes.io/pv-protection',
};

/** New volumes and claims cannot go while they are in use; controllers let them go then. Follows upstream's `StorageObjectInUseProtection`. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  admit({ operation, resource, subresource, object }) {
    const finalizer = finalizers[`${resource.kind.group}/${resource.kind.plural}`];
    if (finalizer === undefined || operation !== 'CREATE' || subresource !== '' || object === undefined) return;
    const present = object.metadata.finalizers ?? [];
    if (!present.includes(finalizer)) object.metadata.finalizers = [...present, finalizer];
  },
};
