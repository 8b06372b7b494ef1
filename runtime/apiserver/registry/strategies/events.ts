import { type ApiObject, stringAt } from '../api-object.ts';
import type { Conversion } from '../resource.ts';
import type { Strategy } from '../strategy.ts';
import { selectableByPath } from './selectable.ts';

const byPath = selectableByPath([
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'type',
]);

/** Rules of `pkg/registry/core/event`. */
export const eventStrategy: Strategy = {
  createsOnUpdate: true,
  propagation: 'unsupported',
  selectable: {
    ...byPath,
    names: [...byPath.names, 'source'],
    values: (event) => ({
      ...byPath.values(event),
      source: stringAt(event, 'source', 'component') || stringAt(event, 'reportingComponent'),
    }),
  },
};

/** Pairs of field names: of core/v1, in which events are stored, and of events.k8s.io/v1. */
const renamed = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

/** The same for events.k8s.io/v1, whose clients select by its own names of the fields. */
export const newerEventStrategy: Strategy = {
  ...eventStrategy,
  selectable: {
    ...byPath,
    ...eventStrategy.selectable,
    names: ['reason', 'type'],
    aliases: {
      reportingController: 'reportingComponent',
      ...Object.fromEntries(
        byPath.names
          .filter((name) => name.startsWith('involvedObject.'))
          .map((name) => [name.replace('involvedObject', 'regarding'), name]),
      ),
    },
  },
};

function rename(event: ApiObject, apiVersion: string, pairs: readonly (readonly [string, string])[]): ApiObject {
  const result: ApiObject = { ...event, apiVersion };
  for (const [from, to] of pairs) {
    delete result[from];
    if (event[from] !== undefined) result[to] = event[from];
  }
  return result;
}

/** Events of events.k8s.io/v1 are those of core/v1 with other names for some fields. */
export const eventConversion: Conversion = {
  toStored: (event) =>
    rename(
      event,
      'v1',
      renamed.map(([core, events]) => [events, core]),
    ),
  fromStored: (event) => {
    const result = rename(event, 'events.k8s.io/v1', renamed);
    // The newer version leaves out what the older one writes in any case.
    for (const name of ['reportingController', 'reportingInstance']) if (result[name] === '') delete result[name];
    return result;
  },
  judgesServed: true,
};
