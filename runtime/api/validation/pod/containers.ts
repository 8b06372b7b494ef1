import type {
  Container,
  ContainerPort,
  ContainerResizePolicy,
  EphemeralContainer,
  PodSpec,
  Volume,
  VolumeDevice,
  VolumeMount,
} from '../../generated/types/core/v1.ts';
import { portNameProblems } from '../../names/index.ts';
import { checkDnsLabel, checkOneOf, checkOptionalOneOf, checkPortNumber, type Errors, reportInvalid } from '../checks.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required } from '../field-error.ts';
import type { Path } from '../path.ts';
import { validateResourceRequirements } from '../resources.ts';
import { validateEnv, validateEnvFrom } from './environment.ts';
import { validateHandlers } from './handlers.ts';
import { checkDescendingPath } from './paths.ts';
import { validateInitRestartRules, validateRestartRules } from './restart-rules.ts';
import { validateSecurityContext } from './security.ts';

/** What the rules on a container depend on. */
export interface ContainerContext {
  readonly spec: PodSpec;
  /** Volumes without fault, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly claimNames: ReadonlySet<string>;
  readonly hostUsers: boolean;
}

export const protocols = ['SCTP', 'TCP', 'UDP'];
export const pullPolicies = ['Always', 'IfNotPresent', 'Never'];

/** The containers that run as long as the pod does. */
export function validateContainers(context: ContainerContext, path: Path, errors: Errors): void {
  const containers = context.spec.containers ?? [];
  if (containers.length === 0) {
    errors.push(required(path));
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = path.index(index);
    validateContainer(container, context, at, errors);
    if (names.has(container.name)) errors.push(duplicate(at.child('name'), container.name));
    else names.add(container.name);
    validateHandlers(container, context.spec, at, errors);
    validateRestartRules(container, at, errors);
  }
  validateHostPorts(containers, path, errors);
}

/** The containers that run before, one after another; those that restart always run beside the others. */
export function validateInitContainers(context: ContainerContext, path: Path, errors: Errors): void {
  const { spec } = context;
  if (spec.initContainers === undefined) return;
  const names = new Set((spec.containers ?? []).map((container) => container.name));
  for (const [index, container] of spec.initContainers.entries()) {
    const at = path.index(index);
    validateContainer(container, context, at, errors);
    validateInitRestartRules(container, at, errors);
    if (names.has(container.name)) errors.push(duplicate(at.child('name'), container.name));
    else if (container.name !== '') names.add(container.name);
    validateHostPorts([container], path, errors);
    if (container.restartPolicy === 'Always') validateHandlers(container, spec, at, errors);
    else {
      for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
        if (container[field] !== undefined) {
          errors.push(forbidden(at.child(field), 'may not be set for init containers without restartPolicy=Always'));
        }
      }
      for (const [position, { restartPolicy }] of (container.resizePolicy ?? []).entries()) {
        if (restartPolicy !== 'RestartContainer') continue;
        const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
        errors.push(invalid(at.child('resizePolicy').index(position).child('restartPolicy'), restartPolicy, detail));
      }
    }
  }
}

const ephemeralForbidden = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

/** Containers for debugging, put into a pod that runs. */
export function validateEphemeralContainers(context: ContainerContext, path: Path, errors: Errors): void {
  const { spec } = context;
  if (spec.ephemeralContainers === undefined) return;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name));
  const names = new Set(others);
  for (const [index, container] of spec.ephemeralContainers.entries()) {
    const at = path.index(index);
    validateContainer(container, context, at, errors);
    checkImageSpaces(container.image, at, errors);
    if (names.has(container.name)) errors.push(duplicate(at.child('name'), container.name));
    else names.add(container.name);
    const target = container.targetContainerName ?? '';
    if (target !== '' && !others.has(target)) errors.push(notFound(at.child('targetContainerName'), target));
    const detail = 'cannot be set for an Ephemeral Container';
    for (const field of ephemeralForbidden) {
      const isSet = field === 'resources' ? Object.keys(container.resources ?? {}).length > 0 : container[field] !== undefined;
      if (isSet) errors.push(forbidden(at.child(field), detail));
    }
    for (const [mountIndex, mount] of (container.volumeMounts ?? []).entries()) {
      for (const field of ['subPath', 'subPathExpr'] as const) {
        if ((mount[field] ?? '') !== '') errors.push(forbidden(at.child('volumeMounts').index(mountIndex).child(field), detail));
      }
    }
  }
}

/** Only the image of a pod, not that of a template, is held to have no spaces around it. */
export function checkImageSpaces(image: string | undefined, path: Path, errors: Errors): void {
  if (image !== undefined && image.trim() !== image) {
    errors.push(invalid(path.child('image'), image, 'must not have leading or trailing whitespace'));
  }
}

function validateContainer(container: Container | EphemeralContainer, context: ContainerContext, path: Path, errors: Errors): void {
  const { name = '', image = '' } = container;
  if (name === '') errors.push(required(path.child('name')));
  else checkDnsLabel(name, path.child('name'), errors);
  if (image === '') errors.push(required(path.child('image')));
  checkOneOf(container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError'], path.child('terminationMessagePolicy'), errors);
  if (container.ports !== undefined) validatePorts(container.ports, path.child('ports'), errors);
  validateEnv(container.env, path.child('env'), errors);
  validateEnvFrom(container.envFrom, path.child('envFrom'), errors);
  if (container.volumeMounts !== undefined) validateMounts(container, container.volumeMounts, context, path.child('volumeMounts'), errors);
  if (container.volumeDevices !== undefined)
    validateDevices(container, container.volumeDevices, context, path.child('volumeDevices'), errors);
  checkOneOf(container.imagePullPolicy, pullPolicies, path.child('imagePullPolicy'), errors);
  validateResourceRequirements(container.resources, context.claimNames, path.child('resources'), errors);
  if (container.resizePolicy !== undefined) {
    validateResizePolicy(container.resizePolicy, path.child('resizePolicy'), context.spec.restartPolicy, errors);
  }
  validateSecurityContext(container.securityContext, path.child('securityContext'), errors, context.hostUsers);
}

function validatePorts(ports: readonly ContainerPort[], path: Path, errors: Errors): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = path.index(index);
    const { name = '', containerPort = 0, hostPort = 0 } = port;
    if (name !== '') {
      const problems = portNameProblems(name);
      if (problems.length > 0) reportInvalid(problems, name, at.child('name'), errors);
      else if (names.has(name)) errors.push(duplicate(at.child('name'), name));
      else names.add(name);
    }
    if (containerPort === 0) errors.push(required(at.child('containerPort')));
    else checkPortNumber(containerPort, at.child('containerPort'), errors);
    if (hostPort !== 0) checkPortNumber(hostPort, at.child('hostPort'), errors);
    checkOneOf(port.protocol, protocols, at.child('protocol'), errors);
  }
}

function validateHostPorts(containers: readonly Container[], path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [portIndex, { hostPort = 0, hostIP = '', protocol = '' }] of (container.ports ?? []).entries()) {
      if (hostPort === 0) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (seen.has(key)) errors.push(duplicate(path.index(index).child('ports').index(portIndex).child('hostPort'), key));
      else seen.add(key);
    }
  }
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

function validateMounts(
  container: Container | EphemeralContainer,
  mounts: readonly VolumeMount[],
  { volumes }: ContainerContext,
  path: Path,
  errors: Errors,
): void {
  const seen = new Set<string>();
  const devices = container.volumeDevices ?? [];
  for (const [index, mount] of mounts.entries()) {
    const at = path.index(index);
    const { name = '', mountPath = '', subPath = '', subPathExpr = '', mountPropagation } = mount;
    if (name === '') errors.push(required(at.child('name')));
    if (!volumes.has(name)) errors.push(notFound(at.child('name'), name));
    if (mountPath === '') errors.push(required(at.child('mountPath')));
    if (seen.has(mountPath)) errors.push(invalid(at.child('mountPath'), mountPath, 'must be unique'));
    seen.add(mountPath);
    if (devices.some((device) => device.name === name))
      errors.push(invalid(at.child('name'), name, 'must not already exist in volumeDevices'));
    if (devices.some((device) => device.devicePath === mountPath)) {
      errors.push(invalid(at.child('mountPath'), mountPath, 'must not already exist as a path in volumeDevices'));
    }
    if (subPath !== '') checkDescendingPath(subPath, path.child('subPath'), errors);
    if (subPathExpr !== '') {
      if (subPath !== '') errors.push(invalid(at.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      checkDescendingPath(subPathExpr, path.child('subPathExpr'), errors);
    }
    if (mountPropagation !== undefined) {
      checkOptionalOneOf(mountPropagation, propagations, path.child('mountPropagation'), errors);
      if (mountPropagation === 'Bidirectional' && container.securityContext?.privileged !== true) {
        const detail = 'Bidirectional mount propagation is available only to privileged containers';
        errors.push(forbidden(path.child('mountPropagation'), detail));
      }
    }
    validateRecursiveReadOnly(mount, path.child('recursiveReadOnly'), errors);
  }
}

function validateRecursiveReadOnly(mount: VolumeMount, path: Path, errors: Errors): void {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return;
  if (mode !== 'Enabled' && mode !== 'IfPossible') {
    errors.push(notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible']));
    return;
  }
  if (mount.readOnly !== true) errors.push(forbidden(path, 'may only be specified when readOnly is true'));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
  }
}

function validateDevices(
  container: Container | EphemeralContainer,
  devices: readonly VolumeDevice[],
  { volumes }: ContainerContext,
  path: Path,
  errors: Errors,
): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  for (const [index, { name = '', devicePath = '' }] of devices.entries()) {
    const at = path.index(index);
    const volume = volumes.get(name);
    if (name === '') errors.push(required(at.child('name')));
    if (names.has(name)) errors.push(invalid(at.child('name'), name, 'must be unique'));
    if (volume === undefined) errors.push(notFound(at.child('name'), name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      const detail = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalid(at.child('name'), name, detail));
    }
    if (devicePath === '') errors.push(required(at.child('devicePath')));
    if (paths.has(devicePath)) errors.push(invalid(at.child('devicePath'), devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..')) {
      errors.push(invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name)) errors.push(invalid(at.child('name'), name, 'must not already exist in volumeMounts'));
    if (mounts.some((mount) => mount.mountPath === devicePath)) {
      errors.push(invalid(at.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts'));
    }
    if (name !== '') names.add(name);
  }
}

function validateResizePolicy(
  policies: readonly ContainerResizePolicy[],
  path: Path,
  restartPolicy: string | undefined,
  errors: Errors,
): void {
  const seen = new Set<string>();
  for (const [index, policy] of policies.entries()) {
    if (seen.has(policy.resourceName)) errors.push(duplicate(path.index(index), policy.resourceName));
    seen.add(policy.resourceName);
    checkOneOf(policy.resourceName, ['cpu', 'memory'], path, errors);
    checkOneOf(policy.restartPolicy, ['NotRequired', 'RestartContainer'], path, errors);
    if (restartPolicy === 'Never' && policy.restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, policy.restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
  }
}
