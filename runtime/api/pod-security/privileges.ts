import { type Check, type CheckPod, containersOf, named, notOnWindows, notWithOwnUsers, quoteSorted, setters } from './check.ts';

/** Checks of what a pod's processes may become and do. */

const privileged: CheckPod = (pod) => {
  const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.privileged === true);
  return bad.length === 0 ? undefined : { reason: 'privileged', detail: `${named(bad)} must not set securityContext.privileged=true` };
};

const escalation: CheckPod = (pod) => {
  const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (bad.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named(bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const usual: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** What is wrong with the capabilities that containers add. */
function added(pod: Parameters<CheckPod>[0], isAllowed: (capability: string) => boolean): string | undefined {
  const forbidden = containersOf(pod).map((container) => ({
    container,
    capabilities: (container.securityContext?.capabilities?.add ?? []).filter((capability) => !isAllowed(capability)),
  }));
  const bad = forbidden.filter(({ capabilities }) => capabilities.length > 0);
  if (bad.length === 0) return undefined;
  const who = named(bad.map(({ container }) => container));
  return `${who} must not include ${quoteSorted(bad.flatMap(({ capabilities }) => capabilities))} in securityContext.capabilities.add`;
}

const usualCapabilities: CheckPod = (pod) => {
  const detail = added(pod, (capability) => usual.has(capability));
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
};

const fewCapabilities: CheckPod = (pod) => {
  const keeping = containersOf(pod).filter(({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
  const details = [
    keeping.length === 0 ? undefined : `${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`,
    added(pod, (capability) => capability === 'NET_BIND_SERVICE'),
  ].filter((detail) => detail !== undefined);
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const nonRoot: CheckPod = (pod) => {
  const ofPod = pod.spec.securityContext?.runAsNonRoot;
  const containers = containersOf(pod);
  const explicit = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
  const reason = 'runAsNonRoot != true';
  const who = setters(ofPod === false, explicit);
  if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  const silent = ofPod === true ? [] : containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return silent.length === 0 ? undefined : { reason, detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` };
};

const user: CheckPod = (pod) => {
  const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.runAsUser === 0);
  const who = setters(pod.spec.securityContext?.runAsUser === 0, bad);
  return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` };
};

const overrides = ['capabilities_baseline'];

export const privilegeChecks: readonly Check[] = [
  { id: 'privileged', level: 'baseline', versions: [{ since: 0, check: privileged }] },
  { id: 'capabilities_baseline', level: 'baseline', versions: [{ since: 0, check: usualCapabilities }] },
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    versions: [
      { since: 8, check: escalation },
      { since: 25, check: notOnWindows(escalation) },
    ],
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    versions: [
      { since: 22, check: fewCapabilities, overrides },
      { since: 25, check: notOnWindows(fewCapabilities), overrides },
    ],
  },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    versions: [
      { since: 0, check: nonRoot },
      { since: 35, check: notWithOwnUsers(nonRoot) },
    ],
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    versions: [
      { since: 23, check: user },
      { since: 35, check: notWithOwnUsers(user) },
    ],
  },
];
