import type {
  Container,
  EnvVar,
  EphemeralContainer,
  HTTPGetAction,
  Lifecycle,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceRequirements,
} from '../generated/types/core/v1.ts';
import { aggregateContainers } from '../pod-resources.ts';
import { formatQuantity } from '../quantity.ts';
import { defaultPullPolicy } from './images.ts';
import { defaultVolume } from './volumes.ts';

/** Defaults of pods and of what describes pods, as `pkg/apis/core/v1/defaults.go` has them. An empty text counts as none. */

/** What only a pod itself gets, not a template. */
export function defaultPod(pod: Pod): void {
  pod.spec ??= { containers: [] };
  const { spec, status } = pod;
  // The single address is the first of the many, whichever of them is given.
  if (status?.podIP !== undefined) status.podIPs ??= [{ ip: status.podIP }];
  else if (status?.podIPs?.[0]?.ip !== undefined) status.podIP = status.podIPs[0].ip;
  defaultPodSpec(spec);
  for (const container of spec.initContainers ?? []) defaultRequests(container.resources);
  for (const container of spec.containers ?? []) defaultRequests(container.resources);
  if (spec.resources !== undefined) defaultPodResources(spec, spec.resources);
  // Upstream's conversion does this, to pods and not to templates of them.
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork === true) {
    for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      for (const port of container.ports ?? []) {
        if ((port.hostPort ?? 0) === 0) port.hostPort = port.containerPort;
      }
    }
  }
}

/** A pod template within another object. One that is missing is given as an empty one, as Go has it. */
export function defaultPodTemplate(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const defaulted = template ?? {};
  defaulted.metadata ??= {};
  defaulted.spec ??= { containers: [] };
  defaultPodSpec(defaulted.spec);
  return defaulted;
}

function defaultPodSpec(spec: PodSpec): void {
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of spec.initContainers ?? []) defaultContainer(container);
  for (const container of spec.containers ?? []) defaultContainer(container);
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container);
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  // The older name of the field follows the newer one.
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (account) {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  spec.securityContext ??= {};
  spec.schedulerName ||= 'default-scheduler';
}

function defaultContainer(container: Container | EphemeralContainer): void {
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const variable of container.env ?? []) defaultVariable(variable);
  container.resources ??= {};
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
  defaultLifecycle(container.lifecycle);
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= defaultPullPolicy(container.image);
}

function defaultVariable(variable: EnvVar): void {
  const source = variable.valueFrom;
  if (source?.fieldRef !== undefined) source.fieldRef.apiVersion ||= 'v1';
  if (source?.fileKeyRef !== undefined) source.fileKeyRef.optional ??= false;
  if (source?.resourceFieldRef !== undefined) source.resourceFieldRef.divisor ??= '0';
}

function defaultProbe(probe: Probe | undefined): void {
  if (probe === undefined) return;
  defaultHttpGet(probe.httpGet);
  if (probe.grpc !== undefined) probe.grpc.service ??= '';
  probe.timeoutSeconds = probe.timeoutSeconds || 1;
  probe.periodSeconds = probe.periodSeconds || 10;
  probe.successThreshold = probe.successThreshold || 1;
  probe.failureThreshold = probe.failureThreshold || 3;
}

function defaultLifecycle(lifecycle: Lifecycle | undefined): void {
  defaultHttpGet(lifecycle?.postStart?.httpGet);
  defaultHttpGet(lifecycle?.preStop?.httpGet);
}

function defaultHttpGet(action: HTTPGetAction | undefined): void {
  if (action === undefined) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}

/** Whoever sets a limit alone asks for as much. */
function defaultRequests(resources: ResourceRequirements | undefined): void {
  if (resources?.limits === undefined) return;
  resources.requests ??= {};
  for (const [name, quantity] of Object.entries(resources.limits)) resources.requests[name] ??= quantity;
}

/** What a pod as a whole asks for follows its containers, then its own limits. */
function defaultPodResources(spec: PodSpec, resources: ResourceRequirements): void {
  if (Object.keys(resources.limits ?? {}).length + Object.keys(resources.requests ?? {}).length > 0) {
    for (const [name, amount] of aggregateContainers(spec, 'limits')) {
      if (!name.startsWith('hugepages-') || resources.requests?.[name] !== undefined) continue;
      resources.limits ??= {};
      resources.limits[name] ??= formatQuantity(amount);
    }
  }
  const { limits = {} } = resources;
  if (Object.keys(limits).length === 0) return;
  const requests = { ...resources.requests };
  for (const [name, amount] of aggregateContainers(spec, 'requests')) {
    if (name === 'cpu' || name === 'memory') requests[name] ??= formatQuantity(amount);
  }
  for (const [name, amount] of Object.entries(limits)) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) requests[name] ??= amount;
  }
  if (Object.keys(requests).length > 0) resources.requests = requests;
}
