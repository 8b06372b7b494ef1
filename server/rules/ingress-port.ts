import { t } from '@vscode/l10n';
import type { Field } from '../documents/field.ts';
import type { Rule } from './rule.ts';

/** Ingress back ends with a port number that their Service does not have. */
export const ingressPort: Rule = {
  id: 'ingress-port',
  title: 'Ingress back end with a port that its Service does not have',
  why: 'The controller has nowhere to send requests to, and answers them with an error.',
  severity: 'warning',
  scope: 'workspace',
  check({ object, facts, index }) {
    if (facts.kind !== 'Ingress') return [];
    const spec = object.get('spec');
    const paths = spec
      .get('rules')
      .items()
      .flatMap((rule) => rule.get('http', 'paths').items());
    const backends: Field[] = [spec.get('defaultBackend', 'service'), ...paths.map((path) => path.get('backend', 'service'))];
    return backends.flatMap((backend) => {
      const number = backend.get('port', 'number');
      const services = index.declared('Service', facts.namespace, backend.get('name').text ?? '');
      if (number.number === undefined || services.length === 0) return [];
      const ports = services.flatMap(({ what }) => what.servicePorts ?? []);
      if (ports.includes(number.number)) return [];
      const name = backend.get('name').text ?? '';
      const message =
        ports.length === 0
          ? t('Service "{0}" has no port {1}; it has none', name, number.number)
          : t('Service "{0}" has no port {1}; it has {2}', name, number.number, ports.join(', '));
      return [{ at: number, message }];
    });
  },
};
