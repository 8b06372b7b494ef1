import { listsEqual, readList, type WrittenList } from '../../../api/resource-list.ts';
import { type ApiObject, arrayAt, copyJson, type Dict, isDict, jsonEqual, stringAt, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';
import { podOf, specOf } from './pods.ts';

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** Gives a pod what its runtime class says of overhead and of the nodes that have the runtime. Follows upstream's `RuntimeClass`. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit(attributes, context) {
    const pod = podOf(attributes, ['CREATE']);
    if (pod === undefined) return;
    const spec = specOf(pod);
    const chosen = classOf(attributes, spec, context);
    if (chosen === undefined) return;
    const overhead = overheadOf(chosen);
    if (overhead !== undefined) {
      const given = listOf(spec.overhead);
      if (given !== undefined && !listsEqual(readList(given), readList(overhead))) throw refuse(attributes, mismatch);
      spec.overhead = { ...overhead };
    }
    setScheduling(attributes, spec, chosen);
  },
  validate(attributes, context) {
    const pod = podOf(attributes, ['CREATE']);
    if (pod === undefined) return;
    const spec = specOf(pod);
    const chosen = classOf(attributes, spec, context);
    const expected = chosen && overheadOf(chosen);
    const given = listOf(spec.overhead);
    if (expected !== undefined && !listsEqual(readList(given), readList(expected))) throw refuse(attributes, mismatch);
    if (expected === undefined && given !== undefined) {
      throw refuse(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    }
  },
};

function classOf(attributes: Attributes, spec: Dict, { reader }: AdmissionContext): ApiObject | undefined {
  const name = stringAt(spec, 'runtimeClassName');
  if (name === '') return undefined;
  const found = reader.get('node.k8s.io', 'runtimeclasses', '', name);
  if (found === undefined) throw refuse(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
}

/** Amounts, when there are any. */
function listOf(value: unknown): WrittenList | undefined {
  if (!isDict(value) || Object.keys(value).length === 0) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, amount]) => [name, typeof amount === 'number' ? amount : String(amount)]));
}

function overheadOf(chosen: ApiObject): WrittenList | undefined {
  return listOf(valueAt(chosen, 'overhead', 'podFixed'));
}

function setScheduling(attributes: Attributes, spec: Dict, chosen: ApiObject): void {
  const { scheduling } = chosen;
  if (!isDict(scheduling)) return;
  if (isDict(scheduling.nodeSelector)) {
    const own = isDict(spec.nodeSelector) ? spec.nodeSelector : {};
    for (const [key, value] of Object.entries(scheduling.nodeSelector)) {
      if (!Object.hasOwn(own, key) || own[key] === value) continue;
      throw refuse(
        attributes,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${String(value)}; pod.spec.nodeSelector[${key}] = ${String(own[key])}`,
      );
    }
    spec.nodeSelector = { ...own, ...scheduling.nodeSelector };
  }
  const own = arrayAt(spec, 'tolerations');
  const added = arrayAt(scheduling, 'tolerations').filter((toleration) => !own.some((other) => jsonEqual(other, toleration)));
  if (added.length > 0) spec.tolerations = [...own, ...copyJson(added)];
}
