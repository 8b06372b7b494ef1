import type { Container, Pod } from '../../api/generated/types/core/v1.ts';
import { quantityMilliValue, quantityValue } from '../../api/quantity.ts';
import {
  type ContainerConfig,
  containerNameLabel,
  containerPortsAnnotation,
  type KeyValue,
  type PodSandboxConfig,
  podNameLabel,
  podNamespaceLabel,
  podUidLabel,
  probePortsAnnotation,
  terminationMessagePathAnnotation,
} from '../../containers/cri.ts';
import { resolvePort } from '../probes/prober.ts';
import { expand } from './environment.ts';

/** What the runtime is told of a pod's sandbox. */
export function sandboxConfig(pod: Pod, attempt: number): PodSandboxConfig {
  const { name = '', namespace = '', uid = '', labels = {}, annotations = {} } = pod.metadata ?? {};
  const { hostNetwork = false, containers = [], dnsConfig, dnsPolicy = 'ClusterFirst' } = pod.spec ?? {};
  const cluster = dnsPolicy === 'ClusterFirst' || dnsPolicy === 'ClusterFirstWithHostNet';
  return {
    metadata: { name, namespace, uid, attempt },
    hostname: podHostname(pod),
    logDirectory: `/var/log/pods/${namespace}_${name}_${uid}`,
    dnsConfig: {
      servers: dnsConfig?.nameservers ?? [],
      searches: [
        ...(cluster ? [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'] : []),
        ...(dnsConfig?.searches ?? []),
      ],
      options: cluster ? ['ndots:5'] : [],
    },
    portMappings: containers.flatMap(({ ports = [] }) =>
      ports.map(({ containerPort, hostPort = 0, protocol = 'TCP' }) => ({ protocol, containerPort, hostPort })),
    ),
    labels: { ...labels, [podNameLabel]: name, [podNamespaceLabel]: namespace, [podUidLabel]: uid },
    annotations,
    hostNetwork,
  };
}

/** The host name that a pod's containers see, after the kubelet's `GeneratePodHostNameAndDomain`: the node's own on its network. */
function podHostname({ metadata, spec }: Pod): string {
  if (spec?.hostNetwork === true) return spec.nodeName ?? '';
  return spec?.hostnameOverride ?? (spec?.hostname ?? metadata?.name ?? '').slice(0, 63).replace(/[-.]+$/, '');
}

/** What the runtime is told of a container. */
export function containerConfig(pod: Pod, container: Container, attempt: number, envs: readonly KeyValue[]): ContainerConfig {
  const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
  const env = new Map(envs.map(({ key, value }) => [key, value]));
  const expanded = (words: readonly string[] = []) => words.map((word) => expand(word, (variable) => env.get(variable)));
  const { limits = {} } = container.resources ?? {};
  const runAsUser = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser;
  const probePorts = [container.startupProbe, container.livenessProbe, container.readinessProbe]
    .map((probe) => probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port)
    .filter((port) => port !== undefined)
    .map((port) => resolvePort(port, container))
    .filter((port) => typeof port === 'number');
  return {
    metadata: { name: container.name, attempt },
    image: { image: container.image ?? '' },
    command: expanded(container.command),
    args: expanded(container.args),
    workingDir: container.workingDir ?? '',
    envs,
    mounts: (container.volumeMounts ?? []).map((mount) => ({
      containerPath: mount.mountPath.replace(/(?<=.)\/$/, ''),
      hostPath: `/var/lib/kubelet/pods/${uid}/volumes/${mount.name}${mount.subPath === undefined ? '' : `/${mount.subPath}`}`,
      readonly: mount.readOnly === true,
    })),
    labels: { [containerNameLabel]: container.name, [podNameLabel]: name, [podNamespaceLabel]: namespace, [podUidLabel]: uid },
    annotations: {
      [terminationMessagePathAnnotation]: container.terminationMessagePath ?? '/dev/termination-log',
      ...(container.ports === undefined ? {} : { [containerPortsAnnotation]: JSON.stringify(container.ports) }),
      ...(probePorts.length === 0 ? {} : { [probePortsAnnotation]: JSON.stringify([...new Set(probePorts)]) }),
    },
    logPath: `${container.name}/${attempt}.log`,
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    linux: {
      resources: {
        cpuMillis: limits.cpu === undefined ? 0 : quantityMilliValue(limits.cpu),
        memoryLimitInBytes: limits.memory === undefined ? 0 : quantityValue(limits.memory),
      },
      ...(runAsUser === undefined ? {} : { runAsUser }),
    },
  };
}
