import type { ContainerStatus, Pod, PodTemplate } from '../generated/types/core/v1.ts';
import { conditionStatus, containerCells, labelsCell } from './cells.ts';
import { since } from './human-duration.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer, type RowCondition, wide } from './printer.ts';

/** What `kubectl get pods` says of a pod in one word, and what it counts. */
export interface PodSummary {
  readonly ready: number;
  readonly total: number;
  /** `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating` … */
  readonly reason: string;
  readonly restarts: number;
  /** RFC 3339 time at which a container last ended before it was restarted. */
  readonly lastRestart: string | undefined;
}

/** Sums up a pod's status as upstream's printer does. */
export function summarizePod(pod: Pod): PodSummary {
  const status = pod.status;
  const phase = status?.phase ?? '';
  let reason = status?.reason === undefined || status.reason === '' ? phase : status.reason;
  if (status?.conditions?.some((condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated')) {
    reason = 'SchedulingGated';
  }
  const sidecars = new Set(pod.spec?.initContainers?.filter((one) => one.restartPolicy === 'Always').map((one) => one.name));
  const total = (pod.spec?.containers?.length ?? 0) + sidecars.size;
  const init = summarizeInitContainers(pod, sidecars);
  let { ready, restarts, lastRestart } = init;
  reason = init.reason ?? reason;

  if (init.reason === undefined || conditionStatus(status?.conditions, 'Initialized') === 'True') {
    const sidecarStatuses = status?.initContainerStatuses?.filter((one) => sidecars.has(one.name)) ?? [];
    restarts = countRestarts(sidecarStatuses);
    const containers = status?.containerStatuses ?? [];
    restarts += countRestarts(containers);
    lastRestart = latestRestart([...sidecarStatuses, ...containers]);
    let running = 0;
    for (const container of containers.toReversed()) {
      const told = containerReason(container);
      if (told !== undefined) reason = told;
      else if (container.ready && container.state?.running !== undefined) running++;
    }
    ready += running;
    // Some containers have completed while others still run.
    if (reason === 'Completed' && running > 0) reason = conditionStatus(status?.conditions, 'Ready') === 'True' ? 'Running' : 'NotReady';
  }

  if (pod.metadata?.deletionTimestamp !== undefined) {
    if (status?.reason === 'NodeLost') reason = 'Unknown';
    else if (phase !== 'Succeeded' && phase !== 'Failed') reason = 'Terminating';
  }
  return { ready, total, reason, restarts, lastRestart };
}

interface InitSummary {
  readonly ready: number;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
  /** Undefined once all init containers are done or, for sidecars, started. */
  readonly reason: string | undefined;
}

function summarizeInitContainers(pod: Pod, sidecars: ReadonlySet<string>): InitSummary {
  const statuses = pod.status?.initContainerStatuses ?? [];
  let ready = 0;
  for (const [index, container] of statuses.entries()) {
    if (container.state?.terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started === true) {
      if (container.ready) ready++;
      continue;
    }
    const seen = statuses.slice(0, index + 1);
    const waiting = container.state?.waiting?.reason === 'PodInitializing' ? undefined : containerReason(container);
    const reason = waiting === undefined ? `Init:${index}/${pod.spec?.initContainers?.length ?? 0}` : `Init:${waiting}`;
    return { ready, restarts: countRestarts(seen), lastRestart: latestRestart(seen), reason };
  }
  return { ready, restarts: countRestarts(statuses), lastRestart: latestRestart(statuses), reason: undefined };
}

/** Why a container does not run, if it says. */
function containerReason({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  const terminated = state?.terminated;
  if (terminated === undefined) return undefined;
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function countRestarts(statuses: readonly ContainerStatus[]): number {
  return statuses.reduce((sum, container) => sum + (container.restartCount ?? 0), 0);
}

function latestRestart(statuses: readonly ContainerStatus[]): string | undefined {
  return statuses
    .map((container) => container.lastState?.terminated?.finishedAt)
    .filter((time) => time !== undefined)
    .reduce<string | undefined>(
      (latest, time) => (latest === undefined || Date.parse(latest) < Date.parse(time) ? time : latest),
      undefined,
    );
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter((gate) => conditionStatus(pod.status?.conditions, gate.conditionType) === 'True');
  return `${open.length}/${gates.length}`;
}

function completion(pod: Pod): readonly RowCondition[] {
  const phase = pod.status?.phase;
  if (phase !== 'Succeeded' && phase !== 'Failed') return [];
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return [{ type: 'Completed', status: 'True', reason: phase, message }];
}

function podCells(pod: Pod, now: number): string[] {
  const { ready, total, reason, restarts, lastRestart } = summarizePod(pod);
  const ago = restarts !== 0 && lastRestart !== undefined ? ` (${since(lastRestart, now)} ago)` : '';
  return [
    nameOf(pod),
    `${ready}/${total}`,
    reason,
    `${restarts}${ago}`,
    ageOf(pod, now),
    pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || '<none>',
    pod.spec?.nodeName || '<none>',
    pod.status?.nominatedNodeName || '<none>',
    readinessGates(pod),
  ];
}

export const podPrinters: Printers = {
  Pod: printer<Pod>(
    [
      nameColumn,
      column('Ready', 'The aggregate readiness state of this pod for accepting traffic.'),
      column('Status', 'The aggregate status of the containers in this pod.'),
      column(
        'Restarts',
        'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
      ),
      ageColumn,
      wide('IP', documented('core.v1.PodStatus', 'podIP')),
      wide('Node', documented('core.v1.PodSpec', 'nodeName')),
      wide('Nominated Node', documented('core.v1.PodStatus', 'nominatedNodeName')),
      wide('Readiness Gates', documented('core.v1.PodSpec', 'readinessGates')),
    ],
    podCells,
    { conditions: completion },
  ),
  PodTemplate: printer<PodTemplate>(
    [
      nameColumn,
      column('Containers', 'Names of each container in the template.'),
      column('Images', 'Images referenced by each container in the template.'),
      column('Pod Labels', 'The labels for the pod template.'),
    ],
    (object) => [nameOf(object), ...containerCells(object.template?.spec?.containers), labelsCell(object.template?.metadata?.labels)],
  ),
};
