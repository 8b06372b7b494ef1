import type { Node, Pod } from '../../../api/generated/types/core/v1.ts';
import { podRequests } from '../../../api/pod-resources.ts';
import { quantityMilliValue, quantityValue } from '../../../api/quantity.ts';
import { stringAt } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { refuse } from '../refuse.ts';

/** Pods do not grow beyond what their node can give at all, nor where the node runs no Linux. Follows upstream's `PodResizeValidator`. */
export const podResize: AdmissionPlugin = {
  name: 'PodResizeValidator',
  validate(attributes, { reader }) {
    const { operation, resource, subresource, object, oldObject } = attributes;
    if (operation !== 'UPDATE' || resource.kind.group !== '' || resource.kind.plural !== 'pods' || subresource !== 'resize') return;
    const name = stringAt(object, 'spec', 'nodeName');
    // The generation changes with the specification alone.
    if (object === undefined || name === '' || object.metadata.generation === oldObject?.metadata.generation) return;
    const node = reader.get('', 'nodes', '', name);
    if (node === undefined) throw refuse(attributes, `node ${JSON.stringify(name)} not found`);
    const lacks = whatLacks(object as Pod, node as Node);
    if (lacks.length > 0) throw refuse(attributes, `node didn't have enough allocatable resources: ${lacks.join('; ')}`);
    const system = node.metadata.labels?.['kubernetes.io/os'] ?? '';
    if (system !== 'linux') {
      throw refuse(attributes, `pod resize is only supported on linux nodes, node ${JSON.stringify(name)} is ${JSON.stringify(system)}`);
    }
  },
};

/** What a pod asks for beyond what a node can give, in thousandths of CPUs and in bytes. */
function whatLacks(pod: Pod, { status }: Node): readonly string[] {
  const requests = podRequests(pod);
  const numbers = [
    ['cpu', quantityMilliValue],
    ['memory', quantityValue],
  ] as const;
  return numbers.flatMap(([name, of]) => {
    const [requested, allocatable] = [of(requests.get(name) ?? 0), of(status?.allocatable?.[name] ?? 0)];
    return requested > allocatable ? [`${name}, requested: ${requested}, allocatable: ${allocatable}`] : [];
  });
}
