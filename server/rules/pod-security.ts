import {
  describeViolations,
  formatLevelVersion,
  type LevelVersion,
  type PodLike,
  policyOf,
  privilegedPolicy,
  type Violation,
  violationsOf,
} from '../../runtime/api/pod-security/index.ts';
import type { Field } from '../documents/field.ts';
import type { Finding, Rule, Subject } from './rule.ts';

/**
 * The Pod Security Standards, in the words that the API server refuses pods with: what the namespace enforces as far as its manifest is in the workspace,
 * and for who wants to know it beforehand the two levels themselves.
 */

export const podSecurityEnforced: Rule = {
  id: 'pod-security-enforced',
  title: 'Pod that its namespace does not let in',
  why: 'The namespace carries a label that enforces a Pod Security Standard, and the API server refuses pods that violate it.',
  severity: 'warning',
  scope: 'workspace',
  check(subject) {
    const enforced = enforcedIn(subject);
    return violations(subject, enforced).map((violation) => finding(subject, enforced, violation, true));
  },
};

export const podSecurityBaseline: Rule = {
  id: 'pod-security-baseline',
  title: 'Pod that the Pod Security Standard "baseline" forbids',
  why: 'What it forbids is a known way from a container to its node.',
  severity: 'off',
  scope: 'workspace',
  check: (subject) => untold(subject, baseline, []),
};

export const podSecurityRestricted: Rule = {
  id: 'pod-security-restricted',
  title: 'Pod without what the Pod Security Standard "restricted" asks for beyond "baseline"',
  why: 'What it asks for is known to harden pods, and most programs run with it.',
  severity: 'off',
  scope: 'workspace',
  check: (subject) => untold(subject, { level: 'restricted', version: 'latest' }, violations(subject, baseline)),
};

const baseline: LevelVersion = { level: 'baseline', version: 'latest' };

/** What violates a level, without what is told already: by another level, or because the namespace refuses it. */
function untold(subject: Subject, wanted: LevelVersion, others: readonly Violation[]): Finding[] {
  const told = [...others, ...violations(subject, enforcedIn(subject))];
  return violations(subject, wanted)
    .flatMap((violation) => without(violation, told))
    .map((violation) => finding(subject, wanted, violation));
}

/** What a violation says that others do not: a level repeats what the one below it asks for, in words of its own. */
function without({ reason, detail }: Violation, told: readonly Violation[]): Violation[] {
  const onlyHostPaths = reason === 'restricted volume types' && /types? "hostPath"$/.test(detail);
  if (onlyHostPaths && told.some((other) => other.reason === 'hostPath volumes')) return [];
  const parts = new Set(told.flatMap((other) => other.detail.split('; ')));
  const fresh = detail.split('; ').filter((part) => !parts.has(part));
  return fresh.length === 0 ? [] : [{ reason, detail: fresh.join('; ') }];
}

function enforcedIn({ facts, index }: Subject): LevelVersion {
  const labels = index.declared('Namespace', '', facts.namespace)[0]?.what.labels;
  return policyOf(labels, privilegedPolicy).policy.enforce;
}

function violations({ pod }: Subject, wanted: LevelVersion): readonly Violation[] {
  const like = pod && wanted.level !== 'privileged' ? podLike(pod) : undefined;
  if (!like) return [];
  try {
    return violationsOf(like, wanted);
  } catch {
    // The checks are for what decodes; of anything else the schema speaks.
    return [];
  }
}

function podLike(pod: Field): PodLike | undefined {
  const { metadata, spec } = (pod.value() ?? {}) as Partial<PodLike>;
  return spec && typeof spec === 'object' ? { metadata: metadata ?? {}, spec } : undefined;
}

function finding(subject: Subject, wanted: LevelVersion, violation: Violation, first = false): Finding {
  const { facts, pod, containers, object } = subject;
  const word = facts.kind === 'Pod' ? 'violates' : 'would violate';
  const message = `${word} PodSecurity "${formatLevelVersion(wanted)}": ${describeViolations([violation])}`;
  const bits = bitsOf(violation, first);
  const spec = pod?.get('spec') ?? object;
  const guilty = containers.filter((container) => violation.detail.includes(`"${container.get('name').text}"`));
  const places = [...guilty, spec].flatMap((holder) => (fieldsOf[violation.reason] ?? []).map((path) => holder.get(...path)));
  const found = places.find((field) => field.exists);
  if (found) return { ...within(found, violation), message, ...bits };
  const [container] = guilty;
  return container ? { at: container.get('name'), message, ...bits } : { at: spec, onName: true, message, ...bits };
}

/** The rules that say the same of one container, volume or setting, and how often they have to. */
function bitsOf({ reason, detail }: Violation, first: boolean): Pick<Finding, 'bits'> {
  const rules = singles[reason];
  if (!rules) return {};
  const about = /^(?:host namespaces|forbidden sysctls)$/.test(reason)
    ? detail.split(', ')
    : (countedIn(reason, detail).match(/"[^"]*"/g) ?? []);
  return { bits: { rules, count: about.length, first } };
}

/** The part of a detail whose names are counted: capabilities that are added, else containers and volumes. */
function countedIn(reason: string, detail: string): string {
  const [who = '', what = ''] = detail.split(/ must (?:not include|not set|set) /);
  return reason === 'non-default capabilities' ? what : who;
}

/** Rules that tell the same as a standard does, by upstream's reasons. */
const singles: Readonly<Record<string, readonly string[]>> = {
  'host namespaces': ['host-network', 'host-pid', 'host-ipc'],
  hostPort: ['host-port'],
  hostProcess: ['host-process'],
  privileged: ['privileged-container'],
  'allowPrivilegeEscalation != false': ['privilege-escalation'],
  'non-default capabilities': ['added-capabilities'],
  'unrestricted capabilities': ['drop-capabilities'],
  'runAsNonRoot != true': ['run-as-non-root'],
  'runAsUser=0': ['run-as-non-root'],
  seccompProfile: ['seccomp-profile'],
  procMount: ['unmasked-proc'],
  'forbidden sysctls': ['unsafe-sysctls'],
  'hostPath volumes': ['host-path'],
};

/** The entry of a list that is meant, by its name or its port; else the name of the list, which may be long. */
function within(field: Field, { detail }: Violation): Pick<Finding, 'at' | 'onName'> {
  const items = field.items();
  const words = new Set(detail.match(/[\w./-]+/g));
  const named = items.map((item) => item.get('name')).find(({ text = '' }) => words.has(text));
  const port = items.map((item) => item.get('hostPort')).find(({ exists }) => exists);
  const scalar = port ?? named ?? field;
  return { at: scalar, onName: scalar === field && field.amount === undefined && field.flag === undefined };
}

/** Where what is wrong is written, in a container or in the pod's spec, by upstream's reasons. */
const fieldsOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'host namespaces': [['hostNetwork'], ['hostPID'], ['hostIPC']],
  hostPort: [['ports']],
  hostProcess: [['securityContext', 'windowsOptions', 'hostProcess']],
  privileged: [['securityContext', 'privileged']],
  'allowPrivilegeEscalation != false': [['securityContext', 'allowPrivilegeEscalation']],
  'non-default capabilities': [['securityContext', 'capabilities', 'add']],
  'unrestricted capabilities': [['securityContext', 'capabilities', 'add']],
  'runAsNonRoot != true': [['securityContext', 'runAsNonRoot']],
  'runAsUser=0': [['securityContext', 'runAsUser']],
  'forbidden AppArmor profile': [['securityContext', 'appArmorProfile', 'type']],
  'forbidden AppArmor profiles': [['securityContext', 'appArmorProfile', 'type']],
  seccompProfile: [['securityContext', 'seccompProfile', 'type']],
  seLinuxOptions: [['securityContext', 'seLinuxOptions']],
  procMount: [['securityContext', 'procMount']],
  'forbidden sysctls': [['securityContext', 'sysctls']],
  'hostPath volumes': [['volumes']],
  'restricted volume types': [['volumes']],
};
