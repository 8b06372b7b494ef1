import type { Binding, Pod } from '../api/generated/types/core/v1.ts';
import { type Client, isReason } from '../client/client.ts';
import type { EventSeriesRecorder } from '../client/event-series-recorder.ts';
import type { Informers } from '../client/informers.ts';
import type { Log } from '../client/log.ts';
import * as resources from '../client/resources.ts';
import { type Clock, formatTime } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { followCluster } from './event-handlers.ts';
import { ClusterSnapshot } from './framework/cluster-snapshot.ts';
import { describeMisfit } from './framework/fit-error.ts';
import { type FilterResult, Framework } from './framework/framework.ts';
import type { Listers } from './framework/listers.ts';
import { Nominator } from './framework/nominator.ts';
import { priorityOf, uidOf } from './framework/pods.ts';
import { defaultPlugins } from './plugins/index.ts';
import { type Failure, PodReports } from './pod-reports.ts';
import { postFilter } from './post-filter.ts';
import type { Victims } from './preemption.ts';
import { SchedulingQueue } from './scheduling-queue.ts';

export interface SchedulerOptions {
  readonly client: Client;
  readonly informers: Informers;
  /** Of component `default-scheduler`. */
  readonly recorder: EventSeriesRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Pods that name another scheduler are left alone. */
  readonly name?: string;
}

/** So many bindings are on their way at most; upstream's client is held to bursts of as many requests. */
const maxBindings = 100;

/** Gives every pod without a node the best one there is, or says why there is none. Upstream: kube-scheduler with its default profile. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #snapshot = new ClusterSnapshot();
  readonly #nominator = new Nominator();
  readonly #listers: Listers;
  readonly #queue: SchedulingQueue;
  readonly #framework: Framework;
  readonly #reports: PodReports;
  readonly #bindings = new Set<Promise<void>>();

  constructor(options: SchedulerOptions) {
    const { informers, clock, random, name = 'default-scheduler' } = options;
    this.#options = options;
    this.#listers = listersOf(informers);
    const plugins = defaultPlugins(this.#listers);
    this.#queue = new SchedulingQueue(clock, plugins);
    this.#framework = new Framework(plugins, random, this.#nominator);
    this.#reports = new PodReports(options);
    followCluster(informers, name, { snapshot: this.#snapshot, queue: this.#queue, nominator: this.#nominator });
  }

  /** Places pods until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#options.informers.synced();
    for (let pod = await this.#queue.take(signal); pod !== undefined; pod = await this.#queue.take(signal)) {
      try {
        // It may have gone since it was taken.
        if (this.#queue.get(uidOf(pod))) await this.#schedule(pod);
      } catch (error) {
        await this.#breakOff(pod, error);
      }
      if (this.#bindings.size >= maxBindings) await Promise.race(this.#bindings);
    }
  }

  async #schedule(pod: Pod): Promise<void> {
    const { nodes } = this.#snapshot;
    if (nodes.length === 0) {
      this.#queue.unschedulable(uidOf(pod), new Set());
      await this.#report(pod, { reason: 'Unschedulable', message: 'no nodes available to schedule pods', nominatedNodeName: '' });
      return;
    }
    const nominated = this.#nominator.nodeOf(uidOf(pod));
    const result = this.#framework.filter(pod, nodes, nominated === undefined ? undefined : this.#snapshot.node(nominated));
    const node = this.#framework.select(pod, result.feasible, nodes);
    if (!node) {
      await this.#reject(pod, result);
      return;
    }
    this.#snapshot.assume(pod, node.name);
    this.#nominator.remove(uidOf(pod));
    // The next pod need not wait for this one's binding: the snapshot already knows of it.
    const binding: Promise<void> = this.#bind(pod, node.name).finally(() => this.#bindings.delete(binding));
    this.#bindings.add(binding);
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { client, recorder } = this.#options;
    const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
    const binding: Binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { kind: 'Node', name: node },
    };
    try {
      await client.resource(resources.pods).createSubresource(name, namespace, 'binding', binding);
    } catch (error) {
      // When the API shows the pod on a node by now, the binding was written though its answer was not.
      if (!this.#snapshot.forget(uid)) return;
      this.#queue.notify({ type: 'pod deleted', pod });
      await this.#breakOff(pod, error, 'running Bind plugin "DefaultBinder": ');
      return;
    }
    const note = `Successfully assigned ${namespace}/${name} to ${node}`;
    recorder.event({ regarding: pod, type: 'Normal', reason: 'Scheduled', action: 'Binding', note });
  }

  /** The attempt ended with an error: there will be another. */
  async #breakOff(pod: Pod, error: unknown, context = ''): Promise<void> {
    this.#queue.failed(uidOf(pod));
    if (isReason(error, 'NotFound')) return;
    const message = `${context}${error instanceof Error ? error.message : String(error)}`;
    this.#options.log.warn(
      `scheduler: ${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''} will be tried again: ${message}`,
      error,
    );
    await this.#report(pod, { reason: 'SchedulerError', message, nominatedNodeName: '' });
  }

  async #reject(pod: Pod, result: FilterResult): Promise<void> {
    const { nodes } = this.#snapshot;
    const now = formatTime(this.#options.clock.now());
    const outcome = postFilter(pod, result, nodes, this.#listers.disruptionBudgets.list(), now);
    const reasons = [...result.rejected.values()].flatMap((rejection) => rejection.reasons);
    for (let i = result.rejected.size; result.others && i < nodes.length; i++) reasons.push(...result.others.reasons);
    const message = describeMisfit({
      nodes: nodes.length,
      reasons,
      ...(result.general && { general: result.general.reasons.join(', ') }),
      ...('message' in outcome && { postFilter: outcome.message }),
    });
    const uid = uidOf(pod);
    this.#queue.unschedulable(uid, result.plugins);
    if ('victims' in outcome) {
      this.#nominator.nominate(pod, outcome.victims.node);
      this.#queue.hold(uid);
      void this.#makeRoom(pod, outcome.victims);
      await this.#report(pod, { reason: 'Unschedulable', message, nominatedNodeName: outcome.victims.node });
      return;
    }
    if (outcome.hopeless) this.#nominator.remove(uid);
    await this.#report(pod, { reason: 'Unschedulable', message, ...(outcome.hopeless && { nominatedNodeName: '' }) });
  }

  /** Evicts the victims, while the pod they make room for is not tried again; their going will wake it. */
  async #makeRoom(pod: Pod, { node, pods }: Victims): Promise<void> {
    let failed = false;
    try {
      // Less important pods that hoped for the same node have to look elsewhere.
      for (const other of [...this.#nominator.podsOn(node)]) {
        if (priorityOf(other) >= priorityOf(pod)) continue;
        this.#nominator.remove(uidOf(other));
        await this.#reports.clearNomination(other);
      }
      for (const victim of pods) await this.#reports.evict(victim, pod, node);
    } catch (error) {
      failed = true;
      this.#options.log.warn(`scheduler: making room on ${node} failed`, error);
    }
    this.#queue.release(uidOf(pod), failed);
  }

  async #report(pod: Pod, failure: Failure): Promise<void> {
    try {
      await this.#reports.failed(pod, failure);
    } catch (error) {
      this.#options.log.warn(`scheduler: reporting on ${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''} failed`, error);
    }
  }
}

function listersOf(informers: Informers): Listers {
  return {
    namespaces: informers.for(resources.namespaces).lister,
    services: informers.for(resources.services).lister,
    replicaSets: informers.for(resources.replicaSets).lister,
    replicationControllers: informers.for(resources.replicationControllers).lister,
    statefulSets: informers.for(resources.statefulSets).lister,
    claims: informers.for(resources.persistentVolumeClaims).lister,
    volumes: informers.for(resources.persistentVolumes).lister,
    storageClasses: informers.for(resources.storageClasses).lister,
    disruptionBudgets: informers.for(resources.podDisruptionBudgets).lister,
  };
}
