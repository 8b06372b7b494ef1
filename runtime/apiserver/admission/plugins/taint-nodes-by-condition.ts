import { arrayAt, ensureDict, stringAt } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no pods until it has been found ready. Follows upstream's `TaintNodesByCondition`. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  admit({ operation, resource, subresource, object }) {
    if (operation !== 'CREATE' || subresource !== '' || object === undefined) return;
    if (resource.kind.group !== '' || resource.kind.plural !== 'nodes') return;
    const spec = ensureDict(object, 'spec');
    const taints = arrayAt(spec, 'taints');
    const present = taints.some((taint) => stringAt(taint, 'key') === notReady.key && stringAt(taint, 'effect') === notReady.effect);
    if (!present) spec.taints = [...taints, { ...notReady }];
  },
};
