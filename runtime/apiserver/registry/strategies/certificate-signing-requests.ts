import { type ApiObject, arrayAt, type Dict, ensureDict, isDict } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { selectableWithoutNamespace } from './selectable.ts';

/** Rules of `pkg/registry/certificates`: who asks is written down by the server, and no update changes what was asked. */
export const certificateSigningRequestStrategy: Strategy = {
  selectable: selectableWithoutNamespace(['spec.signerName']),
  prepareForCreate(request, user) {
    const spec = ensureDict(request, 'spec');
    spec.username = user.name;
    spec.groups = [...user.groups];
    if (user.uid) spec.uid = user.uid;
    else delete spec.uid;
    if (user.extra) spec.extra = Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]]));
    else delete spec.extra;
  },
  prepareForUpdate(request, old) {
    request.spec = old.spec;
  },
  prepareForStatusUpdate(request, old, now) {
    for (const type of ['Approved', 'Denied']) keepConditions(request, old, type);
    dateConditions(request, old, now);
  },
};

function conditionsOf(request: ApiObject): Dict[] {
  return arrayAt(request, 'status', 'conditions').filter(isDict);
}

/** What was decided stays as it stands there, as long as it is as often there. */
function keepConditions(request: ApiObject, old: ApiObject, type: string): void {
  const before = conditionsOf(old).filter((condition) => condition.type === type);
  const conditions = conditionsOf(request);
  if (conditions.filter((condition) => condition.type === type).length !== before.length) return;
  let next = 0;
  const kept = conditions.map((condition) => (condition.type === type ? before[next++] : condition));
  if (before.length > 0) request.status = { ...ensureDict(request, 'status'), conditions: kept };
}

/** Dates the conditions of a request that are not dated: when they were written, and when they became what they are. */
export function dateConditions(request: ApiObject, old: ApiObject, now: string): void {
  const conditions = conditionsOf(request);
  if (conditions.length === 0) return;
  const dated = conditions.map((condition) => {
    const same = conditionsOf(old).find(({ type, status }) => type === condition.type && status === condition.status);
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? now,
    };
  });
  request.status = { ...ensureDict(request, 'status'), conditions: dated };
}
