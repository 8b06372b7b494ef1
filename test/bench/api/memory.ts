import { readFileSync } from 'node:fs';
import { startCluster, temporaryFolder } from '../../support/cluster-process.ts';
import { report } from '../report.ts';
import { ApiClient } from './client.ts';
import { deployment, deployments } from './manifests.ts';

const pods = 10_000;
const workloads = 10;
const rounds = 2;

interface Load {
  readonly what: string;
  readonly nodes: number;
  /** The field of a Deployment's status that says how many pods are as far as is wanted. */
  readonly counted: 'replicas' | 'readyReplicas';
  readonly goal?: string;
}

const loads: readonly Load[] = [
  { what: `${pods} pods in the API`, nodes: 0, counted: 'replicas', goal: '<= 381' },
  { what: `${pods} running pods and the kubelets of 100 nodes`, nodes: 100, counted: 'readyReplicas' },
];

/** The resident memory of a cluster with many pods, right after they were made: one cluster a round. */
export async function measureMemory(): Promise<void> {
  for (const load of loads) {
    const resident: number[] = [];
    for (let round = 0; round < rounds; round++) resident.push(await residentWith(load));
    report('api', `resident memory with ${load.what}`, 'MiB', resident, load.goal);
  }
}

async function residentWith({ nodes, counted }: Load): Promise<number> {
  const folder = temporaryFolder();
  process.env.KUBESIDE_STARTUP_DELAY = '0';
  const cluster = await startCluster(folder.path, '--nodes', String(nodes));
  const client = new ApiClient(cluster.kubeconfig, workloads * 2);
  const made = Array.from({ length: workloads }, async (_, index) => {
    const name = `web-${index}`;
    await client.call('POST', deployments, deployment(name, pods / workloads));
    await client.watch(`${deployments}?watch=1&fieldSelector=metadata.name%3D${name}`, ({ object }) => {
      return (object.status as Partial<Record<Load['counted'], number>> | undefined)?.[counted] === pods / workloads;
    });
  });
  await Promise.all(made);
  const mebibytes = residentMebibytes(cluster.pid);
  client.close();
  await cluster.end();
  folder.remove();
  return mebibytes;
}

function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`the memory of process ${pid} cannot be read`);
  return Number(kibibytes) / 1024;
}
