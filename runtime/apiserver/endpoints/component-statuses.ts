import { notFound } from '../../api/status.ts';
import type { Endpoint } from '../dispatch.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { answerJson } from '../negotiation/answer.ts';
import { answerForm } from '../negotiation/present.ts';
import { includeObject, tableOf } from '../negotiation/table.ts';
import type { ApiObject } from '../registry/api-object.ts';

/** A part of the cluster whose health the server is told. */
export interface ComponentCheck {
  /** `scheduler`, `controller-manager` … */
  readonly name: string;
  /** Why it does not work; `undefined` when all is well. */
  check(): string | undefined;
}

/** The deprecated kind ComponentStatus: how the parts of the cluster are that the server knows of. */
export function componentStatusesEndpoint(components: readonly ComponentCheck[], now: () => number): Endpoint {
  return (request) => {
    const { info, resource, query } = request;
    const accepted = acceptedBy(request);
    const form = answerForm(request, accepted);
    const all = components.map(statusOf);
    const items = info.name === '' ? all : all.filter(({ metadata }) => metadata.name === info.name);
    const [only] = items;
    if (only === undefined && info.name !== '') throw notFound(resource.subject, info.name);
    if (accepted.as === 'Table') return answerJson(200, tableOf(resource, items, {}, includeObject(query), accepted, now()), form);
    return answerJson(200, info.name === '' ? { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items } : only, form);
  };
}

function statusOf({ name, check }: ComponentCheck): ApiObject {
  const failure = check();
  const condition =
    failure === undefined ? { type: 'Healthy', status: 'True', message: 'ok' } : { type: 'Healthy', status: 'False', message: failure };
  return { kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name }, conditions: [condition] };
}
