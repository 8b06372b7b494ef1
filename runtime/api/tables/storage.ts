import type { CSIDriver, CSINode, StorageClass, VolumeAttachment, VolumeAttributesClass } from '../generated/types/storage/v1.ts';
import { classNameCell } from './cells.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
const defaultAttributesAnnotation = 'volumeattributesclass.alpha.kubernetes.io/is-default-class';

export const storagePrinters: Printers = {
  StorageClass: printer<StorageClass>(
    [
      nameColumn,
      column('Provisioner', documented('storage.v1.StorageClass', 'provisioner')),
      column('ReclaimPolicy', documented('storage.v1.StorageClass', 'reclaimPolicy')),
      column('VolumeBindingMode', documented('storage.v1.StorageClass', 'volumeBindingMode')),
      column('AllowVolumeExpansion', documented('storage.v1.StorageClass', 'allowVolumeExpansion')),
      ageColumn,
    ],
    (object, now) => [
      classNameCell(object, ...defaultAnnotations),
      object.provisioner,
      object.reclaimPolicy ?? 'Delete',
      object.volumeBindingMode ?? 'Immediate',
      object.allowVolumeExpansion ?? false,
      ageOf(object, now),
    ],
  ),
  VolumeAttachment: printer<VolumeAttachment>(
    [
      nameColumn,
      { ...column('Attacher', documented('storage.v1.VolumeAttachmentSpec', 'attacher')), format: 'name' },
      column('PV', documented('storage.v1.VolumeAttachmentSource', 'persistentVolumeName')),
      column('Node', documented('storage.v1.VolumeAttachmentSpec', 'nodeName')),
      column('Attached', documented('storage.v1.VolumeAttachmentStatus', 'attached'), 'boolean'),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.spec.attacher,
      object.spec.source.persistentVolumeName ?? '',
      object.spec.nodeName,
      object.status?.attached ?? false,
      ageOf(object, now),
    ],
  ),
  CSINode: printer<CSINode>(
    [nameColumn, column('Drivers', 'Drivers indicates the number of CSI drivers registered on the node', 'integer'), ageColumn],
    // Null when there are none.
    (object, now) => [nameOf(object), (object.spec.drivers ?? []).length, ageOf(object, now)],
  ),
  CSIDriver: printer<CSIDriver>(
    [
      nameColumn,
      column('AttachRequired', documented('storage.v1.CSIDriverSpec', 'attachRequired'), 'boolean'),
      column('PodInfoOnMount', documented('storage.v1.CSIDriverSpec', 'podInfoOnMount'), 'boolean'),
      column('StorageCapacity', documented('storage.v1.CSIDriverSpec', 'storageCapacity'), 'boolean'),
      column('TokenRequests', documented('storage.v1.CSIDriverSpec', 'tokenRequests')),
      column('RequiresRepublish', documented('storage.v1.CSIDriverSpec', 'requiresRepublish'), 'boolean'),
      column('Modes', documented('storage.v1.CSIDriverSpec', 'volumeLifecycleModes')),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.spec.attachRequired ?? true,
      object.spec.podInfoOnMount ?? false,
      object.spec.storageCapacity ?? false,
      object.spec.tokenRequests === undefined ? '<unset>' : object.spec.tokenRequests.map((request) => request.audience).join(','),
      object.spec.requiresRepublish ?? false,
      object.spec.volumeLifecycleModes?.join(',') || '<none>',
      ageOf(object, now),
    ],
  ),
  VolumeAttributesClass: printer<VolumeAttributesClass>(
    [nameColumn, column('DriverName', documented('storage.v1.VolumeAttributesClass', 'driverName')), ageColumn],
    (object, now) => [classNameCell(object, defaultAttributesAnnotation), object.driverName, ageOf(object, now)],
  ),
};
