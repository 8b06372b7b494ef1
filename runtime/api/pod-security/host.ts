import { type Check, type CheckPod, containersOf, named, plural, quoteSorted, setters } from './check.ts';

/** Checks of what a pod may share with its node. */

const namespaces: CheckPod = ({ spec }) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true);
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.map((field) => `${field}=true`).join(', ') };
};

const ports: CheckPod = (pod) => {
  const bad = containersOf(pod).filter((container) => container.ports?.some(({ hostPort }) => Boolean(hostPort)));
  if (bad.length === 0) return undefined;
  const taken = new Set(
    bad.flatMap((container) => (container.ports ?? []).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []))),
  );
  const words = `${plural('uses', 'use', bad.length)} ${plural('hostPort', 'hostPorts', taken.size)}`;
  return { reason: 'hostPort', detail: `${named(bad)} ${words} ${[...taken].sort().join(', ')}` };
};

const probeHosts: CheckPod = (pod) => {
  const bad = new Set<string>();
  const hosts = new Set<string>();
  for (const { name, livenessProbe, readinessProbe, startupProbe, lifecycle } of containersOf(pod)) {
    for (const handler of [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]) {
      for (const host of [handler?.httpGet?.host, handler?.tcpSocket?.host]) {
        if (!host) continue;
        bad.add(name);
        hosts.add(host);
      }
    }
  }
  if (bad.size === 0) return undefined;
  const who = `${plural('container', 'containers', bad.size)} ${quoteSorted(bad)} ${plural('uses', 'use', bad.size)}`;
  const what = plural('probe or lifecycle host', 'probe or lifecycle hosts', hosts.size);
  return { reason: 'probe or lifecycle host', detail: `${who} ${what} ${quoteSorted(hosts)}` };
};

const windowsHostProcess: CheckPod = (pod) => {
  const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  const who = setters(pod.spec.securityContext?.windowsOptions?.hostProcess === true, bad);
  if (who === '') return undefined;
  return { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
};

export const hostChecks: readonly Check[] = [
  { id: 'hostNamespaces', level: 'baseline', versions: [{ since: 0, check: namespaces }] },
  { id: 'hostPorts', level: 'baseline', versions: [{ since: 0, check: ports }] },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', versions: [{ since: 34, check: probeHosts }] },
  { id: 'windowsHostProcess', level: 'baseline', versions: [{ since: 0, check: windowsHostProcess }] },
];
