import { jsonEqual } from '../api/equality.ts';
import type { Pod, PodStatus } from '../api/generated/types/core/v1.ts';
import type { Json } from '../api/object.ts';
import { type Client, isReason } from '../client/client.ts';
import type { Log } from '../client/log.ts';
import { pods } from '../client/resources.ts';
import type { Cancel, Clock } from '../simulation/clock.ts';

/** Writes the statuses of a node's pods, at most one write of a pod at a time, and the newest only. */
export interface StatusManager {
  /** What the API is to show of the pod; written a moment later, together with what else changes by then. */
  set(pod: Pod, status: PodStatus): void;
  /** The pod as the API has it: what others have changed of the status is put right. */
  observe(pod: Pod): void;
  /** The status as it was last set or read. */
  get(uid: string): PodStatus | undefined;
  /** Resolves when what was set for the pod has been written, or cannot be. */
  flush(uid: string): Promise<void>;
  forget(uid: string): void;
  /** Writes nothing any more. */
  stop(): void;
}

interface Entry {
  readonly name: string;
  readonly namespace: string | undefined;
  /** What the API has, as far as is known. */
  written: PodStatus;
  /** The resource version of what was written last. */
  version: number;
  wanted: PodStatus;
  /** The patch that was sent last, until nothing is left to write. */
  sent: Record<string, Json> | undefined;
  cancel: Cancel | undefined;
  writing: Promise<void> | undefined;
}

/** Changes within so many milliseconds go into one write. */
const gatherTime = 10;
const retryTime = 1_000;

export function createStatusManager(options: { readonly client: Client; readonly clock: Clock; readonly log: Log }): StatusManager {
  const { client, clock, log } = options;
  const resource = client.resource(pods);
  const entries = new Map<string, Entry>();
  let stopped = false;

  const write = async (uid: string, entry: Entry) => {
    const { name, namespace, wanted } = entry;
    const changes = statusPatch(entry.written, wanted);
    if (changes === undefined || stopped) return;
    entry.sent = changes;
    try {
      const written = await resource.patch(name, namespace, { type: 'strategic', body: { metadata: { uid }, status: changes } }, 'status');
      entry.written = written.status ?? wanted;
      entry.version = versionOf(written);
    } catch (error) {
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict') || isReason(error, 'Invalid')) {
        // Gone, or another pod of that name: there is nobody to tell.
        entry.written = wanted;
        if (!isReason(error, 'NotFound')) log.warn(`status of pod ${namespace}/${name} was not written`, error);
        return;
      }
      if (stopped) return;
      log.warn(`status of pod ${namespace}/${name} will be written again`, error);
      schedule(uid, entry, retryTime);
    }
  };
  const start = (uid: string, entry: Entry): Promise<void> => {
    entry.cancel?.();
    entry.cancel = undefined;
    entry.writing ??= write(uid, entry).finally(() => {
      entry.writing = undefined;
      const left = statusPatch(entry.written, entry.wanted);
      // What the server has not taken the first time it will not take the second.
      if (left === undefined) entry.sent = undefined;
      else if (entry.cancel === undefined && !jsonEqual(left, entry.sent)) schedule(uid, entry, gatherTime);
    });
    return entry.writing;
  };
  const schedule = (uid: string, entry: Entry, delay: number) => {
    if (stopped || entries.get(uid) !== entry) return;
    entry.cancel ??= clock.after(delay, () => {
      entry.cancel = undefined;
      void start(uid, entry);
    });
  };

  return {
    set(pod, status) {
      const uid = pod.metadata?.uid ?? '';
      let entry = entries.get(uid);
      if (entry === undefined) {
        entry = {
          name: pod.metadata?.name ?? '',
          namespace: pod.metadata?.namespace,
          written: pod.status ?? {},
          version: versionOf(pod),
          wanted: status,
          sent: undefined,
          cancel: undefined,
          writing: undefined,
        };
        entries.set(uid, entry);
      } else {
        entry.wanted = status;
      }
      if (entry.writing === undefined && statusPatch(entry.written, status) !== undefined) schedule(uid, entry, gatherTime);
    },
    observe(pod) {
      const uid = pod.metadata?.uid ?? '';
      const entry = entries.get(uid);
      // What was written comes back: the object that all share takes the place of the answer, and of the status it was made from.
      if (versionOf(pod) === entry?.version) {
        entry.written = pod.status ?? {};
        if (saysTheSame(entry.written, entry.wanted)) entry.wanted = entry.written;
      }
      // While a write is under way its answer tells more, and an older state than that tells nothing.
      if (entry === undefined || entry.writing !== undefined || versionOf(pod) <= entry.version) return;
      // Nobody takes a pod back out of its end.
      if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return;
      entry.written = pod.status ?? {};
      entry.version = versionOf(pod);
      if (statusPatch(entry.written, entry.wanted) !== undefined) schedule(uid, entry, gatherTime);
    },
    get: (uid) => entries.get(uid)?.wanted,
    async flush(uid) {
      const entry = entries.get(uid);
      if (entry === undefined) return;
      if (entry.writing !== undefined) await entry.writing;
      if (statusPatch(entry.written, entry.wanted) !== undefined) await start(uid, entry);
    },
    forget(uid) {
      entries.get(uid)?.cancel?.();
      entries.delete(uid);
    },
    stop() {
      stopped = true;
      for (const { cancel } of entries.values()) cancel?.();
    },
  };
}

function versionOf(pod: Pod): number {
  return Number(pod.metadata?.resourceVersion ?? 0);
}

/** Whether the API shows what was wanted and nothing of others beside it; conditions stand in the order they came in. */
function saysTheSame(written: PodStatus, wanted: PodStatus): boolean {
  return (
    Object.keys(written).length === Object.keys(wanted).length &&
    written.conditions?.length === wanted.conditions?.length &&
    statusPatch(written, wanted) === undefined
  );
}

/** Conditions of resizes stand only as long as there is one. */
const passingConditions: ReadonlySet<string> = new Set(['PodResizePending', 'PodResizeInProgress']);
const ownConditions: ReadonlySet<string> = new Set([
  ...['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled', 'DisruptionTarget'],
  ...passingConditions,
]);
const ownFields = [
  'observedGeneration',
  'phase',
  'message',
  'reason',
  'hostIP',
  'podIP',
  'startTime',
  'initContainerStatuses',
  'containerStatuses',
  'ephemeralContainerStatuses',
  'qosClass',
] as const;

/** The strategic merge patch from one status to another; undefined when there is nothing to change. Conditions of others are left alone. */
export function statusPatch(from: PodStatus, to: PodStatus): Record<string, Json> | undefined {
  const patch: Record<string, Json> = {};
  for (const field of ownFields) {
    if (!jsonEqual(from[field], to[field])) patch[field] = json(to[field] ?? null);
  }
  const conditions = (to.conditions ?? []).filter(
    (condition) =>
      ownConditions.has(condition.type) &&
      !jsonEqual(
        from.conditions?.find(({ type }) => type === condition.type),
        condition,
      ),
  );
  const passed = (from.conditions ?? []).filter(
    ({ type }) => passingConditions.has(type) && !to.conditions?.some((condition) => condition.type === type),
  );
  // What a condition no longer says has to be taken out by name: the merge keeps what is not mentioned.
  if (conditions.length + passed.length > 0) {
    const written = conditions.map((condition) => {
      const before = from.conditions?.find(({ type }) => type === condition.type) ?? {};
      return json({ ...Object.fromEntries(Object.keys(before).map((key) => [key, null])), ...condition });
    });
    patch.conditions = [...passed.map(({ type }) => ({ $patch: 'delete', type })), ...written];
  }
  for (const field of ['hostIPs', 'podIPs'] as const) {
    if (!jsonEqual(from[field], to[field])) patch[field] = [{ $patch: 'replace' }, ...(to[field] ?? []).map(json)];
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function json(value: unknown): Json {
  return value as Json;
}
