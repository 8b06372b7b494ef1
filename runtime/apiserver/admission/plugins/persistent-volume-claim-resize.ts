import { compareQuantities, parseQuantity } from '../../../api/quantity.ts';
import { type ApiObject, stringAt, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin } from '../admission.ts';
import { refuse } from '../refuse.ts';

/** Only claims whose class allows it may grow. Follows upstream's `PersistentVolumeClaimResize`. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate(attributes, context) {
    const { operation, resource, subresource, object, oldObject } = attributes;
    if (operation !== 'UPDATE' || subresource !== '' || object === undefined || oldObject === undefined) return;
    if (resource.kind.group !== '' || resource.kind.plural !== 'persistentvolumeclaims') return;
    if (compareQuantities(sizeOf(object), sizeOf(oldObject)) <= 0) return;
    if (stringAt(oldObject, 'status', 'phase') !== 'Bound') {
      throw refuse(attributes, 'Only bound persistent volume claims can be expanded');
    }
    const name = classOf(object);
    if (name === '' || name !== classOf(oldObject) || !mayExpand(name, context)) {
      throw refuse(
        attributes,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    }
  },
};

function sizeOf(claim: ApiObject) {
  const size = valueAt(claim, 'spec', 'resources', 'requests', 'storage');
  return parseQuantity(typeof size === 'string' || typeof size === 'number' ? size : 0);
}

function classOf(claim: ApiObject): string {
  return claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? stringAt(claim, 'spec', 'storageClassName');
}

function mayExpand(name: string, { reader }: AdmissionContext): boolean {
  return reader.get('storage.k8s.io', 'storageclasses', '', name)?.allowVolumeExpansion === true;
}
