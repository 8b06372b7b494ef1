import type {
  ComponentStatus,
  ConfigMap,
  Endpoints,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
} from '../generated/types/core/v1.ts';
import { containerCells, containerColumns, labelsCell, listCell, quantityCell } from './cells.ts';
import { nodePrinters } from './nodes.ts';
import { podPrinters } from './pods.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, plainPrinter, printer, wide } from './printer.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const accessModes: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function accessModesCell(modes: readonly string[] | undefined): string {
  return accessModes
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

function storageClassCell(volume: PersistentVolume | PersistentVolumeClaim): string {
  return volume.metadata?.annotations?.[classAnnotation] ?? volume.spec?.storageClassName ?? '';
}

function phaseCell(volume: PersistentVolume | PersistentVolumeClaim): string {
  return volume.metadata?.deletionTimestamp === undefined ? (volume.status?.phase ?? '') : 'Terminating';
}

/** Addresses or host names a load balancer answers on, sorted, each once. */
export function loadBalancerCell(ingress: readonly { readonly ip?: string; readonly hostname?: string }[] | undefined): string {
  const points = (ingress ?? []).map((point) => point.ip || point.hostname || '').filter((point) => point !== '');
  return [...new Set(points)].sort().join(',');
}

function externalAddresses(service: Service): string {
  const external = service.spec?.externalIPs ?? [];
  switch (service.spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || '<none>';
    case 'LoadBalancer': {
      const balancer = loadBalancerCell(service.status?.loadBalancer?.ingress);
      return [...(balancer === '' ? [] : [balancer]), ...external].join(',') || '<pending>';
    }
    case 'ExternalName':
      return service.spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

function portsCell(service: Service): string {
  const ports = service.spec?.ports ?? [];
  return ports.map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? ''}`).join(',') || '<none>';
}

function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function endpointsCell(endpoints: Endpoints): string {
  const subsets = endpoints.subsets ?? [];
  if (subsets.length === 0) return '<none>';
  const list = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map((address) => address.ip)
      : ports.flatMap(({ port }) => addresses.map((address) => joinHostPort(address.ip, port))),
  );
  return listCell(list, '');
}

function quotaCells(quota: ResourceQuota): [string, string] {
  const requests: string[] = [];
  const limits: string[] = [];
  for (const resource of Object.keys(quota.status?.hard ?? {}).sort()) {
    const text = `${resource}: ${quantityCell(quota.status?.used?.[resource])}/${quantityCell(quota.status?.hard?.[resource])}`;
    (resource.startsWith('limits.') ? limits : requests).push(text);
  }
  return [requests.join(', '), limits.join(', ')];
}

function healthCells(component: ComponentStatus): [string, string, string] {
  const healthy = component.conditions?.find((condition) => condition.type === 'Healthy');
  if (healthy === undefined) return ['Unknown', '', ''];
  return [healthy.status === 'True' ? 'Healthy' : 'Unhealthy', healthy.message ?? '', healthy.error ?? ''];
}

const size = (map: object | undefined) => Object.keys(map ?? {}).length;

export const corePrinters: Printers = {
  ...podPrinters,
  ...nodePrinters,
  ReplicationController: printer<ReplicationController>(
    [
      nameColumn,
      column('Desired', documented('core.v1.ReplicationControllerSpec', 'replicas'), 'integer'),
      column('Current', documented('core.v1.ReplicationControllerStatus', 'replicas'), 'integer'),
      column('Ready', documented('core.v1.ReplicationControllerStatus', 'readyReplicas'), 'integer'),
      ageColumn,
      ...containerColumns,
      wide('Selector', documented('core.v1.ReplicationControllerSpec', 'selector')),
    ],
    (object, now) => [
      nameOf(object),
      object.spec?.replicas ?? 0,
      object.status?.replicas ?? 0,
      object.status?.readyReplicas ?? 0,
      ageOf(object, now),
      ...containerCells(object.spec?.template?.spec?.containers),
      labelsCell(object.spec?.selector),
    ],
  ),
  Service: printer<Service>(
    [
      nameColumn,
      column('Type', documented('core.v1.ServiceSpec', 'type')),
      column('Cluster-IP', documented('core.v1.ServiceSpec', 'clusterIP')),
      column('External-IP', documented('core.v1.ServiceSpec', 'externalIPs')),
      column('Port(s)', documented('core.v1.ServiceSpec', 'ports')),
      ageColumn,
      wide('Selector', documented('core.v1.ServiceSpec', 'selector')),
    ],
    (service, now) => [
      nameOf(service),
      service.spec?.type ?? '',
      service.spec?.clusterIPs?.[0] ?? service.spec?.clusterIP ?? '<none>',
      externalAddresses(service),
      portsCell(service),
      ageOf(service, now),
      labelsCell(service.spec?.selector),
    ],
  ),
  Endpoints: printer<Endpoints>([nameColumn, column('Endpoints', documented('core.v1.Endpoints', 'subsets')), ageColumn], (object, now) => [
    nameOf(object),
    endpointsCell(object),
    ageOf(object, now),
  ]),
  Namespace: printer<Namespace>([nameColumn, column('Status', 'The status of the namespace'), ageColumn], (object, now) => [
    nameOf(object),
    object.status?.phase ?? '',
    ageOf(object, now),
  ]),
  Secret: printer<Secret>(
    [nameColumn, column('Type', documented('core.v1.Secret', 'type')), column('Data', documented('core.v1.Secret', 'data')), ageColumn],
    (object, now) => [nameOf(object), object.type ?? '', size(object.data), ageOf(object, now)],
  ),
  ConfigMap: printer<ConfigMap>([nameColumn, column('Data', documented('core.v1.ConfigMap', 'data')), ageColumn], (object, now) => [
    nameOf(object),
    size(object.data) + size(object.binaryData),
    ageOf(object, now),
  ]),
  ServiceAccount: plainPrinter,
  PersistentVolume: printer<PersistentVolume>(
    [
      nameColumn,
      column('Capacity', documented('core.v1.PersistentVolumeSpec', 'capacity')),
      column('Access Modes', documented('core.v1.PersistentVolumeSpec', 'accessModes')),
      column('Reclaim Policy', documented('core.v1.PersistentVolumeSpec', 'persistentVolumeReclaimPolicy')),
      column('Status', documented('core.v1.PersistentVolumeStatus', 'phase')),
      column('Claim', documented('core.v1.PersistentVolumeSpec', 'claimRef')),
      column('StorageClass', 'StorageClass of the pv'),
      column('VolumeAttributesClass', 'VolumeAttributesClass of the pv'),
      column('Reason', documented('core.v1.PersistentVolumeStatus', 'reason')),
      ageColumn,
      wide('VolumeMode', documented('core.v1.PersistentVolumeSpec', 'volumeMode')),
    ],
    (volume, now) => {
      const claim = volume.spec?.claimRef;
      return [
        nameOf(volume),
        quantityCell(volume.spec?.capacity?.storage),
        accessModesCell(volume.spec?.accessModes),
        volume.spec?.persistentVolumeReclaimPolicy ?? '',
        phaseCell(volume),
        claim === undefined ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`,
        storageClassCell(volume),
        volume.spec?.volumeAttributesClassName ?? '<unset>',
        volume.status?.reason ?? '',
        ageOf(volume, now),
        volume.spec?.volumeMode ?? '<unset>',
      ];
    },
  ),
  PersistentVolumeClaim: printer<PersistentVolumeClaim>(
    [
      nameColumn,
      column('Status', documented('core.v1.PersistentVolumeClaimStatus', 'phase')),
      column('Volume', documented('core.v1.PersistentVolumeClaimSpec', 'volumeName')),
      column('Capacity', documented('core.v1.PersistentVolumeClaimStatus', 'capacity')),
      column('Access Modes', documented('core.v1.PersistentVolumeClaimStatus', 'accessModes')),
      column('StorageClass', 'StorageClass of the pvc'),
      column('VolumeAttributesClass', 'VolumeAttributesClass of the pvc'),
      ageColumn,
      wide('VolumeMode', documented('core.v1.PersistentVolumeClaimSpec', 'volumeMode')),
    ],
    (claim, now) => {
      const bound = (claim.spec?.volumeName ?? '') !== '';
      return [
        nameOf(claim),
        phaseCell(claim),
        claim.spec?.volumeName ?? '',
        bound ? quantityCell(claim.status?.capacity?.storage) : '',
        bound ? accessModesCell(claim.status?.accessModes) : '',
        storageClassCell(claim),
        claim.spec?.volumeAttributesClassName ?? '<unset>',
        ageOf(claim, now),
        claim.spec?.volumeMode ?? '<unset>',
      ];
    },
  ),
  ResourceQuota: printer<ResourceQuota>(
    [
      nameColumn,
      column('Request', 'Request represents a minimum amount of cpu/memory that a container may consume.'),
      column('Limit', 'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.'),
      ageColumn,
    ],
    (object, now) => [nameOf(object), ...quotaCells(object), ageOf(object, now)],
  ),
  ComponentStatus: printer<ComponentStatus>(
    [
      nameColumn,
      column('Status', 'Status of the component conditions'),
      column('Message', 'Message of the component conditions'),
      column('Error', 'Error of the component conditions'),
    ],
    (object) => [nameOf(object), ...healthCells(object)],
  ),
};
