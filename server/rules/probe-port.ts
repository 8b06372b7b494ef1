import { t } from '@vscode/l10n';
import type { Rule } from './rule.ts';
import { perEachContainer } from './shapes.ts';

/** Probes of port numbers that their container does not list, though it lists others. Names are `unknown-port`'s. */
export const probePort: Rule = {
  id: 'probe-port',
  title: 'Probe of a port that the container does not list',
  why: 'Where nothing listens, a liveness probe restarts the container for ever and a readiness probe never lets it serve.',
  severity: 'hint',
  scope: 'object',
  check: perEachContainer((container) => {
    const ports = container
      .get('ports')
      .items()
      .flatMap((port) => port.get('containerPort').number ?? []);
    if (ports.length === 0) return [];
    return ['livenessProbe', 'readinessProbe', 'startupProbe']
      .flatMap((probe) => ['httpGet', 'tcpSocket', 'grpc'].map((sort) => container.get(probe, sort, 'port')))
      .filter(({ number }) => number !== undefined && !ports.includes(number))
      .map((at) => ({ at, message: t('The container lists other ports than {0}: {1}', at.number ?? '', ports.join(', ')) }));
  }),
};
