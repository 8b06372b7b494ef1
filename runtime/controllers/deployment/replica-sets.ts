import { jsonEqual } from '../../api/equality.ts';
import type { Deployment, ReplicaSet } from '../../api/generated/types/apps/v1.ts';
import type { PodTemplateSpec } from '../../api/generated/types/core/v1.ts';
import type { ObjectMeta } from '../../api/generated/types/meta/v1.ts';
import { deployments } from '../../client/resources.ts';
import { contentHash } from '../common/hash.ts';
import { controllerReference } from '../common/owners.ts';
import { compareAge, replicasOf } from './sizes.ts';

export const hashLabel = 'pod-template-hash';

/** Whether a replica set carries this very template; the label its deployment put there does not count. */
export function hasTemplate(set: ReplicaSet, template: PodTemplateSpec): boolean {
  const own = set.spec?.template ?? {};
  return jsonEqual(own.spec, template.spec) && jsonEqual(metadataOf(own), metadataOf(template));
}

function metadataOf(template: PodTemplateSpec): ObjectMeta {
  const { labels, ...metadata } = template.metadata ?? {};
  const { [hashLabel]: _, ...rest } = labels ?? {};
  return { ...metadata, labels: rest };
}

/** The replica set that carries the deployment's template now; of several the oldest. */
export function findNewest(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const template = deployment.spec?.template;
  if (template === undefined) return undefined;
  return sets.filter((set) => hasTemplate(set, template)).sort(compareAge)[0];
}

/** A replica set for the deployment's template, with no replicas yet. */
export function newReplicaSet(deployment: Deployment): ReplicaSet {
  const { template = {}, minReadySeconds, selector } = deployment.spec ?? {};
  const hash = contentHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    metadata: {
      name: `${deployment.metadata?.name}-${hash}`,
      ...(deployment.metadata?.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      ownerReferences: [controllerReference(deployment, deployments)],
      labels,
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

export function active(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.filter((set) => replicasOf(set) > 0);
}
