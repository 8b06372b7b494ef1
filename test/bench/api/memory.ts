import { readFileSync } from 'node:fs';
import { startCluster, temporaryFolder } from '../../support/cluster-process.ts';
import { report } from '../report.ts';
import { ApiClient } from './client.ts';
import { deployment, deployments } from './manifests.ts';

const nodes = 100;
const pods = 10_000;
const workloads = 10;
const rounds = 2;

/** The resident memory of a cluster whose pods all run, one cluster a round. */
export async function measureMemory(): Promise<void> {
  const resident: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const folder = temporaryFolder();
    process.env.KUBESIDE_STARTUP_DELAY = '0';
    const cluster = await startCluster(folder.path, '--nodes', String(nodes));
    const client = new ApiClient(cluster.kubeconfig, workloads * 2);
    const ready = Array.from({ length: workloads }, async (_, index) => {
      const name = `web-${index}`;
      await client.call('POST', deployments, deployment(name, pods / workloads));
      await client.watch(`${deployments}?watch=1&fieldSelector=metadata.name%3D${name}`, ({ object }) => {
        return (object.status as { readyReplicas?: number } | undefined)?.readyReplicas === pods / workloads;
      });
    });
    await Promise.all(ready);
    resident.push(residentMebibytes(cluster.pid));
    client.close();
    await cluster.end();
    folder.remove();
  }
  report('api', `resident memory with ${pods} running pods on ${nodes} nodes`, 'MiB', resident, '<= 381');
}

function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`the memory of process ${pid} cannot be read`);
  return Number(kibibytes) / 1024;
}
