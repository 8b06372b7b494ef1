import { notFound } from '../../api/status.ts';
import type { Endpoint } from '../dispatch.ts';
import type { HealthCheck } from '../health.ts';
import { answerJson } from '../negotiation/answer.ts';
import { answerForm } from '../negotiation/present.ts';

/** The deprecated kind ComponentStatus: what the server itself knows of the health of its parts, today the store. */
export function componentStatusesEndpoint(checks: readonly HealthCheck[]): Endpoint {
  return (request) => {
    const { info, resource } = request;
    request.warnings.add('v1 ComponentStatus is deprecated in v1.19+');
    const form = answerForm(request, { media: 'json' });
    const items = checks
      .filter(({ name }) => name === 'etcd')
      .map((check) => ({ metadata: { name: 'etcd-0' }, conditions: [condition(check)] }));
    if (info.name === '') return answerJson(200, { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items }, form);
    const found = items.find(({ metadata }) => metadata.name === info.name);
    if (found === undefined) throw notFound(resource.subject, info.name);
    return answerJson(200, { kind: 'ComponentStatus', apiVersion: 'v1', ...found }, form);
  };
}

function condition(check: HealthCheck): object {
  const failure = check.check();
  return failure === undefined
    ? { type: 'Healthy', status: 'True', message: 'ok' }
    : { type: 'Healthy', status: 'False', message: failure };
}
