import { jsonEqual } from '../../api/equality.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import { type Client, isReason } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { deployments, replicaSets } from '../../client/resources.ts';
import type { Clock } from '../../simulation/clock.ts';
import { controllerOf } from '../common/owners.ts';
import { isNamespaceTerminating, messageOf } from '../common/pod-control.ts';
import { revisionAnnotation, revisionOf, sameAnnotations, withReplicas, withRevision } from './annotations.ts';
import {
  conditionOf,
  countedStatus,
  historyLimit,
  newCondition,
  progressDeadline,
  rolloutStatus,
  timeToDeadline,
  withCondition,
} from './conditions.ts';
import { active, findNewest, hasTemplate, newReplicaSet } from './replica-sets.ts';
import {
  actual,
  available,
  compareAge,
  isRollingUpdate,
  isSaturated,
  maxSurge,
  maxUnavailable,
  newSetSize,
  proportionalSizes,
  replicasOf,
  wanted,
} from './sizes.ts';

export interface RolloutTools {
  readonly client: Client;
  readonly clock: Clock;
  readonly recorder: EventRecorder;
}

/**
 * One look at a deployment and its replica sets, and the steps that can be taken from there. Cached objects are never written to:
 * what a step changes is replaced here by the server's answer, so that the next step builds on it.
 */
export class Rollout {
  readonly #tools: RolloutTools;
  #deployment: Deployment;
  #newest: ReplicaSet | undefined;
  #old: ReplicaSet[];

  constructor(tools: RolloutTools, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.#tools = tools;
    this.#deployment = deployment;
    this.#newest = findNewest(deployment, sets);
    this.#old = sets.filter((set) => set !== this.#newest).sort(compareAge);
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  get newest(): ReplicaSet | undefined {
    return this.#newest;
  }

  get all(): ReplicaSet[] {
    return this.#newest === undefined ? this.#old : [...this.#old, this.#newest];
  }

  /** Brings revisions and annotations of the newest set up to date, and makes that set when it is missing and `create` says so. */
  async syncNewest(create: boolean): Promise<void> {
    const revision = Math.max(0, ...this.#old.map(revisionOf)) + 1;
    if (this.#newest === undefined) {
      if (create) await this.#createNewest(revision);
      return;
    }
    const annotations = withRevision(this.#deployment, this.#newest, revision);
    const minReadySeconds = this.#deployment.spec?.minReadySeconds ?? 0;
    if (!sameAnnotations(this.#newest, annotations) || (this.#newest.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
      await this.#updateSet({
        ...this.#newest,
        metadata: { ...this.#newest.metadata, annotations },
        spec: { selector: {}, ...this.#newest.spec, minReadySeconds },
      });
    }
    let status = this.#deployment.status ?? {};
    if (progressDeadline(this.#deployment) !== undefined && conditionOf(status, 'Progressing') === undefined) {
      status = withCondition(status, this.#progressing('True', 'FoundNewReplicaSet', `Found new replica set "${nameOf(this.#newest)}"`));
    }
    await this.#updateDeployment(status, annotations[revisionAnnotation]);
  }

  async #createNewest(revision: number): Promise<void> {
    const { client, recorder } = this.#tools;
    const deployment = this.#deployment;
    const blank = newReplicaSet(deployment);
    const size = newSetSize(deployment, this.#old, blank);
    const annotations = withReplicas(
      withRevision(deployment, blank, revision),
      replicasOf(deployment),
      replicasOf(deployment) + maxSurge(deployment),
    );
    const wish: ReplicaSet = {
      ...blank,
      metadata: { ...blank.metadata, annotations },
      spec: { selector: {}, ...blank.spec, replicas: size },
    };
    const resource = client.resource(replicaSets);
    let status = deployment.status ?? {};
    try {
      this.#newest = await resource.create(wish);
      if (size > 0) recorder.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${nameOf(wish)} from 0 to ${size}`);
      if (progressDeadline(deployment) !== undefined) {
        status = withCondition(status, this.#progressing('True', 'NewReplicaSetCreated', `Created new replica set "${nameOf(wish)}"`));
      }
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) this.#newest = await this.#takeExisting(wish, error);
      else {
        if (!isNamespaceTerminating(error)) await this.#creationFailed(wish, error);
        throw error;
      }
    }
    await this.#updateDeployment(status, String(revision));
  }

  /** The name is taken: by the very set we want, which the cache has not shown yet, or by a stranger, and then the next hash must differ. */
  async #takeExisting(wish: ReplicaSet, error: unknown): Promise<ReplicaSet> {
    const deployment = this.#deployment;
    const existing = await this.#tools.client.resource(replicaSets).get(nameOf(wish), namespaceOf(wish));
    const template = deployment.spec?.template ?? {};
    if (controllerOf(existing)?.uid === uidOf(deployment) && hasTemplate(existing, template)) return existing;
    await this.#updateDeployment({ ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
    throw error;
  }

  async #creationFailed(wish: ReplicaSet, error: unknown): Promise<void> {
    const message = `Failed to create new replica set "${nameOf(wish)}": ${messageOf(error)}`;
    if (progressDeadline(this.#deployment) !== undefined) {
      await this.#updateDeployment(
        withCondition(this.#deployment.status ?? {}, this.#progressing('False', 'ReplicaSetCreateError', message)),
      );
    }
    this.#tools.recorder.event(this.#deployment, 'Warning', 'ReplicaSetCreateError', message);
  }

  /** Says in the Progressing condition that the rollout was paused or goes on, so that no deadline runs while it is paused. */
  async syncPaused(): Promise<void> {
    const condition = conditionOf(this.#deployment.status, 'Progressing');
    if (progressDeadline(this.#deployment) === undefined || condition?.reason === 'ProgressDeadlineExceeded') return;
    const paused = this.#deployment.spec?.paused === true;
    if (paused === (condition?.reason === 'DeploymentPaused')) return;
    const next = paused
      ? this.#progressing('Unknown', 'DeploymentPaused', 'Deployment is paused')
      : this.#progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed');
    await this.#updateDeployment(withCondition(this.#deployment.status ?? {}, next));
  }

  /** One step of a rolling update: up where there is room, else down where pods can be spared. */
  async roll(): Promise<void> {
    await this.syncNewest(true);
    if (await this.#growNewest()) return;
    if (await this.#shrinkOld()) return;
    await this.#cleanUpIfComplete();
  }

  /** One step of a rollout that stops everything old before it starts anything new. `oldPodsRunning` tells of pods, which outlive their set's count. */
  async recreate(oldPodsRunning: () => boolean): Promise<void> {
    await this.syncNewest(false);
    const running = active(this.#old);
    if (running.length > 0) {
      for (const set of running) await this.#scaleTo(set, 0);
      return;
    }
    if (actual(this.#old) > 0 || oldPodsRunning()) return;
    await this.syncNewest(true);
    if (this.#newest !== undefined) await this.#scaleTo(this.#newest, replicasOf(this.#deployment));
    await this.#cleanUpIfComplete();
  }

  /** Gives the sets their share of a deployment that was scaled in mid-rollout or while paused. */
  async scale(): Promise<void> {
    const running = active(this.all);
    const only = running.length === 0 ? (this.#newest ?? this.#old.at(-1)) : running.length === 1 ? running[0] : undefined;
    if (only !== undefined) {
      await this.#scaleTo(only, replicasOf(this.#deployment));
      return;
    }
    if (isSaturated(this.#deployment, this.#newest)) {
      for (const set of active(this.#old)) await this.#scaleTo(set, 0);
      return;
    }
    if (!isRollingUpdate(this.#deployment)) return;
    const sizes = proportionalSizes(this.#deployment, running);
    for (const set of running) await this.#scaleTo(set, sizes.get(nameOf(set)) ?? replicasOf(set), true);
  }

  /** Deletes the oldest sets beyond the history limit that nothing needs any more. */
  async cleanUp(): Promise<void> {
    const limit = historyLimit(this.#deployment);
    if (limit === undefined) return;
    const candidates = this.#old.filter((set) => set.metadata?.deletionTimestamp === undefined);
    const excess = candidates.sort((left, right) => revisionOf(left) - revisionOf(right)).slice(0, Math.max(0, candidates.length - limit));
    for (const set of excess) {
      const unsettled = (set.metadata?.generation ?? 0) > (set.status?.observedGeneration ?? 0);
      if ((set.status?.replicas ?? 0) !== 0 || replicasOf(set) !== 0 || unsettled) continue;
      try {
        await this.#tools.client.resource(replicaSets).delete(nameOf(set), namespaceOf(set));
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
  }

  /** Writes the counts alone, for a deployment that is paused, scaled or being deleted. */
  async writeCounts(): Promise<void> {
    await this.#updateDeployment(countedStatus(this.#deployment, this.all, this.#newest, this.#tools.clock.now()));
  }

  /** Writes counts and progress; gives the milliseconds after which to look again at a rollout that does not move. */
  async writeProgress(): Promise<number | undefined> {
    const now = this.#tools.clock.now();
    const status = rolloutStatus(this.#deployment, this.all, this.#newest, now);
    if (jsonEqual(status, this.#deployment.status ?? {})) return timeToDeadline(this.#deployment, status, now);
    await this.#updateDeployment(status);
    return undefined;
  }

  async #growNewest(): Promise<boolean> {
    const newest = this.#newest;
    if (newest === undefined) return false;
    const replicas = replicasOf(this.#deployment);
    if (replicasOf(newest) === replicas) return false;
    const size = replicasOf(newest) > replicas ? replicas : newSetSize(this.#deployment, this.all, newest);
    return this.#scaleTo(newest, size);
  }

  async #shrinkOld(): Promise<boolean> {
    if (wanted(this.#old) === 0) return false;
    const minAvailable = replicasOf(this.#deployment) - maxUnavailable(this.#deployment);
    const newest = this.#newest;
    const newUnavailable = newest === undefined ? 0 : replicasOf(newest) - available([newest]);
    const spare = wanted(this.all) - minAvailable - newUnavailable;
    if (spare <= 0) return false;
    // Pods that do not work are the first to go: nothing is lost with them.
    const cleaned = await this.#shrink(spare, (set) => replicasOf(set) - available([set]));
    const shrunk = await this.#shrink(available(this.all) - minAvailable, replicasOf);
    return cleaned + shrunk > 0;
  }

  /** Takes up to `count` replicas from the old sets, oldest first, and from each no more than `spareOf` says. */
  async #shrink(count: number, spareOf: (set: ReplicaSet) => number): Promise<number> {
    let taken = 0;
    for (const set of this.#old) {
      const size = replicasOf(set);
      const part = Math.min(count - taken, spareOf(set), size);
      if (part <= 0) continue;
      await this.#scaleTo(set, size - part);
      taken += part;
    }
    return taken;
  }

  async #cleanUpIfComplete(): Promise<void> {
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = this.#deployment.status ?? {};
    const size = replicasOf(this.#deployment);
    const complete = replicas === size && updatedReplicas === size && availableReplicas === size;
    if (complete && observedGeneration >= (this.#deployment.metadata?.generation ?? 0)) await this.cleanUp();
  }

  /** Sets a set's size and tells of it; `annotate`: also when only the deployment's own size is new. Gives whether the size changed. */
  async #scaleTo(set: ReplicaSet, size: number, annotate = false): Promise<boolean> {
    const before = replicasOf(set);
    const deployment = this.#deployment;
    const annotations = withReplicas(set.metadata?.annotations, replicasOf(deployment), replicasOf(deployment) + maxSurge(deployment));
    if (before === size && !(annotate && !sameAnnotations(set, annotations))) return false;
    await this.#updateSet({ ...set, metadata: { ...set.metadata, annotations }, spec: { selector: {}, ...set.spec, replicas: size } });
    if (before === size) return false;
    const direction = before < size ? 'up' : 'down';
    this.#tools.recorder.event(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${direction} replica set ${nameOf(set)} from ${before} to ${size}`,
    );
    return true;
  }

  async #updateSet(set: ReplicaSet): Promise<void> {
    const updated = await this.#tools.client.resource(replicaSets).update(set);
    if (this.#newest !== undefined && uidOf(this.#newest) === uidOf(updated)) this.#newest = updated;
    else this.#old = this.#old.map((old) => (uidOf(old) === uidOf(updated) ? updated : old));
  }

  /** Writes what differs of status and revision. The status subresource of deployments takes annotations along, as upstream's does. */
  async #updateDeployment(status: DeploymentStatus, revision?: string): Promise<void> {
    const { annotations } = this.#deployment.metadata ?? {};
    const sameRevision = revision === undefined || annotations?.[revisionAnnotation] === revision;
    if (sameRevision && jsonEqual(status, this.#deployment.status ?? {})) return;
    const metadata = sameRevision ? {} : { annotations: { ...annotations, [revisionAnnotation]: revision } };
    this.#deployment = await this.#tools.client
      .resource(deployments)
      .update({ ...this.#deployment, metadata: { ...this.#deployment.metadata, ...metadata }, status }, 'status');
  }

  #progressing(status: string, reason: string, message: string) {
    return newCondition('Progressing', status, reason, message, this.#tools.clock.now());
  }
}
