import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster, temporaryFolder } from '../support/cluster-process.ts';
import { ApiClient } from './api/client.ts';
import { report, time } from './report.ts';

const bench = 'start';
const rounds = 5;
const settled = 10_000;

/** From starting the process to an API that answers with a default ServiceAccount, and what the cluster costs when nothing happens. */
export async function benchStart(): Promise<void> {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const folder = temporaryFolder();
    first.push(await startAndStop(folder.path));
    again.push(await startAndStop(folder.path));
    folder.remove();
  }
  report(bench, 'process start to ready with default ServiceAccount, new cluster', 'ms', first, '<= 1000');
  report(bench, 'process start to ready with default ServiceAccount, existing cluster', 'ms', again, '<= 1000');

  const folder = temporaryFolder();
  const cluster = await startCluster(folder.path);
  await sleep(settled);
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    samples.push(residentMebibytes(cluster.pid));
    await sleep(500);
  }
  report(bench, 'resident memory, idle, 3 nodes', 'MiB', samples, '<= 160');
  await cluster.end();
  folder.remove();
}

async function startAndStop(data: string): Promise<number> {
  let end = async (): Promise<unknown> => undefined;
  const taken = await time(async () => {
    const cluster = await startCluster(data);
    end = () => cluster.end();
    const client = new ApiClient(cluster.kubeconfig, 1);
    await client.call('GET', '/readyz');
    await client.call('GET', '/api/v1/namespaces/default/serviceaccounts/default');
    client.close();
  });
  await end();
  return taken;
}

function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) / 1024;
}
