import type { ObjectFacts } from '../index/facts.ts';
import type { ObjectNames } from '../index/inquiry.ts';

/** Between which numbers an autoscaler of the workspace sets the replicas of a workload; undefined without one. */
export function scalingOf({ kind, namespace, name }: ObjectFacts, index: ObjectNames): ObjectFacts['scales'] {
  const scalers = ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap((scaler) => index.objects(scaler, namespace));
  return scalers.find(({ what }) => what.scales?.kind === kind && what.scales.name === name)?.what.scales;
}
