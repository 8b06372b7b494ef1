import { Field } from '../documents/field.ts';
import { nodeAt } from '../documents/node-at.ts';
import type { Tree } from '../documents/tree.ts';
import { type Embedded, embeddedIn } from './embedded.ts';

/** An entry of a kustomization that is a patch or names one. */
export interface PatchEntry {
  /** The list and the place in it: `patches/0`. */
  readonly key: string;
  readonly field: Field;
  /** The patch, when it stands there itself. */
  readonly embedded: Embedded | undefined;
}

/** The patches of a kustomization, as they are written. */
export function patchEntries(tree: Tree): PatchEntry[] {
  const root = new Field(tree, tree.root);
  return ['patches', 'patchesJson6902', 'patchesStrategicMerge'].flatMap((list) =>
    root
      .get(list)
      .items()
      .map((field, index) => {
        const path = list === 'patchesStrategicMerge' ? field.path : [...field.path, 'patch'];
        return { key: `${list}/${index}`, field, embedded: embeddedIn(tree, nodeAt(tree, path)) };
      }),
  );
}
