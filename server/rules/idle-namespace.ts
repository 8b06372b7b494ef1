import { t } from '@vscode/l10n';
import type { Rule } from './rule.ts';

/** A namespace that the API server takes out of an object. Upstream: `EnsureObjectNamespaceMatchesRequestNamespace`. */
export const idleNamespace: Rule = {
  id: 'idle-namespace',
  title: 'Namespace of an object that is cluster-wide',
  why: 'The API server drops it without a word: the object is there once for the whole cluster, whatever namespace it names.',
  severity: 'hint',
  scope: 'object',
  check({ object, kinds }) {
    const known = kinds.find(object.get('apiVersion').text ?? '', object.get('kind').text ?? '');
    const at = object.get('metadata', 'namespace');
    if (!known || known.namespaced || !known.named || known.tool || at.text === undefined) return [];
    return [{ at, onName: true, message: t('{0} is cluster-wide: the API server drops its namespace', known.kind) }];
  },
};
