import { templateGeneration } from '../../../api/defaults/index.ts';
import { semanticEqual } from '../../../api/validation/equality.ts';
import { type ApiObject, numberAt, valueAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

function setTemplateGeneration(daemonSet: ApiObject, generation: number): void {
  daemonSet.metadata.annotations = { ...daemonSet.metadata.annotations, [templateGeneration]: String(generation) };
}

/** Rules of `pkg/registry/apps/daemonset`. */
export const daemonSetStrategy: Strategy = {
  generationFields: ['spec'],
  prepareForCreate(daemonSet) {
    setTemplateGeneration(daemonSet, Math.max(1, Number(daemonSet.metadata.annotations?.[templateGeneration]) || 0));
  },
  prepareForUpdate(daemonSet, old) {
    const before = Number(old.metadata.annotations?.[templateGeneration]) || numberAt(old, 'metadata', 'generation') || 1;
    const same = semanticEqual(valueAt(daemonSet, 'spec', 'template'), valueAt(old, 'spec', 'template'));
    setTemplateGeneration(daemonSet, same ? before : before + 1);
  },
  // It is a field of upstream's spec.
  prepareForStatusUpdate(daemonSet, old) {
    const before = old.metadata.annotations?.[templateGeneration];
    if (before !== undefined) daemonSet.metadata.annotations = { ...daemonSet.metadata.annotations, [templateGeneration]: before };
  },
};
