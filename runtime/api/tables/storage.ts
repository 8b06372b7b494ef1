import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from '../generated/types/storage/v1.ts';
import { quantityCell } from './cells.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

function isDefault(storageClass: StorageClass): boolean {
  return defaultAnnotations.some((annotation) => storageClass.metadata?.annotations?.[annotation] === 'true');
}

export const storagePrinters: Printers = {
  StorageClass: printer<StorageClass>(
    [
      nameColumn,
      column('Provisioner', 'Driver that makes the volumes.'),
      column('ReclaimPolicy', 'What becomes of volumes when their claims are gone.'),
      column('VolumeBindingMode', 'When volumes are made and bound.'),
      column('AllowVolumeExpansion', 'Whether volumes can grow.'),
      ageColumn,
    ],
    (object, now) => [
      isDefault(object) ? `${nameOf(object)} (default)` : nameOf(object),
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
      { ...column('Attacher', 'Driver that attaches the volume.'), format: 'name' },
      column('PV', 'Volume that is attached.'),
      column('Node', 'Node it is attached to.'),
      column('Attached', 'Whether it is attached.', 'boolean'),
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
  CSINode: printer<CSINode>([nameColumn, column('Drivers', 'Number of drivers on the node.', 'integer'), ageColumn], (object, now) => [
    nameOf(object),
    object.spec.drivers.length,
    ageOf(object, now),
  ]),
  CSIDriver: printer<CSIDriver>(
    [
      nameColumn,
      column('AttachRequired', 'Whether volumes are attached before they are mounted.', 'boolean'),
      column('PodInfoOnMount', 'Whether the driver is told of the pod.', 'boolean'),
      column('StorageCapacity', 'Whether the driver reports what room it has.', 'boolean'),
      column('TokenRequests', 'Audiences of the tokens the driver needs.'),
      column('RequiresRepublish', 'Whether volumes are published again and again.', 'boolean'),
      column('Modes', 'Kinds of volumes the driver makes.'),
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
  CSIStorageCapacity: printer<CSIStorageCapacity>(
    [nameColumn, column('StorageClassName', 'Storage class the room is for.'), column('Capacity', 'Room there is.')],
    (object) => [nameOf(object), object.storageClassName, object.capacity === undefined ? '<unset>' : quantityCell(object.capacity)],
  ),
  VolumeAttributesClass: printer<VolumeAttributesClass>(
    [nameColumn, column('DriverName', 'Driver that knows the attributes.'), ageColumn],
    (object, now) => [nameOf(object), object.driverName, ageOf(object, now)],
  ),
};
