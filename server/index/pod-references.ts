import type { Field } from '../documents/field.ts';
import type { ContainerPort, Labels } from './facts.ts';
import type { Recorder } from './recorder.ts';
import { symbols } from './symbol.ts';

/** What a pod refers to: configuration, volumes, ports by name, its account and its classes. */
export function podReferences(spec: Field, labels: Labels, recorder: Recorder): readonly ContainerPort[] {
  for (const volume of spec.get('volumes').items()) volumeReferences(volume, recorder);
  const ports: ContainerPort[] = [];
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => spec.get(list).items());
  for (const container of containers) {
    recorder.container(container.get('name'), 'declaration');
    recorder.container(container.get('targetContainerName'), 'reference');
    ports.push(...containerPorts(container, labels, recorder));
    containerReferences(container, labels, recorder);
    mountedKeys(container, spec, recorder);
  }
  recorder.object('ServiceAccount', spec.get('serviceAccountName'));
  recorder.object('PriorityClass', spec.get('priorityClassName'));
  recorder.object('RuntimeClass', spec.get('runtimeClassName'));
  for (const secret of spec.get('imagePullSecrets').items()) recorder.object('Secret', secret.get('name'));
  const affinity = spec.get('affinity');
  const terms = ['podAffinity', 'podAntiAffinity'].flatMap((sort) => [
    ...affinity.get(sort, 'requiredDuringSchedulingIgnoredDuringExecution').items(),
    ...affinity
      .get(sort, 'preferredDuringSchedulingIgnoredDuringExecution')
      .items()
      .map((item) => item.get('podAffinityTerm')),
  ]);
  for (const term of [...terms, ...spec.get('topologySpreadConstraints').items()]) recorder.selector(term.get('labelSelector'));
  return ports;
}

function volumeReferences(volume: Field, recorder: Recorder): void {
  recorder.volume(volume.get('name'), 'declaration');
  recorder.keyed('ConfigMap', volume.get('configMap'), 'name');
  recorder.keyed('Secret', volume.get('secret'), 'secretName');
  recorder.object('Secret', volume.get('csi', 'nodePublishSecretRef', 'name'));
  for (const item of volume.get('downwardAPI', 'items').items())
    recorder.container(item.get('resourceFieldRef', 'containerName'), 'reference');
  recorder.object('PersistentVolumeClaim', volume.get('persistentVolumeClaim', 'claimName'));
  for (const source of volume.get('projected', 'sources').items()) {
    recorder.keyed('ConfigMap', source.get('configMap'), 'name');
    recorder.keyed('Secret', source.get('secret'), 'name');
  }
  recorder.object('StorageClass', volume.get('ephemeral', 'volumeClaimTemplate', 'spec', 'storageClassName'));
}

function containerPorts(container: Field, labels: Labels, recorder: Recorder): ContainerPort[] {
  return container
    .get('ports')
    .items()
    .map((port) => {
      const name = port.get('name');
      if (name.text !== undefined) {
        recorder.add(name, symbols.port(recorder.namespace, name.text), 'declaration', { pods: { labels } });
      }
      const host = port.get('hostPort').number;
      return {
        name: name.text,
        number: port.get('containerPort').number,
        ...(host !== undefined && host > 0 && { host: `${host}/${port.get('protocol').text ?? 'TCP'}` }),
      };
    });
}

function containerReferences(container: Field, labels: Labels, recorder: Recorder): void {
  for (const variable of container.get('env').items()) {
    recorder.keyed('ConfigMap', variable.get('valueFrom', 'configMapKeyRef'), 'name');
    recorder.keyed('Secret', variable.get('valueFrom', 'secretKeyRef'), 'name');
    recorder.container(variable.get('valueFrom', 'resourceFieldRef', 'containerName'), 'reference');
  }
  for (const source of container.get('envFrom').items()) {
    recorder.keyed('ConfigMap', source.get('configMapRef'), 'name');
    recorder.keyed('Secret', source.get('secretRef'), 'name');
  }
  for (const mount of [...container.get('volumeMounts').items(), ...container.get('volumeDevices').items()]) {
    recorder.volume(mount.get('name'), 'reference');
  }
  const probes = [
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((name) => container.get(name)),
    ...['postStart', 'preStop'].map((name) => container.get('lifecycle', name)),
  ];
  for (const port of probes.flatMap((probe) => [probe.get('httpGet', 'port'), probe.get('tcpSocket', 'port')])) {
    if (port.text !== undefined && /\D/.test(port.text)) {
      recorder.add(port, symbols.port(recorder.namespace, port.text), 'reference', { pods: { labels } });
    }
  }
}

/** A part of a volume that is mounted by itself: of a ConfigMap or Secret it is a key, unless the volume lays the keys out by its own names. */
function mountedKeys(container: Field, spec: Field, recorder: Recorder): void {
  const volumes = spec.get('volumes').items();
  for (const mount of container.get('volumeMounts').items()) {
    const key = mount.get('subPath');
    const volume = key.text === undefined ? undefined : volumes.find((one) => one.get('name').text === mount.get('name').text);
    for (const [kind, source, nameField] of [
      ['ConfigMap', 'configMap', 'name'],
      ['Secret', 'secret', 'secretName'],
    ] as const) {
      const name = volume?.get(source, nameField).text;
      if (key.text === undefined || name === undefined || volume?.get(source, 'items').exists) continue;
      recorder.add(key, symbols.key(kind, recorder.namespace, name, key.text), 'reference', { optional: true });
    }
  }
}
