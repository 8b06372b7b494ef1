import { wakesByNode } from '../framework/cluster-event.ts';
import type { Plugin, Rejection } from '../framework/plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match the requested node name"], unresolvable: true };

/** Only the node the pod's spec names, when it names one. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter(pod) {
    const wanted = pod.spec?.nodeName;
    return wanted ? { check: (node) => (node.name === wanted ? undefined : rejection) } : undefined;
  },
  wakes: wakesByNode((pod, node) => pod.spec?.nodeName === node.metadata?.name),
};
