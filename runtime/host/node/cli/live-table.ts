import type { Writable } from 'node:stream';
import type { Deployment } from '../../../api/generated/types/apps/v1.ts';
import type { Pod } from '../../../api/generated/types/core/v1.ts';
import type { Client } from '../../../client/client.ts';
import type { Informers } from '../../../client/informers.ts';
import * as resources from '../../../client/resources.ts';

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly (string | number)[];
    readonly object?: { readonly metadata?: { readonly namespace?: string } };
  }[];
}

const columns = ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node'];
const between = 200;

/**
 * Shows all pods, as `kubectl get pods -A -o wide` would, whenever one changes; resolves once every workload is up.
 * @param since when the cluster started: what is said of a time before that is a memory
 */
export async function showUntilReady(
  client: Client,
  informers: Informers,
  since: number,
  out: Writable & { readonly isTTY?: boolean },
): Promise<void> {
  const pods = informers.for(resources.pods);
  const deployments = informers.for(resources.deployments);
  await Promise.all([pods.synced(), deployments.synced()]);
  let drawn = 0;
  let last = '';
  const draw = async () => {
    const text = await podTable(client);
    if (text === last) return;
    last = text;
    if (out.isTTY && drawn > 0) out.write(`\u001b[${drawn}A\u001b[J`);
    out.write(out.isTTY ? text : `${text}\n`);
    drawn = text.split('\n').length - 1;
  };
  while (!(pods.lister.list().every((pod) => podIsUp(pod, since)) && deployments.lister.list().every(deploymentIsUp))) {
    await draw();
    await new Promise((resolve) => setTimeout(resolve, between));
  }
  await draw();
}

async function podTable(client: Client): Promise<string> {
  const response = await client.transport(
    new Request('https://kubernetes.default.svc/api/v1/pods', { headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' } }),
  );
  const table = (await response.json()) as Table;
  const shown = columns.map((name) => table.columnDefinitions.findIndex((column) => column.name === name));
  const lines = [
    ['NAMESPACE', ...columns.map((name) => name.toUpperCase())],
    ...table.rows.map((row) => [row.object?.metadata?.namespace ?? '', ...shown.map((at) => String(row.cells[at] ?? ''))]),
  ];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0))) ?? [];
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

function podIsUp({ status }: Pod, since: number): boolean {
  if (status?.phase === 'Succeeded') return true;
  const started = (status?.containerStatuses ?? []).every(({ state }) => Date.parse(state?.running?.startedAt ?? '') >= since);
  return started && status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
}

function deploymentIsUp({ metadata, spec, status }: Deployment): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) && (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1);
}
