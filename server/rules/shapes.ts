import type { Field } from '../documents/field.ts';
import type { Finding, Fix, Rule, Subject } from './rule.ts';

/** The shapes that most rules have. */

/** A rule about each container; what is missing in one is marked at its name. */
export function perContainer(check: (container: Field, spec: Field, subject: Subject) => Finding | undefined): Rule['check'] {
  return (subject) => {
    const spec = subject.pod?.get('spec');
    return spec ? subject.containers.flatMap((container) => check(container, spec, subject) ?? []) : [];
  };
}

/** The same, where there may be much to say about one. */
export function perEachContainer(check: (container: Field, spec: Field) => readonly Finding[]): Rule['check'] {
  return ({ containers, pod }) => (pod ? containers.flatMap((container) => check(container, pod.get('spec'))) : []);
}

/** The same, about containers that run as long as the pod. */
export function perLastingContainer(check: (container: Field, spec: Field) => Finding | undefined): Rule['check'] {
  return ({ pod, facts }) => {
    if (!pod || facts.kind === 'Job' || facts.kind === 'CronJob') return [];
    const containers = pod.get('spec', 'containers').items();
    return containers.flatMap((container) => check(container, pod.get('spec')) ?? []);
  };
}

/** A rule about what pods say of themselves. */
export function perPod(check: (spec: Field, subject: Subject) => Finding | readonly Finding[] | undefined): Rule['check'] {
  return (subject) => (subject.pod ? [check(subject.pod.get('spec'), subject) ?? []].flat() : []);
}

/** A rule about objects of some kinds. */
export function perObject(kinds: readonly string[], check: (object: Field, subject: Subject) => readonly Finding[]): Rule['check'] {
  return (subject) => (kinds.includes(subject.facts.kind) ? check(subject.object, subject) : []);
}

/** Something that a container lacks. */
export function lacking(container: Field, message: string, fix?: Fix): Finding {
  return { at: container.get('name'), message, ...(fix && { fix }) };
}

/** Something that an object lacks, marked at what says its kind. */
export function objectLacks(object: Field, message: string): Finding {
  return { at: object.head, message };
}

/** A setting of the security context: a container's own, else its pod's. */
export function security(container: Field, spec: Field, ...names: readonly string[]): Field {
  const own = container.get('securityContext', ...names);
  return own.exists ? own : spec.get('securityContext', ...names);
}

/** Adds a setting to a container's security context, which may have to be added itself. */
export function addSecurity(container: Field, setting: string): Fix {
  const context = container.get('securityContext');
  return context.exists ? { add: setting, to: context } : { add: `securityContext: { ${setting} }`, to: container };
}

/** The labels that a selector asks for; undefined where it asks for none, or for more than labels. */
export function labelsOf(selector: Field): Readonly<Record<string, string>> | undefined {
  const labels = selector
    .get('matchLabels')
    .entries()
    .flatMap(([name, value]) => (value.text === undefined ? [] : [[name, value.text] as const]));
  return labels.length === 0 || selector.get('matchExpressions').items().length > 0 ? undefined : Object.fromEntries(labels);
}

/** The kinds that keep pods running. */
export const lasting = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'] as const;
