import { toBase64 } from '../base64.ts';
import type {
  Endpoints,
  LimitRange,
  Namespace,
  Node,
  PodTemplate,
  ReplicationController,
  Secret,
  Service,
} from '../generated/types/core/v1.ts';
import { setKey } from '../patches/json-tree.ts';
import type { DefaultsByKind } from './defaults.ts';
import { defaultPod, defaultPodTemplate } from './pods.ts';
import { defaultPersistentVolume, defaultPersistentVolumeClaim } from './volumes.ts';

const encoder = new TextEncoder();

/** `pkg/apis/core/v1` */
export const coreDefaults: DefaultsByKind = {
  'v1/Endpoints': (endpoints: Endpoints) => {
    for (const subset of endpoints.subsets ?? []) {
      for (const port of subset.ports ?? []) port.protocol ||= 'TCP';
    }
  },
  'v1/LimitRange': defaultLimitRange,
  'v1/Namespace': (namespace: Namespace) => {
    const name = namespace.metadata?.name;
    if (namespace.metadata === undefined || name === undefined || name === '') return;
    namespace.metadata.labels ??= {};
    namespace.metadata.labels['kubernetes.io/metadata.name'] ??= name;
    namespace.status = { ...namespace.status, phase: namespace.status?.phase || 'Active' };
  },
  'v1/Node': (node: Node) => {
    const { spec } = node;
    // The single range is the first of the many, whichever of them is given.
    if (spec?.podCIDR !== undefined) spec.podCIDRs ??= [spec.podCIDR];
    else if (spec?.podCIDRs?.[0] !== undefined) spec.podCIDR = spec.podCIDRs[0];
    if (node.status?.capacity !== undefined && node.status.allocatable === undefined) node.status.allocatable = { ...node.status.capacity };
  },
  'v1/PersistentVolume': defaultPersistentVolume,
  'v1/PersistentVolumeClaim': defaultPersistentVolumeClaim,
  'v1/Pod': defaultPod,
  'v1/PodTemplate': (template: PodTemplate) => {
    template.template = defaultPodTemplate(template.template);
  },
  'v1/ReplicationController': defaultReplicationController,
  'v1/Secret': (secret: Secret) => {
    secret.type ||= 'Opaque';
    if (secret.stringData === undefined) return;
    secret.data ??= {};
    for (const [key, text] of Object.entries(secret.stringData)) setKey(secret.data, key, toBase64(encoder.encode(text)));
    delete secret.stringData;
  },
  'v1/Service': defaultService,
};

function defaultLimitRange(range: LimitRange): void {
  for (const limit of range.spec?.limits ?? []) {
    if (limit.type !== 'Container') continue;
    const defaults = { ...limit.max, ...limit.default };
    const requests = { ...limit.min, ...defaults, ...limit.defaultRequest };
    if (Object.keys(defaults).length > 0) limit.default = defaults;
    if (Object.keys(requests).length > 0) limit.defaultRequest = requests;
  }
}

function defaultReplicationController(controller: ReplicationController): void {
  const { spec } = controller;
  if (spec === undefined) return;
  if (spec.template !== undefined) defaultPodTemplate(spec.template);
  const labels = spec.template?.metadata?.labels;
  if (labels !== undefined) {
    spec.selector ??= { ...labels };
    controller.metadata ??= {};
    controller.metadata.labels ??= { ...labels };
  }
  spec.replicas ??= 1;
}

function defaultService(service: Service): void {
  service.status ??= {};
  service.status.loadBalancer ??= {};
  service.spec ??= {};
  const { spec } = service;
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10800 } };
  }
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (external || (spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0)) spec.externalTrafficPolicy ||= 'Cluster';
  if (external || spec.type === 'ClusterIP') spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') {
    spec.allocateLoadBalancerNodePorts ??= true;
    for (const ingress of service.status.loadBalancer.ingress ?? []) {
      if (ingress.ip !== undefined && ingress.ip !== '') ingress.ipMode ??= 'VIP';
    }
  }
}
