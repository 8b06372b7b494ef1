import type { Event as CoreEvent } from '../generated/types/core/v1.ts';
import type { Event as NewEvent } from '../generated/types/events/v1.ts';
import type { Json } from '../object.ts';
import { since } from './human-duration.ts';
import { column, documented, nameColumn, nameOf, type Printers, printer, wide } from './printer.ts';

const columns = [
  column('Last Seen', documented('core.v1.Event', 'lastTimestamp')),
  column('Type', documented('core.v1.Event', 'type')),
  column('Reason', documented('core.v1.Event', 'reason')),
  column('Object', documented('core.v1.Event', 'involvedObject')),
  wide('Subobject', documented('core.v1.ObjectReference', 'fieldPath')),
  wide('Source', documented('core.v1.Event', 'source')),
  column('Message', documented('core.v1.Event', 'message')),
  wide('First Seen', documented('core.v1.Event', 'firstTimestamp')),
  wide('Count', documented('core.v1.Event', 'count')),
  { ...nameColumn, priority: 1 },
];

function eventCells(event: CoreEvent, now: number): Json[] {
  // Times that are unset are written as null.
  const firstTime = event.firstTimestamp ?? event.eventTime ?? undefined;
  const first = since(firstTime, now);
  const last = since(event.series?.lastObservedTime ?? event.lastTimestamp ?? firstTime, now);
  const kind = event.involvedObject.kind?.toLowerCase() ?? '';
  const component = event.source?.component || event.reportingComponent || '';
  const instance = event.source?.host || event.reportingInstance || '';
  return [
    last,
    event.type ?? '',
    event.reason ?? '',
    event.involvedObject.name ? `${kind}/${event.involvedObject.name}` : kind,
    event.involvedObject.fieldPath ?? '',
    instance === '' ? component : `${component}, ${instance}`,
    (event.message ?? '').trim(),
    first,
    event.series?.count ?? (event.count || 1),
    nameOf(event),
  ];
}

/** The same event as group core writes it. */
function asCoreEvent(event: NewEvent): CoreEvent {
  const optional: Partial<CoreEvent> = {
    ...(event.metadata === undefined ? {} : { metadata: event.metadata }),
    ...(event.deprecatedFirstTimestamp === undefined ? {} : { firstTimestamp: event.deprecatedFirstTimestamp }),
    ...(event.deprecatedLastTimestamp === undefined ? {} : { lastTimestamp: event.deprecatedLastTimestamp }),
    ...(event.eventTime === undefined ? {} : { eventTime: event.eventTime }),
    ...(event.series === undefined ? {} : { series: event.series }),
    ...(event.type === undefined ? {} : { type: event.type }),
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    ...(event.note === undefined ? {} : { message: event.note }),
    ...(event.deprecatedSource === undefined ? {} : { source: event.deprecatedSource }),
    ...(event.deprecatedCount === undefined ? {} : { count: event.deprecatedCount }),
    ...(event.reportingController === undefined ? {} : { reportingComponent: event.reportingController }),
    ...(event.reportingInstance === undefined ? {} : { reportingInstance: event.reportingInstance }),
  };
  return { ...optional, metadata: event.metadata ?? {}, involvedObject: event.regarding ?? {} };
}

export const coreEventPrinters: Printers = { Event: printer<CoreEvent>(columns, eventCells) };
export const eventPrinters: Printers = { Event: printer<NewEvent>(columns, (event, now) => eventCells(asCoreEvent(event), now)) };
