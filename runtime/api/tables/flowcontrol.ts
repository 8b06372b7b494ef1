import type { FlowSchema, PriorityLevelConfiguration } from '../generated/types/flowcontrol/v1.ts';
import { conditionStatus } from './cells.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

export const flowcontrolPrinters: Printers = {
  FlowSchema: printer<FlowSchema>(
    [
      nameColumn,
      column('PriorityLevel', 'Priority level of the requests it matches.'),
      column('MatchingPrecedence', 'Lower numbers are tried first.'),
      column('DistinguisherMethod', 'How requests are told apart into flows.'),
      ageColumn,
      column('MissingPL', 'Whether its priority level does not exist.'),
    ],
    (object, now) => [
      nameOf(object),
      object.spec?.priorityLevelConfiguration.name ?? '',
      object.spec?.matchingPrecedence ?? 0,
      object.spec?.distinguisherMethod?.type ?? '<none>',
      ageOf(object, now),
      conditionStatus(
        object.status?.conditions?.map(({ type = '', status = '' }) => ({ type, status })),
        'Dangling',
      ) ?? '?',
    ],
  ),
  PriorityLevelConfiguration: printer<PriorityLevelConfiguration>(
    [
      nameColumn,
      column('Type', 'Whether requests are limited.'),
      column('NominalConcurrencyShares', 'Share of the seats.'),
      column('Queues', 'Number of queues.'),
      column('HandSize', 'Number of queues a flow may use.'),
      column('QueueLengthLimit', 'How many requests one queue holds.'),
      ageColumn,
    ],
    (object, now) => {
      const limited = object.spec?.limited;
      const queuing = limited?.limitResponse?.queuing;
      return [
        nameOf(object),
        object.spec?.type ?? '',
        limited === undefined ? '<none>' : (limited.nominalConcurrencyShares ?? 0),
        queuing === undefined ? '<none>' : (queuing.queues ?? 0),
        queuing === undefined ? '<none>' : (queuing.handSize ?? 0),
        queuing === undefined ? '<none>' : (queuing.queueLengthLimit ?? 0),
        ageOf(object, now),
      ];
    },
  ),
};
