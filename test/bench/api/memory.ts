import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { startCluster, temporaryFolder } from '../../support/cluster-process.ts';
import { report } from '../report.ts';
import { ApiClient } from './client.ts';
import { deployment, deployments } from './manifests.ts';

const pods = 10_000;
const workloads = 10;
const rounds = 2;
/** V8 gives back what a burst of work has left behind about a minute after the process has come to rest. */
const calmSeconds = 90;
const longestUnrest = 300;
/** A tenth of five seconds, in hundredths of a second. */
const restfulTicks = 50;

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

/** The resident memory of a cluster with many pods, right after they were made and once the cluster has come to rest: one cluster a round. */
export async function measureMemory(): Promise<void> {
  for (const load of loads) {
    const figures: Resident[] = [];
    for (let round = 0; round < rounds; round++) figures.push(await residentWith(load));
    const of = (moment: keyof Resident) => figures.map((each) => each[moment]);
    report('api', `resident memory with ${load.what}, right after`, 'MiB', of('rightAfter'));
    report('api', `resident memory with ${load.what}, at rest`, 'MiB', of('atRest'), load.goal);
  }
}

interface Resident {
  readonly rightAfter: number;
  readonly atRest: number;
}

async function residentWith({ nodes, counted }: Load): Promise<Resident> {
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
  const rightAfter = residentMebibytes(cluster.pid);
  await rest(cluster.pid);
  const atRest = residentMebibytes(cluster.pid);
  client.close();
  await cluster.end();
  folder.remove();
  return { rightAfter, atRest };
}

/** Waits until a process has used next to no processor time for a while, but not without end. */
async function rest(pid: number): Promise<void> {
  let calm = 0;
  let before = processorTicks(pid);
  for (let seconds = 0; calm < calmSeconds && seconds < longestUnrest; seconds += 5) {
    await setTimeout(5000);
    const now = processorTicks(pid);
    calm = now - before < restfulTicks ? calm + 5 : 0;
    before = now;
  }
}

/** In hundredths of a second, of all threads. */
function processorTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`the memory of process ${pid} cannot be read`);
  return Number(kibibytes) / 1024;
}
