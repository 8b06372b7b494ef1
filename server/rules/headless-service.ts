import { t } from '@vscode/l10n';
import type { Rule } from './rule.ts';
import { perObject } from './shapes.ts';

/** StatefulSets whose Service has an address of its own, so that their pods have no names. */
export const headlessService: Rule = {
  id: 'headless-service',
  title: 'StatefulSet whose Service is not headless',
  why: 'Without `clusterIP: None` the name of the Service is one address for all, and clients cannot tell the first pod from the others.',
  severity: 'hint',
  scope: 'workspace',
  check: perObject(['StatefulSet'], (object, { facts, index }) => {
    const name = object.get('spec', 'serviceName');
    const services = index.declared('Service', facts.namespace, name.text ?? '');
    if (services.length === 0 || services.some(({ what }) => what.headless)) return [];
    return [{ at: name, message: t('Service "{0}" is not headless: it has no "clusterIP: None"', name.text ?? '') }];
  }),
};
