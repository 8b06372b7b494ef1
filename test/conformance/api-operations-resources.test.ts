import { expect } from 'vitest';
import { app, condition, proveOperations, timed } from './support/api-operations.ts';
import type { Scope } from './support/behaviour.ts';
import { ask, call, type Json } from './support/cluster.ts';

/** Objects whose names the server ends. */
const generatedName = (object: Json) => async (scope: Scope, collection: string) => {
  const prefix = `${scope.unique('e2e')}-`;
  const names: string[] = [];
  scope.finally(() => Promise.all(names.map((name) => call('DELETE', `${collection}/${name}`))));
  for (let count = 0; count < 2; count += 1) {
    const created = await ask('POST', collection, { ...object, metadata: { generateName: prefix } });
    names.push(created.metadata.name);
    expect(created.metadata).toMatchObject({ generateName: prefix, name: expect.stringMatching(new RegExp(`^${prefix}[a-z0-9]{5}$`)) });
  }
  expect(names[0]).not.toBe(names[1]);
};

const claim = {
  of: 'v1 persistentvolumeclaims',
  namespaced: true,
  object: { spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } } },
};
const volume = {
  of: 'v1 persistentvolumes',
  namespaced: false,
  object: {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'conformance-none',
      csi: { driver: 'e2e-driver.example.com', volumeHandle: 'e2e-conformance' },
    },
  },
};

proveOperations([
  {
    behaviour: '[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations',
    of: 'storage.k8s.io/v1 csistoragecapacities',
    namespaced: true,
    object: { storageClassName: 'fast', capacity: '1Gi' },
    change: { capacity: '2Gi' },
  },
  {
    behaviour: '[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver',
    of: 'storage.k8s.io/v1 csidrivers',
    namespaced: false,
    object: { spec: { volumeLifecycleModes: ['Persistent', 'Ephemeral'], fsGroupPolicy: 'ReadWriteOnceWithFSType' } },
  },
  {
    behaviour: '[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode',
    of: 'storage.k8s.io/v1 csinodes',
    namespaced: false,
    object: { spec: { drivers: null } },
  },
  {
    behaviour: '[sig-storage] VolumeAttributesClass should run through the lifecycle of a VolumeAttributesClass',
    of: 'storage.k8s.io/v1 volumeattributesclasses',
    namespaced: false,
    object: { driverName: 'e2e-fake-csi-driver', parameters: { foo: 'bar' } },
    also: generatedName({ driverName: 'e2e-fake-csi-driver', parameters: { foo: 'bar' } }),
  },
  {
    behaviour: '[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a StorageClass',
    of: 'storage.k8s.io/v1 storageclasses',
    namespaced: false,
    object: { provisioner: 'e2e-fake-provisioner' },
    also: generatedName({ provisioner: 'e2e-fake-provisioner' }),
  },
  {
    behaviour: '[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment status',
    of: 'storage.k8s.io/v1 volumeattachments',
    namespaced: false,
    object: { spec: { attacher: 'conformance.example.com', nodeName: 'no-such-node', source: { persistentVolumeName: 'no-such-volume' } } },
    status: { attached: true },
  },
  {
    behaviour: '[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status',
    ...claim,
    status: { conditions: [{ ...condition, type: 'StatusPatched' }] },
    and: { ...volume, status: { message: 'StatusPatched', reason: 'conformance' } },
  },
  {
    behaviour: '[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV and a PVC',
    ...claim,
    and: volume,
  },
  {
    behaviour: '[sig-network] Ingress API should support creating Ingress API operations',
    of: 'networking.k8s.io/v1 ingresses',
    namespaced: true,
    object: { spec: { defaultBackend: { service: { name: 'default-backend', port: { number: 80 } } } } },
    status: { loadBalancer: { ingress: [{ ip: '169.1.1.1' }] } },
  },
  {
    behaviour: '[sig-network] IngressClass API should support creating IngressClass API operations',
    of: 'networking.k8s.io/v1 ingressclasses',
    namespaced: false,
    object: { spec: { controller: 'example.com/controller' } },
  },
  {
    behaviour: '[sig-network] EndpointSlice should support creating EndpointSlice API operations',
    of: 'discovery.k8s.io/v1 endpointslices',
    namespaced: true,
    object: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.2.3'] }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  },
  {
    behaviour: '[sig-network] ServiceCIDR and IPAddress API should support ServiceCIDR API operations',
    of: 'networking.k8s.io/v1 servicecidrs',
    namespaced: false,
    // A network for documentation, of which no service has an address.
    object: { spec: { cidrs: ['203.0.113.0/24'] } },
    status: { conditions: [{ ...timed, type: 'Ready', status: 'True', reason: 'Conformance' }] },
  },
  {
    behaviour: '[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations',
    of: 'networking.k8s.io/v1 ipaddresses',
    namespaced: false,
    name: (index) => `203.0.113.${index + 1}`,
    object: { spec: { parentRef: { group: 'example.com', resource: 'gateways', namespace: 'default', name: 'conformance' } } },
  },
  {
    behaviour: 'own: NetworkPolicy API operations',
    of: 'networking.k8s.io/v1 networkpolicies',
    namespaced: true,
    object: { spec: { podSelector: { matchLabels: app }, policyTypes: ['Ingress'] } },
  },
]);
