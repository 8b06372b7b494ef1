import type { PodSecurityContext, PodSpec } from '../../generated/types/core/v1.ts';
import { byteLength } from '../../names/index.ts';
import { checkDnsSubdomain, type Errors } from '../checks.ts';
import { forbidden, notSupported, required, tooLong } from '../field-error.ts';
import type { Path } from '../path.ts';
import { containersOf } from './containers-of.ts';

/** What a pod has of its node, and what it may not ask for on the operating system it names. */

/** A pod with users of its own shares no other namespace of its node. */
export function validateHostUsers(spec: PodSpec, path: Path, errors: Errors): void {
  if (spec.hostUsers !== false) return;
  if (spec.hostNetwork === true) errors.push(forbidden(path.child('hostNetwork'), 'when `hostUsers` is false'));
  // The letters of the paths are upstream's.
  if (spec.hostPID === true) errors.push(forbidden(path.child('HostPID'), 'when `hostUsers` is false'));
  if (spec.hostIPC === true) errors.push(forbidden(path.child('HostIPC'), 'when `hostUsers` is false'));
  for (const [container, at] of containersOf(spec, path)) {
    if ((container.volumeDevices ?? []).length > 0) errors.push(forbidden(at.child('volumeDevices'), 'when `hostUsers` is false'));
  }
}

const forbiddenOnWindows: readonly (keyof PodSecurityContext | readonly [keyof PodSpec])[] = [
  'appArmorProfile',
  'seLinuxOptions',
  ['hostUsers'],
  ['hostPID'],
  ['hostIPC'],
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  ['shareProcessNamespace'],
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
];
const windowsForbiddenOfContainer = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

/** What a pod may not ask for on the operating system it names. */
export function validateOperatingSystem(spec: PodSpec, path: Path, errors: Errors): void {
  if (spec.os === undefined) return;
  const { name = '' } = spec.os;
  if (name === '') errors.push(required(path.child('os', 'name')));
  else if (name === 'linux') {
    const detail = 'windows options cannot be set for a linux pod';
    if (spec.securityContext?.windowsOptions !== undefined) errors.push(forbidden(path.child('securityContext', 'windowsOptions'), detail));
    for (const [container, at] of containersOf(spec, path)) {
      if (container.securityContext?.windowsOptions !== undefined) {
        errors.push(forbidden(at.child('securityContext', 'windowsOptions'), detail));
      }
    }
  } else if (name === 'windows') {
    const detail = 'cannot be set for a windows pod';
    for (const entry of forbiddenOnWindows) {
      const [name, names, value] =
        typeof entry === 'string' ? [entry, ['securityContext', entry], spec.securityContext?.[entry]] : [entry[0], entry, spec[entry[0]]];
      if (isSet(name, value)) errors.push(forbidden(path.child(...names), detail));
    }
    for (const [container, at] of containersOf(spec, path)) {
      for (const field of windowsForbiddenOfContainer) {
        if (container.securityContext?.[field] !== undefined) errors.push(forbidden(at.child('securityContext', field), detail));
      }
    }
  } else errors.push(notSupported(path.child('os'), name, ['linux', 'windows']));
}

/** Namespaces of the node that are not shared say nothing; an empty list says nothing of sysctls. */
function isSet(name: string, value: unknown): boolean {
  if (name === 'hostPID' || name === 'hostIPC') return value === true;
  return name === 'sysctls' && Array.isArray(value) ? value.length > 0 : value !== undefined;
}

const maxHostname = 64;

/** A name of its own in place of the one that upstream makes of the pod's. */
export function validateHostnameOverride(spec: PodSpec, path: Path, errors: Errors): void {
  const name = spec.hostnameOverride;
  if (name === undefined) return;
  const at = path.child('hostnameOverride');
  if (spec.setHostnameAsFQDN === true) errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'));
  if (spec.hostNetwork === true) errors.push(forbidden(at, 'may not be specified when hostNetwork is true'));
  if (byteLength(name) > maxHostname) errors.push(tooLong(at, maxHostname));
  checkDnsSubdomain(name, at, errors);
}
