import type { Plugin } from '../framework/plugin.ts';

/** Only the node the pod's spec names, when it names one. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter: (pod, node) =>
    pod.spec?.nodeName && pod.spec.nodeName !== node.name
      ? { reasons: ["node(s) didn't match the requested node name"], unresolvable: true }
      : undefined,
};
