import type { Event as CoreEvent } from '../generated/types/core/v1.ts';
import type { Event } from '../generated/types/events/v1.ts';
import { byteLength, dns1123SubdomainProblems, qualifiedNameProblems } from '../names/index.ts';
import { checkImmutable, type Errors, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { invalid, required } from './field-error.ts';
import { eventSourceType, type InternalType, objectReferenceType } from './internal-types.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { validateObjectMeta } from './object-meta.ts';
import { Path } from './path.ts';

/** Events, of either API. */

const maxField = 128;
const maxNote = 1024;

/** An event in the words of the older API, in which upstream judges both. */
interface Reported {
  readonly namespace: string;
  readonly objectNamespace: string;
  readonly eventTime: string | undefined;
  readonly reportingController: string;
  /** What the version calls it. */
  readonly controllerField: 'reportingComponent' | 'reportingController';
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly message: string;
}

function validateReported(event: Reported, errors: Errors): void {
  const { namespace, objectNamespace } = event;
  const namespacePath = Path.of('involvedObject', 'namespace');
  const mismatch = 'does not match event.namespace';
  if (event.eventTime === undefined) {
    const fits = objectNamespace === '' ? namespace === '' || namespace === 'default' : namespace === objectNamespace;
    if (!fits) errors.push(invalid(namespacePath, objectNamespace, mismatch));
  } else {
    if (objectNamespace === '' && namespace !== 'default' && namespace !== 'kube-system') {
      errors.push(invalid(namespacePath, objectNamespace, mismatch));
    }
    const { controllerField, reportingController: controller } = event;
    if (controller === '') errors.push(required(Path.of(controllerField)));
    reportInvalid(qualifiedNameProblems(controller), controller, Path.of(controllerField), errors);
    for (const [field, limit] of [
      ['reportingInstance', maxField],
      ['action', maxField],
      ['reason', maxField],
    ] as const) {
      if (event[field] === '') errors.push(required(Path.of(field)));
      checkLength(event[field], limit, Path.of(field), errors);
    }
    checkLength(event.message, maxNote, Path.of('message'), errors);
  }
  reportInvalid(dns1123SubdomainProblems(namespace), namespace, Path.of('namespace'), errors);
}

function checkLength(text: string, limit: number, path: Path, errors: Errors): void {
  if (byteLength(text) > limit) errors.push(invalid(path, '', `can have at most ${limit} characters`));
}

export function validateCoreEvent(event: CoreEvent, errors: Errors): void {
  validateReported(
    {
      namespace: event.metadata?.namespace ?? '',
      objectNamespace: event.involvedObject?.namespace ?? '',
      eventTime: event.eventTime,
      reportingController: event.reportingComponent ?? '',
      controllerField: 'reportingComponent',
      reportingInstance: event.reportingInstance ?? '',
      action: event.action ?? '',
      reason: event.reason ?? '',
      message: event.message ?? '',
    },
    errors,
  );
}

function reportedOf(event: Event): Reported {
  return {
    namespace: event.metadata?.namespace ?? '',
    objectNamespace: event.regarding?.namespace ?? '',
    eventTime: event.eventTime,
    reportingController: event.reportingController ?? '',
    controllerField: 'reportingController',
    reportingInstance: event.reportingInstance ?? '',
    action: event.action ?? '',
    reason: event.reason ?? '',
    message: event.note ?? '',
  };
}

export function validateEvent(event: Event, errors: Errors): void {
  validateReported(reportedOf(event), errors);
  validateObjectMeta(event.metadata, { namespaced: true, name: nameIsDnsSubdomain }, errors);
  validateSeries(event, errors);
  if (event.eventTime === undefined) errors.push(required(Path.of('eventTime')));
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.push(invalid(Path.of('type'), '', `has invalid value: ${event.type ?? ''}`));
  }
  const unset = 'needs to be unset';
  if (event.deprecatedFirstTimestamp !== undefined) errors.push(invalid(Path.of('firstTimestamp'), '', unset));
  if (event.deprecatedLastTimestamp !== undefined) errors.push(invalid(Path.of('lastTimestamp'), '', unset));
  if ((event.deprecatedCount ?? 0) !== 0) errors.push(invalid(Path.of('count'), '', unset));
  const { component = '', host = '' } = event.deprecatedSource ?? {};
  if (component !== '' || host !== '') errors.push(invalid(Path.of('source'), '', unset));
}

function validateSeries({ series }: Event, errors: Errors): void {
  if (series === undefined) return;
  if ((series.count ?? 0) < 2) errors.push(invalid(Path.of('series.count'), '', 'should be at least 2'));
  if (series.lastObservedTime === undefined) errors.push(required(Path.of('series.lastObservedTime')));
}

export function validateEventUpdate(event: Event, old: Event, errors: Errors): void {
  validateReported(reportedOf(event), errors);
  if (!semanticEqual(event.series, old.series)) validateSeries(event, errors);
  const fixed: readonly (readonly [shown: string, field: keyof Event, type?: InternalType, unset?: object])[] = [
    ['involvedObject', 'regarding', objectReferenceType, {}],
    ['reason', 'reason'],
    ['message', 'note'],
    ['source', 'deprecatedSource', eventSourceType, {}],
    ['firstTimestamp', 'deprecatedFirstTimestamp'],
    ['lastTimestamp', 'deprecatedLastTimestamp'],
    ['count', 'deprecatedCount'],
    ['type', 'type'],
    ['eventTime', 'eventTime'],
    ['action', 'action'],
    ['related', 'related', objectReferenceType],
    ['reportingController', 'reportingController'],
    ['reportingInstance', 'reportingInstance'],
  ];
  for (const [shown, field, type, unset] of fixed) {
    checkImmutable(event[field] ?? unset, old[field] ?? unset, Path.of(shown), errors, type);
  }
}
