import { type ApiObject, stringAt } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';

const labels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** The node that a binding is to. */
function targetOf(binding: ApiObject): string {
  return stringAt(binding, 'target', 'kind') === 'Node' ? stringAt(binding, 'target', 'name') : '';
}

/** A pod learns from its labels where the node is that it is bound to. Follows upstream's `PodTopologyLabels`. */
export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  admit({ operation, resource, subresource, object }, { reader }) {
    if (object === undefined || resource.kind.group !== '' || resource.kind.plural !== 'pods') return;
    if (operation !== 'CREATE') return;
    const nodeName = subresource === '' ? stringAt(object, 'spec', 'nodeName') : subresource === 'binding' ? targetOf(object) : '';
    if (nodeName === '') return;
    const ofNode = reader.get('', 'nodes', '', nodeName)?.metadata.labels ?? {};
    const known = labels.flatMap((label) => (ofNode[label] === undefined ? [] : [[label, ofNode[label]]]));
    if (known.length > 0) object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(known) };
  },
};
