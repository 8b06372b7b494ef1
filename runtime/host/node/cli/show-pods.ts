import type { Deployment } from '../../../api/generated/types/apps/v1.ts';
import type { Pod } from '../../../api/generated/types/core/v1.ts';
import type { ObjectMeta } from '../../../api/generated/types/meta/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Client } from '../../../client/client.ts';
import type { Informers } from '../../../client/informers.ts';
import * as resources from '../../../client/resources.ts';
import type { Clock } from '../../../simulation/clock.ts';

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly (string | number)[]; readonly object?: { readonly metadata?: ObjectMeta } }[];
}

export interface ShowPodsOptions {
  readonly client: Client;
  readonly informers: Informers;
  readonly clock: Clock;
  /** What was applied, as the server answered it: only pods that are among these or belong to one are shown and waited for. */
  readonly applied: readonly KubeObject[];
  /** When the cluster started: what is said of a time before that is a memory. */
  readonly since: number;
  /** How long the pods have to become ready, in milliseconds. */
  readonly limit: number;
  readonly write: (text: string) => void;
}

const columns = ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node'];
const between = 200;

/**
 * Shows pods as `kubectl get pods -o wide --watch` would: a row for each, and another whenever something but its age has changed.
 * @returns what is not up when the limit is over, as `pod default/web`; nothing when all is up
 */
export async function showUntilReady(options: ShowPodsOptions): Promise<string[]> {
  const { informers, clock, since, limit } = options;
  const pods = informers.for(resources.pods);
  const deployments = informers.for(resources.deployments);
  const owners = [informers.for(resources.replicaSets), informers.for(resources.jobs)];
  await Promise.all([pods, deployments, ...owners].map((informer) => informer.synced()));

  const applied = new Set(options.applied.map(({ metadata }) => metadata?.uid));
  const belongs = ({ uid, ownerReferences = [] }: ObjectMeta): boolean =>
    applied.has(uid) ||
    ownerReferences.some(
      (owner) =>
        applied.has(owner.uid) ||
        owners.some(({ lister }) => lister.list().some(({ metadata }) => metadata?.uid === owner.uid && belongs(metadata))),
    );
  const missing = (): string[] => [
    ...pods.lister.list().flatMap((pod) => (belongs(pod.metadata ?? {}) && !podIsUp(pod, since) ? [named('pod', pod)] : [])),
    ...deployments.lister.list().flatMap((it) => (applied.has(it.metadata?.uid) && !deploymentIsUp(it) ? [named('deployment', it)] : [])),
  ];

  const rows = new ChangedRows(options.write);
  let changed = true;
  const note = () => {
    changed = true;
  };
  const off = pods.on({ added: note, updated: note, deleted: note });
  const show = async () => {
    if (!changed) return;
    changed = false;
    rows.show(await podTable(options.client), belongs);
  };
  const end = clock.now() + limit;
  while (missing().length > 0 && clock.now() < end) {
    await show();
    await clock.sleep(between);
  }
  await show();
  off();
  return missing();
}

const named = (kind: string, { metadata }: KubeObject): string => `${kind} ${metadata?.namespace}/${metadata?.name}`;

async function podTable(client: Client): Promise<Table> {
  const response = await client.transport(
    new Request('https://kubernetes.default.svc/api/v1/pods', { headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' } }),
  );
  return (await response.json()) as Table;
}

/** Writes the rows of tables that differ from what was written of the same pod last. */
class ChangedRows {
  private readonly last = new Map<string | undefined, string>();
  private readonly widths: number[] = [];

  private readonly write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  show({ columnDefinitions, rows }: Table, belongs: (metadata: ObjectMeta) => boolean): void {
    const shown = columns.map((name) => columnDefinitions.findIndex((column) => column.name === name));
    const lines: string[][] = [];
    for (const { cells, object: { metadata = {} } = {} } of rows) {
      if (!belongs(metadata)) continue;
      const line = [metadata.namespace ?? '', ...shown.map((at) => String(cells[at] ?? ''))];
      if (!this.remember(metadata.uid, line)) continue;
      lines.push(line);
    }
    if (lines.length === 0) return;
    if (this.widths.length === 0) lines.unshift(['NAMESPACE', ...columns.map((name) => name.toUpperCase())]);
    for (const line of lines) for (const [i, cell] of line.entries()) this.widths[i] = Math.max(this.widths[i] ?? 0, cell.length);
    this.write(
      lines
        .map(
          (line) =>
            `${line
              .map((cell, i) => cell.padEnd(this.widths[i] ?? 0))
              .join('   ')
              .trimEnd()}\n`,
        )
        .join(''),
    );
  }

  /** Whether the line says anything new. Time that has passed, since the pod was made or a container restarted, is nothing new. */
  private remember(uid: string | undefined, line: readonly string[]): boolean {
    const text = line
      .filter((_, i) => columns[i - 1] !== 'Age')
      .map((cell) => cell.replace(/ \(.* ago\)$/, ''))
      .join('\n');
    if (this.last.get(uid) === text) return false;
    this.last.set(uid, text);
    return true;
  }
}

function podIsUp({ status }: Pod, since: number): boolean {
  if (status?.phase === 'Succeeded') return true;
  const started = (status?.containerStatuses ?? []).every(({ state }) => Date.parse(state?.running?.startedAt ?? '') >= since);
  return started && status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
}

function deploymentIsUp({ metadata, spec, status }: Deployment): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) && (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1);
}
