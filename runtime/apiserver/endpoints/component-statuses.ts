import { notFound } from '../../api/status.ts';
import type { Endpoint } from '../dispatch.ts';
import type { HealthCheck } from '../health.ts';
import { negotiate } from '../negotiation/accept.ts';
import { answerJson } from '../negotiation/answer.ts';
import { answerForm } from '../negotiation/present.ts';
import { includeObject, tableOf } from '../negotiation/table.ts';
import type { ApiObject } from '../registry/api-object.ts';

/** The deprecated kind ComponentStatus: what the server itself knows of the health of its parts, today the store. */
export function componentStatusesEndpoint(checks: readonly HealthCheck[], now: () => number): Endpoint {
  return (request) => {
    const { info, resource, query } = request;
    const accepted = negotiate(request.request.headers.get('accept'));
    const form = answerForm(request, accepted);
    const all = checks.filter(({ name }) => name === 'etcd').map(statusOf);
    const items = info.name === '' ? all : all.filter(({ metadata }) => metadata.name === info.name);
    const [only] = items;
    if (only === undefined && info.name !== '') throw notFound(resource.subject, info.name);
    if (accepted.as === 'Table') return answerJson(200, tableOf(resource, items, {}, includeObject(query), accepted, now()), form);
    return answerJson(200, info.name === '' ? { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items } : only, form);
  };
}

function statusOf(check: HealthCheck): ApiObject {
  const failure = check.check();
  const condition =
    failure === undefined ? { type: 'Healthy', status: 'True', message: 'ok' } : { type: 'Healthy', status: 'False', message: failure };
  return { kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name: 'etcd-0' }, conditions: [condition] };
}
