import type { AppArmorProfile, PodSecurityContext, PodSpec, SeccompProfile, SecurityContext } from '../../generated/types/core/v1.ts';
import { byteLength } from '../../names/index.ts';
import { checkId, checkOptionalOneOf, type Errors } from '../checks.ts';
import { duplicate, invalid, notSupported, required, tooLong } from '../field-error.ts';
import { inGo, profileType, securityContextType } from '../internal-types.ts';
import type { Path } from '../path.ts';
import { checkDescendingPath } from './paths.ts';
import { validateWindowsOptions } from './windows-options.ts';

/** What a container's processes may do. */

export function validateSecurityContext(context: SecurityContext | undefined, path: Path, errors: Errors, hostUsers: boolean): void {
  if (context === undefined) return;
  checkId(context.runAsUser, path.child('runAsUser'), errors);
  checkId(context.runAsGroup, path.child('runAsGroup'), errors);
  if (context.procMount !== undefined) {
    checkOptionalOneOf(context.procMount, ['Default', 'Unmasked'], path.child('procMount'), errors);
    if (hostUsers && context.procMount === 'Unmasked') {
      errors.push(invalid(path.child('procMount'), context.procMount, '`hostUsers` must be false to use `Unmasked`'));
    }
  }
  validateSeccompProfile(context.seccompProfile, path.child('seccompProfile'), errors);
  if (context.allowPrivilegeEscalation === false) {
    const report = (other: string): void => {
      const detail = `cannot set \`allowPrivilegeEscalation\` to false and ${other}`;
      errors.push(invalid(path, inGo(securityContextType, context), detail));
    };
    if (context.privileged === true) report('`privileged` to true');
    for (const capability of context.capabilities?.add ?? []) {
      if (capability === 'CAP_SYS_ADMIN') report('`capabilities.Add` CAP_SYS_ADMIN');
    }
  }
  validateWindowsOptions(context.windowsOptions, path.child('windowsOptions'), errors);
  validateAppArmorProfile(context.appArmorProfile, path.child('appArmorProfile'), errors);
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const sysctlMessage =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const ipcSysctl = /^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/;

export function validatePodSecurityContext(context: PodSecurityContext | undefined, spec: PodSpec, path: Path, errors: Errors): void {
  if (context === undefined) return;
  checkId(context.fsGroup, path.child('fsGroup'), errors);
  checkId(context.runAsUser, path.child('runAsUser'), errors);
  checkId(context.runAsGroup, path.child('runAsGroup'), errors);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) {
    checkId(group, path.child('supplementalGroups').index(index), errors);
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    errors.push(invalid(path.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  }
  validateSysctls(context, spec, path.child('sysctls'), errors);
  checkOptionalOneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], path.child('fsGroupChangePolicy'), errors);
  validateSeccompProfile(context.seccompProfile, path.child('seccompProfile'), errors);
  validateWindowsOptions(context.windowsOptions, path.child('windowsOptions'), errors);
  validateAppArmorProfile(context.appArmorProfile, path.child('appArmorProfile'), errors);
  checkOptionalOneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], path.child('supplementalGroupsPolicy'), errors);
  checkOptionalOneOf(context.seLinuxChangePolicy, ['Recursive'], path.child('seLinuxChangePolicy'), errors);
}

function validateSysctls(context: PodSecurityContext, spec: PodSpec, path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { name = '' }] of (context.sysctls ?? []).entries()) {
    const at = path.index(index).child('name');
    if (name === '') errors.push(required(at));
    else if (name.length > 253 || !sysctlName.test(name)) errors.push(invalid(at, name, sysctlMessage));
    else if (seen.has(name)) errors.push(duplicate(at, name));
    if (spec.hostNetwork === true && /^net[./]/.test(name))
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC === true && ipcSysctl.test(name)) errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    seen.add(name);
  }
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccompProfile(profile: SeccompProfile | undefined, path: Path, errors: Errors): void {
  if (profile === undefined) return;
  const { type = '', localhostProfile } = profile;
  if (type === '') errors.push(required(path.child('type'), 'type is required when seccompProfile is set'));
  else checkOptionalOneOf(type, profileTypes, path.child('type'), errors);
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.push(required(path.child('localhostProfile'), 'must be set when seccomp type is Localhost'));
    else checkDescendingPath(localhostProfile, path.child('localhostProfile'), errors);
  } else if (localhostProfile !== undefined) {
    errors.push(invalid(path.child('localhostProfile'), inGo(profileType, profile), 'can only be set when seccomp type is Localhost'));
  }
}

/** Upstream: `ValidateAppArmorProfileField`. */
export function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: Path, errors: Errors): void {
  if (profile === undefined) return;
  const { type = '', localhostProfile } = profile;
  const at = path.child('localhostProfile');
  switch (type) {
    case 'Localhost':
      if (localhostProfile === undefined) errors.push(required(at, 'must be set when AppArmor type is Localhost'));
      else {
        if (localhostProfile.trim() !== localhostProfile) errors.push(invalid(at, localhostProfile, 'must not be padded with whitespace'));
        else if (localhostProfile === '') errors.push(required(at, 'must be set when AppArmor type is Localhost'));
        if (byteLength(localhostProfile) > 4095) errors.push(tooLong(at, 4095));
      }
      break;
    case 'RuntimeDefault':
    case 'Unconfined':
      if (localhostProfile !== undefined) errors.push(invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost'));
      break;
    case '':
      errors.push(required(path.child('type'), 'type is required when appArmorProfile is set'));
      break;
    default:
      errors.push(notSupported(path.child('type'), type, profileTypes));
  }
}
