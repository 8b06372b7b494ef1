import type { Pod, PodSpec } from '../../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import {
  compareLevels,
  describeViolations,
  formatLevelVersion,
  isEquivalent,
  type LevelVersion,
  type PodLike,
  type Policy,
  policyOf,
  privilegedPolicy,
  violationsOf,
} from '../../../api/pod-security/index.ts';
import { internalError, invalidFields } from '../../../api/status.ts';
import { formatFieldErrors } from '../../../api/validation/field-error.ts';
import { type ApiObject, isDict, jsonEqual, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';

/** Whom the rules do not concern, and what holds where a namespace says nothing: `PodSecurityConfiguration`. */
export interface PodSecurityConfiguration {
  readonly defaults?: Policy;
  readonly exemptions?: {
    readonly usernames?: readonly string[];
    readonly namespaces?: readonly string[];
    readonly runtimeClasses?: readonly string[];
  };
}

const annotations = 'pod-security.kubernetes.io/';
/** A namespace with more pods is not looked through to the end when its level changes. */
const mostPods = 3000;

/** Where the pod of a workload stands in it. */
const templates: Readonly<Record<string, readonly string[]>> = {
  'podtemplates.': ['template'],
  'replicationcontrollers.': ['spec', 'template'],
  'replicasets.apps': ['spec', 'template'],
  'deployments.apps': ['spec', 'template'],
  'statefulsets.apps': ['spec', 'template'],
  'daemonsets.apps': ['spec', 'template'],
  'jobs.batch': ['spec', 'template'],
  'cronjobs.batch': ['spec', 'jobTemplate', 'spec', 'template'],
};
const ignoredSubresources: ReadonlySet<string> = new Set([
  'exec',
  'attach',
  'binding',
  'eviction',
  'log',
  'portforward',
  'proxy',
  'status',
]);

/** Holds pods to the level of their namespace, and warns of workloads whose pods would not pass. Follows upstream's `PodSecurity`. */
export function podSecurity(configuration: PodSecurityConfiguration = {}): AdmissionPlugin {
  const rules = new PodSecurity(configuration);
  return {
    name: 'PodSecurity',
    validate(attributes, context) {
      const { operation, resource, object } = attributes;
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || object === undefined) return;
      const id = `${resource.kind.plural}.${resource.kind.group}`;
      const path = templates[id];
      if (id === 'namespaces.') rules.checkNamespace(attributes, object, context);
      else if (id === 'pods.') rules.checkPod(attributes, object, context);
      else if (path !== undefined) rules.checkTemplate(attributes, valueAt(object, ...path), context);
    },
  };
}

class PodSecurity {
  private readonly defaults: Policy;
  private readonly users: readonly string[];
  private readonly namespaces: readonly string[];
  private readonly runtimeClasses: readonly string[];

  constructor({ defaults = privilegedPolicy, exemptions = {} }: PodSecurityConfiguration) {
    this.defaults = defaults;
    this.users = exemptions.usernames ?? [];
    this.namespaces = exemptions.namespaces ?? [];
    this.runtimeClasses = exemptions.runtimeClasses ?? [];
  }

  checkPod(attributes: Attributes, object: ApiObject, context: AdmissionContext): void {
    if (ignoredSubresources.has(attributes.subresource) || this.isExempt(attributes)) return;
    const { policy, errors } = this.policyIn(attributes, context);
    if (errors === '' && [policy.enforce, policy.audit, policy.warn].every(({ level }) => level === 'privileged')) {
      attributes.annotate?.(`${annotations}enforce-policy`, formatLevelVersion(policy.enforce));
      return;
    }
    const pod = asPodLike(object);
    if (attributes.operation === 'UPDATE' && !isSignificant(pod, asPodLike(attributes.oldObject ?? object))) return;
    this.evaluate(attributes, pod, policy, errors, true);
  }

  checkTemplate(attributes: Attributes, template: unknown, context: AdmissionContext): void {
    if (attributes.subresource !== '' || !isDict(template) || this.isExempt(attributes)) return;
    const { policy, errors } = this.policyIn(attributes, context);
    if (errors === '' && policy.warn.level === 'privileged' && policy.audit.level === 'privileged') return;
    this.evaluate(attributes, asPodLike(template), policy, errors, false);
  }

  checkNamespace(attributes: Attributes, namespace: ApiObject, context: AdmissionContext): void {
    if (attributes.subresource !== '') return;
    const { policy, errors } = policyOf(namespace.metadata.labels, this.defaults);
    const old = attributes.oldObject && policyOf(attributes.oldObject.metadata.labels, this.defaults);
    const name = namespace.metadata.name ?? '';
    if (errors.length > 0 && !(old !== undefined && jsonEqual(old.errors, errors))) {
      throw invalidFields(attributes.resource.kindSubject, name, errors);
    }
    if (old !== undefined && !isRaised(policy.enforce, old.policy.enforce)) return;
    if (this.namespaces.includes(name)) {
      const warning = this.exemptionWarning(name, policy, namespace.metadata.labels ?? {});
      if (warning !== undefined) attributes.warn(warning);
    } else if (old !== undefined) this.warnOfPods(attributes, name, policy.enforce, context);
  }

  private isExempt({ namespace, user, annotate }: Attributes): boolean {
    const reason = this.namespaces.includes(namespace) ? 'namespace' : this.users.includes(user.name) ? 'user' : undefined;
    if (reason !== undefined) annotate?.(`${annotations}exempt`, reason);
    return reason !== undefined;
  }

  private policyIn({ namespace }: Attributes, { reader }: AdmissionContext): { readonly policy: Policy; readonly errors: string } {
    const found = reader.get('', 'namespaces', '', namespace);
    if (found === undefined) throw internalError(`failed to lookup namespace ${JSON.stringify(namespace)}`);
    const { policy, errors } = policyOf(found.metadata.labels, this.defaults);
    return { policy, errors: errors.length === 0 ? '' : formatFieldErrors(errors) };
  }

  private evaluate(attributes: Attributes, pod: PodLike, policy: Policy, errors: string, enforce: boolean): void {
    const { runtimeClassName } = pod.spec;
    if (runtimeClassName !== undefined && this.runtimeClasses.includes(runtimeClassName)) {
      attributes.annotate?.(`${annotations}exempt`, 'runtimeClass');
      return;
    }
    if (errors !== '') attributes.annotate?.(`${annotations}error`, `Failed to parse policy: ${errors}`);
    const violated = (wanted: LevelVersion): string | undefined => {
      const violations = violationsOf(pod, wanted);
      return violations.length === 0 ? undefined : `PodSecurity "${formatLevelVersion(wanted)}": ${describeViolations(violations)}`;
    };
    const audited = violated(policy.audit);
    if (audited !== undefined) attributes.annotate?.(`${annotations}audit-violations`, `would violate ${audited}`);
    if (enforce) {
      attributes.annotate?.(`${annotations}enforce-policy`, formatLevelVersion(policy.enforce));
      const refused = violated(policy.enforce);
      if (refused !== undefined) throw refuse(attributes, `violates ${refused}`);
    }
    const warned = violated(policy.warn);
    if (warned !== undefined) attributes.warn(`would violate ${warned}`);
  }

  /** Pods that are there stay when a namespace gets stricter; who makes it so is told of them. */
  private warnOfPods(attributes: Attributes, namespace: string, enforce: LevelVersion, { reader }: AdmissionContext): void {
    const pods = this.inOrder(reader.list('', 'pods', namespace).map((object: KubeObject) => object as Pod));
    const checked = pods.slice(0, mostPods);
    const found = new Map<string, string[]>();
    for (const pod of checked) {
      const reasons = violationsOf(asPodLike(pod), enforce).map(({ reason }) => reason);
      if (reasons.length === 0) continue;
      const text = reasons.join(', ');
      found.set(text, [...(found.get(text) ?? []), pod.metadata?.name ?? '']);
    }
    if (checked.length < pods.length) {
      attributes.warn(`new PodSecurity enforce level only checked against the first ${checked.length} of ${pods.length} existing pods`);
    }
    if (found.size === 0) return;
    const level = formatLevelVersion(enforce);
    attributes.warn(`existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level "${level}"`);
    const texts = [...found].map(([text, names]) => `${[...names].sort()[0]}${others(names.length - 1)}: ${text}`);
    for (const text of texts.sort()) attributes.warn(text);
  }

  /** One pod of each owner first: the others are most likely alike. */
  private inOrder(pods: readonly Pod[]): readonly Pod[] {
    const seen = new Set<string>();
    const [first, rest]: [Pod[], Pod[]] = [[], []];
    for (const pod of pods) {
      if (pod.spec?.runtimeClassName !== undefined && this.runtimeClasses.includes(pod.spec.runtimeClassName)) continue;
      const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;
      if (owner !== undefined && seen.has(owner)) rest.push(pod);
      else first.push(pod);
      if (owner !== undefined) seen.add(owner);
    }
    return [...first, ...rest];
  }

  /** Nothing when the labels of an exempt namespace ask for no more than what holds without them. */
  private exemptionWarning(name: string, policy: Policy, labels: Readonly<Record<string, string>>): string | undefined {
    const modes = ['enforce', 'audit', 'warn'] as const;
    if (modes.every((mode) => policy[mode].level === 'privileged')) return undefined;
    if (modes.every((mode) => isEquivalent(policy[mode], this.defaults[mode]))) return undefined;
    const asked = modes.filter((mode) => {
      const label = annotations + mode;
      return policy[mode].level !== 'privileged' && (labels[label] !== undefined || labels[`${label}-version`] !== undefined);
    });
    const text = asked.map((mode) => `${mode}=${formatLevelVersion(policy[mode])}`).join(', ');
    return `namespace ${JSON.stringify(name)} is exempt from Pod Security, and the policy (${text}) will be ignored`;
  }
}

function others(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' (and 1 other pod)' : ` (and ${count} other pods)`;
}

function isRaised(enforce: LevelVersion, old: LevelVersion): boolean {
  if (enforce.level === 'privileged') return false;
  return enforce.version !== old.version || compareLevels(enforce.level, old.level) > 0;
}

// The structure of what is written has been checked against its definition.
function asPodLike(object: KubeObject): PodLike {
  const { metadata = {}, spec } = object as Pod;
  const none: PodSpec = { containers: [] };
  return { metadata, spec: spec ?? none };
}

/** Of what may change in a pod only images and the number of containers matter. */
function isSignificant(pod: PodLike, old: PodLike): boolean {
  const images = ({ spec }: PodLike, list: 'containers' | 'initContainers') => (spec[list] ?? []).map(({ image }) => image);
  if (!jsonEqual(images(pod, 'containers'), images(old, 'containers'))) return true;
  if (!jsonEqual(images(pod, 'initContainers'), images(old, 'initContainers'))) return true;
  return (pod.spec.ephemeralContainers ?? []).some(
    ({ name, image }) => old.spec.ephemeralContainers?.find((each) => each.name === name)?.image !== image,
  );
}
