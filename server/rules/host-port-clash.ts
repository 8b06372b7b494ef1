import { t } from '@vscode/l10n';
import type { Rule } from './rule.ts';

/** Pods that need the same port of a node, where one of them runs on every node. */
export const hostPortClash: Rule = {
  id: 'host-port-clash',
  title: 'Port of the node that two workloads take',
  why: 'Only one of them starts on a node; the pods of the other stay pending.',
  severity: 'hint',
  scope: 'workspace',
  check({ object, facts, index, containers }) {
    const { pod } = facts;
    if (!pod?.ports.some(({ host }) => host)) return [];
    const others = index.all().filter(({ what }) => {
      const same = what.kind === facts.kind && what.name === facts.name;
      return !same && what.pod && (facts.kind === 'DaemonSet' || what.kind === 'DaemonSet');
    });
    // A workload with a choice of nodes may keep out of the way of the other.
    if (object.at(pod.path).get('spec', 'nodeSelector').exists) return [];
    return containers
      .flatMap((container) => container.get('ports').items())
      .flatMap((port) => {
        const at = port.get('hostPort');
        const taken = `${at.number}/${port.get('protocol').text ?? 'TCP'}`;
        const other = others.find(({ what }) => what.pod?.ports.some(({ host }) => host === taken));
        if (!at.number || !other) return [];
        return [{ at, message: t('{0} "{1}" takes port {2} of the node too', other.what.kind, other.what.name, taken) }];
      });
  },
};
