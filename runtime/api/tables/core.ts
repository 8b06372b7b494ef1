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
  ServiceAccount,
} from '../generated/types/core/v1.ts';
import { containerCells, containerColumns, labelsCell, listCell, quantityCell } from './cells.ts';
import { nodePrinters } from './nodes.ts';
import { podPrinters } from './pods.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer, wide } from './printer.ts';

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
      column('Desired', 'Number of pods asked for.', 'integer'),
      column('Current', 'Number of pods there are.', 'integer'),
      column('Ready', 'Number of pods that are ready.', 'integer'),
      ageColumn,
      ...containerColumns,
      wide('Selector', 'Labels of the pods that belong to it.'),
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
      column('Type', 'How the service is exposed.'),
      column('Cluster-IP', 'Address within the cluster.'),
      column('External-IP', 'Addresses outside the cluster.'),
      column('Port(s)', 'Ports of the service, with their node ports.'),
      ageColumn,
      wide('Selector', 'Labels of the pods behind the service.'),
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
  Endpoints: printer<Endpoints>([nameColumn, column('Endpoints', 'Addresses and ports behind the service.'), ageColumn], (object, now) => [
    nameOf(object),
    endpointsCell(object),
    ageOf(object, now),
  ]),
  Namespace: printer<Namespace>(
    [nameColumn, column('Status', 'Whether the namespace is in use or being deleted.'), ageColumn],
    (object, now) => [nameOf(object), object.status?.phase ?? '', ageOf(object, now)],
  ),
  Secret: printer<Secret>(
    [nameColumn, column('Type', 'What the secret is for.'), column('Data', 'Number of entries.'), ageColumn],
    (object, now) => [nameOf(object), object.type ?? '', size(object.data), ageOf(object, now)],
  ),
  ConfigMap: printer<ConfigMap>([nameColumn, column('Data', 'Number of entries.'), ageColumn], (object, now) => [
    nameOf(object),
    size(object.data) + size(object.binaryData),
    ageOf(object, now),
  ]),
  ServiceAccount: printer<ServiceAccount>([nameColumn, column('Secrets', 'Number of secrets it refers to.'), ageColumn], (object, now) => [
    nameOf(object),
    object.secrets?.length ?? 0,
    ageOf(object, now),
  ]),
  PersistentVolume: printer<PersistentVolume>(
    [
      nameColumn,
      column('Capacity', 'Size of the volume.'),
      column('Access Modes', 'Ways in which the volume can be mounted.'),
      column('Reclaim Policy', 'What becomes of the volume when its claim is gone.'),
      column('Status', 'Whether the volume is free, bound or released.'),
      column('Claim', 'Claim the volume is bound to.'),
      column('StorageClass', 'Storage class of the volume.'),
      column('VolumeAttributesClass', 'Volume attributes class of the volume.'),
      column('Reason', 'Why the volume is in its state.'),
      ageColumn,
      wide('VolumeMode', 'Whether it holds a file system or is a block device.'),
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
      column('Status', 'Whether the claim is pending, bound or lost.'),
      column('Volume', 'Volume the claim is bound to.'),
      column('Capacity', 'Size of the volume.'),
      column('Access Modes', 'Ways in which the volume can be mounted.'),
      column('StorageClass', 'Storage class asked for.'),
      column('VolumeAttributesClass', 'Volume attributes class asked for.'),
      ageColumn,
      wide('VolumeMode', 'Whether it holds a file system or is a block device.'),
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
    [nameColumn, column('Request', 'Use and bound of what is requested.'), column('Limit', 'Use and bound of limits.'), ageColumn],
    (object, now) => [nameOf(object), ...quotaCells(object), ageOf(object, now)],
  ),
  ComponentStatus: printer<ComponentStatus>(
    [
      nameColumn,
      column('Status', 'Whether the component is healthy.'),
      column('Message', 'What its health check says.'),
      column('Error', 'Error of the health check.'),
    ],
    (object) => [nameOf(object), ...healthCells(object)],
  ),
};
