import { t } from '@vscode/l10n';
import type { Field } from '../documents/field.ts';
import { selects } from '../index/facts.ts';
import type { Rule, Subject } from './rule.ts';
import { formatLabels } from './selects-nothing.ts';
import { labelsOf, perObject } from './shapes.ts';

/** Monitors of the Prometheus operator that watch nothing. */
export const monitorSelectsNothing: Rule = {
  id: 'monitor-selects-nothing',
  title: 'Monitor that watches nothing',
  why: 'Prometheus asks nobody for numbers, and alerts that need them never come.',
  severity: 'hint',
  scope: 'workspace',
  check: perObject(['ServiceMonitor', 'PodMonitor'], (object, subject) => {
    const selector = object.get('spec', 'selector');
    const labels = labelsOf(selector);
    if (labels === undefined) return [];
    const isService = subject.facts.kind === 'ServiceMonitor';
    const targets = watched(object, subject).filter(({ what }) => (isService ? what.kind === 'Service' : what.pod));
    if (targets.length === 0 || targets.some(({ what }) => selects(labels, (isService ? what.labels : what.pod?.labels) ?? {}))) return [];
    const message = isService
      ? t('No Services of this workspace that it may watch carry {0}', formatLabels(labels))
      : t('No pods of this workspace that it may watch carry {0}', formatLabels(labels));
    return [{ at: selector, onName: true, message }];
  }),
};

/** The objects of the namespaces that a monitor looks at: its own unless it says otherwise. */
function watched(object: Field, { facts, index }: Subject) {
  const namespaces = object.get('spec', 'namespaceSelector');
  if (namespaces.get('any').isTrue) return index.all();
  const names = namespaces
    .get('matchNames')
    .items()
    .flatMap((item) => item.text ?? []);
  return (names.length > 0 ? names : [facts.namespace]).flatMap((namespace) => index.inNamespace(namespace));
}
