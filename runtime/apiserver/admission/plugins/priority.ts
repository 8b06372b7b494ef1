import { forbidden } from '../../../api/status.ts';
import { type ApiObject, type Dict, numberAt, stringAt, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { podOf, specOf } from './pods.ts';

const defaultPolicy = 'PreemptLowerPriority';

/** Turns a pod's priority class into its priority, and keeps the default class single. Follows upstream's `Priority` plugin. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  admit(attributes, context) {
    const pod = podOf(attributes, ['CREATE', 'UPDATE']);
    if (pod === undefined) return;
    const spec = specOf(pod);
    if (attributes.operation === 'UPDATE') {
      keepDecided(spec, attributes.oldObject);
      return;
    }
    const refuse = (why: string): Error => forbidden(attributes.resource.subject, pod.metadata.name ?? '', why);
    const named = stringAt(spec, 'priorityClassName');
    const found = named === '' ? defaultClass(context) : context.reader.get('scheduling.k8s.io', 'priorityclasses', '', named);
    if (named !== '' && found === undefined) throw refuse(`no PriorityClass with name ${named} was found`);
    if (found?.metadata.name) spec.priorityClassName = found.metadata.name;
    const value = numberAt(found, 'value') ?? 0;
    const policy = stringAt(found, 'preemptionPolicy') || defaultPolicy;
    if (spec.priority !== undefined && spec.priority !== value) {
      throw refuse(
        `the integer value of priority (${String(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      throw refuse(
        `the string value of PreemptionPolicy (${String(spec.preemptionPolicy)}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      );
    }
    spec.priority = value;
    spec.preemptionPolicy = policy;
  },
  validate(attributes, context) {
    const { resource, operation, object } = attributes;
    if (resource.kind.group !== 'scheduling.k8s.io' || resource.kind.plural !== 'priorityclasses') return;
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || object?.globalDefault !== true) return;
    const other = classes(context).find((each) => each.globalDefault === true && each.metadata.name !== object.metadata.name);
    if (other === undefined) return;
    throw forbiddenDefault(attributes, other);
  },
};

/** Who replaces a pod need not know what was decided for it when it was made. */
function keepDecided(spec: Dict, old: ApiObject | undefined): void {
  for (const field of ['priority', 'preemptionPolicy']) {
    const decided = valueAt(old, 'spec', field);
    if (spec[field] === undefined && decided !== undefined) spec[field] = decided;
  }
}

function classes({ reader }: AdmissionContext): readonly ApiObject[] {
  return reader.list('scheduling.k8s.io', 'priorityclasses');
}

/** The class of pods that name none: of those marked as default the one with the lowest value. */
function defaultClass(context: AdmissionContext): ApiObject | undefined {
  return classes(context)
    .filter((each) => each.globalDefault === true)
    .sort((a, b) => (numberAt(a, 'value') ?? 0) - (numberAt(b, 'value') ?? 0))[0];
}

function forbiddenDefault({ resource, name }: Attributes, other: ApiObject): Error {
  const why = `PriorityClass ${other.metadata.name ?? ''} is already marked as default. Only one default can exist`;
  return forbidden(resource.subject, name, why);
}
