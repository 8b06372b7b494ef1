import type { KubeObject } from '../object.ts';
import { groupOf } from './kind.ts';

/**
 * Kinds that a controller of kube-controller-manager acts on which is not here yet, by `group/Kind`, and the name of that controller: their
 * objects are stored and checked, and nothing comes of them.
 */
export const missingControllers: Readonly<Record<string, string>> = {
  'apps/StatefulSet': 'statefulset-controller',
  'apps/DaemonSet': 'daemonset-controller',
  'batch/Job': 'job-controller',
  'batch/CronJob': 'cronjob-controller',
  'autoscaling/HorizontalPodAutoscaler': 'horizontal-pod-autoscaler-controller',
  '/PersistentVolumeClaim': 'persistentvolume-binder-controller',
};

/** Whether nothing acts on an object, so that a person may wait for it in vain. */
export function isUnattended({ apiVersion = '', kind = '' }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return missingControllers[`${groupOf(apiVersion)}/${kind}`] !== undefined;
}
