import type { FlowSchema, PriorityLevelConfiguration } from '../generated/types/flowcontrol/v1.ts';
import { conditionStatus } from './cells.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

/** Schemas are listed in the order in which they are tried. */
function byPrecedence(left: FlowSchema, right: FlowSchema): number {
  const difference = (left.spec?.matchingPrecedence ?? 0) - (right.spec?.matchingPrecedence ?? 0);
  return difference !== 0 ? difference : nameOf(left) < nameOf(right) ? -1 : 1;
}

export const flowcontrolPrinters: Printers = {
  FlowSchema: printer<FlowSchema>(
    [
      nameColumn,
      column('PriorityLevel', documented('flowcontrol.v1.PriorityLevelConfigurationReference', 'name')),
      column('MatchingPrecedence', documented('flowcontrol.v1.FlowSchemaSpec', 'matchingPrecedence')),
      column('DistinguisherMethod', documented('flowcontrol.v1.FlowSchemaSpec', 'distinguisherMethod')),
      ageColumn,
      column('MissingPL', 'references a broken or non-existent PriorityLevelConfiguration'),
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
    { order: byPrecedence },
  ),
  PriorityLevelConfiguration: printer<PriorityLevelConfiguration>(
    [
      nameColumn,
      column('Type', documented('flowcontrol.v1.PriorityLevelConfigurationSpec', 'type')),
      column('NominalConcurrencyShares', documented('flowcontrol.v1.LimitedPriorityLevelConfiguration', 'nominalConcurrencyShares')),
      column('Queues', documented('flowcontrol.v1.QueuingConfiguration', 'queues')),
      column('HandSize', documented('flowcontrol.v1.QueuingConfiguration', 'handSize')),
      column('QueueLengthLimit', documented('flowcontrol.v1.QueuingConfiguration', 'queueLengthLimit')),
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
