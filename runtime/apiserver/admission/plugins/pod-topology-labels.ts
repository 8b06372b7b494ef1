import { stringAt } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';

const labels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** A pod learns from its labels where the node is that it is bound to. Follows upstream's `PodTopologyLabels`. */
export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  admit({ operation, resource, subresource, object }, { reader }) {
    if (object === undefined || resource.kind.group !== '' || resource.kind.plural !== 'pods') return;
    const nodeName = stringAt(object, 'spec', 'nodeName');
    if (nodeName === '' || subresource !== (operation === 'CREATE' ? '' : 'binding')) return;
    const ofNode = reader.get('', 'nodes', '', nodeName)?.metadata.labels ?? {};
    const known = labels.flatMap((label) => (ofNode[label] === undefined ? [] : [[label, ofNode[label]]]));
    if (known.length > 0) object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(known) };
  },
};
