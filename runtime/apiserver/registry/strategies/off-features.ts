import { type ApiObject, arrayAt, type Dict, isDict, valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

/** Where a kind has the specification of pods. */
const podSpecs: Readonly<Record<string, readonly string[]>> = {
  '/pods': ['spec'],
  '/podtemplates': ['template', 'spec'],
  '/replicationcontrollers': ['spec', 'template', 'spec'],
  'apps/daemonsets': ['spec', 'template', 'spec'],
  'apps/deployments': ['spec', 'template', 'spec'],
  'apps/replicasets': ['spec', 'template', 'spec'],
  'apps/statefulsets': ['spec', 'template', 'spec'],
  'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  'batch/jobs': ['spec', 'template', 'spec'],
};

/** Sources of projected volumes that Kubernetes 1.36 knows, but leaves off. */
const sourcesThatAreOff = ['clusterTrustBundle', 'podCertificate'] as const;

/**
 * A strategy of a kind that has pods in it, with the fields of features that are off left out, without a word. One that stands there already
 * stays. Follows `DropDisabledPodFields` and `DropDisabledTemplateFields` of `pkg/api/pod`.
 */
export function withoutOffFeatures(key: string, strategy: Strategy): Strategy {
  const path = podSpecs[key];
  if (path === undefined) return strategy;
  const drop = (object: ApiObject, old: ApiObject | undefined): void => {
    const spec = valueAt(object, ...path);
    if (isDict(spec)) dropFrom(spec, valueAt(old, ...path));
  };
  return {
    ...strategy,
    prepareForCreate(object, user, warn) {
      drop(object, undefined);
      strategy.prepareForCreate?.(object, user, warn);
    },
    prepareForUpdate(object, old) {
      drop(object, old);
      strategy.prepareForUpdate?.(object, old);
    },
  };
}

function dropFrom(spec: Dict, old: unknown): void {
  if (valueAt(old, 'schedulingGroup') === undefined) delete spec.schedulingGroup;
  for (const name of sourcesThatAreOff) {
    if (sourcesOf(old).some((source) => source[name] !== undefined)) continue;
    for (const source of sourcesOf(spec)) delete source[name];
  }
}

function sourcesOf(spec: unknown): readonly Dict[] {
  return arrayAt(spec, 'volumes').flatMap((volume) => arrayAt(volume, 'projected', 'sources').filter(isDict));
}
