import type { SELinuxOptions } from '../generated/types/core/v1.ts';
import {
  type Check,
  type CheckPod,
  containersOf,
  named,
  notOnWindows,
  notWithOwnUsers,
  plural,
  quoteAll,
  quoteSorted,
  setters,
} from './check.ts';

/** Checks of how the kernel confines a pod: AppArmor, seccomp, SELinux, /proc and sysctls. */

const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';

const appArmor: CheckPod = (pod) => {
  const isBad = (type: string | undefined) => type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
  const ofPod = pod.spec.securityContext?.appArmorProfile?.type;
  const bad = containersOf(pod).filter(({ securityContext }) => isBad(securityContext?.appArmorProfile?.type));
  const values = new Set([...(isBad(ofPod) ? [ofPod ?? ''] : []), ...bad.map((each) => each.securityContext?.appArmorProfile?.type ?? '')]);
  const annotations = Object.entries(pod.metadata.annotations ?? {})
    .filter(([key, value]) => key.startsWith(appArmorAnnotation) && !/^(|runtime\/default|localhost\/.*)$/.test(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const all = [...[...values].sort(), ...annotations];
  if (all.length === 0) return undefined;
  const who = [setters(isBad(ofPod), bad), annotations.length === 0 ? '' : plural('annotation', 'annotations', annotations.length)];
  return {
    reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', all.length),
    detail: `${who.filter((text) => text !== '').join(' and ')} must not set AppArmor profile type to ${quoteAll(all)}`,
  };
};

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';

/** Before there were fields, annotations named the profile. */
const seccompAnnotations: CheckPod = (pod) => {
  const annotations = pod.metadata.annotations ?? {};
  const keys = [seccompPod, ...containersOf(pod).map(({ name }) => seccompContainer + name)];
  const bad = keys.filter((key) => {
    const value = annotations[key];
    return value !== undefined && !/^(runtime\/default|docker\/default|localhost\/.*)$/.test(value);
  });
  if (bad.length === 0) return undefined;
  const texts = [...new Set(bad)].map((key) => `${key}=${JSON.stringify(annotations[key])}`).sort();
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', 'annotations', texts.length)} ${texts.join(', ')}` };
};

const confined = (type: string | undefined) => type === 'RuntimeDefault' || type === 'Localhost';

const seccomp: CheckPod = (pod) => {
  const ofPod = pod.spec.securityContext?.seccompProfile;
  const isPodBad = ofPod !== undefined && !confined(ofPod.type);
  const bad = containersOf(pod).filter(({ securityContext }) => {
    const profile = securityContext?.seccompProfile;
    return profile !== undefined && !confined(profile.type);
  });
  const who = setters(isPodBad, bad);
  if (who === '') return undefined;
  const types = [...(isPodBad ? [ofPod.type] : []), ...bad.map(({ securityContext }) => securityContext?.seccompProfile?.type ?? '')];
  return { reason: 'seccompProfile', detail: `${who} must not set securityContext.seccompProfile.type to ${quoteSorted(types)}` };
};

const seccompSet: CheckPod = (pod) => {
  const violation = seccomp(pod);
  if (violation !== undefined || confined(pod.spec.securityContext?.seccompProfile?.type)) return violation;
  const silent = containersOf(pod).filter(({ securityContext }) => securityContext?.seccompProfile === undefined);
  if (silent.length === 0) return undefined;
  const detail = `pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return { reason: 'seccompProfile', detail };
};

function seLinux(types: readonly string[]): CheckPod {
  const isBad = (options: SELinuxOptions | undefined) =>
    options !== undefined && (!types.includes(options.type ?? '') || Boolean(options.user) || Boolean(options.role));
  return (pod) => {
    const ofPod = pod.spec.securityContext?.seLinuxOptions;
    const bad = containersOf(pod).filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    const who = setters(isBad(ofPod), bad);
    if (who === '') return undefined;
    const all = [ofPod, ...bad.map(({ securityContext }) => securityContext?.seLinuxOptions)].filter((options) => options !== undefined);
    const badTypes = new Set(all.map(({ type = '' }) => type).filter((type) => !types.includes(type)));
    const wrongs = [
      badTypes.size === 0 ? '' : `${plural('type', 'types', badTypes.size)} ${quoteSorted(badTypes)}`,
      all.some(({ user }) => Boolean(user)) ? 'user may not be set' : '',
      all.some(({ role }) => Boolean(role)) ? 'role may not be set' : '',
    ].filter((text) => text !== '');
    return { reason: 'seLinuxOptions', detail: `${who} set forbidden securityContext.seLinuxOptions: ${wrongs.join('; ')}` };
  };
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

const procMount: CheckPod = (pod) => {
  const bad = containersOf(pod).filter(({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default');
  if (bad.length === 0) return undefined;
  const types = quoteSorted(bad.map(({ securityContext }) => securityContext?.procMount ?? ''));
  return { reason: 'procMount', detail: `${named(bad)} must not set securityContext.procMount to ${types}` };
};

function sysctls(allowed: readonly string[]): CheckPod {
  return ({ spec }) => {
    const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.includes(name));
    return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') };
  };
}

const sysctls0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const sysctls27 = [...sysctls0, 'net.ipv4.ip_local_reserved_ports'];
const sysctls29 = [
  ...sysctls27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

const overrides = ['seccompProfile_baseline'];

export const profileChecks: readonly Check[] = [
  { id: 'appArmorProfile', level: 'baseline', versions: [{ since: 0, check: appArmor }] },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    versions: [
      { since: 0, check: seccompAnnotations },
      { since: 19, check: seccomp },
    ],
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    versions: [
      { since: 19, check: seccompSet, overrides },
      { since: 25, check: notOnWindows(seccompSet), overrides },
    ],
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    versions: [
      { since: 0, check: seLinux(seLinuxTypes) },
      { since: 31, check: seLinux([...seLinuxTypes, 'container_engine_t']) },
    ],
  },
  {
    id: 'procMount',
    level: 'baseline',
    versions: [
      { since: 0, check: procMount },
      { since: 35, check: notWithOwnUsers(procMount) },
    ],
  },
  { id: 'procMount_restricted', level: 'restricted', versions: [{ since: 35, check: procMount, overrides: ['procMount'] }] },
  {
    id: 'sysctls',
    level: 'baseline',
    versions: [
      { since: 0, check: sysctls(sysctls0) },
      { since: 27, check: sysctls(sysctls27) },
      { since: 29, check: sysctls(sysctls29) },
      { since: 32, check: sysctls(sysctls32) },
    ],
  },
];
