import { t } from '@vscode/l10n';
import type { Rule } from './rule.ts';
import { formatLabels } from './selects-nothing.ts';
import { labelsOf, perObject } from './shapes.ts';

/** Peers of network policies that are no pods of the workspace, though it has pods of the namespace. */
export const peerSelectsNothing: Rule = {
  id: 'peer-selects-nothing',
  title: 'Network policy for peers that are not there',
  why: 'Nobody is let in by such a rule, most likely because of a label that is spelt another way.',
  severity: 'hint',
  scope: 'workspace',
  check: perObject(['NetworkPolicy'], (object, { facts, index }) => {
    const lists = [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const;
    const peers = lists.flatMap(([direction, list]) =>
      object
        .get('spec', direction)
        .items()
        .flatMap((rule) => rule.get(list).items()),
    );
    const hasPods = index.inNamespace(facts.namespace).some(({ what }) => what.pod);
    return peers.flatMap((peer) => {
      const labels = labelsOf(peer.get('podSelector'));
      if (!hasPods || peer.get('namespaceSelector').exists || labels === undefined) return [];
      if (index.selectedBy(facts.namespace, labels).length > 0) return [];
      const message = t('No pods of this workspace in namespace "{0}" carry {1}', facts.namespace, formatLabels(labels));
      return [{ at: peer.get('podSelector'), onName: true, message }];
    });
  }),
};
