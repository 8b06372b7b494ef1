import type { Affinity, Container, EphemeralContainer, PodSpec, PodTemplateSpec } from '../../../api/generated/types/core/v1.ts';
import { dns1123LabelProblems, ipWarnings } from '../../../api/names/index.ts';
import { sortedEntries } from '../../../api/validation/checks.ts';
import { quote } from '../../../api/validation/field-error.ts';
import { type Path, root } from '../../../api/validation/path.ts';
import { containerWarnings } from './containers.ts';
import { nodeLabelAdvice, nodeTermWarnings } from './node-labels.ts';
import { fractionWarning, volumeWarnings } from './pod-volumes.ts';

/** What is odd about a pod, though allowed. Follows `pkg/api/pod/warnings.go`. */

const retiredAnnotations = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const useSeccompProfile = 'non-functional in v1.27+; use the "seccompProfile" field instead';

type Annotations = Readonly<Record<string, string>>;

/** Of a pod itself, its name included. */
export function podWarnings(pod: PodTemplateSpec): string[] {
  const problems = dns1123LabelProblems(pod.metadata?.name ?? '');
  const ofName =
    problems.length === 0
      ? []
      : [
          `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
        ];
  return [...ofName, ...warningsOf(pod, root, false)];
}

/** Of the name of a workload, which begins the names of its pods. */
export function workloadNameWarnings(name: string): string[] {
  const problems = dns1123LabelProblems(name);
  if (problems.length === 0) return [];
  const what = 'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: ${what}: [${problems.join(' ')}]`];
}

/** Of the template of a workload's pods, which stands at `path`. */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: Path): string[] {
  return template === undefined ? [] : warningsOf(template, path, true);
}

function warningsOf({ metadata, spec }: PodTemplateSpec, path: Path, isTemplate: boolean): string[] {
  if (spec === undefined) return [];
  const at = path.child('spec');
  const annotations = metadata?.annotations ?? {};
  return [
    ...nodeWarnings(spec, at),
    ...Object.entries(retiredAnnotations).flatMap(([key, message]) => annotationWarning(annotations, key, message, path)),
    ...volumeWarnings(spec, at.child('volumes')),
    ...repetitions(spec, at),
    ...fractionWarning(spec.overhead?.memory, at.child('overhead').key('memory')),
    ...fractionWarning(spec.overhead?.['ephemeral-storage'], at.child('overhead').key('ephemeral-storage')),
    ...(spec.securityContext?.seccompProfile === undefined ? annotationWarning(annotations, podSeccomp, useSeccompProfile, path) : []),
    ...containerWarnings(spec, (container) => profileWarnings(spec, container, annotations, path, isTemplate), at),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${at.child('terminationGracePeriodSeconds')}: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(spec.affinity, at.child('affinity')),
    ...addressWarnings(spec, at),
  ];
}

function annotationWarning(annotations: Annotations, key: string, message: string, path: Path): string[] {
  return annotations[key] === undefined ? [] : [`${path.child('metadata', 'annotations').key(key)}: ${message}`];
}

/** Annotations of a container that a field stands in place of by now. */
function profileWarnings(
  spec: PodSpec,
  { name, securityContext: context }: Container | EphemeralContainer,
  annotations: Annotations,
  path: Path,
  isTemplate: boolean,
): string[] {
  const warnings: string[] = [];
  if (context?.seccompProfile === undefined) {
    const key = `container.seccomp.security.alpha.kubernetes.io/${name}`;
    warnings.push(...annotationWarning(annotations, key, useSeccompProfile, path));
  }
  // A pod's own is taken over into the field when it is made.
  if (isTemplate && context?.appArmorProfile === undefined && spec.securityContext?.appArmorProfile === undefined) {
    const key = `container.apparmor.security.beta.kubernetes.io/${name}`;
    warnings.push(...annotationWarning(annotations, key, 'deprecated since v1.30; use the "appArmorProfile" field instead', path));
  }
  return warnings;
}

const nullSelector = 'a null labelSelector results in matching no pod';
const needed = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function nodeWarnings(spec: PodSpec, path: Path): string[] {
  const warnings: string[] = [];
  for (const [key] of sortedEntries(spec.nodeSelector)) {
    const message = nodeLabelAdvice(key);
    if (message !== undefined) warnings.push(`${path.child('nodeSelector').key(key)}: ${message}`);
  }
  const nodes = spec.affinity?.nodeAffinity;
  const at = path.child('affinity', 'nodeAffinity');
  for (const [index, term] of (nodes?.[needed]?.nodeSelectorTerms ?? []).entries()) {
    warnings.push(...nodeTermWarnings(term, `${at.child(needed, 'nodeSelectorTerms').index(index)}`));
  }
  for (const [index, { preference }] of (nodes?.[preferred] ?? []).entries()) {
    warnings.push(...nodeTermWarnings(preference, `${at.child(preferred).index(index).child('preference')}`, true));
  }
  for (const [index, { topologyKey = '', labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const constraint = path.child('topologySpreadConstraints').index(index);
    const message = nodeLabelAdvice(topologyKey);
    if (message !== undefined) warnings.push(`${constraint.child('topologyKey')}: ${topologyKey} is ${message}`);
    if (labelSelector === undefined) warnings.push(`${constraint.child('labelSelector')}: ${nullSelector}`);
  }
  return warnings;
}

function repetitions({ hostAliases = [], imagePullSecrets = [] }: PodSpec, path: Path): string[] {
  const warnings: string[] = [];
  const report = (values: readonly string[], what: string, at: (index: number) => Path): void => {
    for (const [index, value] of values.entries()) {
      if (values.indexOf(value) < index) warnings.push(`${at(index)}: duplicate ${what} ${quote(value)}`);
    }
  };
  const secrets = imagePullSecrets.map(({ name = '' }) => name);
  const secretName = (index: number): Path => path.child('imagePullSecrets').index(index).child('name');
  report(
    hostAliases.map(({ ip = '' }) => ip),
    'ip',
    (index) => path.child('hostAliases').index(index).child('ip'),
  );
  report(secrets, 'name', secretName);
  for (const [index, name] of secrets.entries()) if (name === '') warnings.push(`${secretName(index)}: invalid empty name ""`);
  return warnings;
}

function affinityWarnings(affinity: Affinity | undefined, path: Path): string[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((name) => {
    const at = path.child(name);
    const terms = affinity?.[name];
    const found: string[] = [];
    for (const [index, { labelSelector }] of (terms?.[needed] ?? []).entries()) {
      if (labelSelector === undefined) found.push(`${at.child(needed).index(index).child('labelSelector')}: ${nullSelector}`);
    }
    for (const [index, { podAffinityTerm }] of (terms?.[preferred] ?? []).entries()) {
      if (podAffinityTerm?.labelSelector === undefined) {
        found.push(`${at.child(preferred).index(index).child('podAffinityTerm', 'labelSelector')}: ${nullSelector}`);
      }
    }
    return found;
  });
}

function addressWarnings({ dnsConfig, hostAliases = [] }: PodSpec, path: Path): string[] {
  const servers = path.child('dnsConfig', 'nameservers');
  return [
    ...(dnsConfig?.nameservers ?? []).flatMap((server, index) => ipWarnings(`${servers.index(index)}`, server)),
    ...hostAliases.flatMap(({ ip = '' }, index) => ipWarnings(`${path.child('hostAliases').index(index).child('ip')}`, ip)),
  ];
}
