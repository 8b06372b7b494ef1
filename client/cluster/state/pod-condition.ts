import { t } from '@vscode/l10n';
import type { Event, Pod } from '../../../runtime/api/generated/types/core/v1.ts';
import { nodeState } from './node-state.ts';
import type { Objects } from './owner.ts';
import { podState } from './pod-state.ts';
import type { Condition } from './states.ts';

/** Warnings that tell why a pod does not get beyond its creation. */
const holdUps = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);

/** How each pod is, by its own status, its node and what the events say of it that the status leaves out. */
export function podConditions(objects: Objects): (pod: Pod) => Condition {
  let events: ReadonlyMap<string, readonly Event[]> | undefined;
  const eventsOf = (pod: Pod) => {
    events ??= byPod(objects.list('events'));
    return events.get(pod.metadata?.uid ?? '') ?? [];
  };
  return (pod) => {
    const node = objects.get('nodes', pod.spec?.nodeName ?? '');
    const condition = podState(pod, node === undefined || nodeState(node).state !== 'failing');
    if (condition.state === 'creating') return heldUp(condition, eventsOf(pod));
    if (condition.state === 'failing' && condition.reason?.endsWith('CrashLoopBackOff')) return killed(condition, eventsOf(pod));
    return condition;
  };
}

/** A volume or a network that does not come is told by events alone. */
function heldUp(condition: Condition, events: readonly Event[]): Condition {
  const { reason, message } = newest(events, (event) => event.type === 'Warning' && holdUps.has(event.reason ?? '')) ?? {};
  return reason === undefined ? condition : { state: 'creating', reason, ...(message === undefined ? {} : { message }) };
}

/** A container that a probe ended may have ended well: its exit code does not tell why it was stopped. */
function killed(condition: Condition, events: readonly Event[]): Condition {
  const probe = /failed (liveness|startup) probe/.exec(newest(events, ({ reason }) => reason === 'Killing')?.message ?? '')?.[1];
  if (probe === undefined) return condition;
  const failed = newest(events, ({ reason, message }) => reason === 'Unhealthy' && message?.toLowerCase().startsWith(probe) === true);
  const told = failed?.message?.replace(/^.*? probe (?:failed|errored)[^:]*: */i, '').trim();
  return {
    ...condition,
    message: told ? t('Stopped because its {0} probe failed: {1}', probe, told) : t('Stopped because its {0} probe failed.', probe),
  };
}

function byPod(events: readonly Event[]): Map<string, Event[]> {
  const found = new Map<string, Event[]>();
  for (const event of events) {
    const { kind, uid } = event.involvedObject;
    if (kind !== 'Pod' || uid === undefined) continue;
    const list = found.get(uid);
    if (list === undefined) found.set(uid, [event]);
    else list.push(event);
  }
  return found;
}

function newest(events: readonly Event[], wanted: (event: Event) => boolean): Event | undefined {
  return events.filter(wanted).sort((a, b) => timeOf(b) - timeOf(a))[0];
}

/** When an event happened last, in milliseconds since the epoch; 0 where it does not say. */
export function timeOf(event: Event): number {
  const time =
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata?.creationTimestamp;
  return time === undefined || time === null ? 0 : Date.parse(time);
}
