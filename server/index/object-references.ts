import type { Field } from '../documents/field.ts';
import type { Labels, Monitored, ObjectFacts } from './facts.ts';
import type { Recorder } from './recorder.ts';
import { ownerOf, symbols } from './symbol.ts';

type Found = Pick<ObjectFacts, 'selector' | 'keys' | 'servicePorts' | 'headless' | 'scales' | 'limits' | 'quota' | 'defines'>;

/** Records what an object refers to by the fields of its kind, pods left out, and says what others need to know of it. */
export function objectReferences(object: Field, kind: string, group: string, recorder: Recorder): Found {
  const spec = object.get('spec');
  const read = readers[kind];
  const custom = object.get('kind');
  if ((!read || group === gatewayGroup) && group.includes('.') && custom.text !== undefined)
    recorder.add(custom, symbols.kind(group, custom.text), 'reference');
  return (read ?? customReaders[kind])?.(object, spec, recorder) ?? {};
}

const gatewayGroup = 'gateway.networking.k8s.io';

type Reader = (object: Field, spec: Field, recorder: Recorder) => Found | undefined;

/** A label selector; one with expressions is not told by its labels alone. */
function selectorOf(selector: Field, recorder: Recorder): Found {
  const labels = recorder.selector(selector);
  return selector.get('matchExpressions').items().length > 0 ? {} : { selector: { labels, path: selector.path } };
}

const workload: Reader = (_object, spec, recorder) => selectorOf(spec.get('selector'), recorder);

const keyed =
  (kind: string, ...fields: readonly string[]): Reader =>
  (object, _spec, recorder) => {
    const name = object.get('metadata', 'name').text ?? '';
    const entries = fields.flatMap((field) => object.get(field).entries());
    for (const [key, field] of entries) recorder.declareKey(kind, name, key, field);
    return { keys: entries.map(([key]) => key) };
  };

const binding: Reader = (object, _spec, recorder) => {
  const role = object.get('roleRef');
  const kind = role.get('kind').text;
  if (kind === 'Role' || kind === 'ClusterRole') recorder.object(kind, role.get('name'));
  for (const subject of object.get('subjects').items()) {
    if (subject.get('kind').text !== 'ServiceAccount') continue;
    recorder.object('ServiceAccount', subject.get('name'), subject.get('namespace').text ?? recorder.namespace);
    recorder.object('Namespace', subject.get('namespace'));
  }
  return undefined;
};

const webhooks: Reader = (object, _spec, recorder) => {
  for (const webhook of object.get('webhooks').items()) serviceReference(webhook.get('clientConfig', 'service'), recorder);
  return undefined;
};

/** A Service that is named together with its namespace. */
function serviceReference(service: Field, recorder: Recorder): void {
  recorder.object('Service', service.get('name'), service.get('namespace').text ?? recorder.namespace);
  recorder.object('Namespace', service.get('namespace'));
}

function backend(service: Field, recorder: Recorder): void {
  const name = service.get('name');
  recorder.object('Service', name);
  const port = service.get('port', 'name');
  if (name.text !== undefined && port.text !== undefined) {
    recorder.add(port, symbols.key('Service', recorder.namespace, name.text, port.text), 'reference');
  }
}

/** A route of the Gateway API: the Services it leads to and the Gateways it belongs to. */
const route: Reader = (_object, spec, recorder) => {
  for (const parent of spec.get('parentRefs').items()) {
    const kind = parent.get('kind').text ?? 'Gateway';
    recorder.object(kind, parent.get('name'), parent.get('namespace').text ?? recorder.namespace);
  }
  const backends = spec
    .get('rules')
    .items()
    .flatMap((rule) => rule.get('backendRefs').items());
  for (const one of backends) {
    if ((one.get('kind').text ?? 'Service') !== 'Service') continue;
    recorder.object('Service', one.get('name'), one.get('namespace').text ?? recorder.namespace);
  }
  return undefined;
};

/** The object that an autoscaler is for. */
function targetOf(target: Field, recorder: Recorder, otherwise?: string): { kind: string; name: string } | undefined {
  const kind = target.get('kind').text ?? otherwise;
  const name = target.get('name');
  if (kind === undefined) return undefined;
  recorder.object(kind, name);
  return name.text === undefined ? undefined : { kind, name: name.text };
}

function scaling(target: ReturnType<typeof targetOf>, min: number, max: number | undefined): Found {
  return target ? { scales: { ...target, min, max } } : {};
}

/** Amounts by resource, as text. */
function quantities(field: Field): Record<string, string> {
  return Object.fromEntries(field.entries().flatMap(([name, value]) => (value.amount === undefined ? [] : [[name, value.amount]])));
}

const readers: Readonly<Record<string, Reader>> = {
  Deployment: workload,
  ReplicaSet: workload,
  DaemonSet: workload,
  Job: workload,
  PodDisruptionBudget: workload,
  StatefulSet(object, spec, recorder) {
    recorder.object('Service', spec.get('serviceName'));
    for (const claim of spec.get('volumeClaimTemplates').items()) {
      recorder.volume(claim.get('metadata', 'name'), 'declaration');
      recorder.object('StorageClass', claim.get('spec', 'storageClassName'));
    }
    return workload(object, spec, recorder);
  },
  ReplicationController: (_object, spec, recorder) => {
    const selector = spec.get('selector');
    const labels = recorder.labels(selector, 'reference');
    return selector.exists ? { selector: { labels, path: selector.path } } : undefined;
  },
  Service(object, spec, recorder) {
    const selector = spec.get('selector');
    const labels = recorder.labels(selector, 'reference');
    const name = object.get('metadata', 'name').text ?? '';
    const ports = spec.get('ports').items();
    for (const port of ports) {
      const portName = port.get('name');
      if (portName.text !== undefined) {
        recorder.add(portName, symbols.key('Service', recorder.namespace, name, portName.text), 'declaration');
      }
      const target = port.get('targetPort');
      if (target.text !== undefined && /\D/.test(target.text) && selector.exists) {
        recorder.add(target, symbols.port(recorder.namespace, target.text), 'reference', { pods: { selector: labels } });
      }
    }
    return {
      ...(selector.exists && { selector: { labels, path: selector.path } }),
      keys: ports.flatMap((port) => port.get('name').text ?? []),
      servicePorts: ports.flatMap((port) => port.get('port').number ?? []),
      ...(spec.get('clusterIP').text === 'None' && { headless: true }),
    };
  },
  ConfigMap: keyed('ConfigMap', 'data', 'binaryData'),
  Secret: keyed('Secret', 'data', 'stringData'),
  ServiceAccount(object, _spec, recorder) {
    for (const secret of [...object.get('secrets').items(), ...object.get('imagePullSecrets').items()]) {
      recorder.object('Secret', secret.get('name'));
    }
    return undefined;
  },
  PersistentVolumeClaim(_object, spec, recorder) {
    recorder.object('StorageClass', spec.get('storageClassName'));
    recorder.object('PersistentVolume', spec.get('volumeName'));
    return undefined;
  },
  PersistentVolume(_object, spec, recorder) {
    recorder.object('StorageClass', spec.get('storageClassName'));
    const claim = spec.get('claimRef');
    recorder.object('PersistentVolumeClaim', claim.get('name'), claim.get('namespace').text ?? recorder.namespace);
    return undefined;
  },
  Ingress(_object, spec, recorder) {
    backend(spec.get('defaultBackend', 'service'), recorder);
    for (const rule of spec.get('rules').items()) {
      for (const path of rule.get('http', 'paths').items()) backend(path.get('backend', 'service'), recorder);
    }
    for (const tls of spec.get('tls').items()) recorder.object('Secret', tls.get('secretName'));
    recorder.object('IngressClass', spec.get('ingressClassName'));
    return undefined;
  },
  HorizontalPodAutoscaler(_object, spec, recorder) {
    const target = targetOf(spec.get('scaleTargetRef'), recorder);
    if (!target) return undefined;
    const owner = ownerOf(target.kind, recorder.namespace, target.name);
    for (const metric of spec.get('metrics').items()) recorder.container(metric.get('containerResource', 'container'), 'reference', owner);
    return scaling(target, spec.get('minReplicas').number ?? 1, spec.get('maxReplicas').number);
  },
  LimitRange: (_object, spec) => ({
    limits: spec
      .get('limits')
      .items()
      .map((item) => ({
        type: item.get('type').text ?? '',
        max: quantities(item.get('max')),
        min: quantities(item.get('min')),
        defaulted: ['default', 'defaultRequest', 'max'].flatMap((name) =>
          item
            .get(name)
            .entries()
            .map(([resource]) => resource),
        ),
      })),
  }),
  ResourceQuota: (_object, spec) =>
    spec.get('scopes').exists || spec.get('scopeSelector').exists ? undefined : { quota: quantities(spec.get('hard')) },
  NetworkPolicy(_object, spec, recorder) {
    const peers = [
      ...spec
        .get('ingress')
        .items()
        .flatMap((rule) => rule.get('from').items()),
      ...spec
        .get('egress')
        .items()
        .flatMap((rule) => rule.get('to').items()),
    ];
    for (const peer of peers) {
      if (!peer.get('namespaceSelector').exists) recorder.selector(peer.get('podSelector'));
    }
    const found = selectorOf(spec.get('podSelector'), recorder);
    const chosen = found.selector?.labels ?? {};
    const ports = spec
      .get('ingress')
      .items()
      .flatMap((rule) => rule.get('ports').items());
    for (const port of ports.map((one) => one.get('port'))) {
      // Which pods an empty selector chooses, their ports do not tell.
      if (port.text !== undefined && Object.keys(chosen).length > 0) {
        recorder.add(port, symbols.port(recorder.namespace, port.text), 'reference', { pods: { selector: chosen } });
      }
    }
    return found;
  },
  HTTPRoute: route,
  GRPCRoute: route,
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
  APIService(_object, spec, recorder) {
    serviceReference(spec.get('service'), recorder);
    return undefined;
  },
  CustomResourceDefinition(_object, spec, recorder) {
    const kind = spec.get('names', 'kind');
    const group = spec.get('group').text;
    if (kind.text === undefined || group === undefined) return undefined;
    recorder.add(kind, symbols.kind(group, kind.text), 'declaration');
    return { defines: { group, kind: kind.text, versions: versionsOf(spec) } };
  },
};

/** The versions that a definition has, each with a sign of what it says. */
function versionsOf(definition: Field): Labels {
  const versions = definition.get('versions').items();
  return Object.fromEntries(versions.flatMap((version) => (version.get('name').text ? [[version.get('name').text, signOf(version)]] : [])));
}

/** A sign of what a field says, of whatever length that is: other words have another one. */
function signOf(field: Field): string {
  let sign = 0;
  for (const letter of field.source()) sign = (Math.imul(sign, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return sign.toString(36);
}

/** Labels that a monitor chooses by, where its own namespace is among those that it looks at, and ports that it asks for by name. */
const monitor =
  (kind: Monitored['kind'], endpoints: string): Reader =>
  (_object, spec, recorder) => {
    const elsewhere = spec.get('namespaceSelector');
    const names = elsewhere
      .get('matchNames')
      .items()
      .flatMap(({ text }) => text ?? []);
    const namespaces = elsewhere.get('any').isTrue ? 'any' : names.length > 0 ? names : [recorder.namespace];
    const selector = spec.get('selector');
    if (namespaces === 'any' || namespaces.includes(recorder.namespace)) recorder.selector(selector);
    if (selector.get('matchExpressions').items().length > 0) return undefined;
    const labels = selector.get('matchLabels').entries();
    const wanted = Object.fromEntries(labels.flatMap(([name, { text }]) => (text === undefined ? [] : [[name, text]])));
    for (const port of spec.get(endpoints).items()) {
      const name = port.get('port');
      if (name.text === undefined) continue;
      recorder.add(name, symbols.monitored(kind, name.text), 'reference', { monitored: { kind, selector: wanted, namespaces } });
    }
    return undefined;
  };

/** Kinds that Kubernetes itself does not have. */
const customReaders: Readonly<Record<string, Reader>> = {
  /** KEDA's autoscaler, which scales to none when nothing happens. */
  ScaledObject(_object, spec, recorder) {
    const target = targetOf(spec.get('scaleTargetRef'), recorder, 'Deployment');
    return scaling(target, spec.get('minReplicaCount').number ?? 0, spec.get('maxReplicaCount').number ?? 100);
  },
  /** Monitors of the Prometheus operator choose by labels: of Services, and of pods. */
  ServiceMonitor: monitor('Service', 'endpoints'),
  PodMonitor: monitor('Pod', 'podMetricsEndpoints'),
  VerticalPodAutoscaler(_object, spec, recorder) {
    targetOf(spec.get('targetRef'), recorder);
    return undefined;
  },
};
