import type { Random } from '../../../simulation/random.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';

/** The admission plugins that are always on, in upstream's order. */
export function builtinPlugins(_parts: { readonly random: Random }): readonly AdmissionPlugin[] {
  return [namespaceLifecycle];
}
