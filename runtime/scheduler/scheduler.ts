import type { Binding, Node, Pod, PodCondition } from '../api/generated/types/core/v1.ts';
import { type Client, isReason } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import type { Informers } from '../client/informers.ts';
import type { Log } from '../client/log.ts';
import * as resources from '../client/resources.ts';
import { type Clock, formatTime } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { ClusterSnapshot } from './framework/cluster-snapshot.ts';
import { describeFailure } from './framework/fit-error.ts';
import { type FilterResult, Framework } from './framework/framework.ts';
import type { NodeInfo } from './framework/node-info.ts';
import { defaultPlugins } from './plugins/index.ts';
import { preempt } from './preemption.ts';
import { SchedulingQueue } from './scheduling-queue.ts';

export interface SchedulerOptions {
  readonly client: Client;
  readonly informers: Informers;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Pods that name another scheduler are left alone. */
  readonly name?: string;
}

/** Gives every pod without a node the best one there is, or says why there is none. Upstream: kube-scheduler with its default profile. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #name: string;
  readonly #snapshot = new ClusterSnapshot();
  readonly #queue: SchedulingQueue;
  readonly #framework: Framework;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#name = options.name ?? 'default-scheduler';
    this.#queue = new SchedulingQueue(options.clock);
    this.#framework = new Framework(defaultPlugins, options.random);
    this.#follow();
  }

  /** Places pods until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#options.informers.synced();
    for (let pod = await this.#queue.take(signal); pod !== undefined; pod = await this.#queue.take(signal)) {
      await this.#schedule(pod);
    }
  }

  #follow(): void {
    const { informers } = this.#options;
    informers.for(resources.nodes).on({
      added: (node) => {
        this.#snapshot.setNode(node);
        this.#queue.retryAll();
      },
      updated: (node, previous) => {
        this.#snapshot.setNode(node);
        if (mayTakeMore(node, previous)) this.#queue.retryAll();
      },
      deleted: (node) => this.#snapshot.removeNode(node.metadata?.name ?? ''),
    });
    informers.for(resources.pods).on({
      added: (pod) => this.#observe(pod),
      updated: (pod) => this.#observe(pod),
      deleted: (pod) => this.#forget(pod),
    });
  }

  #observe(pod: Pod): void {
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
      this.#forget(pod);
    } else if (pod.spec?.nodeName) {
      this.#queue.remove(pod.metadata?.uid ?? '');
      this.#snapshot.place(pod, pod.spec.nodeName);
    } else if (pod.metadata?.deletionTimestamp) {
      this.#queue.remove(pod.metadata.uid ?? '');
    } else if (pod.spec?.schedulerName === this.#name && !pod.spec.schedulingGates?.length) {
      this.#queue.add(pod);
    }
  }

  #forget(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    this.#queue.remove(uid);
    this.#snapshot.remove(uid);
    if (pod.spec?.nodeName) this.#queue.retryAll();
  }

  async #schedule(pod: Pod): Promise<void> {
    const nodes = this.#snapshot.nodes;
    const result = this.#framework.filter(pod, nodes);
    const node = this.#framework.select(pod, result.feasible, nodes);
    if (!node) {
      await this.#reject(pod, result, nodes);
      return;
    }
    this.#snapshot.place(pod, node.name);
    // The next pod need not wait for this one's binding: the snapshot already knows of it.
    void this.#bind(pod, node.name);
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { client, recorder, log } = this.#options;
    const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
    const binding: Binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { kind: 'Node', name: node },
    };
    try {
      await client.resource(resources.pods).createSubresource(name, namespace, 'binding', binding);
      recorder.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`);
    } catch (error) {
      this.#snapshot.remove(uid);
      if (isReason(error, 'NotFound')) {
        this.#queue.remove(uid);
        return;
      }
      log.warn(`scheduler: binding ${namespace}/${name} to ${node} failed`, error);
      this.#queue.failed(uid, true);
    }
  }

  async #reject(pod: Pod, result: FilterResult, nodes: readonly NodeInfo[]): Promise<void> {
    const { recorder, log } = this.#options;
    const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
    const reasons = [...result.rejected.values()].flatMap((verdict) => verdict.reasons);
    const preemption = nodes.length === 0 ? { message: undefined } : preempt(pod, result, nodes, this.#framework);
    const message = describeFailure(nodes.length, reasons, 'message' in preemption ? preemption.message : undefined);
    recorder.event(pod, 'Warning', 'FailedScheduling', message);
    try {
      await this.#reportUnschedulable(pod, message, 'victims' in preemption ? preemption.victims.node : undefined);
      if ('victims' in preemption) {
        for (const victim of preemption.victims.pods) await this.#evict(victim, pod, preemption.victims.node);
      }
    } catch (error) {
      if (!isReason(error, 'NotFound')) log.warn(`scheduler: reporting on ${namespace}/${name} failed`, error);
    }
    this.#queue.failed(uid, false);
  }

  async #reportUnschedulable(pod: Pod, message: string, nominatedNode: string | undefined): Promise<void> {
    const { client, clock } = this.#options;
    const old = pod.status?.conditions?.find((c) => c.type === 'PodScheduled');
    if (old?.status === 'False' && old.reason === 'Unschedulable' && old.message === message && !nominatedNode) return;
    const condition: PodCondition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: old?.status === 'False' && old.lastTransitionTime ? old.lastTransitionTime : formatTime(clock.now()),
    };
    const observed = pod.metadata?.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
    await client.resource(resources.pods).patch(
      pod.metadata?.name ?? '',
      pod.metadata?.namespace,
      {
        type: 'strategic',
        body: {
          status: { conditions: [{ ...condition, ...observed }], ...(nominatedNode !== undefined && { nominatedNodeName: nominatedNode }) },
        },
      },
      'status',
    );
  }

  async #evict(victim: Pod, preemptor: Pod, node: string): Promise<void> {
    const { client, clock, recorder } = this.#options;
    const { name = '', namespace = '' } = victim.metadata ?? {};
    if (victim.metadata?.deletionTimestamp) return;
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${this.#name}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(clock.now()),
    };
    await client
      .resource(resources.pods)
      .patch(name, namespace, { type: 'strategic', body: { status: { conditions: [condition] } } }, 'status');
    await client.resource(resources.pods).delete(name, namespace);
    recorder.event(victim, 'Normal', 'Preempted', `Preempted by pod ${preemptor.metadata?.uid ?? ''} on node ${node}`);
  }
}

/** Whether a node changed in a way that could let a waiting pod in: its status alone changes every few seconds. */
function mayTakeMore(node: Node, previous: Node): boolean {
  const visible = (n: Node) => JSON.stringify([n.spec, n.metadata?.labels, n.status?.allocatable]);
  return visible(node) !== visible(previous);
}
