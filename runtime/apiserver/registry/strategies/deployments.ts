import { semanticEqual } from '../../../api/validation/equality.ts';
import type { Strategy } from '../strategy.ts';

/** Rules of `pkg/registry/apps/deployment`. */
export const deploymentStrategy: Strategy = {
  generationFields: ['spec'],
  statusKeeps: 'labels',
  // The controller copies annotations to replica sets, so that it has to look at these, too.
  prepareForUpdate({ metadata }, old) {
    if (!semanticEqual(metadata.annotations ?? {}, old.metadata.annotations ?? {}))
      metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
};
