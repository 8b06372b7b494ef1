import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import type { PodDisruptionBudget } from '../../api/generated/types/policy/v1.ts';
import { getScaledValue } from '../../api/int-or-string.ts';
import type { KubeObject } from '../../api/object.ts';
import { isReason } from '../../client/client.ts';
import { discoverPreferred } from '../../client/discovery.ts';
import { readPath } from '../../client/http-client.ts';
import type { Informer } from '../../client/informer.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { deployments, replicaSets, replicationControllers, statefulSets } from '../../client/resources.ts';
import type { ControllerContext } from '../common/context.ts';
import { controllerOf } from '../common/owners.ts';

/** How many pods a budget is about, how many of them must be healthy, and which nobody manages. */
export interface Expected {
  readonly count: number;
  readonly desiredHealthy: number;
  readonly unmanaged: readonly string[];
}

type Scaled = KubeObject & { readonly spec?: { readonly replicas?: number } };

/** Counts the pods that a budget may expect. Follows `getExpectedPodCount` of `pkg/controller/disruption`. */
export class ExpectedPods {
  private readonly context: ControllerContext;
  private readonly informers: Readonly<Record<string, Informer<Scaled>>>;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.context = context;
    this.informers = {
      'apps/Deployment': informers.for(deployments),
      'apps/ReplicaSet': informers.for(replicaSets),
      'apps/StatefulSet': informers.for(statefulSets),
      '/ReplicationController': informers.for(replicationControllers),
    };
  }

  async synced(): Promise<void> {
    await Promise.all(Object.values(this.informers).map((informer) => informer.synced()));
  }

  /** Throws when the controller of a pod is not known, or has no size. */
  async of({ spec = {} }: PodDisruptionBudget, pods: readonly Pod[]): Promise<Expected> {
    const { minAvailable, maxUnavailable } = spec;
    if (maxUnavailable === undefined && typeof minAvailable === 'number') {
      return { count: pods.length, desiredHealthy: minAvailable, unmanaged: [] };
    }
    if (maxUnavailable === undefined && minAvailable === undefined) return { count: 0, desiredHealthy: 0, unmanaged: [] };
    const unmanaged: string[] = [];
    const scales = new Map<string, number>();
    for (const pod of pods) {
      const controller = controllerOf(pod);
      if (controller === undefined) unmanaged.push(nameOf(pod));
      else if (!scales.has(controller.uid)) {
        const scale = await this.scaleOf(controller, namespaceOf(pod));
        if (scale === undefined) throw new Error(`found no controllers for pod ${JSON.stringify(nameOf(pod))}`);
        scales.set(scale.uid, scale.replicas);
      }
    }
    const count = [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
    const desiredHealthy =
      maxUnavailable === undefined
        ? getScaledValue(minAvailable ?? 0, count, true)
        : Math.max(count - getScaledValue(maxUnavailable, count, true), 0);
    return { count, desiredHealthy, unmanaged };
  }

  private async scaleOf(
    { apiVersion, kind, name, uid }: OwnerReference,
    namespace: string,
  ): Promise<{ readonly uid: string; readonly replicas: number } | undefined> {
    const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const informer = this.informers[`${group}/${kind}`];
    if (informer === undefined) return this.foreignScale(group, kind, namespace, name, uid);
    const owner = informer.lister.get(namespace, name);
    if (owner === undefined || uidOf(owner) !== uid || version === undefined) return undefined;
    // A Deployment's size counts, not that of one of its sets, of which there are two while it rolls.
    const above = kind === 'ReplicaSet' ? controllerOf(owner) : undefined;
    if (above?.kind === 'Deployment') return this.scaleOf(above, namespace);
    return { uid, replicas: owner.spec?.replicas ?? 0 };
  }

  /** The size of what is not of this server's own kinds, by its scale. */
  private async foreignScale(group: string, kind: string, namespace: string, name: string, uid: string) {
    const { client } = this.context;
    const resource = (await discoverPreferred(client)).find((each) => each.group === group && each.kind === kind);
    if (resource === undefined) return undefined;
    const root = group === '' ? `/api/${resource.version}` : `/apis/${group}/${resource.version}`;
    const path = `${root}/namespaces/${namespace}/${resource.plural}/${name}/scale`;
    try {
      const scale = await readPath<Scaled>(client, path);
      return uidOf(scale) === uid ? { uid, replicas: scale.spec?.replicas ?? 0 } : undefined;
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
