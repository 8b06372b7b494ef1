import type { Deployment, ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import { selectorFromLabelSelector } from '../../api/selectors/labels.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, namespaceOf, splitKey, uidOf } from '../../client/object-key.ts';
import { deployments, pods, replicaSets } from '../../client/resources.ts';
import { claimObjects } from '../common/claim.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { controllerOf, indexByController, ownedBy } from '../common/owners.ts';
import { isPodTerminal } from '../common/pods.ts';
import { desiredReplicasOf } from './annotations.ts';
import { active } from './replica-sets.ts';
import { Rollout } from './rollout.ts';
import { isRollingUpdate, replicasOf } from './sizes.ts';

const name = 'deployment-controller';
/** How long changes of replica sets are gathered, in milliseconds: a set counts its pods many times while they start. */
const gatherTime = 10;

/** Rolls out pod templates over ReplicaSets, after `pkg/controller/deployment` of Kubernetes. */
export function createDeploymentController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const owners = informers.for(deployments);
  const sets = informers.for(replicaSets);
  const podInformer = informers.for(pods);
  indexByController(sets);
  indexByController(podInformer);
  const queue = queueFor(context, 'deployment');
  const recorder = recorderFor(context, name);

  const resolve = (namespace: string, reference: OwnerReference | undefined): Deployment | undefined => {
    if (reference?.kind !== deployments.kind) return undefined;
    const owner = owners.lister.get(namespace, reference.name);
    return owner !== undefined && uidOf(owner) === reference.uid ? owner : undefined;
  };
  const ownersOf = (set: ReplicaSet): Deployment[] => {
    const reference = controllerOf(set);
    if (reference !== undefined) {
      const owner = resolve(namespaceOf(set), reference);
      return owner === undefined ? [] : [owner];
    }
    if (set.metadata?.labels === undefined) return [];
    return owners.lister
      .list(namespaceOf(set))
      .filter((deployment) => selectorFromLabelSelector(deployment.spec?.selector).matches(set.metadata?.labels));
  };
  const podsOf = (deployment: Deployment): Pod[] => ownedBy(sets, uidOf(deployment)).flatMap((set) => ownedBy(podInformer, uidOf(set)));

  owners.on({
    added: (deployment) => queue.add(keyOf(deployment)),
    updated: (deployment) => queue.add(keyOf(deployment)),
    deleted: (deployment) => queue.add(keyOf(deployment)),
  });
  const setChanged = (set: ReplicaSet) => {
    for (const deployment of ownersOf(set)) queue.addAfter(keyOf(deployment), gatherTime);
  };
  sets.on({
    added: setChanged,
    updated(set, previous) {
      if (controllerOf(set)?.uid !== controllerOf(previous)?.uid) setChanged(previous);
      setChanged(set);
    },
    deleted: setChanged,
  });
  podInformer.on({
    deleted(pod) {
      // A Recreate rollout waits for the last of its old pods.
      const reference = controllerOf(pod);
      if (reference?.kind !== replicaSets.kind) return;
      const set = sets.lister.get(namespaceOf(pod), reference.name);
      const deployment = set === undefined ? undefined : ownersOf(set)[0];
      if (deployment !== undefined && !isRollingUpdate(deployment) && podsOf(deployment).length === 0) queue.add(keyOf(deployment));
    },
  });

  const reconcile = async (key: string) => {
    const { namespace, name: deploymentName } = splitKey(key);
    const deployment = owners.lister.get(namespace, deploymentName);
    if (deployment === undefined) return;
    const selector = selectorFromLabelSelector(deployment.spec?.selector);
    if (selector.empty) {
      recorder.event(deployment, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
      const observedGeneration = deployment.metadata?.generation ?? 0;
      if ((deployment.status?.observedGeneration ?? 0) >= observedGeneration) return;
      await client.resource(deployments).update({ ...deployment, status: { ...deployment.status, observedGeneration } }, 'status');
      return;
    }
    const claimed = await claimObjects({ client, owner: deployment, ownerRef: deployments, selector, informer: sets, ref: replicaSets });
    const rollout = new Rollout({ client, clock, recorder }, deployment, claimed);
    if (deployment.metadata?.deletionTimestamp !== undefined) {
      await rollout.syncNewest(false);
      await rollout.writeCounts();
      return;
    }
    await rollout.syncPaused();
    const paused = deployment.spec?.paused === true;
    if (paused || wasScaled(deployment, claimed)) {
      await rollout.syncNewest(false);
      await rollout.scale();
      if (paused) await rollout.cleanUp();
      await rollout.writeCounts();
      return;
    }
    if (isRollingUpdate(deployment)) await rollout.roll();
    else await rollout.recreate(() => hasOldPods(rollout, podsOf(deployment)));
    const again = await rollout.writeProgress();
    if (again !== undefined) queue.addAfter(key, again);
  };

  return {
    name,
    async run(signal) {
      await Promise.all([owners.synced(), sets.synced(), podInformer.synced()]);
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}

/** Whether the deployment's size has changed since its sets were given theirs. */
function wasScaled(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return active(sets).some((set) => {
    const desired = desiredReplicasOf(set);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

function hasOldPods(rollout: Rollout, pods: readonly Pod[]): boolean {
  const newest = rollout.newest === undefined ? undefined : uidOf(rollout.newest);
  return pods.some((pod) => controllerOf(pod)?.uid !== newest && !isPodTerminal(pod));
}
